import { type Entry, EntryType, Message, MessageType } from '@understudy/raft-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ByteReader, ByteWriter, MAX_VARINT_BYTES } from '../src/bytes.js';
import { RaftNodeError } from '../src/errors.js';
import {
  answerItem,
  callItem,
  type FrameSink,
  readFrame,
  readSnapshotHeader,
  refusalItem,
  writeFrame,
} from '../src/frame.js';
import { messageBound } from '../src/message-codec.js';

const SENDER = 7;
const SELF = 2 ** 52 + 1;

const number = fc.oneof(fc.nat(200), fc.nat(), fc.maxSafeInteger().map(Math.abs));
const positive = number.map((value) => Math.max(1, value));
const index = number.map((value) => Math.min(value, Number.MAX_SAFE_INTEGER - 100));
const data = fc.uint8Array({ maxLength: 300 });
const ids = fc.uniqueArray(positive, { maxLength: 4 }).map((list) => list.sort((a, b) => a - b));
const confState = fc.record({
  voters: fc.uniqueArray(positive, { minLength: 1, maxLength: 5 }).map((list) => list.sort((a, b) => a - b)),
  votersOutgoing: ids,
  learners: ids,
  learnersNext: ids,
  autoLeave: fc.boolean(),
});

const append = fc
  .record({ term: positive, index, payloads: fc.array(fc.tuple(data, fc.nat(3)), { maxLength: 10 }) })
  .map(({ term, index, payloads }) => {
    const message = new Message(MessageType.App, SELF, SENDER, term);
    message.index = index;
    message.entries = payloads.map(([bytes, type], position): Entry => {
      // The last few entries are of the leader's own term.
      const own = position >= payloads.length / 2;
      return {
        term: own ? term : Math.min(term, 1),
        index: index + 1 + position,
        type: Math.min(type, 2) as EntryType,
        data: bytes,
      };
    });
    return message;
  });
const proposal = fc.tuple(positive, fc.array(data, { minLength: 1, maxLength: 5 })).map(([from, payloads]) => {
  const message = new Message(MessageType.Prop, SELF, from, 0);
  message.entries = payloads.map((bytes) => ({ term: 0, index: 0, type: EntryType.Normal, data: bytes }));
  return message;
});
const readIndex = fc.tuple(positive, positive).map(([from, context]) => {
  const message = new Message(MessageType.ReadIndex, SELF, from, 0);
  message.context = context;
  return message;
});
const plain = fc
  .record({
    type: fc.constantFrom(
      MessageType.AppResp,
      MessageType.Vote,
      MessageType.VoteResp,
      MessageType.Heartbeat,
      MessageType.HeartbeatResp,
      MessageType.TimeoutNow,
      MessageType.ReadIndexResp,
      MessageType.PreVote,
      MessageType.PreVoteResp,
      MessageType.Recovering,
      MessageType.SnapshotRequest,
    ),
    term: positive,
    fields: fc.tuple(number, number, number, number, number, number, number),
    reject: fc.boolean(),
  })
  .map(({ type, term, fields, reject }) => {
    const termless = type === MessageType.Recovering || type === MessageType.SnapshotRequest;
    const message = new Message(type, SELF, SENDER, termless ? 0 : term);
    [message.logTerm, message.index, message.commit, message.rejectHint, message.context] = fields;
    [, , , , , message.session, message.recovery] = fields;
    message.reject = reject;
    return message;
  });
const snapshot = fc
  .record({ term: positive, index: positive, snapshotTerm: positive, confState, bytes: data })
  .map(({ term, index, snapshotTerm, confState, bytes }) => {
    const message = new Message(MessageType.Snap, SELF, SENDER, term);
    message.snapshot = { index, term: snapshotTerm, confState, data: bytes };
    return message;
  });

interface Taken {
  readonly messages: Message[];
  readonly others: unknown[];
}

function take(frame: Uint8Array): Taken {
  const taken: Taken = { messages: [], others: [] };
  const sink: FrameSink = {
    onMessage: (message) => taken.messages.push(message),
    onCall: (from, callId, body) => taken.others.push(['call', from, callId, [...body]]),
    onAnswer: (from, callId, failure, body) => taken.others.push(['answer', from, callId, failure, [...body]]),
    onSourceWords: () => {},
    onRefusal: (run, sequence, reason) => taken.others.push(['refusal', run, sequence, reason]),
  };
  readFrame(frame, SENDER, SELF, sink);
  return taken;
}

/** Views of a frame compare as plain bytes. */
function plainly(message: Message): unknown {
  const { entries, snapshot, ...rest } = message;
  return {
    ...rest,
    entries: entries.map((entry) => ({ ...entry, data: [...entry.data] })),
    snapshot: snapshot === null ? null : { ...snapshot, data: [...snapshot.data] },
  };
}

