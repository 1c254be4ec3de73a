import { ConfChangeTransition, ConfChangeType } from '@understudy/raft-core';
import { describe, expect, test } from 'vitest';
import { VirtualCluster } from '../src/testing/index.js';

const node = { snapshotEntries: 20, keepEntries: 5, flushEntries: 5 };

/** Three members, of which the last is down and behind what the log of the others still holds. */
function behind(options: ConstructorParameters<typeof VirtualCluster>[0] = {}) {
  const cluster = new VirtualCluster({ node, ...options });
  cluster.bootstrap([1, 2, 3]);
  const leader = cluster.elect();
  const away = leader.id === 3 ? 2 : 3;
  cluster.crash(away);
  for (let i = 0; i < 100; i++) cluster.settle(cluster.propose(leader.id, `${i}`));
  cluster.time.run(200);
  expect(leader.core.status().firstIndex).toBeGreaterThan(10);
  return { cluster, leader, away };
}

const learner = (nodeId: number) => ({
  transition: ConfChangeTransition.Auto,
  changes: [{ type: ConfChangeType.AddLearnerNode, nodeId }],
  context: new Uint8Array(0),
});

describe('a member behind the compacted log', () => {
  test('gets a snapshot, installs it, goes on from the log, and the view is closed afterwards', () => {
    const { cluster, leader, away } = behind({ node: { ...node, snapshotKeepMs: 500 } });
    const back = cluster.start(away);
    cluster.time.run(1_000);
    cluster.settle(cluster.propose(leader.id, 'after'));
    cluster.time.run(200);
    expect(back.snapshotsInstalled).toBe(1);
    expect(back.machine.list).toEqual(leader.machine.list);
    expect(back.log.disk.intent).toBeNull();
    expect(back.machine.stagedSnapshot()).toBeNull();
    cluster.time.run(1_000);
    expect(leader.machine.openSnapshots).toBe(0);
  });

  test('gets what is written while the snapshot is on its way and being put into place', () => {
    const { cluster, leader, away } = behind({ latencyMs: 20, diskMs: 10 });
    const back = cluster.start(away);
    for (let i = 0; i < 60; i++) {
      cluster.settle(cluster.propose(leader.id, `later ${i}`));
    }
    cluster.time.run(3_000);
    expect(back.snapshotsInstalled).toBeGreaterThan(0);
    expect(back.machine.list).toEqual(leader.machine.list);
  });

  test('keeps one that came while it was still replaying, until the core decides', () => {
    // Its state was never flushed: it replays from the start, an entry at a time.
    const lazy = { flushEntries: 1_000, snapshotEntries: 1_000, applyTurnEntries: 1 };
    const cluster = new VirtualCluster({ turnMs: 10, node: lazy });
    cluster.bootstrap([1, 2, 3]);
    const leader = cluster.elect();
    const away = leader.id === 3 ? 2 : 3;
    for (let i = 0; i < 60; i++) cluster.settle(cluster.propose(leader.id, `${i}`));
    cluster.time.run(200);
    cluster.crash(away);
    for (let i = 0; i < 20; i++) cluster.settle(cluster.propose(leader.id, `later ${i}`));
    leader.core.snapshot(0, () => {});
    cluster.time.run(200);
    const back = cluster.start(away);
    cluster.time.run(3_000);
    expect(back.failure).toBeNull();
    expect(back.snapshotsInstalled).toBe(1);
    expect(back.machine.list).toEqual(leader.machine.list);
  });

  test('puts it into place only between flushes of the state, which go on afterwards', () => {
    const { cluster, leader, away } = behind({ diskMs: 5 });
    const back = cluster.start(away);
    let flushes = 0;
    let flushing = false;
    // One flush after the other; the state machine objects when one ends in the middle of an install.
    const flushAgain = () => {
      if (flushing || back.core === undefined) return;
      flushing = true;
      back.core.flush((error) => {
        expect(error).toBeNull();
        flushing = false;
        flushes++;
      });
    };
    cluster.time.runUntil(() => {
      flushAgain();
      return back.snapshotsInstalled > 0;
    }, 5_000);
    const before = flushes;
    cluster.time.run(100);
    expect(before).toBeGreaterThan(1);
    expect(flushing).toBe(false);
    expect(back.machine.list).toEqual(leader.machine.list);
  });

  test('asks a new leader when the one that was sending dies', () => {
    const { cluster, leader, away } = behind({ latencyMs: 50 });
    cluster.start(away);
    expect(cluster.time.runUntil(() => leader.core.status().sendingSnapshots === 1, 5_000)).toBe(true);
    cluster.crash(leader.id);
    cluster.start(leader.id);
    cluster.elect();
    cluster.time.run(5_000);
    const back = cluster.member(away);
    expect(back.machine.list.length).toBe(100);
  });

  test('is not sent a second snapshot at a time, and others wait for their turn', () => {
    const { cluster, leader, away } = behind({ node: { ...node, maxSnapshotStreams: 1 }, latencyMs: 50 });
    cluster.start(away);
    cluster.start(4);
    cluster.settle(cluster.changeMembership(leader.id, learner(4)));
    let most = 0;
    cluster.time.runUntil(() => {
      most = Math.max(most, leader.core.status().sendingSnapshots);
      return cluster.member(4).snapshotsInstalled > 0 && cluster.member(away).snapshotsInstalled > 0;
    }, 10_000);
    expect(most).toBe(1);
    cluster.time.run(1_000);
    expect(cluster.member(4).machine.list).toEqual(leader.machine.list);
  });
});

