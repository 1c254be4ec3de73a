/** Every planted bug is found by the seeds and invariants of an ordinary run. */
import { beforeAll, expect, test } from 'vitest';
import { huntEach, type Kill } from '../src/mutants/hunt.js';
import { MUTANTS } from '../src/mutants/mutants.js';

const MAX_SEEDS = 2_000;
const THREADS = 2;
const TIMEOUT = 1_800_000;

interface Awaited {
  readonly kill: Promise<Kill>;
  readonly found: (kill: Kill) => void;
  readonly failed: (error: unknown) => void;
}

const hunts = new Map(MUTANTS.map(({ name }) => [name, awaited()]));

function awaited(): Awaited {
  let found: Awaited['found'] = () => {};
  let failed: Awaited['failed'] = () => {};
  const kill = new Promise<Kill>((resolve, reject) => {
    found = resolve;
    failed = reject;
  });
  kill.catch(() => {});
  return { kill, found, failed };
}

beforeAll(() => {
  huntEach(MUTANTS, { maxSeeds: MAX_SEEDS, threads: THREADS }, (kill) =>
    hunts.get(kill.mutant.name)?.found(kill),
  ).catch((error) => {
    for (const { failed } of hunts.values()) failed(error);
  });
});

test.each([...hunts])('the mutant %s is found', { timeout: TIMEOUT }, async (_name, { kill }) => {
  expect((await kill).seeds).not.toBeNull();
});
