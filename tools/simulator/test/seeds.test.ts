/** The ordinary work of the simulator: stored cases, then seeds, none of which may break an invariant. */
import { expect, test } from 'vitest';
import { LOG_DAMAGES, STORE_DAMAGES } from '../src/disk/damage.js';
import { DISK_EVENTS } from '../src/disk/disk.js';
import { FAULT_KINDS } from '../src/faults/schedule.js';
import { buildSimulator } from '../src/mutants/build.js';
import { campaign, seedsFrom } from '../src/runs/campaign.js';
import { loadCases } from '../src/runs/cases.js';

const CASES = loadCases();
const SEEDS = 300;
/** Two simulated hours. */
const LEAST_SIMULATED_MS = 2 * 3_600_000;

/** Sorts of a kind, what the network does to frames, and what befalls disks. */
const SORTS = [
  ...['crash', 'crash-all'].flatMap((kind) => [`${kind}: kill`, `${kind}: power`]),
  ...['in', 'out', 'both', 'late'].map((ways) => `isolate: ${ways}`),
  ...['late', 'lost'].map((frames) => `reset: ${frames}`),
  ...['voter', 'learner', 'none'].map((wanted) => `role: ${wanted}`),
  ...['io', 'full'].map((code) => `write-error: ${code}`),
  ...['change', 'snapshot'].map((moment) => `ambush: ${moment}`),
  ...LOG_DAMAGES.map((how) => `damage: ${how}`),
  ...STORE_DAMAGES.map((how) => `damage-state: ${how}`),
  ...['dropped', 'repeated', 'reordered', 'delayed'].map((what) => `frames ${what}`),
  ...DISK_EVENTS.map((what) => `disk ${what}`),
];

test('every stored case and a fixed number of seeds keep every invariant', { timeout: 900_000 }, async () => {
  const options = { nextSeed: seedsFrom(1, SEEDS), maxFailures: 3, cases: CASES };
  const { failures, tally } = campaign(options, await buildSimulator());
  const broken = failures.map(({ plan, result }) => `seed ${plan.setup.seed}: ${result.violation?.message}`);
  expect(broken).toEqual([]);
  expect(tally.seeds).toBe(SEEDS + CASES.length);
  expect(tally.simulatedMs).toBeGreaterThan(LEAST_SIMULATED_MS);
  expect(tally.operations).toBeGreaterThan(50_000);
  // Every kind of fault, every sort of it, and everything rare that they are to bring about, happens in so many seeds.
  const injected = (kind: string): number =>
    [...tally.faults].reduce((sum, [sort, count]) => (sort.split(':')[0] === kind ? sum + count : sum), 0);
  for (const kind of FAULT_KINDS) expect(injected(kind), kind).toBeGreaterThan(5);
  for (const sort of SORTS) expect(tally.faults.get(sort), sort).toBeGreaterThan(2);
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
