// One step of a test tier: a tool of node_modules/.bin whose output goes straight to the terminal. Steps that are
// vitest runs also write a JSON report, from which the counts come; those on real processes may get a second attempt.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterSecondAttempt, worthASecondAttempt } from './second-attempt.js';
import { type FileCounts, readReport } from './vitest-report.js';

export interface Step {
  readonly name: string;
  readonly bin: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The step is a vitest run: its tests are counted one by one. */
  readonly counted?: boolean;
  /** Of a counted step: files that fail are run once more, one at a time, unless `second-attempt.ts` forbids it. */
  readonly secondAttempt?: boolean;
}

export interface StepResult {
  readonly name: string;
  readonly ok: boolean;
  readonly durationMs: number;
  readonly passed: number;
  /** At least 1 unless `ok`: a step that cannot even begin has failed too. */
  readonly failed: number;
  /** Tests that failed at first and passed when they were run again. */
  readonly passedAgain: readonly string[];
}

export interface StepPlace {
  readonly root: string;
  /** Where JSON reports are written. */
  readonly folder: string;
  /** What the step prints: to the terminal, or nowhere. Default: inherit. */
  readonly output?: 'inherit' | 'ignore';
}

export async function runStep(step: Step, place: StepPlace): Promise<StepResult> {
  const startedAt = Date.now();
  const { ok, files, passedAgain } = step.counted
    ? await runTests(step, place)
    : { ...NO_TESTS, ok: await run(step, place) };
  let passed = 0;
  let failed = 0;
  for (const file of files) {
    passed += file.passed;
    failed += file.failed;
  }
  const durationMs = Date.now() - startedAt;
  return { name: step.name, ok, durationMs, passed, failed: ok ? failed : Math.max(1, failed), passedAgain };
}

interface TestsRun {
  readonly ok: boolean;
  readonly files: readonly FileCounts[];
  readonly passedAgain: readonly string[];
}

const NO_TESTS = { files: [], passedAgain: [] };

async function runTests(step: Step, place: StepPlace): Promise<TestsRun> {
  const first = await runVitest(step, place);
  const repeated = step.secondAttempt && !first.ok ? worthASecondAttempt(first.files) : [];
  if (repeated.length === 0) return { ...first, passedAgain: [] };
  const names = repeated.flatMap(({ failures }) => failures);
  console.log(`\n── ${step.name}, second attempt: ${names.join('; ')}`);
  const args = new Set([...step.args, '--no-file-parallelism', ...repeated.map(({ path }) => path)]);
  const again = await runVitest({ ...step, args: [...args] }, place);
  const stillFailing = new Set(again.files.flatMap(({ failures }) => failures));
  return {
    ok: again.ok,
    files: afterSecondAttempt(first.files, again.files),
    passedAgain: again.ok ? names : names.filter((name) => !stillFailing.has(name)),
  };
}

async function runVitest(step: Step, place: StepPlace): Promise<Pick<TestsRun, 'ok' | 'files'>> {
  const reportPath = join(place.folder, `${step.name.replaceAll(' ', '-')}.vitest.json`);
  rmSync(reportPath, { force: true });
  const reporting = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`];
  const ok = await run({ ...step, args: [...step.args, ...reporting] }, place);
  const files = readReport(readText(reportPath));
  return { ok: ok && files !== null, files: files ?? [] };
}

/** Whether it ended with exit code 0. */
async function run(step: Step, place: StepPlace): Promise<boolean> {
  const child = spawn(join(place.root, 'node_modules', '.bin', step.bin), [...step.args], {
    cwd: place.root,
    stdio: place.output ?? 'inherit',
    env: { ...process.env, ...step.env },
    shell: process.platform === 'win32',
  });
  return (await exitCode(child)) === 0;
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
