/** What a simulator sees of a member without disturbing it: its role and commit index, and the frames it sends. */
import { Message, MessageType, StateType } from '@understudy/raft-core';
import { expect, test } from 'vitest';
import { writeFrame } from '../src/frame.js';
import { readFrame, VirtualCluster } from '../src/testing/index.js';

test('a member tells its role and commit index as its status does', () => {
  const cluster = new VirtualCluster();
  cluster.bootstrap([1, 2, 3]);
  const leader = cluster.elect();
  cluster.settle(cluster.propose(leader.id, 'a'));
  expect(leader.core.state).toBe(StateType.Leader);
  for (const { core } of cluster.members.values()) {
    const { commit, state } = core.status();
    expect(core.commit).toBe(commit);
    expect(core.state).toBe(state);
  }
  expect(leader.core.commit).toBeGreaterThan(3);
});

test('a frame can be read without a member', () => {
  const beat = new Message(MessageType.Heartbeat, 2, 1, 7);
  const seen: Message[] = [];
  const ignore = () => {};
  readFrame(writeFrame([beat], 0, 1, [], 1), 1, 2, {
    onMessage: (message) => seen.push(message),
    onCall: ignore,
    onAnswer: ignore,
    onSourceWords: () => {},
    onRefusal: ignore,
  });
  expect(seen.map(({ type, term }) => [type, term])).toEqual([[MessageType.Heartbeat, 7]]);
});
