import { describe, it } from 'vitest';
import { chaosRuns, VARIANTS } from './safety-runs.js';

describe('safety under long chaos', () => {
  // A new seed at every run; a failure prints it, for RAFT_CHAOS_SEED.
  const seed = Number(process.env['RAFT_CHAOS_SEED'] ?? Date.now() % 2 ** 31);

  it.each(VARIANTS)(`seed ${seed}: %s`, { timeout: 300_000 }, (_, options) => {
    chaosRuns(options, 500, 4000, seed);
  });
});
