import { type Entry, EntryType, Message, MessageType } from '@understudy/raft-core';
import { expect, test } from 'vitest';
import { callItem, readFrame } from '../src/frame.js';
import { Outbox } from '../src/outbox.js';
import type { SendResult } from '../src/transport.js';

const entry = (index: number, size = 10): Entry => ({
  index,
  term: 1,
  type: EntryType.Normal,
  data: new Uint8Array(size),
});

function append(to: number, index: number, commit: number, entries: Entry[] = []): Message {
  const message = new Message(MessageType.App, to, 1, 1);
  message.index = index;
  message.commit = commit;
  message.entries = entries;
  return message;
}

function setup(result: SendResult = 'sent') {
  const frames: { to: number; lane: string; messages: Message[]; items: number }[] = [];
  const notSent: [number, number, SendResult][] = [];
  const outbox = new Outbox(1, {
    send: (to, lane, frame) => {
      const messages: Message[] = [];
      let items = 0;
      const other = () => {
        items++;
      };
      readFrame(frame, 1, to, {
        onMessage: (message) => messages.push(message),
        onCall: other,
        onAnswer: other,
        onSourceWords: () => {},
        onRefusal: other,
      });
      frames.push({ to, lane, messages, items });
      return result;
    },
    onNotSent: (to, messages, why) => notSent.push([to, messages.length, why]),
  });
  return { outbox, frames, notSent };
}

test('what is added in a turn leaves as one frame a peer and lane', () => {
  const { outbox, frames } = setup();
  for (const to of [2, 3]) {
    outbox.add(append(to, 5, 4, [entry(6)]));
    outbox.add(new Message(MessageType.Heartbeat, to, 1, 1));
    outbox.add(append(to, 6, 4, [entry(7)]));
    outbox.addItem(to, callItem(1, new Uint8Array(3)));
  }
  outbox.flush();
  expect(frames.map(({ to, lane, messages, items }) => [to, lane, messages.length, items])).toEqual([
    [2, 'control', 1, 1],
    [2, 'bulk', 2, 0],
    [3, 'control', 1, 1],
    [3, 'bulk', 2, 0],
  ]);
  outbox.flush();
  expect(frames.length).toBe(4);
});

test('an empty append is left out when a later append follows, and stays when none does', () => {
  const { outbox, frames } = setup();
  outbox.add(append(2, 5, 4));
  outbox.add(append(2, 5, 5));
  outbox.add(append(2, 5, 5, [entry(6)]));
  outbox.add(append(2, 6, 6));
  outbox.flush();
  expect(frames[0]?.messages.map(({ index, commit, entries }) => [index, commit, entries.length])).toEqual([
    [5, 5, 1],
    [6, 6, 0],
  ]);
});

test('an empty append of another session or term is not left out', () => {
  const { outbox, frames } = setup();
  const first = append(2, 5, 4);
  first.session = 1;
  const second = append(2, 5, 4);
  second.session = 2;
  const third = append(2, 5, 4);
  [third.session, third.term] = [2, 2];
  for (const message of [first, second, third]) outbox.add(message);
  outbox.flush();
  expect(frames[0]?.messages.length).toBe(3);
});

test('a lot becomes several frames, in order', () => {
  const { outbox, frames } = setup();
  const size = 400 * 1024;
  for (let index = 1; index <= 6; index++) outbox.add(append(2, index - 1, 0, [entry(index, size)]));
  for (let call = 0; call < 4; call++) outbox.addItem(2, callItem(call, new Uint8Array(size)));
  outbox.flush();
  expect(frames.map(({ lane, messages, items }) => [lane, messages.map(({ index }) => index), items])).toEqual([
    ['control', [], 3],
    ['control', [], 1],
    ['bulk', [0, 1, 2], 0],
    ['bulk', [3, 4, 5], 0],
  ]);
});

test('what was not sent is told with the reason', () => {
  const { outbox, notSent } = setup('full');
  outbox.add(append(2, 5, 4, [entry(6)]));
  outbox.flush();
  expect(notSent).toEqual([[2, 1, 'full']]);
});
