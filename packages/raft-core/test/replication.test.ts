import { describe, expect, it } from 'vitest';
import { type Entry, EntryType, Message, MessageType } from '../src/index.js';
import { between, bytes, Network } from './network.js';

describe('replication', () => {
  it('a proposal of several payloads is appended in order, and applied everywhere', () => {
    const network = Network.of([1, 2, 3]);
    network.campaign(1);
    expect(network.propose(1, 'a', 'b', 'c')).toEqual({ ok: true, index: 14, term: 2 });
    for (const member of network.members.values()) expect(member.applied).toEqual(['a', 'b', 'c']);
  });

  it('a follower sends a proposal on to the leader and answers with index 0', () => {
    const network = Network.of([1, 2, 3]);
    network.campaign(1);
    expect(network.propose(3, 'a')).toEqual({ ok: true, index: 0, term: 2 });
    expect(network.get(3).applied).toEqual(['a']);
  });

  it('proposals that go nowhere say why', () => {
    const network = Network.of([1, 2, 3], { disableProposalForwarding: true });
    expect(network.propose(1, 'a')).toEqual({ ok: false, reason: 'no-leader' });
    network.campaign(1);
    expect(network.propose(2, 'a')).toEqual({ ok: false, reason: 'forwarding-disabled' });
    expect(network.get(1).node.propose([])).toEqual({ ok: false, reason: 'empty-proposal' });
    expect(network.get(1).log.lastIndex()).toBe(11);
  });

  it('an entry of a former term is committed only together with one of the own term', () => {
    // One entry an append, so that the old one can reach a majority alone.
    const network = Network.of([1, 2, 3, 4, 5], { maxAppendBytes: 1 });
    network.campaign(1);
    network.lose = ({ from, to }) => ![1, 2].includes(from) || ![1, 2].includes(to);
    network.propose(1, 'old');
    expect(network.get(2).log.lastIndex()).toBe(12);
    network.lose = ({ entries, to, type }) =>
      type === MessageType.App && entries.some(({ term }) => term === 3) && network.get(to).log.lastIndex() >= 12;
    const leader = network.campaign(2).node;
    expect(leader.status().progress.map(({ match }) => match)).toEqual([0, 13, 12, 12, 12]);
    expect(leader.commitIndex).toBe(11);
    network.heal();
    network.tick(1);
    expect(leader.commitIndex).toBe(13);
    expect(network.get(5).applied).toEqual(['old']);
  });

  it('a member that refuses what it acknowledged is asked again at the pace of heartbeats', () => {
    const network = Network.of([1, 2, 3], { replicationSessions: true });
    network.campaign(1);
    network.propose(1, 'a');
    const ack = new Message(MessageType.AppResp, 1, 3, 2);
    network.isolate(3);
    network.propose(1, 'b');
    ack.index = 13;
    network.get(1).node.step(ack);
    network.heal();
    network.get(1).node.reportUnreachable(3);
    network.sent = [];
    network.tick(2);
    expect(network.sent.filter(between(MessageType.App, 1, 3))).toHaveLength(2);
  });

  it('a follower overwrites what conflicts, and keeps what it already has', () => {
    const network = Network.of([1, 2, 3]);
    network.campaign(1);
    network.isolate(1);
    network.propose(1, 'x', 'y', 'z');
    network.campaign(2);
    network.propose(2, 'a');
    network.heal();
    network.tick(2);
    expect(network.get(1).applied).toEqual(['a']);
    expect(network.get(1).log.lastIndex()).toBe(network.get(2).log.lastIndex());
  });

  it('an old append does not shorten a log that grew since', () => {
    const network = Network.of([1, 2, 3]);
    network.campaign(1);
    network.propose(1, 'a', 'b');
    const old = network.sent.find((message) => between(MessageType.App, 1, 2)(message) && message.entries.length === 2);
    network.propose(1, 'c');
    network.get(2).node.step(old as Message);
    network.settle();
    expect(network.get(2).log.lastIndex()).toBe(14);
  });

  it('a follower that is far behind a compacted log gets a snapshot and then the rest', () => {
    const network = Network.of([1, 2, 3]);
    network.campaign(1);
    network.isolate(3);
    network.propose(1, 'a', 'b', 'c');
    network.get(1).log.compact(14);
    network.propose(1, 'd');
    network.heal();
    network.tick(2);
    expect(network.get(3).applied).toEqual(['a', 'b', 'c', 'd']);
    expect(network.get(3).log.firstIndex()).toBeGreaterThan(14);
  });

  it('a leader asks again while a snapshot is being made', () => {
    const network = Network.of([1, 2, 3]);
    network.campaign(1);
    network.isolate(3);
    network.propose(1, 'a', 'b');
    const leader = network.get(1);
    leader.log.compact(13);
    const made = leader.log.snapshotSource;
    leader.log.snapshotSource = () => 'unavailable';
    network.heal();
    network.tick(3);
    expect(network.get(3).applied).toEqual([]);
    expect(leader.node.status().progress[2]).toMatchObject({ state: 'probe', match: 11 });
    leader.log.snapshotSource = made;
    network.tick(1);
    expect(network.get(3).applied).toEqual(['a', 'b']);
  });

  it('a failed snapshot is tried again', () => {
    const network = Network.of([1, 2, 3]);
    network.campaign(1);
    network.isolate(3);
    network.propose(1, 'a');
    const leader = network.get(1);
    leader.log.compact(12);
    network.lose = ({ type }) => type === MessageType.Snap;
    network.tick(1);
    expect(leader.node.status().progress[2]).toMatchObject({ state: 'snapshot', pendingSnapshot: 12 });
    leader.node.reportSnapshot(3, 'failed');
    expect(leader.node.status().progress[2]).toMatchObject({ state: 'probe', pendingSnapshot: 0, paused: true });
    network.heal();
    network.tick(2);
    expect(network.get(3).applied).toEqual(['a']);
  });

  it('a peer that cannot be reached is probed, not streamed to', () => {
    const network = Network.of([1, 2, 3]);
    network.campaign(1);
    network.get(1).node.reportUnreachable(2);
    expect(network.get(1).node.status().progress[1]).toMatchObject({ state: 'probe', next: 12 });
    network.tick(1);
    expect(network.get(1).node.status().progress[1]).toMatchObject({ state: 'replicate' });
  });

  it('an acknowledgement of what is not in the log is ignored', () => {
    const network = Network.of([1, 2, 3]);
    network.campaign(1);
    const ack = new Message(MessageType.AppResp, 1, 2, 2);
    ack.index = 1000;
    network.get(1).node.step(ack);
    expect(network.get(1).node.status().progress[1]).toMatchObject({ match: 11, next: 12 });
  });

  it('a commit index beyond the log is a broken invariant, with both numbers in the text', () => {
    const { node } = Network.of([1, 2, 3]).get(1);
    const heartbeat = new Message(MessageType.Heartbeat, 1, 2, 1);
    heartbeat.commit = 40;
    expect(() => node.step(heartbeat)).toThrow(/40 .* 10/);
  });

  it('a member that starts with a lost log refuses to', () => {
    const network = Network.of([1]);
    network.get(1).appliedIndex = 99;
    expect(() => network.get(1).restart()).toThrow(/99 .* 10/);
  });

  it('a start takes what is applied for committed', () => {
    const network = Network.of([1, 2, 3]);
    network.campaign(1);
    network.propose(1, 'a');
    const member = network.get(2);
    member.log.hardState = { ...member.log.hardState, commit: 10 };
    member.restart();
    expect(member.node.commitIndex).toBe(12);
    expect(member.node.hasReady()).toBe(false);
  });
});

