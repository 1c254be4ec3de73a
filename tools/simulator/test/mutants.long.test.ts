/** Every planted bug is found by the seeds and invariants of an ordinary run. */
import { expect, test } from 'vitest';
import { hunt } from '../src/mutants/hunt.js';
import { MUTANTS } from '../src/mutants/mutants.js';

const MAX_SEEDS = 2_000;

test.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))(
  'the mutant %s is found',
  { timeout: 900_000 },
  async (_name, mutant) => {
    const { seeds } = await hunt(mutant, MAX_SEEDS);
    expect(seeds).not.toBeNull();
  },
);
