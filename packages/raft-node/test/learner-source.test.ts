import {
  ConfChangeTransition,
  ConfChangeType,
  EMPTY_CONF_STATE,
  Message,
  MessageType,
  type RawNode,
} from '@understudy/raft-core';
import { afterEach, describe, expect, test } from 'vitest';
import { LearnerBudget } from '../src/learner-budget.js';
import { SnapshotSource } from '../src/snapshot-source.js';
import { SourceRequests } from '../src/source-requests.js';
import { askWords, paceWords, readSourceWords, type SourceTold, stopWords, toldWords } from '../src/source-words.js';
import { VirtualCluster } from '../src/testing/index.js';
import { RealCluster, until } from './real-cluster.js';

const node = { snapshotEntries: 20, flushEntries: 5, keepEntries: 2, learnerSource: 'voter' } as const;

const change = (type: ConfChangeType, nodeId: number) => ({
  transition: ConfChangeTransition.Auto,
  changes: [{ type, nodeId }],
  context: new Uint8Array(0),
});

const KIB = 1024;

/** Three voters, and a learner 4 that has just been added and needs a snapshot. */
function joining(options: ConstructorParameters<typeof VirtualCluster>[0] = {}) {
  const cluster = new VirtualCluster({ latencyMs: 5, ...options, node: { ...node, ...options.node } });
  cluster.bootstrap([1, 2, 3]);
  const leader = cluster.elect();
  for (let i = 0; i < 60; i++) cluster.settle(cluster.propose(leader.id, `${i} ${'x'.repeat(KIB)}`));
  cluster.time.run(500);
  const learner = cluster.start(4);
  cluster.settle(cluster.changeMembership(leader.id, change(ConfChangeType.AddLearnerNode, 4)));
  const snapshot = () => leader.core.status().peers.find(({ id }) => id === 4)?.snapshot ?? null;
  return { cluster, leader, learner, snapshot };
}

const slow = { learnerBytesPerSecond: 64 * KIB, learnerMinBytesPerSecond: 64 * KIB };

describe('a learner that a voter feeds', () => {
  test('gets its snapshot from it, answers the leader, and goes on from the log of the leader', () => {
    const { cluster, leader, learner, snapshot } = joining({ node: slow });
    expect(cluster.time.runUntil(() => (snapshot()?.sentBytes ?? 0) > 0, 5_000)).toBe(true);
    const source = snapshot()?.source ?? 0;
    expect([1, 2, 3].filter((id) => id !== leader.id)).toContain(source);
    expect(snapshot()?.totalBytes).toBeGreaterThan(60 * KIB);
    // The leader keeps what comes after the snapshot, however much is written meanwhile.
    const index = snapshot()?.index ?? 0;
    for (let i = 0; i < 60; i++) cluster.settle(cluster.propose(leader.id, `later ${i}`));
    expect(snapshot()).not.toBeNull();
    expect(leader.core.status().durable).toBeGreaterThan(index + 40);
    expect(leader.core.status().firstIndex).toBeLessThanOrEqual(index + 1);
    expect(cluster.time.runUntil(() => learner.machine.list.length === 120, 10_000)).toBe(true);
    expect(learner.snapshotsInstalled).toBe(1);
    expect(learner.machine.list).toEqual(leader.machine.list);
    expect(learner.core.confState).toEqual(leader.core.confState);
    expect(leader.core.status().peers.find(({ id }) => id === 4)).toMatchObject({ state: 'replicate', snapshot: null });
    cluster.time.run(15_000);
    for (const member of cluster.members.values()) expect(member.machine.openSnapshots).toBe(0);
  });

  test('is fed by the leader where the source dies', () => {
    const { cluster, leader, learner, snapshot } = joining({ node: slow });
    expect(cluster.time.runUntil(() => (snapshot()?.sentBytes ?? 0) > 0, 5_000)).toBe(true);
    cluster.crash(snapshot()?.source ?? 0);
    expect(cluster.time.runUntil(() => snapshot()?.source === leader.id, 10_000)).toBe(true);
    expect(cluster.time.runUntil(() => learner.machine.list.length === 60, 10_000)).toBe(true);
    expect(leader.warnings.join()).toContain('has said nothing of it for too long');
  });

  test('is fed by the leader where the source cannot reach it', () => {
    const { cluster, leader, learner, snapshot } = joining();
    for (const id of [1, 2, 3]) if (id !== leader.id) cluster.cut(id, 4);
    expect(cluster.time.runUntil(() => snapshot()?.source === leader.id, 10_000)).toBe(true);
    expect(cluster.time.runUntil(() => learner.machine.list.length === 60, 10_000)).toBe(true);
    expect(leader.warnings.join()).toContain('did not send it: not connected');
  });

  test('is left alone by a source whose leader has lost its office, and fed in the name of the next', () => {
    const { cluster, leader, learner, snapshot } = joining({ node: slow });
    expect(cluster.time.runUntil(() => (snapshot()?.sentBytes ?? 0) > 0, 5_000)).toBe(true);
    const source = snapshot()?.source ?? 0;
    cluster.settle(cluster.transfer(leader.id, source));
    cluster.time.run(200);
    expect(cluster.leader?.id).toBe(source);
    expect(cluster.time.runUntil(() => learner.machine.list.length === 60, 20_000)).toBe(true);
    cluster.time.run(15_000);
    for (const member of cluster.members.values()) expect(member.machine.openSnapshots).toBe(0);
  });

  test('is a learner: a voter that is behind gets its snapshot from the leader', () => {
    const { cluster, leader } = joining();
    cluster.time.run(3_000);
    const away = [1, 2, 3].find((id) => id !== leader.id) as number;
    cluster.crash(away);
    for (let i = 0; i < 60; i++) cluster.settle(cluster.propose(leader.id, `more ${i}`));
    cluster.start(away);
    const sources: number[] = [];
    const back = cluster.member(away);
    cluster.time.runUntil(() => {
      const sent = leader.core.status().peers.find(({ id }) => id === away)?.snapshot;
      if (sent) sources.push(sent.source);
      return back.snapshotsInstalled === 1;
    }, 10_000);
    expect(new Set(sources)).toEqual(new Set([leader.id]));
  });
});

