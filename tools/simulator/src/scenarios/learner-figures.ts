/** What etcd's learner design shows of learners: added, promoted, promoted too early, and asked to lead. */
import { FIRST_LEADS, goesOnLeading, writes } from './leads.js';
import type { Scenario, Step } from './scenario.js';

/** The second machine to spare: a learner there is kept for nothing else. */
const LEARNER = 4;

const ADDED: readonly Step[] = [
  { at: 4_000, kind: 'do', act: (stage) => stage.keep('add', stage.add(LEARNER, 'learner')) },
  {
    at: 4_000,
    kind: 'expect',
    that: 'it learns what the others know',
    withinMs: 3_000,
    holds: (stage) => stage.machine(LEARNER).role === 'learner' && stage.machine(LEARNER).applied > stage.commit - 10,
  },
];

export const learnerAdded: Scenario = {
  setup: { spares: 2 },
  steps: [
    ...FIRST_LEADS,
    ...ADDED,
    ...writes(0, 7_000, 9_000),
    { at: 10_500, kind: 'crash', target: 1, power: true, downMs: 6_000 },
    { at: 10_500, kind: 'crash', target: 2, power: true, downMs: 6_000 },
    {
      at: 10_500,
      kind: 'expect',
      that: 'with the leader alone it is no quorum',
      withinMs: 3_000,
      holds: ({ leader }) => leader === null,
    },
    { at: 13_500, kind: 'always', that: 'nobody leads', untilMs: 16_400, holds: ({ leader }) => leader === null },
    { at: 16_500, kind: 'expect', that: 'somebody leads', withinMs: 4_000, holds: ({ leader }) => leader !== null },
    {
      at: 4_000,
      kind: 'always',
      that: 'the learner never leads',
      untilMs: 21_000,
      holds: (stage) => !stage.machine(LEARNER).leads,
    },
  ],
};

/** Of two voters, both are needed; with the third, one may fail. */
export const learnerPromoted: Scenario = {
  setup: { voters: 2, spares: 3 },
  steps: [
    ...FIRST_LEADS,
    ...ADDED,
    { at: 7_000, kind: 'do', act: (stage) => stage.keep('promote', stage.promote(LEARNER)) },
    {
      at: 7_000,
      kind: 'expect',
      that: 'it votes',
      withinMs: 1_000,
      holds: (stage) => stage.outcome('promote') === 'done' && stage.voters.join() === '0,1,4',
    },
    { at: 8_500, kind: 'crash', target: 1, power: true, downMs: 60_000 },
    goesOnLeading(4_000, 14_000),
    ...writes(0, 8_000, 14_000),
  ],
};

/** What is said to it is held up, so that it falls behind; then it catches up. Clients that wait for it leave others. */
export const learnerPromotedTooEarly: Scenario = {
  setup: { spares: 2, opsPerSecond: 60, clients: 30 },
  steps: [
    ...FIRST_LEADS,
    ...ADDED,
    { at: 7_000, kind: 'clog', from: 0, to: LEARNER, ms: 800 },
    { at: 7_700, kind: 'do', act: (stage) => stage.keep('early', stage.promote(LEARNER)) },
    {
      at: 7_700,
      kind: 'expect',
      that: 'it is refused for its lag',
      holds: (stage) => stage.outcome('early') === 'lagging',
    },
    {
      at: 7_700,
      kind: 'always',
      that: 'it goes on learning',
      untilMs: 9_900,
      holds: (stage) => stage.machine(LEARNER).role === 'learner',
    },
    { at: 10_000, kind: 'do', act: (stage) => stage.keep('promote', stage.promote(LEARNER)) },
    {
      at: 10_000,
      kind: 'expect',
      that: 'once it has caught up it is promoted',
      withinMs: 1_000,
      holds: (stage) => stage.outcome('promote') === 'done' && stage.machine(LEARNER).role === 'voter',
    },
  ],
};

export const transferToLearner: Scenario = {
  setup: { spares: 2 },
  steps: [
    ...FIRST_LEADS,
    ...ADDED,
    { at: 7_000, kind: 'do', act: (stage) => stage.keep('transfer', stage.transfer(LEARNER)) },
    {
      at: 7_000,
      kind: 'expect',
      that: 'it is refused',
      withinMs: 100,
      holds: (stage) => stage.outcome('transfer') === 'not-applied',
    },
    goesOnLeading(4_000, 11_000),
    ...writes(0, 7_000, 10_000),
  ],
};
