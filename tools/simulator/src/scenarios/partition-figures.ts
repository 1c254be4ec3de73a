/**
 * The figures of etcd's learner design about partitions, 2 to 7: of three voters, and of three voters and a new member,
 * which votes at once, as the figures have it, or learns first, as it does here unless it is asked for otherwise.
 */
import { FIRST_LEADS, goesOnLeading, writes } from './leads.js';
import type { Scenario, Step } from './scenario.js';

/** Bits of slots. */
const THIRD_ALONE = 0b0100;
const NEW_ALONE = 0b1000;
const TWO_TO_TWO = 0b1100;
const PARTITION_MS = 6_000;

function parted(at: number, side: number): Step {
  return { at, kind: 'partition', side, ms: PARTITION_MS, known: false };
}

function added(role: 'voter' | 'learner'): Step[] {
  return [
    { at: 4_000, kind: 'do', act: (stage) => stage.keep('add', stage.add(3, role)) },
    {
      at: 4_000,
      kind: 'expect',
      that: `the new member is a ${role}, in sync`,
      withinMs: 3_000,
      holds: (stage) =>
        stage.outcome('add') === 'done' &&
        stage.machine(3).role === role &&
        stage.machine(3).applied > stage.commit - 10,
    },
  ];
}

export const leaderInTheMajority: Scenario = {
  steps: [...FIRST_LEADS, parted(5_000, THIRD_ALONE), goesOnLeading(5_000, 15_000), ...writes(0, 5_000, 14_000)],
};

export const leaderIsolated: Scenario = {
  steps: [
    ...FIRST_LEADS,
    { at: 5_000, kind: 'isolate', target: 0, ways: 'both', stall: false, ms: PARTITION_MS },
    { at: 5_200, kind: 'do', act: (stage) => stage.keep('write', stage.put(0, 'k00', 'late')) },
    { at: 5_200, kind: 'do', act: (stage) => stage.keep('read', stage.read(0)) },
    {
      at: 5_200,
      kind: 'expect',
      that: 'one of the others leads',
      withinMs: 4_000,
      holds: ({ leader }) => leader === 1 || leader === 2,
    },
    {
      at: 5_200,
      kind: 'always',
      that: 'the old leader answers neither the write nor the read',
      untilMs: 10_900,
      holds: (stage) => stage.outcome('write') !== 'done' && stage.outcome('read') !== 'done',
    },
    { at: 9_500, kind: 'expect', that: 'the old leader knows', holds: (stage) => !stage.machine(0).leads },
    {
      at: 11_000,
      kind: 'always',
      that: 'it follows when it is back, and takes nothing over',
      untilMs: 14_000,
      holds: ({ leader }) => leader === 1 || leader === 2,
    },
    { at: 12_000, kind: 'do', act: (stage) => stage.keep('later', stage.put(0, 'k00', 'now')) },
    {
      at: 12_000,
      kind: 'expect',
      that: 'it passes writes on',
      withinMs: 1_000,
      holds: (stage) => stage.outcome('later') === 'done',
    },
  ],
};

/** Figure 4: three of four voters are with the leader. */
export const newVoterOnTheLeadersSide: Scenario = {
  setup: { spares: 1 },
  steps: [
    ...FIRST_LEADS,
    ...added('voter'),
    parted(8_000, THIRD_ALONE),
    goesOnLeading(8_000, 16_000),
    ...writes(0, 8_000, 16_000),
  ],
};

/** The same with a learner: it may go as well. */
export const learnerOnTheLeadersSide: Scenario = {
  setup: { spares: 1 },
  steps: [
    ...FIRST_LEADS,
    ...added('learner'),
    parted(8_000, THIRD_ALONE),
    { at: 9_000, kind: 'crash', target: 3, power: true, downMs: PARTITION_MS },
    goesOnLeading(8_000, 16_000),
    ...writes(0, 8_000, 16_000),
  ],
};

/** Figure 5: the new member alone is on the other side. */
export const newVoterOnTheOtherSide: Scenario = {
  setup: { spares: 1 },
  steps: [
    ...FIRST_LEADS,
    ...added('voter'),
    parted(8_000, NEW_ALONE),
    goesOnLeading(8_000, 16_000),
    ...writes(0, 8_000, 16_000),
  ],
};

/** The same with a learner: a voter may fail as well. */
export const learnerOnTheOtherSide: Scenario = {
  setup: { spares: 1 },
  steps: [
    ...FIRST_LEADS,
    ...added('learner'),
    parted(8_000, NEW_ALONE),
    { at: 9_000, kind: 'crash', target: 2, power: true, downMs: PARTITION_MS },
    goesOnLeading(8_000, 16_000),
    ...writes(0, 8_000, 16_000),
  ],
};

/** Figure 6: two of four voters are no quorum. */
export const votersTwoToTwo: Scenario = {
  setup: { spares: 1 },
  steps: [
    ...FIRST_LEADS,
    ...added('voter'),
    parted(8_000, TWO_TO_TWO),
    { at: 8_000, kind: 'expect', that: 'nobody leads', withinMs: 3_000, holds: ({ leader }) => leader === null },
    {
      at: 11_000,
      kind: 'always',
      that: 'nobody leads',
      untilMs: 13_900,
      holds: ({ leader }) => leader === null,
    },
    { at: 14_000, kind: 'expect', that: 'somebody leads', withinMs: 4_000, holds: ({ leader }) => leader !== null },
  ],
};

/** The same with a learner: two of three voters are one. */
export const learnerTwoToTwo: Scenario = {
  setup: { spares: 1 },
  steps: [
    ...FIRST_LEADS,
    ...added('learner'),
    parted(8_000, TWO_TO_TWO),
    goesOnLeading(8_000, 16_000),
    ...writes(0, 8_000, 16_000),
  ],
};

/** Figure 7: the cluster loses its quorum where a voter is added; here it is refused, and a learner is not. */
export const partitionFirst: Scenario = {
  setup: { spares: 1 },
  steps: [
    ...FIRST_LEADS,
    parted(5_000, THIRD_ALONE),
    { at: 7_000, kind: 'do', act: (stage) => stage.keep('voter', stage.add(3, 'voter')) },
    {
      at: 7_000,
      kind: 'expect',
      that: 'a voter is refused, since one does not answer',
      holds: (stage) => stage.outcome('voter') === 'unhealthy' && stage.machine(3).role === 'none',
    },
    { at: 7_000, kind: 'do', act: (stage) => stage.keep('learner', stage.add(3, 'learner')) },
    {
      at: 7_000,
      kind: 'expect',
      that: 'a learner is added',
      withinMs: 1_000,
      holds: (stage) => stage.outcome('learner') === 'done' && stage.machine(3).role === 'learner',
    },
    goesOnLeading(5_000, 14_000),
    ...writes(0, 5_000, 14_000),
  ],
};