describe('a leader that looks for a source', () => {
  const healthy = { match: 50, isLearner: false, recovering: false, state: 'replicate' };
  const ask = (...peers: object[]) => {
    const said: number[] = [];
    const paces: string[] = [];
    let rate = 1000;
    const progress = peers.map((peer, position) => ({ id: position + 2, ...healthy, ...peer }));
    const raw = { status: () => ({ progress }) } as unknown as RawNode;
    const isLive = (id: number) => id !== 9;
    const sink = { onAsk: (to: number) => void said.push(to), onTold: () => {}, onStop: () => {} };
    const onPace = (to: number, _: number, bytesPerSecond: number) => void paces.push(`${to} ${bytesPerSecond}`);
    const say = (to: number, words: Uint8Array) => readSourceWords(to, words, { ...sink, onPace });
    const requests = new SourceRequests({ self: 1, raw, run: 1, isLive, rate: () => rate, say }, 10);
    const message = new Message(MessageType.Snap, 7, 1, 3);
    message.snapshot = { index: 40, term: 3, confState: EMPTY_CONF_STATE, data: new Uint8Array(0) };
    const begin = () =>
      requests.ask(
        message,
        () => {},
        () => {},
      )?.source ?? null;
    const paced = (bytesPerSecond: number) => {
      rate = bytesPerSecond;
      requests.tick();
      return paces.splice(0);
    };
    return { begin, paced, said };
  };

  test('takes the voter with the most, and each for one learner at a time', () => {
    const { begin, said } = ask({ match: 45 }, { match: 48 });
    expect([begin(), begin(), begin()]).toEqual([3, 2, null]);
    expect(said).toEqual([3, 2]);
  });

  test('tells each source its part of what its own commits leave room for, when that changes', () => {
    const { begin, paced } = ask({ match: 45 }, { match: 48 });
    begin();
    expect(paced(1000)).toEqual(['3 1000']);
    begin();
    expect(paced(500)).toEqual(['3 500', '2 500', '3 250', '2 250']);
    expect(paced(500)).toEqual([]);
  });

  test.each([
    ['a learner', { isLearner: true }],
    ['one that recovers', { recovering: true }],
    ['one that has less than the snapshot', { match: 39 }],
    ['one that is probed', { state: 'probe' }],
    ['one that does not answer', { id: 9 }],
    ['itself', { id: 1 }],
  ])('does not take %s', (_what, peer) => {
    const { begin, said } = ask(peer);
    expect([begin(), said]).toEqual([null, []]);
  });
});

