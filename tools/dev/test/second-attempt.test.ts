// A step of tests that fail, by a real vitest on tests made for it.
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectSafe } from '@understudy/testbed';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ROOT } from '../src/root.mjs';
import { worthASecondAttempt } from '../src/second-attempt.js';
import { runStep, type StepResult } from '../src/tier-step.js';
import { readReport } from '../src/vitest-report.js';

const PASSES = `expect(1).toBe(1)`;
const FAILS = `expect(1).toBe(2)`;
/** By itself, the second time. */
const FAILS_ONCE = `const seen = existsSync('seen'); writeFileSync('seen', ''); expect(seen).toBe(true)`;

describe('a second attempt', { timeout: 120_000 }, () => {
  let root: string;
  beforeEach(() => {
    vi.spyOn(console, 'log').mockImplementation(() => undefined);
    root = mkdtempSync(join(tmpdir(), 'understudy-step-'));
    symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  });
  afterEach(() => {
    vi.restoreAllMocks();
    rmSync(root, { recursive: true, force: true });
  });

  function stepOf(tests: Readonly<Record<string, string>>, secondAttempt = true): Promise<StepResult> {
    for (const [name, body] of Object.entries(tests)) {
      const code = `import { existsSync, writeFileSync } from 'node:fs';
        import { expect, it } from 'vitest';
        it('${name}', () => { ${body} });
        it('${name} too', () => { ${PASSES} });`;
      writeFileSync(join(root, `${name}.test.js`), code);
    }
    const step = { name: 'end-to-end tests', bin: 'vitest', args: ['run'], counted: true, secondAttempt };
    return runStep(step, { root, folder: root, output: 'ignore' });
  }

  it('is given to a file that failed, and what passes then is named', async () => {
    const result = await stepOf({ good: PASSES, hiccup: FAILS_ONCE });
    expect(result).toMatchObject({ ok: true, passed: 4, failed: 0, passedAgain: ['hiccup'] });
  });

  it('does not help what fails again', async () => {
    const result = await stepOf({ good: PASSES, hiccup: FAILS_ONCE, bad: FAILS });
    expect(result).toMatchObject({ ok: false, passed: 5, failed: 1, passedAgain: ['hiccup'] });
  });

  it('is not given where something acknowledged was lost, nor to a step that has none', async () => {
    const lost = `if (!existsSync('seen')) { writeFileSync('seen', ''); throw new Error(${JSON.stringify(messageOfALoss())}) }`;
    expect(await stepOf({ lost })).toMatchObject({ ok: false, passed: 1, failed: 1, passedAgain: [] });
    rmSync(join(root, 'seen'));
    expect(await stepOf({ lost: FAILS_ONCE }, false)).toMatchObject({ ok: false, failed: 1, passedAgain: [] });
  });

  it('is not given to many', () => {
    const files = ['a', 'b', 'c', 'd'].map((path) => ({ path, passed: 0, failed: 1, failures: [path], messages: [] }));
    expect(worthASecondAttempt(files.slice(1))).toHaveLength(3);
    expect(worthASecondAttempt(files)).toEqual([]);
  });
});

describe('a report', () => {
  it('counts a file that did not load as one failure', async () => {
    const assertionResults = [
      { status: 'failed', fullName: 'x', failureMessages: ['why'] },
      { status: 'passed', fullName: 'y', failureMessages: [] },
    ];
    const testResults = [
      { name: 'a', status: 'failed', assertionResults },
      { name: 'b', status: 'failed', message: 'no such module', assertionResults: [] },
      { name: 'c', status: 'passed', assertionResults: assertionResults.slice(1) },
    ];
    expect(readReport(JSON.stringify({ testResults }))).toEqual([
      { path: 'a', passed: 1, failed: 1, failures: ['x'], messages: ['why'] },
      { path: 'b', passed: 0, failed: 1, failures: ['b'], messages: ['no such module'] },
      { path: 'c', passed: 1, failed: 0, failures: [], messages: [] },
    ]);
  });

  it('that is cut short or missing is none', () => {
    expect(readReport('')).toBeNull();
    expect(readReport('{"testResults": [')).toBeNull();
  });
});

function messageOfALoss(): string {
  try {
    expectSafe('writes are lost', ['load/1']);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('expectSafe did not throw');
}
