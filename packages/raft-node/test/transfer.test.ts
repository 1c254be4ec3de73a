import { ConfChangeTransition, ConfChangeType, StateType } from '@understudy/raft-core';
import { expect, test } from 'vitest';
import { VirtualCluster } from '../src/testing/index.js';

function three(options: ConstructorParameters<typeof VirtualCluster>[0] = {}) {
  const cluster = new VirtualCluster(options);
  cluster.bootstrap([1, 2, 3]);
  const leader = cluster.elect();
  cluster.settle(cluster.propose(leader.id, 'first'));
  const followers = [1, 2, 3].filter((id) => id !== leader.id) as [number, number];
  return { cluster, leader, followers };
}

test('leadership goes to the member that is named, within a round trip or two', () => {
  const { cluster, leader, followers } = three();
  const before = cluster.time.now;
  expect(cluster.settle(cluster.transfer(leader.id, followers[1])).value).toBe(followers[1]);
  expect(cluster.time.now - before).toBeLessThan(20);
  expect(cluster.elect().id).toBe(followers[1]);
});

test('"any" is the most caught-up voter that answers, never a learner', () => {
  const { cluster, leader, followers } = three();
  cluster.start(4);
  const added = {
    transition: ConfChangeTransition.Auto,
    changes: [{ type: ConfChangeType.AddLearnerNode, nodeId: 4 }],
  };
  cluster.settle(cluster.changeMembership(leader.id, { ...added, context: new Uint8Array(0) }));
  cluster.crash(followers[0]);
  cluster.settle(cluster.propose(leader.id, 'second'));
  cluster.time.run(1_500);
  expect(cluster.settle(cluster.transfer(leader.id, 'any')).value).toBe(followers[1]);
});

test('there must be such a voter', () => {
  const { cluster, leader, followers } = three();
  cluster.start(4);
  const added = {
    transition: ConfChangeTransition.Auto,
    changes: [{ type: ConfChangeType.AddLearnerNode, nodeId: 4 }],
  };
  cluster.settle(cluster.changeMembership(leader.id, { ...added, context: new Uint8Array(0) }));
  for (const target of [4, 9]) {
    expect(cluster.settle(cluster.transfer(leader.id, target)).error).toMatchObject({ code: 'invalid-target' });
  }
  expect(cluster.settle(cluster.transfer(followers[0], leader.id)).error?.code).toBe('not-leader');
  expect(cluster.settle(cluster.transfer(leader.id, leader.id)).value).toBe(leader.id);
});

test('a member that does not take over leaves the leader where it was, and proposals are refused meanwhile', () => {
  const { cluster, leader, followers } = three();
  cluster.partition([leader.id, followers[1]], [followers[0]]);
  const transfer = cluster.transfer(leader.id, followers[0], 10_000);
  cluster.time.run(10);
  const refused = cluster.settle(cluster.propose(leader.id, 'x'));
  expect(refused.error).toMatchObject({ code: 'transferring', outcome: 'not-applied', retryable: true });
  expect(cluster.settle(transfer).error).toMatchObject({ code: 'timeout', outcome: 'not-applied' });
  expect(leader.core.isLeader).toBe(true);
  expect(cluster.settle(cluster.propose(leader.id, 'y')).error).toBeNull();
});

test('connections that were made while somebody led hurry nobody when leadership is handed over', () => {
  // A slow network: whoever voted for the new leader hears of it six heartbeat intervals later.
  const { cluster, leader, followers } = three({ latencyMs: 300 });
  const others = [leader, cluster.member(followers[0])];
  for (const member of others) {
    member.core.peerConnected(followers[1], 'control');
    member.leaderChanges.length = 0;
  }
  cluster.time.run(300);
  expect(cluster.settle(cluster.transfer(leader.id, followers[1], 10_000)).value).toBe(followers[1]);
  cluster.time.run(1_000);
  for (const { leaderChanges } of others) {
    expect(leaderChanges.map(({ state }) => state)).toEqual([StateType.Follower, StateType.Follower]);
    expect(leaderChanges.map(({ leader: known }) => known)).toEqual([0, followers[1]]);
  }
});
