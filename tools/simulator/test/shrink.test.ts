import { expect, test } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildMutant } from '../src/mutants/build.js';
import { MUTANTS } from '../src/mutants/mutants.js';
import { type Plan, run as runSound } from '../src/run.js';
import { loadCases, storeCase } from '../src/runs/cases.js';
import { shrink } from '../src/runs/shrink.js';

const mutant = (name: string) => {
  const found = MUTANTS.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no mutant ${name}`);
  return found;
};

test('a failing run is shrunk to a few faults, kept as a case, and replayed from it', {
  timeout: 600_000,
}, async () => {
  const { planOf, run } = await buildMutant(mutant('batch-without-sync'));
  let plan: Plan = planOf(1);
  let result = run(plan);
  for (let seed = 2; result.violation === null; seed++) {
    plan = planOf(seed);
    result = run(plan);
  }
  const shrunk = shrink(plan, result, run, { maxRuns: 150 });
  const { faults } = shrunk.plan;
  expect(faults.length).toBeLessThan(plan.faults.length / 4);
  expect(faults.length).toBeGreaterThan(0);
  expect(shrunk.runs).toBeLessThan(150);
  // None of those that are left can be spared.
  for (const fault of faults) {
    const fewer = run({ ...shrunk.plan, faults: faults.filter((other) => other !== fault) });
    expect(fewer.violation?.invariant).not.toBe(result.violation.invariant);
  }

  const folder = mkdtempSync(join(tmpdir(), 'understudy-cases-'));
  try {
    storeCase(shrunk, folder);
    const [kept] = loadCases(folder);
    expect(kept?.invariant).toBe(result.violation.invariant);
    const again = run(kept?.plan as Plan);
    expect(again.hash).toBe(shrunk.result.hash);
    expect(again.violation?.message).toBe(kept?.text);
    // Without the planted bug the same faults break nothing.
    expect(runSound(kept?.plan as Plan).violation).toBeNull();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
