/** A machine to spare takes the place of a voter that is down: as a learner first, which counts for nothing. */
import type { Scenario } from './scenario.js';

export const newcomer: Scenario = {
  setup: { voters: 3, spares: 1 },
  steps: [
    { at: 3_000, kind: 'crash', target: 2, power: false, downMs: 60_000 },
    { at: 4_000, kind: 'role', target: 3, wanted: 'voter' },
    {
      at: 4_000,
      kind: 'expect',
      that: 'the newcomer learns first',
      withinMs: 1_000,
      holds: (stage) => stage.machine(3).role === 'learner',
    },
    {
      at: 5_000,
      kind: 'expect',
      that: 'it votes once it has caught up, and the one that is down does not',
      withinMs: 4_000,
      holds: (stage) => stage.voters.join() === '0,1,3',
    },
    { at: 9_000, kind: 'crash', target: 'leader', power: true, downMs: 60_000 },
    {
      at: 9_500,
      kind: 'expect',
      that: 'the newcomer makes a quorum with the voter that is left',
      withinMs: 4_000,
      holds: (stage) => stage.leader !== null,
    },
    { at: 14_000, kind: 'always', that: 'somebody leads', untilMs: 15_000, holds: (stage) => stage.leader !== null },
  ],
};
