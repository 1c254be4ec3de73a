import { ConfChangeTransition, ConfChangeType, RawNode } from '@understudy/raft-core';
import { describe, expect, test, vi } from 'vitest';
import { CommitLatency } from '../src/commit-latency.js';
import { LearnerBudget } from '../src/learner-budget.js';
import { VirtualCluster } from '../src/testing/index.js';

const KIB = 1024;
const limits = { learnerBytesPerSecond: 1_000_000, learnerMinBytesPerSecond: 100_000, learnerCommitLatencyMs: 50 };

const join = (...ids: number[]) => ({
  transition: ConfChangeTransition.Auto,
  changes: ids.map((nodeId) => ({ type: ConfChangeType.AddLearnerNode, nodeId })),
  context: new Uint8Array(0),
});

/** A leader of three with 100 entries of 4 KiB, of which its log keeps `keepEntries`. */
function large(keepEntries: number, node: ConstructorParameters<typeof VirtualCluster>[0] = {}) {
  const cluster = new VirtualCluster({
    ...node,
    node: { snapshotEntries: 20, flushEntries: 5, keepEntries, ...node.node },
  });
  cluster.bootstrap([1, 2, 3]);
  const leader = cluster.elect();
  for (let i = 0; i < 100; i++) cluster.settle(cluster.propose(leader.id, `${i} ${'x'.repeat(4 * KIB)}`));
  cluster.time.run(500);
  return { cluster, leader };
}

test('the budget of learners lets through what a second allows, and makes the next wait for what was spent', () => {
  let now = 1_000;
  const budget = new LearnerBudget(limits, () => now, 100);
  budget.follow(1_000_000);
  expect(budget.available).toBe(100_000);
  expect(budget.spend(500_000)).toBe(400);
  expect(budget.available).toBe(-400_000);
  now += 200;
  expect(budget.spend(100_000)).toBe(300);
  now += 350;
  expect(budget.available).toBe(50_000);
  // What was left for longer than a tick is lost.
  now += 5_000;
  expect(budget.available).toBe(100_000);
  expect([budget.spend(60_000), budget.spend(60_000)]).toEqual([0, 20]);
});

describe('the latency of commits', () => {
  test('is that of the slowest since it was asked, or the age of one that is not committed', () => {
    const latency = new CommitLatency();
    latency.observe(10, 9, 100);
    latency.observe(15, 9, 110);
    latency.observe(15, 12, 130);
    expect(latency.take(130)).toBe(30);
    // 15 has been watched since 130.
    expect(latency.take(180)).toBe(50);
    latency.observe(15, 15, 190);
    expect([latency.take(500), latency.take(500)]).toEqual([60, 0]);
  });
});

