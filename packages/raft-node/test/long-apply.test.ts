import { describe, expect, test } from 'vitest';
import { VirtualCluster } from '../src/testing/index.js';

/** A turn of a member begins a millisecond after its cause: a command of many turns takes time. */
function three() {
  const cluster = new VirtualCluster({ turnMs: 1 });
  cluster.bootstrap([1, 2, 3]);
  const leader = cluster.elect();
  cluster.settle(cluster.propose(leader.id, 'first'));
  return { cluster, leader, followers: [1, 2, 3].filter((id) => id !== leader.id) };
}

/** Longer than five election timeouts. */
const TURNS = 6000;

describe('a command of many turns', () => {
  test('costs nobody the leader, however long it takes on all members', () => {
    const { cluster, leader } = three();
    const { term } = leader.core;
    const long = cluster.propose(leader.id, `long ${TURNS}`, 60_000);
    cluster.time.run(TURNS / 2);
    expect(long.done).toBe(false);
    expect(leader.machine.steps).toBeGreaterThan(TURNS / 4);
    const { value } = cluster.settle(long, 30_000);
    expect(value).toBe(2);
    expect([leader.core.isLeader, leader.core.term]).toEqual([true, term]);
  });

  test('is applied whole before anything after it, in order', () => {
    const { cluster, leader } = three();
    const long = cluster.propose(leader.id, 'long 300', 60_000);
    const next = cluster.propose(leader.id, 'next', 60_000);
    cluster.time.run(150);
    expect([long.done, next.done, leader.machine.list]).toEqual([false, false, ['first']]);
    expect(cluster.settle(next, 30_000).value).toBe(3);
    expect(leader.machine.list).toEqual(['first', 'long 300', 'next']);
  });

  test('is waited for by a read that was asked after it was committed', () => {
    const { cluster, leader, followers } = three();
    cluster.propose(leader.id, 'long 300', 60_000);
    cluster.time.run(50);
    for (const id of [leader.id, ...followers]) {
      const read = cluster.settle(cluster.read(id, 30_000), 30_000);
      expect(read.error).toBeNull();
      expect(cluster.member(id).machine.list).toContain('long 300');
    }
  });

  test('leaves its member where it was when it is killed in the midst of it, and is applied once afterwards', () => {
    const { cluster, leader, followers } = three();
    const long = cluster.propose(leader.id, 'long 500', 60_000);
    cluster.time.run(200);
    const [follower] = followers as [number];
    cluster.crash(follower);
    cluster.start(follower);
    cluster.settle(long, 30_000);
    cluster.settle(cluster.propose(leader.id, 'after'), 30_000);
    cluster.time.run(3000);
    expect(cluster.member(follower).machine.list).toEqual(['first', 'long 500', 'after']);
  });
});
