import { type ConfChange, ConfChangeTransition, ConfChangeType } from '@understudy/raft-core';
import { describe, expect, test } from 'vitest';
import { type Outcome, VirtualCluster } from '../src/testing/index.js';

/** Crashes, partitions, stalled disks, transfers, config changes and snapshots at random, under load; then peace. */
function run(seed: number) {
  const cluster = new VirtualCluster({
    seed,
    latencyMs: 3,
    diskMs: 2,
    cachedEntries: 15,
    node: { snapshotEntries: 30, keepEntries: 5, flushEntries: 10, applyTurnEntries: 16, snapshotKeepMs: 500 },
  });
  const { random, time } = cluster;
  cluster.bootstrap([1, 2, 3]);
  const ids = [1, 2, 3, 4];
  const alive = () => ids.filter((id) => cluster.members.get(id)?.alive && cluster.member(id).core);
  const pick = <T>(list: readonly T[]): T | undefined => list[random(list.length)];
  const writes: { text: string; outcome: Outcome<number> }[] = [];
  const reads: { acknowledged: number; seen: number | null }[] = [];
  let acknowledged = 0;

  const write = () => {
    const id = pick(alive());
    if (id === undefined) return;
    const text = `${seed}.${writes.length}`;
    const outcome = cluster.propose(id, text, 500 + random(2_000));
    writes.push({ text, outcome });
  };
  const read = () => {
    const id = pick(alive());
    if (id === undefined) return;
    acknowledged = Math.max(acknowledged, ...writes.map(({ outcome }) => outcome.value ?? 0));
    const { core, machine } = cluster.member(id);
    const entry: (typeof reads)[number] = { acknowledged, seen: null };
    reads.push(entry);
    core.readBarrier(1_000, (error) => {
      if (error === null) entry.seen = machine.list.length;
    });
  };
  const change = (type: ConfChangeType): ConfChange => ({
    transition: ConfChangeTransition.Auto,
    changes: [{ type, nodeId: 4 }],
    context: new Uint8Array(0),
  });
  const faults = [
    () => {
      const id = pick(alive());
      if (id === undefined) return;
      cluster.crash(id);
      time.after(random(3_000), () => void (alive().includes(id) || cluster.start(id)));
    },
    () => {
      const lonely = 1 + random(4);
      cluster.partition(
        [lonely],
        ids.filter((id) => id !== lonely),
      );
      time.after(random(3_000), () => cluster.heal());
    },
    () => {
      cluster.cut(1 + random(4), 1 + random(4));
      time.after(random(3_000), () => cluster.heal());
    },
    () => {
      const { leader } = cluster;
      if (leader !== null) cluster.transfer(leader.id, 'any');
    },
    () => {
      const { leader } = cluster;
      if (!cluster.members.has(4)) cluster.start(4);
      const type = pick([ConfChangeType.AddLearnerNode, ConfChangeType.AddNode, ConfChangeType.RemoveNode] as const);
      if (leader !== null && type !== undefined) cluster.changeMembership(leader.id, change(type), 3_000);
    },
    () => {
      const member = cluster.members.get(1 + random(4));
      if (member === undefined) return;
      member.diskStalled = true;
      time.after(random(3_000), () => {
        member.diskStalled = false;
      });
    },
  ];

  for (let step = 0; step < 400; step++) {
    for (let i = random(4); i > 0; i--) write();
    if (random(3) === 0) read();
    if (random(12) === 0) pick(faults)?.();
    time.run(random(60));
    for (const member of cluster.members.values()) if (member.alive) expect(member.failure).toBeNull();
  }

  cluster.heal();
  for (const member of cluster.members.values()) member.diskStalled = false;
  for (const id of ids) if (cluster.members.has(id) && !alive().includes(id)) cluster.start(id);
  time.run(10_000);
  const { leader } = cluster;
  const last = cluster.settle(cluster.propose(leader?.id ?? 0, 'last'));
  time.run(3_000);
  return { cluster, leader, last, writes, reads };
}

describe('whatever happens', () => {
  test.each(Array.from({ length: 25 }, (_, i) => i + 1))('seed %i: outcomes are true, and members agree', (seed) => {
    const { cluster, leader, last, writes, reads } = run(seed);
    expect(last.error).toBeNull();
    const final = leader?.machine.list ?? [];
    const places = new Map(final.map((text, place) => [text, place]));
    // Nothing twice.
    expect(places.size).toBe(final.length);
    for (const { text, outcome } of writes) {
      const place = places.get(text);
      if (outcome.value !== undefined) expect([text, place]).toEqual([text, outcome.value - 1]);
      if (outcome.error?.outcome === 'not-applied') expect([text, place]).toEqual([text, undefined]);
    }
    // A read point holds everything that was acknowledged, anywhere, before the read began.
    for (const { acknowledged, seen } of reads) if (seen !== null) expect(seen).toBeGreaterThanOrEqual(acknowledged);
    const { voters, learners } = leader?.core.confState ?? { voters: [], learners: [] };
    for (const id of [...voters, ...learners]) expect(cluster.member(id).machine.list).toEqual(final);
    for (const member of cluster.members.values()) {
      expect(member.failure).toBeNull();
      expect(final.slice(0, member.machine.list.length)).toEqual(member.machine.list);
      expect(member.core.status()).toMatchObject({ pendingProposals: 0, pendingReads: 0 });
    }
    expect(writes.filter(({ outcome }) => outcome.value !== undefined).length).toBeGreaterThan(50);
    expect(reads.filter(({ seen }) => seen !== null).length).toBeGreaterThan(5);
  });
});
