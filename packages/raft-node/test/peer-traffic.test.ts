import { type Entry, EntryType, Message, MessageType } from '@understudy/raft-core';
import { describe, expect, test } from 'vitest';
import { writeFrame } from '../src/frame.js';
import { ProposalHeader } from '../src/proposal-header.js';
import { VirtualCluster } from '../src/testing/index.js';

function three() {
  const cluster = new VirtualCluster({ node: { maxProposalBytes: 100 } });
  cluster.bootstrap([1, 2, 3]);
  const leader = cluster.elect();
  cluster.settle(cluster.propose(leader.id, 'first'));
  const follower = leader.id === 1 ? 2 : 1;
  const forward = (...entries: Pick<Entry, 'type' | 'data'>[]) => {
    const message = new Message(MessageType.Prop, leader.id, follower, 0);
    message.entries = entries.map(({ type, data }) => ({ term: 0, index: 0, type, data }));
    leader.core.frameReceived(follower, writeFrame([message], 0, 1, [], follower));
    cluster.time.run(200);
  };
  return { cluster, leader, follower, forward };
}

describe('what a peer forwards', () => {
  const good = { type: EntryType.Normal, data: new ProposalHeader(2, 1).encode(1, Buffer.from('good')) };
  test.each([
    ['a payload that no member could apply', { type: EntryType.Normal, data: Buffer.from('not a proposal at all') }],
    ['an entry like a leader’s own', { type: EntryType.Normal, data: new Uint8Array(0) }],
    [
      'a configuration change, which only a leader’s host may ask for',
      { type: EntryType.ConfChangeV2, data: good.data },
    ],
    ['more than the limit', { type: EntryType.Normal, data: new ProposalHeader(2, 1).encode(1, new Uint8Array(101)) }],
  ])('%s never enters the log, nor what comes with it', (_what, bad) => {
    const { leader, forward } = three();
    const last = leader.core.status().lastIndex;
    forward(good, bad);
    expect(leader.core.status().lastIndex).toBe(last);
    expect(leader.warnings.length).toBe(1);
    forward(good);
    expect(leader.machine.list).toEqual(['first', 'good']);
  });
});

test('a frame that cannot be read does no harm', () => {
  const { cluster, leader, follower } = three();
  leader.core.frameReceived(follower, Uint8Array.of(1, 1, 255, 3));
  leader.core.frameReceived(follower, new Uint8Array(0));
  expect(leader.warnings.length).toBe(2);
  expect(cluster.settle(cluster.propose(leader.id, 'second')).value).toBe(2);
});

test('a peer call is answered by the peer, and only by it', () => {
  const { cluster, leader, follower } = three();
  const outcome = cluster.settle(
    cluster.request<Uint8Array>((done) => leader.core.callPeer(follower, Buffer.from('hello'), 1_000, done)),
  );
  expect(Buffer.from(outcome.value ?? []).toString()).toBe(`${leader.id}:hello`);
});

test('a peer call without an answer ends at its deadline, as unknown', () => {
  const { cluster, leader, follower } = three();
  cluster.cut(follower, leader.id);
  const outcome = cluster.settle(
    cluster.request<Uint8Array>((done) => leader.core.callPeer(follower, Buffer.from('hello'), 300, done)),
  );
  expect(outcome.error).toMatchObject({ code: 'timeout', outcome: 'unknown' });
});
