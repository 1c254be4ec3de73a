// `npm test` and `npm run test:full`: the steps of a tier one after the other, and one summary at the end. Steps never
// overlap, since the end-to-end tests have deadlines and two cores are shared by everything.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './src/root.mjs';
import { type StepResult, runStep, type Step } from './src/tier-step.js';
import { formatDuration, summarize } from './src/tier-summary.js';

const vitest = (tier: string, ...args: string[]): Pick<Step, 'bin' | 'args' | 'env'> => ({
  bin: 'vitest',
  args: ['run', '--config', 'vitest.config.ts', ...args],
  env: { UNDERSTUDY_TIER: tier },
});

const TIERS: Readonly<Record<string, readonly Step[]>> = {
  quick: [
    { name: 'format and lint', bin: 'biome', args: ['check', '.'] },
    { name: 'layers', bin: 'tsx', args: ['tools/checks/layers.ts'] },
    { name: 'types', bin: 'turbo', args: ['run', 'typecheck', '--output-logs=errors-only'] },
    { name: 'unit tests', ...vitest('unit'), counted: true },
    { name: 'end-to-end tests', ...vitest('e2e'), counted: true, secondAttempt: true },
  ],
  full: [
    { name: 'unused code', bin: 'knip', args: [] },
    { name: 'packages as published', bin: 'tsx', args: ['tools/checks/publish.ts'] },
    { name: 'long tests', ...vitest('full-unit'), counted: true },
    // One file at a time: some of these assert how long things take.
    {
      name: 'long end-to-end tests',
      ...vitest('full-e2e', '--no-file-parallelism'),
      counted: true,
      secondAttempt: true,
    },
  ],
};

/** Runs a tier (`quick` or `full`) and returns the exit code. The counts also go to `.results/<tier>.json`. */
export async function main(args: readonly string[]): Promise<number> {
  const tier = args[0] ?? '';
  const steps = TIERS[tier];
  if (steps === undefined) {
    console.error(`unknown tier '${tier}'; one of: ${Object.keys(TIERS).join(', ')}`);
    return 2;
  }
  const folder = join(ROOT, '.results');
  mkdirSync(folder, { recursive: true });
  const reportPath = join(folder, `${tier}.json`);
  rmSync(reportPath, { force: true });

  const results: StepResult[] = [];
  for (const step of steps) {
    console.log(`\n── ${step.name}`);
    results.push(await runStep(step, { root: ROOT, folder }));
  }
  const summary = summarize(results);
  writeFileSync(reportPath, `${JSON.stringify({ tier, ...summary }, null, 2)}\n`);

  console.log('');
  for (const { name, ok, durationMs, passedAgain } of results) {
    console.log(`${ok ? '✔' : '✘'} ${name} (${formatDuration(durationMs)})`);
    for (const test of passedAgain) console.log(`  passed only at the second attempt: ${test}`);
  }
  console.log(`${summary.passed} passed, ${summary.failed} failed`);
  return summary.failed === 0 ? 0 : 1;
}
