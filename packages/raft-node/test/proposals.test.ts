import { describe, expect, test } from 'vitest';
import { DeadlineWheel } from '../src/deadline-wheel.js';
import { PendingProposals } from '../src/pending-proposals.js';
import { type Outcome, VirtualCluster } from '../src/testing/index.js';

function three(options: ConstructorParameters<typeof VirtualCluster>[0] = {}) {
  const cluster = new VirtualCluster(options);
  cluster.bootstrap([1, 2, 3]);
  const leader = cluster.elect();
  cluster.settle(cluster.propose(leader.id, 'first'));
  const followers = [1, 2, 3].filter((id) => id !== leader.id) as [number, number];
  return { cluster, leader, followers };
}

const codes = (outcomes: Outcome<unknown>[]) => outcomes.map(({ error }) => error && `${error.code} ${error.outcome}`);

describe('a proposal', () => {
  test('is applied everywhere, and answered with the result of apply, on leader and follower alike', () => {
    const { cluster, leader, followers } = three();
    const outcomes = [leader.id, ...followers].map((id) => cluster.settle(cluster.propose(id, `from ${id}`)));
    expect(outcomes.map(({ value }) => value)).toEqual([2, 3, 4]);
    cluster.time.run(200);
    for (const member of cluster.members.values()) {
      expect(member.machine.list).toEqual([
        'first',
        `from ${leader.id}`,
        `from ${followers[0]}`,
        `from ${followers[1]}`,
      ]);
    }
  });

  test('hands what the proposer attached to apply on that member only', () => {
    const { cluster, leader, followers } = three();
    cluster.settle(
      cluster.request<number>((done) =>
        cluster.member(followers[0]).core.propose(Buffer.from('x'), 'attached', 1_000, done),
      ),
    );
    cluster.time.run(200);
    expect(cluster.member(followers[0]).machine.locals).toEqual(['attached']);
    expect(leader.machine.locals).toEqual([]);
  });

  test('waits neither for a tick nor for a second disk write: two messages and one write on each side', () => {
    const { cluster, leader } = three({ latencyMs: 2, diskMs: 1 });
    const before = cluster.time.now;
    cluster.settle(cluster.propose(leader.id, 'x'));
    // To the follower, its disk, and back; the leader's own disk in parallel.
    expect(cluster.time.now - before).toBe(2 + 1 + 2);
  });

  test('shares one disk write and one frame a peer with everything proposed in the same turn', () => {
    const { cluster, leader } = three();
    cluster.time.run(50);
    const syncs = leader.log.syncs;
    const frames = leader.framesSent;
    const outcomes = Array.from({ length: 100 }, (_, i) => cluster.propose(leader.id, `${i}`));
    const before = cluster.time.now;
    cluster.settle(outcomes[99] as Outcome<number>);
    expect(outcomes.every(({ value }) => value !== undefined)).toBe(true);
    expect(leader.log.syncs - syncs).toBe(1);
    expect(cluster.time.now - before).toBe(5);
    // One append each, and no more than one heartbeat or commit beside it.
    expect(leader.framesSent - frames).toBeLessThanOrEqual(6);
  });

  test('is refused at once, as not applied, where no leader is known', () => {
    const cluster = new VirtualCluster();
    cluster.bootstrap([1, 2, 3]);
    const outcome = cluster.propose(1, 'x');
    cluster.time.run(10);
    expect(codes([outcome])).toEqual(['no-leader not-applied']);
    expect(outcome.error?.retryable).toBe(true);
  });

  test('is refused as not applied when it is too large or too many wait, and changes nothing', () => {
    const { cluster, leader } = three({ node: { maxProposalBytes: 10, maxPendingProposals: 2 } });
    const outcomes = ['x'.repeat(11), 'a', 'b', 'c'].map((text) => cluster.propose(leader.id, text));
    cluster.time.run(100);
    expect(codes(outcomes)).toEqual(['too-large not-applied', null, null, 'overloaded not-applied']);
    expect(leader.machine.list).toEqual(['first', 'a', 'b']);
  });

  test('beyond the leader’s uncommitted bytes is refused to the follower’s caller without waiting', () => {
    const { cluster, leader, followers } = three({ node: { maxUncommittedBytes: 200, maxProposalBytes: 200 } });
    const outcomes = ['a', 'b', 'c'].map((letter) => {
      const outcome = cluster.propose(followers[0], letter.repeat(100));
      // One frame each.
      cluster.time.run(0);
      return outcome;
    });
    cluster.time.run(5);
    expect(codes(outcomes)).toEqual([null, 'overloaded not-applied', 'overloaded not-applied']);
    cluster.time.run(200);
    expect(leader.machine.list).toEqual(['first', 'a'.repeat(100)]);
  });

  test('that a deposed leader appended alone is lost for certain once the next leader’s entry takes its place', () => {
    const { cluster, leader, followers } = three();
    cluster.partition([leader.id], followers);
    const lost = cluster.propose(leader.id, 'lost', 60_000);
    cluster.elect(followers);
    expect(lost.done).toBe(false);
    cluster.heal();
    cluster.settle(lost);
    expect(codes([lost])).toEqual(['lost not-applied']);
    cluster.time.run(500);
    for (const member of cluster.members.values()) expect(member.machine.list).toEqual(['first']);
  });

  test('without an answer is unknown at its deadline, and not applied when it was never sent', () => {
    const { cluster, leader, followers } = three();
    cluster.partition([leader.id], followers);
    const cut = cluster.propose(leader.id, 'cut', 500);
    const unsent = cluster.propose(followers[0], 'unsent', 500);
    cluster.time.run(700);
    expect(codes([cut, unsent])).toEqual(['timeout unknown', 'unreachable not-applied']);
  });

  test('that was forwarded and whose answer is lost is unknown, and may be applied all the same', () => {
    const { cluster, leader, followers } = three();
    const outcome = cluster.propose(followers[0], 'forwarded', 300);
    // The leader gets it, and then the follower hears nothing more.
    cluster.time.run(2);
    cluster.partition([followers[0]], [leader.id, followers[1]]);
    cluster.time.run(600);
    expect(codes([outcome])).toEqual(['timeout unknown']);
    cluster.heal();
    cluster.time.run(3_000);
    for (const member of cluster.members.values()) expect(member.machine.list).toEqual(['first', 'forwarded']);
  });

  test('of an earlier run of the process, or of another member, never answers a caller of this one', () => {
    const table = (proposer: number, run: number) =>
      new PendingProposals<number, string>(proposer, run, new DeadlineWheel(), {
        maxProposalBytes: 100,
        maxPendingProposals: 100,
        maxPendingProposalBytes: 10_000,
      });
    const add = (pending: PendingProposals<number, string>) => pending.add(Buffer.from('x'), 'local', 10, () => {});
    const [mine, earlier, other] = [table(2 ** 40 + 1, 7), table(2 ** 40 + 1, 8), table(2 ** 40 + 2, 7)];
    const proposal = add(mine);
    const payload = (pending: PendingProposals<number, string>) => add(pending)?.payload ?? new Uint8Array(0);
    expect(mine.find(proposal?.payload ?? new Uint8Array(0))).toBe(proposal);
    expect(mine.find(payload(earlier))).toBeNull();
    expect(mine.find(payload(other))).toBeNull();
  });

  test('that a snapshot may have taken in is unknown, and not called lost', () => {
    const { cluster, leader, followers } = three({ node: { snapshotEntries: 20, keepEntries: 5, flushEntries: 5 } });
    const outcome = cluster.propose(leader.id, 'perhaps', 20_000);
    cluster.time.run(1);
    // It reaches the others, whose answers do not come back.
    for (const follower of followers) cluster.cut(follower, leader.id);
    const next = cluster.elect(followers);
    for (let i = 0; i < 60; i++) cluster.settle(cluster.propose(next.id, `${i}`));
    cluster.heal();
    expect(cluster.time.runUntil(() => leader.snapshotsInstalled === 1, 5_000)).toBe(true);
    // Entries of a still later term, which would have overwritten it.
    cluster.settle(cluster.transfer(next.id, followers.find((id) => id !== next.id) ?? 0));
    cluster.settle(outcome, 30_000);
    expect(leader.machine.list).toContain('perhaps');
    expect(codes([outcome])).toEqual(['timeout unknown']);
  });

  test('gives up when its caller does', () => {
    const { cluster, leader, followers } = three();
    cluster.partition([leader.id], followers);
    const outcome = cluster.request<number>((done) => {
      const waiter = leader.core.propose(Buffer.from('x'), undefined, 5_000, done);
      cluster.time.after(20, () => waiter?.end('aborted', 'the caller gave up'));
    });
    cluster.time.run(30);
    expect(codes([outcome])).toEqual(['aborted unknown']);
    expect(leader.core.status()).toMatchObject({ pendingProposals: 0, pendingProposalBytes: 0 });
  });
});

test('a command that throws in apply stops the member and answers what waits as unknown', () => {
  const { cluster, leader } = three();
  const outcomes = ['fine', 'boom', 'after'].map((text) => cluster.propose(leader.id, text));
  cluster.time.run(100);
  expect(codes(outcomes)).toEqual([null, 'failed unknown', 'failed unknown']);
  expect(leader.failure?.code).toBe('failed');
  expect(codes([cluster.propose(leader.id, 'more')])).toEqual(['failed not-applied']);
});

test('a failed disk write stops the member', () => {
  const { cluster, leader } = three();
  leader.log.failure = new Error('disk full');
  const outcome = cluster.settle(cluster.propose(leader.id, 'x'));
  expect(codes([outcome])).toEqual(['failed unknown']);
  expect(leader.failure?.message).toContain('disk full');
});
