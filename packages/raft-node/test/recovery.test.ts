import { ConfChangeTransition, ConfChangeType } from '@understudy/raft-core';
import { describe, expect, test } from 'vitest';
import { VirtualCluster } from '../src/testing/index.js';

const node = { flushEntries: 10 };

/** Starts it, and gives its disk the time to put the log behind the state. */
function startAgain(cluster: VirtualCluster, id: number) {
  const member = cluster.start(id);
  cluster.time.run(5);
  return member;
}

/** Forty commands on each of the members, led by one of them. */
function filled(ids: readonly number[] = [1, 2, 3], options: ConstructorParameters<typeof VirtualCluster>[0] = {}) {
  const cluster = new VirtualCluster({ node, ...options });
  cluster.bootstrap(ids);
  const leader = cluster.elect();
  for (let i = 0; i < 40; i++) cluster.settle(cluster.propose(leader.id, `${i}`));
  cluster.time.run(300);
  const followers = ids.filter((id) => id !== leader.id) as [number, ...number[]];
  return { cluster, leader, followers };
}

const peer = (cluster: VirtualCluster, id: number) =>
  cluster.leader?.core.status().peers.find((progress) => progress.id === id);

const expected = (...more: string[]) => [...Array.from({ length: 40 }, (_, i) => `${i}`), ...more];

describe('a member whose log lost entries', () => {
  test.each([5, 20, 0])('that kept %i of them refetches the others, says so durably, and counts again', (last) => {
    const { cluster, leader, followers } = filled();
    const [id, other] = followers as [number, number];
    cluster.damageLog(id, last);
    const back = startAgain(cluster, id);
    expect(back.core.status().recovering).toMatchObject({ voteProven: true, refetched: false });
    expect(cluster.time.runUntil(() => back.recoveries === 1, 5_000)).toBe(true);
    expect(back.log.recovering).toBeNull();
    expect(back.core.status().recovering).toBeNull();
    expect(back.machine.list).toEqual(expected());
    // With the other gone, only it can make a quorum with the leader.
    cluster.crash(other);
    cluster.settle(cluster.propose(leader.id, 'after'));
    cluster.time.run(200);
    expect(back.machine.list).toEqual(expected('after'));
  });

  test('makes no quorum before, and the leader shows why', () => {
    const { cluster, leader, followers } = filled();
    const [id, other] = followers as [number, number];
    cluster.damageLog(id, 8);
    cluster.crash(other);
    const back = startAgain(cluster, id);
    expect(cluster.time.runUntil(() => peer(cluster, id)?.recovering === true, 2_000)).toBe(true);
    const outcome = cluster.propose(leader.id, 'late', 60_000);
    cluster.time.run(800);
    expect(outcome.done).toBe(false);
    expect(back.core.status().recovering).toMatchObject({ confirmed: 0, refetched: false });
    cluster.start(other);
    expect(cluster.time.runUntil(() => back.recoveries === 1, 10_000)).toBe(true);
    expect(cluster.time.runUntil(() => peer(cluster, id)?.recovering === false, 1_000)).toBe(true);
    expect(cluster.settle(outcome).error).toBeNull();
  });

  test('is still recovering after a restart in the middle of it', () => {
    const { cluster, followers } = filled();
    const [id] = followers;
    cluster.damageLog(id, 8);
    cluster.partition(
      [id],
      [1, 2, 3].filter((other) => other !== id),
    );
    cluster.start(id);
    cluster.time.run(500);
    cluster.crash(id);
    const again = cluster.start(id);
    expect(again.core.status().recovering).toMatchObject({ refetched: false, voteProven: true });
    cluster.heal();
    expect(cluster.time.runUntil(() => again.recoveries === 1, 5_000)).toBe(true);
    cluster.crash(id);
    expect(cluster.start(id).core.status().recovering).toBeNull();
  });

  test('gets a snapshot where the log of the leader is compacted', () => {
    const compacting = { node: { ...node, snapshotEntries: 10, keepEntries: 2 } };
    const { cluster, leader, followers } = filled([1, 2, 3], compacting);
    const [id] = followers;
    expect(leader.core.status().firstIndex).toBeGreaterThan(10);
    cluster.damageLog(id, -1);
    cluster.loseState(id);
    const back = startAgain(cluster, id);
    expect(cluster.time.runUntil(() => back.recoveries === 1, 10_000)).toBe(true);
    expect(back.snapshotsInstalled).toBe(1);
    expect(back.machine.list).toEqual(expected());
  });

  test('is not promoted where it is a learner', () => {
    const { cluster, leader } = filled();
    const changed = (type: ConfChangeType) =>
      cluster.settle(
        cluster.changeMembership(leader.id, {
          transition: ConfChangeTransition.Auto,
          changes: [{ type, nodeId: 4 }],
          context: new Uint8Array(0),
        }),
      );
    cluster.start(4);
    changed(ConfChangeType.AddLearnerNode);
    cluster.time.run(500);
    cluster.damageLog(4, 8, true);
    const back = startAgain(cluster, 4);
    expect(cluster.time.runUntil(() => peer(cluster, 4)?.recovering === true, 5_000)).toBe(true);
    cluster.time.run(2_000);
    expect(back.machine.list).toEqual(expected());
    const { error } = changed(ConfChangeType.AddNode);
    expect(error).toMatchObject({ code: 'invalid-change', outcome: 'not-applied' });
    expect(error?.message).toContain('member 4 recovers what its log lost');
    expect(leader.core.confState).toMatchObject({ voters: [1, 2, 3], learners: [4] });
  });

  test('is not elected, nor handed leadership', () => {
    const { cluster, leader, followers } = filled([1, 2, 3, 4, 5]);
    const [id] = followers;
    cluster.damageLog(id, 8, true);
    cluster.start(id);
    expect(cluster.time.runUntil(() => peer(cluster, id)?.recovering === true, 2_000)).toBe(true);
    const refused = cluster.settle(cluster.transfer(leader.id, id));
    expect(refused.error).toMatchObject({ code: 'invalid-target' });
    expect(refused.error?.message).toContain('recovers');
    for (let round = 0; round < 3; round++) {
      const now = cluster.elect();
      expect(now.id).not.toBe(id);
      cluster.settle(cluster.transfer(now.id, 'any'));
    }
  });
});

