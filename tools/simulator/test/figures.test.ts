/** The figures of etcd's learner design, by their names: what each shows, or what is better here. */
import { KVService, LeaseService, MaintenanceService, RangeRequest } from '@understudy/protocol';
import { answersAsLearner } from '@understudy/server/testing';
import { expect, test, vi } from 'vitest';
import {
  misconfiguredAdd,
  misconfiguredAddWithOneDown,
  overloadedByNewMember,
  secondMember,
} from '../src/scenarios/add-figures.js';
import {
  learnerAdded,
  learnerPromoted,
  learnerPromotedTooEarly,
  transferToLearner,
} from '../src/scenarios/learner-figures.js';
import {
  leaderInTheMajority,
  leaderIsolated,
  learnerOnTheLeadersSide,
  learnerOnTheOtherSide,
  learnerTwoToTwo,
  newVoterOnTheLeadersSide,
  newVoterOnTheOtherSide,
  partitionFirst,
  votersTwoToTwo,
} from '../src/scenarios/partition-figures.js';
import { play } from '../src/scenarios/play.js';
import type { Scenario } from '../src/scenarios/scenario.js';

// All of it is computing: on a busy machine it takes several times as long.
vi.setConfig({ testTimeout: 120_000 });

function succeeds(scenario: Scenario): void {
  expect(play(scenario).violation).toBeNull();
}

test('figure 1: a new member that needs a snapshot costs the leader neither its place nor a write', () => {
  succeeds(overloadedByNewMember);
});

test('figure 2: a leader in the majority of a partition goes on, and whoever was cut off disturbs nobody', () => {
  succeeds(leaderInTheMajority);
});

test('figure 3: an isolated leader is replaced, answers nothing, and follows when it is back', () => {
  succeeds(leaderIsolated);
});

test('figure 4: with a new voter on its side of a partition, the leader goes on', () => {
  succeeds(newVoterOnTheLeadersSide);
});

test('figure 4, better: with a learner there the leader goes on, and does not need it', () => {
  succeeds(learnerOnTheLeadersSide);
});

test('figure 5: with a new voter alone on the other side, the leader goes on', () => {
  succeeds(newVoterOnTheOtherSide);
});

test('figure 5, better: with a learner there, a voter may fail as well', () => {
  succeeds(learnerOnTheOtherSide);
});

test('figure 6: of four voters, two to two, nobody leads until the partition heals', () => {
  succeeds(votersTwoToTwo);
});

test('figure 6, better: with a learner, the side with two of three voters goes on', () => {
  succeeds(learnerTwoToTwo);
});

test('figure 7, better: after a partition a voter is refused and a learner added, and the leader goes on', () => {
  succeeds(partitionFirst);
});

test('figure 8, better: a cluster of one goes on alone until its second member is in sync', () => {
  succeeds(secondMember);
});

test('figure 9, better: a misconfigured add costs no quorum, is not promoted, and is removed', () => {
  succeeds(misconfiguredAdd);
});

test('figure 9, better: with one member down, a misconfigured voter is refused and a learner costs nothing', () => {
  succeeds(misconfiguredAddWithOneDown);
});

test('a learner is added: it learns everything, makes no quorum and never leads', () => {
  succeeds(learnerAdded);
});

test('a learner is promoted: it makes a quorum with the voter that is left', () => {
  succeeds(learnerPromoted);
});

test('a learner is promoted too early: it is refused for its lag, and promoted once it has caught up', () => {
  succeeds(learnerPromotedTooEarly);
});

test('a client asks a learner: what it would have to vote for is refused, and what it has is answered', () => {
  const { put, range, txn } = KVService.methods;
  const serializable = RangeRequest.create({ serializable: true });
  const linearizable = RangeRequest.create({});
  for (const method of [put, txn, LeaseService.methods.leaseGrant]) {
    expect(answersAsLearner(method, {}, false)).toBe(false);
    expect(answersAsLearner(method, {}, true)).toBe(false);
  }
  expect(answersAsLearner(range, linearizable, false)).toBe(false);
  expect(answersAsLearner(range, linearizable, true)).toBe(true);
  expect(answersAsLearner(range, serializable, false)).toBe(true);
  expect(answersAsLearner(MaintenanceService.methods.status, {}, false)).toBe(true);
});

test('leadership is to go to a learner: it is refused, and the leader goes on', () => {
  succeeds(transferToLearner);
});
