/**
 * The figures of etcd's learner design about adding a member, 1, 8 and 9: one that needs everything copied, one for a
 * cluster of one, and one whose URL is wrong, so that nobody ever answers.
 */
import { learnerTaken, voterRefused } from './adds.js';
import { FIRST_LEADS, goesOnLeading, writes } from './leads.js';
import type { Scenario, Step } from './scenario.js';

/** Its URL is wrong: nobody answers there. */
const ABSENT = { absent: true };

function removed(at: number): Step[] {
  return [
    { at, kind: 'role', target: 3, wanted: 'none' },
    {
      at,
      kind: 'expect',
      that: 'it is removed',
      withinMs: 1_000,
      holds: (stage) => stage.machine(3).role === 'none',
    },
  ];
}

/** Figure 1. Its snapshot is on its way for two seconds, with what else the leader says to it. */
export const overloadedByNewMember: Scenario = {
  setup: { spares: 1, opsPerSecond: 50 },
  steps: [
    ...FIRST_LEADS,
    { at: 5_000, kind: 'compact-log', target: 0, keep: 0 },
    { at: 5_500, kind: 'clog', from: 0, to: 3, ms: 2_000 },
    { at: 5_500, kind: 'role', target: 3, wanted: 'voter' },
    { at: 5_510, kind: 'clog', from: 0, to: 3, ms: 2_000 },
    {
      at: 7_000,
      kind: 'expect',
      that: 'it has its snapshot, and votes',
      withinMs: 5_000,
      holds: (stage) => stage.counted('snapshots installed') === 1 && stage.machine(3).role === 'voter',
    },
    goesOnLeading(5_000, 14_000),
    ...writes(0, 5_000, 14_000),
  ],
};

/** Figure 8: with etcd the first one stops until the second runs. It starts six seconds after it was added. */
export const secondMember: Scenario = {
  setup: { voters: 1, spares: 1 },
  steps: [
    { at: 3_000, kind: 'do', act: (stage) => stage.keep('add', stage.add(1, 'learner', ABSENT)) },
    { at: 6_000, kind: 'do', act: (stage) => stage.keep('early', stage.promote(1)) },
    {
      at: 6_000,
      kind: 'expect',
      that: 'it is not promoted before it runs',
      holds: (stage) => stage.outcome('early') === 'silent' && stage.voters.join() === '0',
    },
    { at: 9_000, kind: 'do', act: (stage) => stage.start(1) },
    { at: 11_000, kind: 'do', act: (stage) => stage.keep('promote', stage.promote(1)) },
    {
      at: 11_000,
      kind: 'expect',
      that: 'both vote',
      withinMs: 1_000,
      holds: (stage) => stage.outcome('promote') === 'done' && stage.voters.join() === '0,1',
    },
    goesOnLeading(3_000, 14_000),
    ...writes(0, 3_000, 14_000),
  ],
};

/** Figure 9. */
export const misconfiguredAdd: Scenario = {
  setup: { spares: 1 },
  steps: [
    ...FIRST_LEADS,
    ...learnerTaken(5_000, ABSENT),
    { at: 7_000, kind: 'do', act: (stage) => stage.keep('promote', stage.promote(3)) },
    {
      at: 7_000,
      kind: 'expect',
      that: 'it cannot be promoted',
      holds: (stage) => stage.outcome('promote') === 'silent' && stage.machine(3).role === 'learner',
    },
    // It costs no quorum: a voter may fail as before.
    { at: 8_000, kind: 'crash', target: 2, power: true, downMs: 60_000 },
    ...removed(11_000),
    goesOnLeading(4_000, 13_000),
    ...writes(0, 5_000, 13_000),
  ],
};

/** The last figure about adding: with etcd before it checked, the quorum is lost for good. */
export const misconfiguredAddWithOneDown: Scenario = {
  setup: { spares: 1 },
  steps: [
    ...FIRST_LEADS,
    { at: 4_500, kind: 'crash', target: 2, power: true, downMs: 60_000 },
    ...voterRefused(7_000, ABSENT),
    ...learnerTaken(7_000, ABSENT),
    ...removed(10_000),
    goesOnLeading(4_500, 12_000),
    ...writes(0, 5_000, 12_000),
  ],
};
