import { describe, expect, test } from 'vitest';
import { VirtualCluster } from '../src/testing/index.js';

function three(options: ConstructorParameters<typeof VirtualCluster>[0] = {}) {
  const cluster = new VirtualCluster(options);
  cluster.bootstrap([1, 2, 3]);
  const leader = cluster.elect();
  cluster.settle(cluster.propose(leader.id, 'first'));
  const followers = [1, 2, 3].filter((id) => id !== leader.id) as [number, number];
  return { cluster, leader, followers };
}

describe('a leader that dies', () => {
  test('is replaced before the election timeout is over, since its peers saw it go', () => {
    const { cluster, leader, followers } = three();
    cluster.time.run(300);
    const died = cluster.time.now;
    cluster.crash(leader.id);
    cluster.elect(followers);
    expect(cluster.time.now - died).toBeLessThan(1_000);
  });

  test('is replaced after the election timeout where crash failover is off', () => {
    const { cluster, leader, followers } = three({ node: { crashFailover: false } });
    cluster.time.run(300);
    const died = cluster.time.now;
    cluster.crash(leader.id);
    cluster.elect(followers);
    expect(cluster.time.now - died).toBeGreaterThan(800);
  });

  test('loses nothing that was acknowledged, comes back, and follows', () => {
    const { cluster, leader, followers } = three();
    for (let i = 0; i < 50; i++) cluster.settle(cluster.propose(leader.id, `${i}`));
    cluster.crash(leader.id);
    const next = cluster.elect(followers);
    cluster.settle(cluster.propose(next.id, 'after'));
    cluster.start(leader.id);
    cluster.time.run(1_000);
    const expected = ['first', ...Array.from({ length: 50 }, (_, i) => `${i}`), 'after'];
    for (const member of cluster.members.values()) expect(member.machine.list).toEqual(expected);
    expect(cluster.leader?.id).toBe(next.id);
  });
});

test('everybody dies at once, and everything acknowledged is there again', () => {
  const { cluster, leader } = three({ node: { flushEntries: 7 } });
  for (let i = 0; i < 20; i++) cluster.settle(cluster.propose(leader.id, `${i}`));
  for (const id of [1, 2, 3]) cluster.crash(id);
  for (const id of [1, 2, 3]) cluster.start(id);
  // The flushed part is there at once; the rest is applied again.
  expect(cluster.member(leader.id).machine.list.length).toBeGreaterThan(7);
  const next = cluster.elect();
  cluster.settle(cluster.propose(next.id, 'after'));
  cluster.time.run(500);
  const expected = ['first', ...Array.from({ length: 20 }, (_, i) => `${i}`), 'after'];
  for (const member of cluster.members.values()) expect(member.machine.list).toEqual(expected);
});

test('members that apply the same do not flush their states at the same moments', () => {
  const { cluster, leader } = three({ node: { flushEntries: 50 } });
  const durable = () => [1, 2, 3].map((id) => cluster.member(id).machine.durable.index);
  const flushedAt = [0, 0, 0];
  const moments = [new Set<number>(), new Set<number>(), new Set<number>()];
  for (let i = 0; i < 160; i++) {
    cluster.settle(cluster.propose(leader.id, `${i}`));
    cluster.time.run(20);
    durable().forEach((index, member) => {
      if (index === flushedAt[member]) return;
      flushedAt[member] = index;
      moments[member]?.add(i);
    });
  }
  for (const { size } of moments) expect(size).toBeGreaterThan(2);
  expect(new Set(moments.flatMap((own) => [...own])).size).toBe(moments.reduce((sum, { size }) => sum + size, 0));
});

test.each([1, 2, 3, 4, 5, 6])('after an outage of all, a quorum soon elects a leader, seed %i', (seed) => {
  const { cluster } = three({ seed });
  for (const id of [1, 2, 3]) cluster.crash(id);
  cluster.time.run(5_000);
  cluster.start(3);
  // It has been alone for long, and asked in vain.
  cluster.time.run(3_500);
  cluster.start(2);
  const together = cluster.time.now;
  cluster.elect([2, 3]);
  expect(cluster.time.now - together).toBeLessThan(500);
});

test('a long replay is applied in runs, with turns between them', () => {
  const { cluster, leader } = three({ node: { applyTurnEntries: 10 } });
  const outcomes = Array.from({ length: 95 }, (_, i) => cluster.propose(leader.id, `${i}`));
  cluster.settle(outcomes[94] as (typeof outcomes)[number]);
  const done: number[] = [];
  cluster.crash(leader.id);
  const member = cluster.start(leader.id);
  cluster.time.runUntil(() => {
    if (done.at(-1) !== member.machine.list.length) done.push(member.machine.list.length);
    return member.machine.list.length === 96;
  }, 5_000);
  for (let i = 1; i < done.length; i++) expect((done[i] ?? 0) - (done[i - 1] ?? 0)).toBeLessThanOrEqual(10);
  expect(done.length).toBeGreaterThan(9);
});

test('the log is compacted behind the flushed state, and keeps what it should', () => {
  const { cluster, leader } = three({ node: { snapshotEntries: 20, keepEntries: 10, flushEntries: 5 } });
  for (let i = 0; i < 100; i++) cluster.settle(cluster.propose(leader.id, `${i}`));
  cluster.time.run(500);
  for (const { core } of cluster.members.values()) {
    const { firstIndex, lastIndex, durable, applied } = core.status();
    expect(firstIndex).toBeLessThanOrEqual(durable - 10 + 1);
    expect(lastIndex - firstIndex).toBeLessThan(10 + 20 + 10);
    expect(applied - durable).toBeLessThanOrEqual(5);
  }
});

test('entries that are not in memory are fetched, for applying and for a peer that was away', () => {
  const { cluster, leader, followers } = three({ cachedEntries: 5 });
  cluster.crash(followers[0]);
  for (let i = 0; i < 60; i++) cluster.settle(cluster.propose(leader.id, `${i}`));
  const back = cluster.start(followers[0]);
  cluster.time.run(2_000);
  expect(back.machine.list.length).toBe(61);
  expect(back.snapshotsInstalled).toBe(0);
});

test('a disk that stalls longer than an election timeout makes the leader hand over', () => {
  const { cluster, leader } = three();
  leader.diskStalled = true;
  cluster.propose(leader.id, 'x', 60_000);
  cluster.time.run(4_000);
  expect(cluster.leader?.id).not.toBe(leader.id);
});
