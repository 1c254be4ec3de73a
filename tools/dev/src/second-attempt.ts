// Whether a run of tests on real processes that failed may be tried once more, file by file. The machine may stand still
// for longer than a cluster of processes is told to wait, and then a test fails that shows nothing. What was seen once
// that must never be seen stays a failure, and so does what fails in many places.
import type { FileCounts } from './vitest-report.js';

/** More files than this do not fail by chance. */
const MOST_FILES = 3;

/** The beginning of what `expectSafe` of the testbed throws. */
const FINAL = /safety violated: /;

/** The files to run again; empty where what failed is final. */
export function worthASecondAttempt(files: readonly FileCounts[]): readonly FileCounts[] {
  const failed = files.filter((file) => file.failed > 0);
  const final = failed.some(({ messages }) => messages.some((message) => FINAL.test(message)));
  return final || failed.length > MOST_FILES ? [] : failed;
}

/** `again` in the place of the same files of `first`. A file that the second run does not speak of keeps its failures. */
export function afterSecondAttempt(first: readonly FileCounts[], again: readonly FileCounts[]): readonly FileCounts[] {
  return first.map((file) => again.find(({ path }) => path === file.path) ?? file);
}