describe('a member that cannot prove its vote', () => {
  test('has everything again and counts in no quorum, also after a restart, until another takes its place', () => {
    const { cluster, leader, followers } = filled();
    const [id, other] = followers as [number, number];
    cluster.damageLog(id, 8, true);
    let back = startAgain(cluster, id);
    expect(cluster.time.runUntil(() => back.core.status().recovering?.refetched === true, 5_000)).toBe(true);
    expect(back.machine.list).toEqual(expected());
    cluster.crash(id);
    back = startAgain(cluster, id);
    expect(cluster.time.runUntil(() => back.core.status().recovering?.refetched === true, 5_000)).toBe(true);
    expect([back.recoveries, back.log.recovering?.voteProven]).toEqual([0, false]);

    cluster.start(4);
    const swap = {
      transition: ConfChangeTransition.Auto,
      changes: [
        { type: ConfChangeType.AddNode, nodeId: 4 },
        { type: ConfChangeType.RemoveNode, nodeId: id },
      ],
      context: new Uint8Array(0),
    };
    cluster.settle(cluster.changeMembership(leader.id, swap));
    cluster.settle(cluster.propose(leader.id, 'with 4'));
    cluster.crash(other);
    cluster.settle(cluster.propose(leader.id, 'after'));
    cluster.time.run(300);
    expect(cluster.member(4).machine.list).toEqual(expected('with 4', 'after'));
  });
});

describe('a majority whose logs lost entries', () => {
  test('stops, and says so', () => {
    const { cluster, leader, followers } = filled();
    for (const id of followers) cluster.damageLog(id, 8);
    const back = followers.map((id) => cluster.start(id));
    cluster.time.run(6_000);
    for (const member of back) {
      expect(member.failure?.cause).toMatchObject({ code: 'majority-recovering' });
      const others = followers.filter((id) => id !== member.id);
      expect(member.failure?.message).toContain(
        `member ${member.id} lost entries and recovers, as member ${others} does`,
      );
    }
    expect(leader.failure).toBeNull();
  });

  test('a single voter is one', () => {
    const { cluster } = filled([1]);
    cluster.damageLog(1, 8);
    const back = cluster.start(1);
    cluster.time.run(6_000);
    expect(back.failure?.cause).toMatchObject({ code: 'majority-recovering' });
  });
});

