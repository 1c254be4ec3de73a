import { describe, it } from 'vitest';
import { chaosRuns, VARIANTS } from './safety-runs.js';

describe('safety under long chaos', () => {
  // The same runs every time; RAFT_CHAOS_SEED asks for others.
  const seed = Number(process.env['RAFT_CHAOS_SEED'] ?? 2_032_664_582);

  it.each(VARIANTS)(`seed ${seed}: %s`, { timeout: 300_000 }, (_, options) => {
    chaosRuns(options, 500, 4000, seed);
  });
});
