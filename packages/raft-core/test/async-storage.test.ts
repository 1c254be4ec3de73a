import { describe, expect, it } from 'vitest';
import {
  ConfChangeType,
  decodeConfChange,
  encodeConfChange,
  type Entry,
  EntryType,
  LOCAL_APPEND_THREAD,
  Message,
  MessageType,
  type Ready,
  RawNode,
} from '../src/index.js';
import { bootstrappedLog, type MemoryLog } from '../src/testing/index.js';
import { bytes, confChange, isLocalWork } from './network.js';

const VOTERS = { voters: [1, 2, 3], votersOutgoing: [], learners: [], learnersNext: [], autoLeave: false };

function start(): { node: RawNode; log: MemoryLog } {
  const log = bootstrappedLog(VOTERS, 10, 1);
  log.hardState = { term: 1, vote: 0, commit: 10 };
  const node = new RawNode({ storage: log, random: () => 0 }, { id: 1, applied: 10, asyncStorageWrites: true });
  return { node, log };
}

const work = (ready: Ready, type: MessageType): Message | undefined => ready.messages.find((m) => m.type === type);
const remote = (ready: Ready): Message[] => ready.messages.filter((message) => !isLocalWork(message));

function finish(node: RawNode, log: MemoryLog, message: Message | undefined): Message[] {
  if (message === undefined) throw new Error('there is no work to do');
  log.append(message.entries);
  if (message.snapshot !== null) log.install(message.snapshot);
  const own = message.responses.filter(({ to }) => to === 1);
  for (const response of own) node.step(response);
  return message.responses.filter(({ to }) => to !== 1);
}

function lead(node: RawNode, log: MemoryLog): void {
  node.campaign();
  finish(node, log, work(node.ready(), MessageType.StorageAppend));
  node.step(new Message(MessageType.VoteResp, 1, 2, node.term));
  expect(node.lead).toBe(1);
}

const append = (from: number, term: number, prev: [number, number], entries: Entry[], commit = 0): Message => {
  const message = new Message(MessageType.App, 1, from, term);
  message.logTerm = prev[0];
  message.index = prev[1];
  message.entries = entries;
  message.commit = commit;
  return message;
};
const entry = (term: number, index: number): Entry => ({
  term,
  index,
  type: EntryType.Normal,
  data: bytes(`${index}`),
});
const ack = (from: number, term: number, index: number): Message => {
  const message = new Message(MessageType.AppResp, 1, from, term);
  message.index = index;
  return message;
};