describe('learners that join together', () => {
  const both = {
    transition: ConfChangeTransition.Auto,
    changes: [4, 5].map((nodeId) => ({ type: ConfChangeType.AddLearnerNode, nodeId })),
    context: new Uint8Array(0),
  };

  test('share one view of the state', () => {
    const { cluster, leader } = behind();
    for (const id of [4, 5]) cluster.start(id);
    cluster.settle(cluster.changeMembership(leader.id, both));
    let most = 0;
    cluster.time.runUntil(() => {
      most = Math.max(most, leader.machine.openSnapshots);
      return [4, 5].every((id) => cluster.member(id).snapshotsInstalled === 1);
    }, 5_000);
    cluster.time.run(500);
    expect(most).toBe(1);
    for (const id of [4, 5]) expect(cluster.member(id).machine.list).toEqual(leader.machine.list);
  });

  test('one after the other each get a snapshot whose configuration they are in', () => {
    const { cluster, leader } = behind();
    for (const id of [4, 5]) {
      cluster.start(id);
      cluster.settle(cluster.changeMembership(leader.id, learner(id)));
    }
    cluster.time.run(1_000);
    for (const id of [4, 5]) expect(cluster.member(id).machine.list).toEqual(leader.machine.list);
  });
});

test('a leader that loses its office stops sending and closes its views', () => {
  const { cluster, leader, away } = behind({ latencyMs: 50, streamMs: 5_000 });
  cluster.start(away);
  expect(cluster.time.runUntil(() => leader.core.status().sendingSnapshots === 1, 5_000)).toBe(true);
  const other = [1, 2, 3].find((id) => id !== leader.id && id !== away) ?? 0;
  cluster.settle(cluster.transfer(leader.id, other));
  // At once, though the stream would have gone on for a while.
  expect(leader.core.status().sendingSnapshots).toBe(0);
  cluster.time.run(60);
  expect(leader.machine.openSnapshots).toBe(0);
});

test('the log is not compacted past a snapshot that is on its way', () => {
  const { cluster, leader, away } = behind({ latencyMs: 100 });
  cluster.start(away);
  expect(cluster.time.runUntil(() => leader.core.status().sendingSnapshots === 1, 5_000)).toBe(true);
  const pending = leader.core.status().peers.find(({ id }) => id === away)?.pendingSnapshot ?? 0;
  expect(pending).toBeGreaterThan(0);
  const outcomes = Array.from({ length: 100 }, (_, i) => cluster.propose(leader.id, `more ${i}`));
  cluster.time.run(450);
  expect(outcomes.every(({ done }) => done)).toBe(true);
  expect(leader.core.status().durable).toBeGreaterThan(pending + 30);
  expect(leader.core.status().firstIndex).toBeLessThanOrEqual(pending + 1);
});

