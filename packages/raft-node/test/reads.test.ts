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

describe('a read barrier', () => {
  test('on any member waits for everything that was acknowledged before it', () => {
    const { cluster, leader, followers } = three();
    for (const id of [leader.id, ...followers]) {
      cluster.settle(cluster.propose(leader.id, `before ${id}`));
      const written = leader.core.applied;
      const { value } = cluster.settle(cluster.read(id));
      expect(value).toBeGreaterThanOrEqual(written);
      expect(cluster.member(id).machine.list.at(-1)).toBe(`before ${id}`);
    }
  });

  test('costs one round for all that wait in a turn', () => {
    const { cluster, leader } = three();
    cluster.time.run(50);
    const frames = leader.framesSent;
    const reads = Array.from({ length: 500 }, () => cluster.read(leader.id));
    cluster.time.run(4);
    expect(reads.every(({ done, error }) => done && error === null)).toBe(true);
    expect(leader.framesSent - frames).toBeLessThanOrEqual(4);
  });

  test('does not join a round that was asked before it', () => {
    const { cluster, leader } = three({ latencyMs: 10 });
    cluster.time.run(50);
    const early = cluster.read(leader.id);
    cluster.time.run(15);
    const late = cluster.read(leader.id);
    cluster.time.run(6);
    expect([early.done, late.done]).toEqual([true, false]);
    cluster.time.run(15);
    expect(late.done).toBe(true);
  });

  test('is never answered by a leader that was cut off, even while another one writes', () => {
    const { cluster, leader, followers } = three();
    cluster.partition([leader.id], followers);
    const stale = cluster.read(leader.id, 5_000);
    const next = cluster.elect(followers);
    cluster.settle(cluster.propose(next.id, 'newer'));
    expect(stale.done).toBe(false);
    cluster.heal();
    cluster.settle(stale);
    // Asked again of the new leader, it may be answered; then it has seen the write.
    if (stale.error === null) expect(leader.machine.list).toContain('newer');
  });

  test('asks again, of the new leader, when the one it asked is gone', () => {
    const { cluster, leader, followers } = three();
    const read = cluster.read(followers[0], 10_000);
    cluster.time.run(0);
    cluster.crash(leader.id);
    cluster.settle(read);
    expect(read.error).toBeNull();
  });

  test('fails at once where no leader is known, and at its deadline where nobody answers', () => {
    const { cluster, leader, followers } = three();
    cluster.partition([leader.id], followers);
    const unanswered = cluster.read(leader.id, 300);
    cluster.settle(unanswered);
    expect(unanswered.error).toMatchObject({ code: 'timeout', outcome: 'not-applied', retryable: true });
    cluster.time.run(5_000);
    expect(cluster.settle(cluster.read(leader.id)).error?.code).toBe('no-leader');
  });

  test('is refused beyond the limit of those that wait', () => {
    const { cluster, leader } = three({ node: { maxPendingReads: 3 } });
    const reads = Array.from({ length: 4 }, () => cluster.read(leader.id));
    cluster.time.run(50);
    expect(reads.map(({ error }) => error?.code)).toEqual([undefined, undefined, undefined, 'overloaded']);
    expect(leader.core.status().pendingReads).toBe(0);
  });
});