describe('asynchronous storage writes', () => {
  it('a vote leaves only behind the write that holds it', () => {
    const { log, node } = start();
    const request = new Message(MessageType.Vote, 1, 2, 5);
    request.index = 10;
    request.logTerm = 1;
    node.step(request);
    const ready = node.ready();
    expect(remote(ready)).toEqual([]);
    const write = work(ready, MessageType.StorageAppend);
    expect(write).toMatchObject({ to: LOCAL_APPEND_THREAD, term: 5, vote: 2, commit: 10 });
    expect(finish(node, log, write)).toMatchObject([{ type: MessageType.VoteResp, to: 2, term: 5, reject: false }]);
  });

  it('a candidate does not count its own vote before it is durable', () => {
    const { log, node } = start();
    node.campaign();
    const ready = node.ready();
    expect(remote(ready).map(({ type }) => type)).toEqual([MessageType.Vote, MessageType.Vote]);
    node.step(new Message(MessageType.VoteResp, 1, 2, 2));
    expect(node.lead).toBe(0);
    finish(node, log, work(ready, MessageType.StorageAppend));
    expect(node.lead).toBe(1);
  });

  it('a leader sends while it writes, and counts itself only when it has written', () => {
    const { log, node } = start();
    lead(node, log);
    const ready = node.ready();
    expect(remote(ready).map(({ type }) => type)).toEqual([MessageType.App, MessageType.App]);
    expect(node.commitIndex).toBe(10);
    node.step(ack(2, 2, 11));
    expect(node.commitIndex).toBe(10);
    finish(node, log, work(ready, MessageType.StorageAppend));
    expect(node.commitIndex).toBe(11);
  });

  it('others may commit what the leader has not written; it applies it once it has', () => {
    const { log, node } = start();
    lead(node, log);
    const write = work(node.ready(), MessageType.StorageAppend);
    node.step(ack(2, 2, 11));
    node.step(ack(3, 2, 11));
    expect(node.commitIndex).toBe(11);
    expect(node.ready().committedEntries).toEqual([]);
    finish(node, log, write);
    const ready = node.ready();
    expect(ready.committedEntries.map(({ index }) => index)).toEqual([11]);
    for (const response of work(ready, MessageType.StorageApply)?.responses ?? []) node.step(response);
    expect(node.appliedIndex).toBe(11);
  });

  it('an entry is given to be written once, and its acknowledgement waits for it', () => {
    const { log, node } = start();
    node.step(append(2, 2, [1, 10], [entry(2, 11), entry(2, 12)]));
    const first = node.ready();
    node.step(append(2, 2, [2, 12], [entry(2, 13)]));
    const second = node.ready();
    expect(first.entries.map(({ index }) => index)).toEqual([11, 12]);
    expect(second.entries.map(({ index }) => index)).toEqual([13]);
    expect(remote(first).concat(remote(second))).toEqual([]);
    const answers = [first, second].flatMap((r) => finish(node, log, work(r, MessageType.StorageAppend)));
    expect(answers.map(({ index }) => index)).toEqual([12, 13]);
  });

  it('a write that a change of term overtook makes nothing durable', () => {
    const { log, node } = start();
    node.step(append(2, 2, [1, 10], [entry(2, 11)]));
    const old = work(node.ready(), MessageType.StorageAppend);
    // Another leader replaces the entry, and a third one brings the first back.
    node.step(append(3, 3, [1, 10], [entry(3, 11)]));
    const replaced = work(node.ready(), MessageType.StorageAppend);
    node.step(append(2, 4, [1, 10], [entry(2, 11), entry(4, 12)]));
    finish(node, log, old);
    finish(node, log, replaced);
    const last = node.ready();
    // The entry of term 2 is to be written again: the log holds that of term 3.
    expect(last.entries.map(({ index, term }) => `${term}/${index}`)).toEqual(['2/11', '4/12']);
    node.step(append(2, 4, [4, 12], [], 12));
    expect(node.ready().committedEntries).toEqual([]);
    finish(node, log, work(last, MessageType.StorageAppend));
    expect(node.ready().committedEntries.map(({ term }) => term)).toEqual([2, 4]);
  });

  it('a later write confirms what an overtaken one left open', () => {
    const { log, node } = start();
    node.step(append(2, 2, [1, 10], [entry(2, 11)]));
    const old = work(node.ready(), MessageType.StorageAppend);
    node.step(append(3, 3, [2, 11], [], 11));
    const later = work(node.ready(), MessageType.StorageAppend);
    expect(later?.responses.map(({ type }) => type)).toContain(MessageType.StorageAppendResp);
    finish(node, log, old);
    expect(node.hasReady()).toBe(false);
    finish(node, log, later);
    expect(node.ready().committedEntries.map(({ index }) => index)).toEqual([11]);
  });

  it('a snapshot is applied when it is written, also where the term moved on meanwhile', () => {
    const { log, node } = start();
    const install = new Message(MessageType.Snap, 1, 2, 2);
    install.snapshot = { index: 50, term: 2, confState: VOTERS, data: bytes('state') };
    node.step(install);
    const ready = node.ready();
    expect(ready.snapshot).toBe(install.snapshot);
    expect(node.appliedIndex).toBe(10);
    node.step(new Message(MessageType.Heartbeat, 1, 3, 9));
    finish(node, log, work(ready, MessageType.StorageAppend));
    expect(node.appliedIndex).toBe(50);
    expect(node.status()).toMatchObject({ firstIndex: 51, lastIndex: 50, commit: 50 });
  });

  it('while a snapshot is written, nothing is applied and nobody campaigns', () => {
    const { log, node } = start();
    const install = new Message(MessageType.Snap, 1, 2, 2);
    install.snapshot = { index: 50, term: 2, confState: VOTERS, data: bytes('state') };
    node.step(install);
    const ready = node.ready();
    node.step(append(2, 2, [2, 50], [entry(2, 51)], 51));
    expect(node.ready().committedEntries).toEqual([]);
    node.campaign();
    expect(node.term).toBe(2);
    finish(node, log, work(ready, MessageType.StorageAppend));
    expect(node.appliedIndex).toBe(50);
  });

  it('a snapshot waits until what was handed out is applied, so that config changes meet their own configuration', () => {
    const { log, node } = start();
    const change = encodeConfChange(confChange([{ type: ConfChangeType.AddLearnerNode, nodeId: 4 }]), 'v2');
    const learner: Entry = { term: 2, index: 11, type: EntryType.ConfChangeV2, data: change };
    node.step(append(2, 2, [1, 10], [learner, entry(2, 12)], 11));
    finish(node, log, work(node.ready(), MessageType.StorageAppend));
    const applying = work(node.ready(), MessageType.StorageApply);
    const install = new Message(MessageType.Snap, 1, 2, 2);
    const confState = { ...VOTERS, learners: [5] };
    install.snapshot = { index: 50, term: 2, confState, data: bytes('state') };
    node.step(install);
    expect(node.hasReady()).toBe(false);
    expect(node.applyConfChange(decodeConfChange(learner)).learners).toEqual([4]);
    for (const response of applying?.responses ?? []) node.step(response);
    expect(node.ready().snapshot).toBe(install.snapshot);
    expect(node.status().confState).toEqual(confState);
  });

  it('has no advance', () => {
    const { node } = start();
    node.campaign();
    node.ready();
    expect(() => node.advance()).toThrow(/no Ready/);
  });

  it('later answers do not gather in work that was given away', () => {
    const { log, node } = start();
    lead(node, log);
    finish(node, log, work(node.ready(), MessageType.StorageAppend));
    node.step(ack(2, 2, 11));
    const commitOnly = work(node.ready(), MessageType.StorageAppend);
    expect(commitOnly?.responses).toEqual([]);
    node.propose([bytes('x')]);
    expect(commitOnly?.responses).toEqual([]);
  });
});
