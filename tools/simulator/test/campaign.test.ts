/** What a campaign makes of its runs. The runs themselves are made up here. */
import { expect, test } from 'vitest';
import { type Plan, planOf, type RunResult } from '../src/run.js';
import { campaign, seedsFrom } from '../src/runs/campaign.js';

const plan = planOf(1);

function resultOf(seed: number, hash: number): RunResult {
  const counts = { simulatedMs: 1_000, events: 1, operations: 1, asked: 1 };
  return { seed, violation: null, hash, ...counts, faults: new Map([['crash', 2]]), counted: new Map() };
}

/** `hashOf` is told how often a seed ran before. */
function simulatorOf(hashOf: (seed: number, before: number) => number) {
  const runs = new Map<number, number>();
  return {
    planOf: (seed: number): Plan => ({ ...plan, setup: { ...plan.setup, seed } }),
    run: ({ setup: { seed } }: Plan): RunResult => {
      const before = runs.get(seed) ?? 0;
      runs.set(seed, before + 1);
      return resultOf(seed, hashOf(seed, before));
    },
    runs,
  };
}

test('one seed in a hundred runs twice', () => {
  const simulator = simulatorOf((seed) => seed);
  const { failures, tally } = campaign({ nextSeed: seedsFrom(1, 300), maxFailures: 1, cases: [] }, simulator);
  expect(failures).toEqual([]);
  expect([...simulator.runs].filter(([, count]) => count > 1)).toEqual([
    [100, 2],
    [200, 2],
    [300, 2],
  ]);
  expect([tally.seeds, tally.repeated, tally.operations, tally.faults.get('crash')]).toEqual([300, 3, 300, 600]);
});

test('a run that hashes otherwise the second time is a failure', () => {
  const simulator = simulatorOf((seed, before) => (seed === 200 ? before : seed));
  const { failures, tally } = campaign({ nextSeed: seedsFrom(1, 300), maxFailures: 5, cases: [] }, simulator);
  expect(failures.map(({ result }) => result.violation)).toEqual([
    { invariant: 'replay', message: 'seed 200 hashes to 0, and then to 1' },
  ]);
  expect(tally.repeated).toBe(2);
});

test('a soak says how many seeds, how long, which faults, and how many operations', () => {
  const { tally } = campaign(
    { nextSeed: seedsFrom(100, 10), maxFailures: 1, cases: [] },
    simulatorOf((seed) => seed),
  );
  const text = tally.describe(5, 2);
  for (const line of [
    /^seeds run +10$/m,
    /^of these a second time, hashed equal 1$/m,
    /^simulated time +0\.00 h$/m,
    /^simulated s \/ CPU s +5000$/m,
    /^operations checked +10$/m,
    /^ {2}crash +20$/m,
  ]) {
    expect(text).toMatch(line);
  }
});
