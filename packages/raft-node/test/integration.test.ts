import { ConfChangeTransition, ConfChangeType } from '@understudy/raft-core';
import { timed } from '@understudy/testbed';
import { afterEach, expect, test } from 'vitest';
import { RaftNodeError } from '../src/index.js';
import { RealCluster, until } from './real-cluster.js';

let cluster: RealCluster | null = null;

afterEach(async () => {
  await cluster?.stop();
  cluster = null;
});

test('on real disks and sockets, writes go on when the leader is gone, and it comes back with nothing missing', async () => {
  cluster = await RealCluster.start([1, 2, 3]);
  const first = await cluster.leader();
  await Promise.all(Array.from({ length: 200 }, (_, i) => cluster?.propose(1 + (i % 3), `a${i}`)));
  await cluster.stopMember(first.id);
  const second = await cluster.leader();
  expect(second.id).not.toBe(first.id);
  for (let i = 0; i < 20; i++) await cluster.propose(second.id, `b${i}`);
  const back = await cluster.startMember(first.id);
  await cluster.leader();
  await back.node.readBarrier();
  expect(back.list).toEqual(second.list);
  expect(new Set(back.list).size).toBe(220);
});

test('a learner joins by snapshot after the log was compacted, catches up and is promoted', async () => {
  cluster = await RealCluster.start([1, 2, 3], { snapshotEntries: 50, keepEntries: 10, flushEntries: 50 });
  const leader = await cluster.leader();
  for (let i = 0; i < 5; i++) {
    await Promise.all(Array.from({ length: 100 }, (_, j) => leader.node.propose(Buffer.from(`${i}.${j}`))));
  }
  await leader.node.snapshot();
  expect(leader.node.status().firstIndex).toBeGreaterThan(400);
  await cluster.listen(4);
  const learner = await cluster.startMember(4);
  const installed = new Promise((resolve) => learner.node.once('snapshot-installed', resolve));
  const change = (type: ConfChangeType) => ({
    transition: ConfChangeTransition.Auto,
    changes: [{ type, nodeId: 4 }],
    context: new Uint8Array(0),
  });
  await leader.node.changeMembership(change(ConfChangeType.AddLearnerNode));
  await installed;
  await until('a learner without lag', () => leader.node.status().peers.find(({ id }) => id === 4)?.lag === 0);
  expect(await leader.node.changeMembership(change(ConfChangeType.AddNode))).toMatchObject({ voters: [1, 2, 3, 4] });
  expect(await cluster.propose(4, 'from the new voter')).toBe(501);
  // A leader whose own disk is behind applies after those that made the quorum.
  await until('the leader has applied it too', () => leader.list.length === 501);
  expect(learner.list).toEqual(leader.list);
  // And its log, which begins after the snapshot, carries it through a restart.
  await cluster.stopMember(4);
  const again = await cluster.startMember(4);
  await cluster.leader();
  await again.node.readBarrier();
  expect(again.list).toEqual(leader.list);
});

test('a leader that is told to stop hands over first, and nothing acknowledged or pending is lost', async () => {
  cluster = await RealCluster.start([1, 2, 3]);
  const leader = await cluster.leader();
  const other = leader.id === 1 ? 2 : 1;
  const outcomes: Promise<unknown>[] = [];
  const acknowledged: string[] = [];
  let stop = false;
  const writer = async (id: number, name: string) => {
    for (let i = 0; !stop; i++) {
      const text = `${name}${i}`;
      try {
        await cluster?.member(id).node.propose(Buffer.from(text));
        acknowledged.push(text);
      } catch (error) {
        // Nothing may end as unknown: the member that stops finishes what it took.
        if (!(error instanceof RaftNodeError) || error.outcome !== 'not-applied') throw error;
        if (error.code === 'stopped') return;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }
  };
  outcomes.push(writer(other, 'x'), writer(other, 'y'));
  const leaving = leader.node;
  outcomes.push(
    (async () => {
      for (let i = 0; ; i++) {
        try {
          await leaving.propose(Buffer.from(`z${i}`));
          acknowledged.push(`z${i}`);
        } catch (error) {
          expect(error).toMatchObject({ outcome: 'not-applied' });
          if ((error as RaftNodeError).code === 'stopped') return;
        }
      }
    })(),
  );
  await until('some writes', () => acknowledged.length > 100);
  const running = cluster;
  const {
    result: next,
    tookMs,
    slow,
  } = await timed(async () => {
    await running.stopMember(leader.id, { handOver: true });
    return running.leader();
  });
  expect(tookMs).toBeLessThan(1_500 * slow);
  const so = acknowledged.length;
  await until('more writes', () => acknowledged.length > so + 50);
  stop = true;
  await Promise.all(outcomes);
  await next.node.readBarrier();
  expect([...next.list].sort()).toEqual(expect.arrayContaining([...acknowledged].sort()));
  expect(new Set(next.list).size).toBe(next.list.length);
});

test('peers call each other beside the log', async () => {
  cluster = await RealCluster.start([1, 2], {
    onPeerCall: async (from, body) => {
      if (body.length === 0) throw new Error('nothing to say');
      return Buffer.from(`${from} said ${Buffer.from(body)}`);
    },
    maxPeerCallBytes: 1_000,
  });
  await cluster.leader();
  const { node } = cluster.member(1);
  expect(Buffer.from(await node.callPeer(2, Buffer.from('hello'))).toString()).toBe('1 said hello');
  await expect(node.callPeer(2, new Uint8Array(0))).rejects.toMatchObject({ code: 'peer-call-failed' });
  await expect(node.callPeer(2, new Uint8Array(1_001))).rejects.toMatchObject({ code: 'too-large' });
  await expect(node.callPeer(9, Buffer.from('x'))).rejects.toMatchObject({ code: 'unreachable' });
  await cluster.stopMember(2);
  await expect(node.callPeer(2, Buffer.from('x'), { timeoutMs: 1_000 })).rejects.toMatchObject({ code: 'unreachable' });
});

test('requests end when their signal is aborted or their member stops', async () => {
  // Whoever leads is to go on leading without the other for as long as this takes.
  cluster = await RealCluster.start([1, 2], { electionTimeoutMs: 2_000 });
  const leader = await cluster.leader();
  const follower = leader.id === 1 ? 2 : 1;
  await cluster.stopMember(follower);
  const controller = new AbortController();
  const aborted = leader.node.propose(Buffer.from('x'), { signal: controller.signal });
  const pending = leader.node.propose(Buffer.from('y'));
  const read = leader.node.readBarrier();
  await new Promise((resolve) => setTimeout(resolve, 20));
  controller.abort(new Error('enough'));
  await expect(aborted).rejects.toMatchObject({ code: 'aborted', outcome: 'unknown' });
  await expect(leader.node.propose(Buffer.from('z'), { signal: controller.signal })).rejects.toMatchObject({
    code: 'aborted',
    outcome: 'not-applied',
  });
  const ends = Promise.allSettled([pending, read]);
  await cluster.stopMember(leader.id);
  expect(await ends).toMatchObject([
    { reason: { code: 'stopped', outcome: 'unknown' } },
    { reason: { code: 'stopped', outcome: 'not-applied' } },
  ]);
  await expect(leader.node.readBarrier()).rejects.toMatchObject({ code: 'stopped' });
});