describe('the uncommitted limit', () => {
  it('refuses what would pass it, and takes any proposal when nothing waits', () => {
    const network = Network.of([1, 2, 3], { maxUncommittedBytes: 10 });
    network.campaign(1);
    const { node } = network.get(1);
    network.lose = () => true;
    expect(node.propose([bytes('0123456789abcdef')])).toMatchObject({ ok: true });
    expect(node.propose([bytes('x')])).toEqual({ ok: false, reason: 'uncommitted-limit' });
    expect(node.propose([new Uint8Array(0)])).toMatchObject({ ok: true });
    network.heal();
    network.tick(2);
    expect(network.propose(1, 'x')).toMatchObject({ ok: true });
  });
});

describe('applying', () => {
  it('hands out no more than the limit until the host has applied it', () => {
    const network = Network.of([1], { maxCommittedBytesPerReady: 40 });
    network.campaign(1);
    const member = network.get(1);
    member.node.propose(['a', 'b', 'c', 'd'].map((letter) => bytes(letter.repeat(10))));
    member.handleReady();
    const counts: number[] = [];
    while (member.node.hasReady()) {
      const ready = member.node.ready();
      counts.push(ready.committedEntries.length);
      member.persist(ready);
      member.apply(ready.committedEntries);
      member.node.advance();
    }
    expect(counts).toEqual([2, 2]);
  });

  it('a Ready must be advanced before the next is taken', () => {
    const { node } = Network.of([1]).get(1);
    node.campaign();
    node.ready();
    expect(() => node.ready()).toThrow(/not advanced/);
    node.advance();
    expect(() => node.advance()).toThrow(/no Ready/);
  });

  it('entries are shared, never copied', () => {
    const network = Network.of([1, 2, 3]);
    network.campaign(1);
    const { node } = network.get(1);
    node.propose([bytes('a')]);
    const ready = node.ready();
    const entry = ready.entries[0] as Entry;
    expect(entry.type).toBe(EntryType.Normal);
    for (const { entries } of ready.messages) expect(entries[0]).toBe(entry);
    expect(ready.messages[0]?.entries).toBe(ready.messages[1]?.entries);
    node.advance();
  });
});