describe('a learner that joins', () => {
  test('by snapshot is sent it no faster than the budget allows, and its progress shows', () => {
    const slow = { learnerBytesPerSecond: 128 * KIB, learnerMinBytesPerSecond: 64 * KIB };
    const { cluster, leader } = large(2, { node: slow });
    cluster.start(4);
    cluster.settle(cluster.changeMembership(leader.id, join(4)));
    const peer = () => leader.core.status().peers.find(({ id }) => id === 4);
    expect(cluster.time.runUntil(() => (peer()?.snapshot?.sentBytes ?? 0) > 0, 5_000)).toBe(true);
    const began = cluster.time.now;
    const { totalBytes = 0 } = peer()?.snapshot ?? {};
    expect(totalBytes).toBeGreaterThan(400 * KIB);
    cluster.time.run(1_000);
    const { sentBytes = 0 } = peer()?.snapshot ?? {};
    expect(sentBytes).toBeGreaterThan(64 * KIB);
    expect(sentBytes).toBeLessThan(200 * KIB);
    expect(cluster.time.runUntil(() => cluster.member(4).snapshotsInstalled === 1, 20_000)).toBe(true);
    expect(cluster.time.now - began).toBeGreaterThan(2_500);
    cluster.time.run(300);
    expect(peer()).toMatchObject({ snapshot: null, lag: 0, isLearner: true });
  });

  test('by log is held to the budget too, while voters are not, and has everything in the end', () => {
    const slow = { learnerBytesPerSecond: 128 * KIB, learnerMinBytesPerSecond: 64 * KIB };
    const { cluster, leader } = large(500, { node: { ...slow, maxAppendBytes: 16 * KIB, maxInflightBytes: 32 * KIB } });
    const follower = [1, 2, 3].find((id) => id !== leader.id) as number;
    cluster.start(4);
    cluster.settle(cluster.changeMembership(leader.id, join(4)));
    cluster.time.run(1_000);
    expect(cluster.member(4).machine.list.length).toBeLessThan(80);
    cluster.settle(cluster.propose(leader.id, 'live'));
    cluster.time.run(100);
    expect(cluster.member(follower).machine.list.at(-1)).toBe('live');
    const caughtUp = () => cluster.member(4).machine.list.length === 101;
    expect(cluster.time.runUntil(caughtUp, 20_000)).toBe(true);
    expect(cluster.member(4).snapshotsInstalled).toBe(0);
  });

  test('by log gets all that the budget has, and not one append at each look', () => {
    const rate = { learnerBytesPerSecond: 512 * KIB, learnerMinBytesPerSecond: 64 * KIB };
    const { cluster, leader } = large(500, { node: { ...rate, maxAppendBytes: 8 * KIB, maxInflightBytes: 16 * KIB } });
    cluster.start(4);
    cluster.settle(cluster.changeMembership(leader.id, join(4)));
    const began = cluster.time.now;
    const caughtUp = () => cluster.member(4).machine.list.length === 100;
    expect(cluster.time.runUntil(caughtUp, 20_000)).toBe(true);
    // 400 KiB, and half as much for the work that a hundred entries are.
    expect(cluster.time.now - began).toBeLessThan(2_200);
    expect(cluster.time.now - began).toBeGreaterThan(600);
  });

  test('by log gets it in pieces, between the writes of others', () => {
    const rate = { learnerBytesPerSecond: 4_096 * KIB, learnerMinBytesPerSecond: 4_096 * KIB };
    const { cluster, leader } = large(500, { node: rate });
    cluster.start(4);
    cluster.settle(cluster.changeMembership(leader.id, join(4)));
    const allowed = vi.spyOn(RawNode.prototype, 'allowCatchUp');
    const caughtUp = () => cluster.member(4).machine.list.length >= 100;
    while (!caughtUp()) {
      cluster.propose(leader.id, 'live');
      cluster.time.run(2);
    }
    const pieces = allowed.mock.calls.map(([, bytes]) => bytes).filter((bytes) => bytes > 0);
    allowed.mockRestore();
    // Of 400 KiB, which one tick allows.
    expect(pieces.length).toBeGreaterThan(10);
    expect(Math.max(...pieces)).toBe(32 * KIB);
  });

  test('is not held up once it keeps up', () => {
    const slow = { learnerBytesPerSecond: 64 * KIB, learnerMinBytesPerSecond: 64 * KIB };
    const { cluster, leader } = large(500, { node: slow });
    cluster.start(4);
    cluster.settle(cluster.changeMembership(leader.id, join(4)));
    expect(cluster.time.runUntil(() => cluster.member(4).machine.list.length === 100, 60_000)).toBe(true);
    cluster.time.run(10_000);
    // Live entries, more of them than the budget has in a second.
    for (let i = 0; i < 30; i++) {
      cluster.settle(cluster.propose(leader.id, `more ${'y'.repeat(8 * KIB)}`));
      cluster.time.run(20);
      expect(leader.core.status().peers.find(({ id }) => id === 4)?.lag).toBe(0);
    }
  });

  test('goes slower while the commits of the leader are slow', () => {
    const rate = { learnerBytesPerSecond: 512 * KIB, learnerMinBytesPerSecond: 64 * KIB };
    const sentAfter = (busy: boolean): number => {
      const { cluster, leader } = large(2, { node: rate });
      const wait = join(4);
      cluster.start(4);
      cluster.settle(cluster.changeMembership(leader.id, wait));
      const peer = () => leader.core.status().peers.find(({ id }) => id === 4);
      cluster.time.runUntil(() => (peer()?.snapshot?.sentBytes ?? 0) > 0, 5_000);
      // Followers whose disks hang hold up every commit.
      for (const { id } of [1, 2, 3].map((other) => cluster.member(other))) {
        if (id !== leader.id) cluster.member(id).diskStalled = busy;
      }
      cluster.propose(leader.id, 'waits');
      cluster.time.run(600);
      return peer()?.snapshot?.sentBytes ?? Number.MAX_SAFE_INTEGER;
    };
    expect(sentAfter(true)).toBeLessThan(sentAfter(false) * 0.7);
  });

  test('goes slower while commits take longer than before it came, unless a voter is silent', () => {
    const rate = { learnerBytesPerSecond: 256 * KIB, learnerMinBytesPerSecond: 64 * KIB };
    const sentBy = (silent: boolean): number => {
      const { cluster, leader } = large(2, { node: rate });
      const [one, other] = [1, 2, 3].filter((id) => id !== leader.id).map((id) => cluster.member(id));
      if (one === undefined || other === undefined) throw new Error('no followers');
      if (silent) cluster.crash(other.id);
      cluster.time.run(3_000);
      cluster.start(4);
      cluster.settle(cluster.changeMembership(leader.id, join(4)));
      const peer = () => leader.core.status().peers.find(({ id }) => id === 4);
      expect(cluster.time.runUntil(() => (peer()?.snapshot?.sentBytes ?? 0) > 0, 5_000)).toBe(true);
      const before = peer()?.snapshot?.sentBytes ?? 0;
      // Well below the limit of 50 ms.
      for (let i = 0; i < 20; i++) {
        one.diskStalled = true;
        other.diskStalled = true;
        const write = cluster.propose(leader.id, 'waits');
        cluster.time.run(30);
        one.diskStalled = false;
        other.diskStalled = false;
        cluster.settle(write);
      }
      return (peer()?.snapshot?.sentBytes ?? Number.MAX_SAFE_INTEGER) - before;
    };
    expect(sentBy(false)).toBeLessThan(sentBy(true) * 0.7);
  });

  test('waits while another is sent its snapshot, unless two at a time are allowed', () => {
    for (const maxLearnerSnapshots of [1, 2]) {
      const { cluster, leader } = large(2, { node: { maxLearnerSnapshots }, latencyMs: 20 });
      for (const id of [4, 5]) cluster.start(id);
      cluster.settle(cluster.changeMembership(leader.id, join(4, 5)));
      let most = 0;
      const bothThere = () => {
        most = Math.max(most, leader.core.status().sendingSnapshots);
        return [4, 5].every((id) => cluster.member(id).snapshotsInstalled === 1);
      };
      expect(cluster.time.runUntil(bothThere, 20_000)).toBe(true);
      expect(most).toBe(maxLearnerSnapshots);
    }
  });
});
