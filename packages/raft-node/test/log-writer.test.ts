import { type Entry, EntryType, LOCAL_APPEND_THREAD, Message, MessageType } from '@understudy/raft-core';
import { describe, expect, test } from 'vitest';
import { LogWriter } from '../src/log-writer.js';
import type { LogWrite, RaftLog } from '../src/raft-log.js';

const entry = (index: number): Entry => ({ index, term: 1, type: EntryType.Normal, data: new Uint8Array(1) });

function setup() {
  const writes: { write: LogWrite; done: (error: Error | null) => void }[] = [];
  const events: string[] = [];
  let finishInstall: () => void = () => {};
  const log = { append: (write: LogWrite, done: (error: Error | null) => void) => writes.push({ write, done }) };
  const writer = new LogWriter(
    log as unknown as RaftLog,
    { term: 1, vote: 1, commit: 0 },
    {
      onDurable: (message) => events.push(`durable ${message.index}`),
      onInstall: (message, _write, done) => {
        events.push(`install ${message.index}`);
        finishInstall = done;
      },
      onLogFailure: (error) => events.push(`failed ${error.message}`),
    },
  );
  /** `name` tells the messages apart. */
  const append = (name: number, fill: (message: Message) => void) => {
    const message = new Message(MessageType.StorageAppend, LOCAL_APPEND_THREAD, 1, 0);
    message.index = name;
    fill(message);
    writer.append(message, 0);
  };
  return { writes, events, append, writer, install: () => finishInstall() };
}

describe('responses', () => {
  test('leave when, and only when, everything up to their message is durable', () => {
    const { writes, events, append } = setup();
    append(1, (message) => {
      message.entries = [entry(1)];
    });
    append(2, (message) => {
      message.entries = [entry(2)];
    });
    // Nothing to write, but it depends on the writes before it.
    append(3, () => {});
    expect(events).toEqual([]);
    writes[0]?.done(null);
    expect(events).toEqual(['durable 1']);
    writes[1]?.done(null);
    expect(events).toEqual(['durable 1', 'durable 2', 'durable 3']);
  });

  test('of a message without anything to write leave at once when nothing is on its way', () => {
    const { writes, events, append } = setup();
    append(1, () => {});
    expect([writes.length, events]).toEqual([0, ['durable 1']]);
  });

  test('wait for nothing where only the commit index moved', () => {
    const { writes, events, append } = setup();
    append(1, (message) => {
      [message.term, message.vote, message.commit] = [1, 1, 5];
    });
    expect(writes[0]?.write).toMatchObject({ hardState: { commit: 5 }, mustSync: false });
    expect(events).toEqual(['durable 1']);
  });

  test('wait for the disk where the term or the vote moved', () => {
    const { writes, events, append } = setup();
    append(1, (message) => {
      [message.term, message.vote, message.commit] = [2, 1, 0];
    });
    append(2, (message) => {
      [message.term, message.vote, message.commit] = [2, 3, 0];
    });
    expect(writes.map(({ write }) => write.mustSync)).toEqual([true, true]);
    expect(events).toEqual([]);
  });
});

test('an install waits for the writes before it, and the writes behind it wait for the install', () => {
  const { writes, events, append, install, writer } = setup();
  append(1, (message) => {
    message.entries = [entry(1)];
  });
  append(2, (message) => {
    const confState = { voters: [1], votersOutgoing: [], learners: [], learnersNext: [], autoLeave: false };
    message.snapshot = { index: 50, term: 1, confState, data: new Uint8Array(0) };
  });
  append(3, (message) => {
    message.entries = [entry(51)];
  });
  append(4, () => {});
  expect([writes.length, events]).toEqual([1, []]);
  writes[0]?.done(null);
  expect([writes.length, events]).toEqual([1, ['durable 1', 'install 2']]);
  install();
  expect(events).toEqual(['durable 1', 'install 2', 'durable 2']);
  writes[1]?.done(null);
  expect(events.slice(3)).toEqual(['durable 3', 'durable 4']);
  expect(writer.idle).toBe(true);
});

test('after a failed write no response leaves', () => {
  const { writes, events, append } = setup();
  append(1, (message) => {
    message.entries = [entry(1)];
  });
  writes[0]?.done(new Error('disk'));
  expect(events).toEqual(['failed disk']);
});
