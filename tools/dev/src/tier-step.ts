// One step of a test tier: a tool of node_modules/.bin whose output goes straight to the terminal. Steps that are
// vitest runs also write a JSON report, from which the counts come.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export interface Step {
  readonly name: string;
  readonly bin: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The step is a vitest run: its tests are counted one by one. */
  readonly counted?: boolean;
}

export interface StepResult {
  readonly name: string;
  readonly ok: boolean;
  readonly durationMs: number;
  readonly passed: number;
  /** At least 1 unless `ok`: a step that cannot even begin has failed too. */
  readonly failed: number;
}

export interface StepPlace {
  readonly root: string;
  /** Where JSON reports are written. */
  readonly folder: string;
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { status: string }[];
  }[];
}

export async function runStep(step: Step, place: StepPlace): Promise<StepResult> {
  const startedAt = Date.now();
  const args = [...step.args];
  const reportPath = join(place.folder, `${step.name.replaceAll(' ', '-')}.vitest.json`);
  if (step.counted) {
    rmSync(reportPath, { force: true });
    args.push('--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`);
  }
  const child = spawn(join(place.root, 'node_modules', '.bin', step.bin), args, {
    cwd: place.root,
    stdio: 'inherit',
    env: { ...process.env, ...step.env },
    shell: process.platform === 'win32',
  });
  const ok = (await exitCode(child)) === 0;
  const counts = step.counted ? readCounts(readText(reportPath)) : { passed: 0, failed: 0 };
  return {
    name: step.name,
    ok,
    durationMs: Date.now() - startedAt,
    passed: counts.passed,
    failed: ok ? counts.failed : Math.max(1, counts.failed),
  };
}

/** A signal that asks this process to end is passed on to the running step, so that no test run is left behind. */
function exitCode(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    const forward = (signal: NodeJS.Signals): void => {
      child.kill(signal);
    };
    process.on('SIGTERM', forward);
    process.on('SIGINT', forward);
    const finish = (code: number): void => {
      process.off('SIGTERM', forward);
      process.off('SIGINT', forward);
      resolve(code);
    };
    child.on('error', (error) => {
      console.error(`could not be started: ${error.message}`);
      finish(1);
    });
    child.on('close', (code, signal) => {
      finish(code ?? 1);
      if (signal === 'SIGINT' || signal === 'SIGTERM') process.exit(130);
    });
  });
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/**
 * Counts the tests of a vitest JSON report. A file that could not be loaded has no tests to count and is one failure;
 * so is a report that is missing or cut short.
 */
export function readCounts(json: string): { passed: number; failed: number } {
  let report: VitestReport;
  try {
    report = JSON.parse(json) as VitestReport;
  } catch {
    return { passed: 0, failed: 1 };
  }
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((assertion) => assertion.status === 'failed'),
  );
  return { passed: report.numPassedTests, failed: report.numFailedTests + brokenFiles.length };
}