describe('a member that is asked for a snapshot', () => {
  const asked = { id: 5, term: 3, session: 2, learner: 7, index: 40 };
  const answer = (
    ask: typeof asked,
    member: { applied?: number; recovery?: object; lead?: number; voters?: number[] },
  ) => {
    const told: SourceTold[] = [];
    const paces: number[] = [];
    const status = { lead: member.lead ?? 1, recovery: member.recovery ?? null, stateLost: false };
    const onTold = (_: number, words: SourceTold) => void told.push(words);
    const sink = { onAsk: () => {}, onStop: () => {}, onPace: () => {}, onTold };
    let opened = 0;
    const source = new SnapshotSource({
      self: 2,
      raw: { term: 3, status: () => status } as unknown as RawNode,
      stateMachine: { openSnapshot: () => void opened++ },
      applied: () => member.applied ?? 50,
      confState: () => ({ ...EMPTY_CONF_STATE, voters: member.voters ?? [1, 2], learners: [7] }),
      say: (_, words) => readSourceWords(2, words, sink),
      stream: () => () => {},
      spend: () => 0,
      pace: (bytesPerSecond) => void paces.push(bytesPerSecond),
    });
    source.onAsk(1, ask);
    return { paces, source, told, opened: () => opened };
  };

  test.each([
    ['that it has not applied', { applied: 39 }, 'it has applied 39, not 40'],
    ['while it recovers', { recovery: {} }, 'it recovers'],
    ['by one who does not lead it', { lead: 4 }, 'its leader is 4 of term 3'],
  ])('refuses one %s', (_what, member, reason) => {
    const { opened, told } = answer(asked, member);
    expect(told).toEqual([{ id: 5, state: 'failed', sentBytes: 0, totalBytes: 0, reason }]);
    expect(opened()).toBe(0);
  });

  test('is paced by who asked, for what it asked', () => {
    const { paces, source } = answer(asked, {});
    source.onPace(4, asked.id, 7);
    source.onPace(1, asked.id + 1, 8);
    expect(paces).toEqual([]);
    source.onPace(1, asked.id, 9);
    expect(paces).toEqual([9]);
  });

  test('refuses one for a stranger, one of another term, and a second one', () => {
    expect(answer({ ...asked, learner: 8 }, {}).told[0]?.reason).toContain('8 is no member');
    expect(answer({ ...asked, term: 2 }, {}).told[0]?.reason).toContain('of term 3');
    const { opened, source, told } = answer(asked, {});
    source.onAsk(1, { ...asked, id: 6 });
    expect(told).toMatchObject([{ id: 6, state: 'failed', reason: 'it is sending one to member 7' }]);
    expect(opened()).toBe(1);
  });
});

test('a member that sends in the place of its leader does so at the pace that this one tells', () => {
  const limits = { learnerBytesPerSecond: 1000, learnerMinBytesPerSecond: 100 };
  const budget = new LearnerBudget(limits, () => 0, 0);
  budget.follow(500);
  expect(budget.spend(500)).toBe(1000);
  for (const [told, rate] of [
    [1, 100],
    [5000, 1000],
  ] as const) {
    budget.follow(told);
    expect(budget.rate).toBe(rate);
  }
});

test('what a leader and a source say is read as it was said, and nonsense is refused', () => {
  const heard: unknown[] = [];
  const sink = {
    onAsk: (from: number, ask: object) => void heard.push([from, ask]),
    onTold: (from: number, told: object) => void heard.push([from, told]),
    onStop: (from: number, id: number) => void heard.push([from, id]),
    onPace: (from: number, id: number, bytesPerSecond: number) => void heard.push([from, id, bytesPerSecond]),
  };
  const asked = { id: 2 ** 52, term: 4, session: 0, learner: 9, index: 1_000 };
  const told = { id: 7, state: 'failed', sentBytes: 5, totalBytes: 2 ** 40, reason: 'no way' } as const;
  for (const words of [askWords(asked), toldWords(told), stopWords(8), paceWords(8, 2 ** 26)])
    readSourceWords(3, words, sink);
  expect(heard).toEqual([
    [3, asked],
    [3, told],
    [3, 8],
    [3, 8, 2 ** 26],
  ]);
  for (const words of [[9, 1], [2, 1, 7, 0, 0, 0], [1, 1], []]) {
    expect(() => readSourceWords(3, Uint8Array.from(words), sink)).toThrow(
      expect.objectContaining({ code: 'malformed-frame' }),
    );
  }
});

describe('on real disks and sockets', () => {
  let cluster: RealCluster | null = null;

  afterEach(async () => {
    await cluster?.stop();
    cluster = null;
  });

  test('a voter feeds a learner, which answers the leader', async () => {
    cluster = await RealCluster.start([1, 2, 3], {
      snapshotEntries: 50,
      keepEntries: 10,
      flushEntries: 50,
      learnerSource: 'voter',
      learnerBytesPerSecond: 256 * KIB,
      learnerMinBytesPerSecond: 256 * KIB,
    });
    const leader = await cluster.leader();
    const padding = 'x'.repeat(2 * KIB);
    for (let i = 0; i < 3; i++) {
      await Promise.all(
        Array.from({ length: 100 }, (_, j) => leader.node.propose(Buffer.from(`${i}.${j} ${padding}`))),
      );
    }
    await leader.node.snapshot();
    await cluster.listen(4);
    const learner = await cluster.startMember(4);
    const sources = new Set<number>();
    const installed = new Promise((resolve) => learner.node.once('snapshot-installed', resolve));
    await leader.node.changeMembership(change(ConfChangeType.AddLearnerNode, 4));
    await until('a snapshot from another member', () => {
      const sent = leader.node.status().peers.find(({ id }) => id === 4)?.snapshot;
      if (sent) sources.add(sent.source);
      return sources.size > 0;
    });
    await installed;
    await until('the learner to have everything', () => learner.list.length === 300);
    expect(sources.has(leader.id)).toBe(false);
    expect(learner.list).toEqual(leader.list);
  });
});
