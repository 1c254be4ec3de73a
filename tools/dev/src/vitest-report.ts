// What vitest's JSON report says, file by file.

export interface FileCounts {
  readonly path: string;
  readonly passed: number;
  /** A file that could not be loaded has no tests to count and is one failure. */
  readonly failed: number;
  /** The full names of the tests that failed. */
  readonly failures: readonly string[];
  /** What they failed by: one message each, or several. */
  readonly messages: readonly string[];
}

interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages?: readonly string[] | null;
    }[];
  }[];
}

/** Null for a report that is missing or cut short. */
export function readReport(json: string): readonly FileCounts[] | null {
  let report: VitestReport;
  try {
    report = JSON.parse(json) as VitestReport;
  } catch {
    return null;
  }
  return report.testResults.map(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed');
    const broken = status === 'failed' && failed.length === 0;
    return {
      path: name,
      passed: assertionResults.filter((test) => test.status === 'passed').length,
      failed: broken ? 1 : failed.length,
      failures: broken ? [name] : failed.map(({ fullName }) => fullName),
      messages: broken ? [message ?? ''] : failed.flatMap(({ failureMessages }) => failureMessages ?? []),
    };
  });
}