describe('a member that is far behind while writes never pause, and next to nothing is kept', () => {
  /** One write after the other, so many at a time, as fast as they are committed. */
  function pour(cluster: VirtualCluster, leader: number, inFlight: number): () => void {
    let open = true;
    let next = 0;
    const writes = Array.from({ length: inFlight }, () => cluster.propose(leader, 'poured'));
    const step = () => {
      if (!open) return;
      for (let i = 0; i < inFlight; i++) {
        if (writes[i]?.done) writes[i] = cluster.propose(leader, `poured ${next++}`);
      }
      cluster.time.after(1, step);
    };
    step();
    return () => {
      open = false;
    };
  }

  test.each([
    ['a snapshot that travels for long', { streamMs: 1_500 }],
    ['slow disks', { diskMs: 15 }],
    ['a slow network', { latencyMs: 30, streamMs: 400 }],
    ['a log that is read back from disk', { diskMs: 3, cachedEntries: 20, streamMs: 1_000 }],
  ] as const)('has caught up after one snapshot: %s', (_, slow) => {
    const { cluster, leader, away } = behind({ ...slow });
    const stop = pour(cluster, leader.id, 8);
    cluster.start(away);
    const lag = () => {
      const peer = leader.core.status().peers.find(({ id }) => id === away);
      return peer?.state === 'replicate' ? peer.lag : Number.POSITIVE_INFINITY;
    };
    expect(cluster.time.runUntil(() => lag() < 100, 15_000)).toBe(true);
    cluster.time.run(2_000);
    expect(lag()).toBeLessThan(200);
    expect(cluster.member(away).snapshotsInstalled).toBe(1);
    stop();
    cluster.time.run(1_000);
    expect(cluster.member(away).machine.list).toEqual(leader.machine.list);
    // And the log is short again.
    cluster.settle(cluster.propose(leader.id, 'last'));
    cluster.time.run(6_000);
    const { firstIndex, lastIndex } = leader.core.status();
    expect(lastIndex - firstIndex).toBeLessThan(60);
  });
});

test('it may hold up as much of the log as the state has, which sending that again would cost', () => {
  const { cluster, leader, away } = behind({ streamMs: 3_000, node: { ...node, maxHeldBytes: 1 } });
  const text = 'x'.repeat(1_000);
  for (let i = 0; i < 300; i++) cluster.settle(cluster.propose(leader.id, text));
  const stateBytes = Buffer.byteLength(JSON.stringify(leader.machine.list));
  cluster.start(away);
  let longestBytes = 0;
  for (let i = 0; i < 600; i++) {
    cluster.settle(cluster.propose(leader.id, text));
    const { firstIndex, lastIndex } = leader.core.status();
    longestBytes = Math.max(longestBytes, (lastIndex - firstIndex) * 1_100);
  }
  expect(longestBytes).toBeGreaterThan(0.9 * stateBytes);
  expect(longestBytes).toBeLessThan(1.2 * stateBytes);
});

test('what a peer that catches up may hold up of the log is bounded', () => {
  const maxHeldBytes = 30_000;
  const { cluster, leader, away } = behind({ streamMs: 3_000, node: { ...node, maxHeldBytes } });
  cluster.start(away);
  let longest = 0;
  for (let i = 0; i < 800; i++) {
    cluster.settle(cluster.propose(leader.id, `${i}`));
    const { firstIndex, lastIndex } = leader.core.status();
    longest = Math.max(longest, lastIndex - firstIndex);
  }
  expect(leader.core.status().peers.find(({ id }) => id === away)?.state).toBe('snapshot');
  // An entry counts for 100 bytes and its payload, to the next flush.
  expect(longest).toBeGreaterThan(200);
  expect(longest).toBeLessThan(350);
});

describe('a crash in the middle of an install', () => {
  // Steps of the disk: intent, swap of the state, log.
  test.each([0, 1, 2, 3, 4, 5, 6, 8, 12])('after %i ms of it is finished or undone at the next start', (ms) => {
    const { cluster, leader, away } = behind({ diskMs: 3, latencyMs: 1 });
    const back = cluster.start(away);
    expect(cluster.time.runUntil(() => back.core?.status().installing === true, 5_000)).toBe(true);
    cluster.time.run(ms);
    cluster.crash(away);
    const again = cluster.start(away);
    cluster.time.run(2_000);
    expect(again.failure).toBeNull();
    expect(again.log.disk.intent).toBeNull();
    expect(again.machine.list).toEqual(leader.machine.list);
  });
});
