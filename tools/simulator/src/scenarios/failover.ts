/** A voter that is silent gives its place to a learner that was kept for it, in one step, and learns until it is back. */
import type { Scenario } from './scenario.js';

export const failover: Scenario = {
  setup: { voters: 3, spares: 1 },
  steps: [
    { at: 2_000, kind: 'role', target: 3, wanted: 'learner' },
    {
      at: 2_000,
      kind: 'expect',
      that: 'the machine to spare learns',
      withinMs: 2_000,
      holds: (stage) => stage.machine(3).role === 'learner',
    },
    { at: 5_000, kind: 'crash', target: 2, power: false, downMs: 60_000 },
    {
      at: 5_500,
      kind: 'expect',
      that: 'it votes in the place of the silent voter, which is a learner',
      withinMs: 5_000,
      holds: (stage) => stage.voters.join() === '0,1,3' && stage.machine(2).role === 'learner',
    },
  ],
};
