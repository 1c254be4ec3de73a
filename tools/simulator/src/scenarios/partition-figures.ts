/**
 * The figures of etcd's learner design about partitions, 2 to 7: of three voters, and of three voters and a new member,
 * which votes at once, as the figures have it, or learns first, as it does here unless it is asked for otherwise.
 */
import { learnerTaken, memberInSync, voterRefused } from './adds.js';
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

/** A member is added, then a partition cuts off those of `side`. */
function newMemberThenPartition(role: 'voter' | 'learner', side: number, then: readonly Step[]): Scenario {
  return { setup: { spares: 1 }, steps: [...FIRST_LEADS, ...memberInSync(4_000, role), parted(8_000, side), ...then] };
}

const THE_LEADER_GOES_ON: readonly Step[] = [goesOnLeading(8_000, 16_000), ...writes(0, 8_000, 16_000)];

function fails(target: number): Step {
  return { at: 9_000, kind: 'crash', target, power: true, downMs: PARTITION_MS };
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
export const newVoterOnTheLeadersSide = newMemberThenPartition('voter', THIRD_ALONE, THE_LEADER_GOES_ON);

/** The same with a learner: it may go as well. */
export const learnerOnTheLeadersSide = newMemberThenPartition('learner', THIRD_ALONE, [
  fails(3),
  ...THE_LEADER_GOES_ON,
]);

/** Figure 5: the new member alone is on the other side. */
export const newVoterOnTheOtherSide = newMemberThenPartition('voter', NEW_ALONE, THE_LEADER_GOES_ON);

/** The same with a learner: a voter may fail as well. */
export const learnerOnTheOtherSide = newMemberThenPartition('learner', NEW_ALONE, [fails(2), ...THE_LEADER_GOES_ON]);

/** Figure 6: two of four voters are no quorum. */
export const votersTwoToTwo = newMemberThenPartition('voter', TWO_TO_TWO, [
  { at: 8_000, kind: 'expect', that: 'nobody leads', withinMs: 3_000, holds: ({ leader }) => leader === null },
  { at: 11_000, kind: 'always', that: 'nobody leads', untilMs: 13_900, holds: ({ leader }) => leader === null },
  { at: 14_000, kind: 'expect', that: 'somebody leads', withinMs: 4_000, holds: ({ leader }) => leader !== null },
]);

/** The same with a learner: two of three voters are one. */
export const learnerTwoToTwo = newMemberThenPartition('learner', TWO_TO_TWO, THE_LEADER_GOES_ON);

/** Figure 7: the cluster loses its quorum where a voter is added; here it is refused, and a learner is not. */
export const partitionFirst: Scenario = {
  setup: { spares: 1 },
  steps: [
    ...FIRST_LEADS,
    parted(5_000, THIRD_ALONE),
    ...voterRefused(7_000),
    ...learnerTaken(7_000),
    goesOnLeading(5_000, 14_000),
    ...writes(0, 5_000, 14_000),
  ],
};
