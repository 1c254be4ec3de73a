/** The ordinary work of the simulator: stored cases, then seeds, none of which may break an invariant. */
import { expect, test } from 'vitest';
import { FAULT_KINDS } from '../src/faults/schedule.js';
import { buildSimulator } from '../src/mutants/build.js';
import { campaign, seedsFrom } from '../src/runs/campaign.js';
import { loadCases } from '../src/runs/cases.js';

const CASES = loadCases();
const SEEDS = 300;
/** Two simulated hours. */
const LEAST_SIMULATED_MS = 2 * 3_600_000;

test('every stored case and a fixed number of seeds keep every invariant', { timeout: 900_000 }, async () => {
  const options = { nextSeed: seedsFrom(1, SEEDS), maxFailures: 3, cases: CASES };
  const { failures, tally } = campaign(options, await buildSimulator());
  const broken = failures.map(({ plan, result }) => `seed ${plan.setup.seed}: ${result.violation?.message}`);
  expect(broken).toEqual([]);
  expect(tally.seeds).toBe(SEEDS + CASES.length);
  expect(tally.simulatedMs).toBeGreaterThan(LEAST_SIMULATED_MS);
  expect(tally.operations).toBeGreaterThan(50_000);
  // Every kind of fault, and everything rare that they are to bring about, happens in so many seeds.
  for (const kind of FAULT_KINDS) expect(tally.faults.get(kind), kind).toBeGreaterThan(5);
  for (const what of [
    'snapshots installed',
    'members replaced',
    'watches compacted',
    'logs opened to recover',
    'members recovered',
    'states thrown away',
  ]) {
    expect(tally.counted.get(what), what).toBeGreaterThan(0);
  }
});