describe('messages', () => {
  test('every message comes back as it was sent, with numbers up to 2^53', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(append, proposal, readIndex, plain), { maxLength: 8 }), (messages) => {
        const taken = take(writeFrame(messages, 0, messages.length, [], SENDER));
        expect(taken.messages.map(plainly)).toEqual(messages.map(plainly));
      }),
      { numRuns: 300 },
    );
  });

  test('a snapshot message travels as the head of a stream only', () => {
    fc.assert(
      fc.property(snapshot, (message) => {
        const header = writeFrame([message], 0, 1, [], SENDER);
        expect(plainly(readSnapshotHeader(header, SENDER, SELF))).toEqual(plainly(message));
        expect(() => take(header)).toThrow('outside of a snapshot stream');
      }),
    );
  });

  test('the bound holds for what is written', () => {
    fc.assert(
      fc.property(fc.oneof(append, proposal, readIndex, plain, snapshot), (message) => {
        const frame = writeFrame([message], 0, 1, [], 0);
        expect(frame.length).toBeLessThanOrEqual(2 + messageBound(message));
      }),
    );
  });

  test('entries are views of the frame, not copies', () => {
    const message = new Message(MessageType.App, SELF, SENDER, 3);
    message.entries = [{ term: 3, index: 1, type: EntryType.Normal, data: Buffer.from('hello') }];
    const frame = writeFrame([message], 0, 1, [], SENDER);
    const [taken] = take(frame).messages;
    expect(taken?.entries[0]?.data.buffer).toBe(frame.buffer);
  });
});

describe('other items', () => {
  test('calls, answers and refusals travel beside messages', () => {
    const items = [
      callItem(2 ** 52, Buffer.from('ask')),
      answerItem(3, null, Buffer.from('ok')),
      answerItem(4, 'no such thing', new Uint8Array(0)),
      refusalItem(2 ** 32 - 1, 99, 'overloaded'),
    ];
    const heartbeat = new Message(MessageType.Heartbeat, SELF, SENDER, 3);
    const taken = take(writeFrame([heartbeat], 0, 1, items, SENDER));
    expect(taken.messages.map(plainly)).toEqual([plainly(heartbeat)]);
    expect(taken.others).toEqual([
      ['call', SENDER, 2 ** 52, [...Buffer.from('ask')]],
      ['answer', SENDER, 3, null, [...Buffer.from('ok')]],
      ['answer', SENDER, 4, 'no such thing', [...Buffer.from('no such thing')]],
      ['refusal', 2 ** 32 - 1, 99, 'overloaded'],
    ]);
  });
});

describe('malformed frames', () => {
  const code = (frame: Uint8Array): string => {
    try {
      take(frame);
      return 'fine';
    } catch (error) {
      return error instanceof RaftNodeError ? error.code : `crash: ${error}`;
    }
  };

  test('a frame that is cut anywhere is refused or ends between items', () => {
    fc.assert(
      fc.property(fc.oneof(append, proposal, plain), fc.double({ min: 0, max: 1, noNaN: true }), (message, where) => {
        const frame = writeFrame([message], 0, 1, [], SENDER);
        const cut = Math.floor(where * (frame.length - 1));
        expect(code(frame.subarray(0, cut))).toBe(cut === 1 ? 'fine' : 'malformed-frame');
      }),
    );
  });

  test('a changed byte or random bytes never crash the reader', () => {
    fc.assert(
      fc.property(fc.oneof(append, proposal, plain, snapshot), fc.nat(), fc.nat(255), (message, at, byte) => {
        const frame = Buffer.from(writeFrame([message], 0, 1, [], SENDER));
        frame[at % frame.length] = byte;
        expect(['fine', 'malformed-frame']).toContain(code(frame));
      }),
      { numRuns: 1_000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(['fine', 'malformed-frame']).toContain(code(Buffer.concat([Buffer.from([1, 1]), bytes])));
      }),
      { numRuns: 1_000 },
    );
  });

  const bytes = (...values: number[]) => Uint8Array.from(values);
  test.each([
    ['of a version that is not spoken', bytes(2)],
    ['without anything', bytes()],
    ['with an item of an unknown kind', bytes(1, 9)],
    ['with a local message', bytes(1, 1, MessageType.Hup, 0)],
    ['with a storage response', bytes(1, 1, MessageType.StorageAppendResp, 2, 1)],
    ['with flags that are not known', bytes(1, 1, MessageType.Heartbeat, 128, 128, 1)],
    ['with an answer without a term', bytes(1, 1, MessageType.AppResp, 8, 1)],
    ['with a proposal without entries', bytes(1, 1, MessageType.Prop, 0)],
    ['that speaks for another member in a vote', bytes(1, 1, MessageType.Vote, 3, 5, 1)],
    ['with more entries than bytes', bytes(1, 1, MessageType.App, 34, 1, 127, 1)],
    ['with an integer beyond 2^53', bytes(1, 1, MessageType.Heartbeat, 2, 255, 255, 255, 255, 255, 255, 255, 127)],
  ])('a frame %s is refused', (_what, frame) => {
    expect(code(frame)).toBe('malformed-frame');
  });
});

test('a variable-length integer takes at most eight bytes and comes back exactly', () => {
  fc.assert(
    fc.property(number, (value) => {
      const writer = new ByteWriter(MAX_VARINT_BYTES);
      writer.varint(value);
      expect(new ByteReader(writer.finish()).varint()).toBe(value);
    }),
    { examples: [[0], [127], [128], [2 ** 31 - 1], [2 ** 31], [2 ** 32], [Number.MAX_SAFE_INTEGER]], numRuns: 1_000 },
  );
});