describe('a member that lost its state and not its log', () => {
  test('applies its log again where that goes back to the beginning', () => {
    const { cluster, followers } = filled();
    const [id] = followers;
    cluster.loseState(id);
    const back = startAgain(cluster, id);
    cluster.time.run(1_000);
    expect([back.snapshotsInstalled, back.core.status().recovering]).toEqual([0, null]);
    expect(back.machine.list).toEqual(expected());
  });

  const compacting = { node: { ...node, snapshotEntries: 10, keepEntries: 2 } };

  test('gets a snapshot where it does not, and keeps its log, its vote and its credit meanwhile', () => {
    const { cluster, leader, followers } = filled([1, 2, 3], { ...compacting, streamMs: 1_000 });
    const [id, other] = followers as [number, number];
    cluster.loseState(id);
    const { firstIndex } = cluster.member(id).core.status();
    cluster.crash(other);
    const back = startAgain(cluster, id);
    expect(cluster.time.runUntil(() => leader.core.status().sendingSnapshots === 1, 5_000)).toBe(true);
    // Committed with its help, though it can apply nothing yet.
    cluster.settle(cluster.propose(leader.id, 'meanwhile'));
    expect(back.core.status()).toMatchObject({ stateLost: true, applied: 0 });
    expect(cluster.time.runUntil(() => back.snapshotsInstalled === 1, 10_000)).toBe(true);
    cluster.time.run(300);
    expect(back.machine.list).toEqual(expected('meanwhile'));
    expect(back.core.status()).toMatchObject({ stateLost: false, firstIndex });
    expect(leader.core.status().sendingSnapshots).toBe(0);
    expect(leader.warnings).toEqual([]);
  });

  test('votes meanwhile, so that a leader is found without which it would wait for ever', () => {
    const { cluster, leader, followers } = filled([1, 2, 3], compacting);
    const [id, other] = followers as [number, number];
    cluster.loseState(id);
    cluster.crash(leader.id);
    const back = startAgain(cluster, id);
    expect(cluster.elect([id, other]).id).toBe(other);
    expect(cluster.time.runUntil(() => back.machine.list.length === 40, 10_000)).toBe(true);
    expect(back.snapshotsInstalled).toBe(1);
  });

  test('asks again when it is killed before the snapshot is in place, and keeps what is flushed afterwards', () => {
    const { cluster, followers } = filled([1, 2, 3], { ...compacting, diskMs: 20 });
    const [id] = followers;
    cluster.loseState(id);
    let back = startAgain(cluster, id);
    expect(cluster.time.runUntil(() => back.core.status().installing, 10_000)).toBe(true);
    cluster.crash(id);
    back = startAgain(cluster, id);
    expect(back.core.status().stateLost).toBe(true);
    expect(cluster.time.runUntil(() => back.snapshotsInstalled === 1, 10_000)).toBe(true);
    cluster.crash(id);
    back = startAgain(cluster, id);
    expect(back.core.status().stateLost).toBe(false);
    cluster.time.run(1_000);
    expect(back.machine.list).toEqual(expected());
  });

  test('takes a snapshot in place of its log where that ends before', () => {
    const { cluster, leader, followers } = filled([1, 2, 3], compacting);
    const [id] = followers;
    cluster.loseState(id);
    for (let i = 40; i < 80; i++) cluster.settle(cluster.propose(leader.id, `${i}`));
    cluster.time.run(500);
    const back = startAgain(cluster, id);
    expect(cluster.time.runUntil(() => back.snapshotsInstalled === 1, 10_000)).toBe(true);
    cluster.time.run(300);
    expect(back.machine.list).toHaveLength(80);
    expect(back.core.status().firstIndex).toBeGreaterThan(40);
    expect(back.core.status().stateLost).toBe(false);
  });
});
