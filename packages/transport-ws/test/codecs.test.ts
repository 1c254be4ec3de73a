import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countFrames, encodeBatch, frameAt, maxMessageBytes, nextFrameOffset } from '../src/frame-batch.js';
import {
  chooseProtocol,
  decodeHandshake,
  encodeConfirm,
  encodeGreeting,
  encodeRefusal,
  type Greeting,
} from '../src/handshake-codec.js';
import { UNKNOWN_LIFE } from '../src/identity.js';
import { MAX_FRAME_BYTES, REFUSAL_REASONS, STREAM_KINDS } from '../src/protocol.js';
import {
  decodeSnapshotMessage,
  encodeCredit,
  encodeDone,
  encodeSnapshotEnd,
  encodeSnapshotHeader,
} from '../src/snapshot-codec.js';
import { readUint53, writeUint53 } from '../src/uint53.js';

const id = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const greetings: fc.Arbitrary<Greeting> = fc.record({
  protocolMin: fc.integer({ min: 0, max: 100 }),
  protocolMax: fc.integer({ min: 100, max: 65_535 }),
  stream: fc.constantFrom(...STREAM_KINDS),
  clusterId: id,
  from: id,
  to: id,
  bootCount: fc.nat(),
  directoryId: fc.string({ maxLength: 64 }).filter((text) => !/[^\x20-\x7e]/.test(text)),
  life: fc.record({
    lifeId: id,
    openedTerm: fc.nat(),
    openedIndex: fc.nat(),
    recovering: fc.boolean(),
    voteLost: fc.boolean(),
  }),
});

function framesOf(message: Buffer): Uint8Array[] {
  const frames: Uint8Array[] = [];
  let offset = 1;
  for (let i = countFrames(message); i > 0; i -= 1) {
    const frame = frameAt(message, offset);
    frames.push(frame);
    offset = nextFrameOffset(offset, frame);
  }
  return frames;
}

test('a batch gives back its frames', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 50 }), { minLength: 1, maxLength: 20 }), (frames) => {
      const total = frames.reduce((sum, frame) => sum + frame.length, 0);
      const message = encodeBatch(frames, 0, frames.length, total);
      expect(framesOf(message).map((frame) => [...frame])).toEqual(frames.map((frame) => [...frame]));
    }),
  );
});

test('a batch that lost or gained a byte at its end is none', () => {
  const message = encodeBatch([Uint8Array.of(1, 2, 3), Uint8Array.of(4)], 0, 2, 4);
  expect(countFrames(message)).toBe(2);
  expect(countFrames(message.subarray(0, -1))).toBe(-1);
  expect(countFrames(Buffer.concat([message, Buffer.of(0)]))).toBe(-1);
});

test('no bytes make the batch reader fail, or read beyond the message', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const message = Buffer.from(bytes);
      const read = framesOf(message).reduce((sum, frame) => sum + frame.length, 0);
      expect(read).toBeLessThanOrEqual(message.length);
    }),
  );
});

test('the largest frame fits into the largest message', () => {
  const message = encodeBatch([new Uint8Array(MAX_FRAME_BYTES)], 0, 1, MAX_FRAME_BYTES);
  expect(message.length).toBeLessThanOrEqual(maxMessageBytes(1));
});

test('a greeting gives back its fields, also with bytes of a later version behind it', () => {
  fc.assert(
    fc.property(
      greetings,
      fc.constantFrom('hello', 'accept'),
      fc.uint8Array({ maxLength: 9 }),
      (greeting, kind, more) => {
        const bytes = Buffer.concat([encodeGreeting(kind, greeting), more]);
        expect(decodeHandshake(bytes)).toEqual({ ok: true, message: { kind, greeting } });
      },
    ),
  );
});

test('a greeting of a version that says nothing of its run is read as of an unknown one', () => {
  const bytes = encodeGreeting('hello', { ...greetingOf(), life: { ...UNKNOWN_LIFE, lifeId: 9, voteLost: true } });
  expect(decodeHandshake(bytes.subarray(0, -25))).toMatchObject({ message: { greeting: { life: UNKNOWN_LIFE } } });
});

test('a refusal gives back its reason and config index; an unknown reason reads as busy', () => {
  for (const reason of REFUSAL_REASONS) {
    if (reason === null) continue;
    expect(decodeHandshake(encodeRefusal(reason, 2 ** 40))).toMatchObject({
      message: { kind: 'refuse', refusal: { reason, configIndex: 2 ** 40 } },
    });
  }
  const later = encodeRefusal('removed', 7);
  later[2] = 200;
  expect(decodeHandshake(later)).toMatchObject({ message: { refusal: { reason: 'busy' } } });
});

test('no bytes make the handshake reader throw', () => {
  const prefixes = [encodeGreeting('hello', greetingOf()), encodeConfirm(), encodeRefusal('busy')];
  fc.assert(
    fc.property(fc.constantFrom(...prefixes), fc.nat(60), fc.uint8Array({ maxLength: 20 }), (prefix, cut, tail) => {
      expect(decodeHandshake(Buffer.concat([prefix.subarray(0, cut), tail]))).toHaveProperty('ok');
    }),
  );
});

function greetingOf(): Greeting {
  return {
    protocolMin: 1,
    protocolMax: 1,
    stream: 'bulk',
    clusterId: 1,
    from: 2,
    to: 3,
    bootCount: 4,
    directoryId: 'd',
    life: UNKNOWN_LIFE,
  };
}

test('of two ranges the highest common version is chosen, and none of disjoint ones', () => {
  expect([chooseProtocol(1, 1), chooseProtocol(0, 9), chooseProtocol(2, 9), chooseProtocol(0, 0)]).toEqual([
    1, 1, 0, 0,
  ]);
});

test('snapshot messages give back what was put in', () => {
  const hash = Buffer.alloc(32, 9);
  expect(decodeSnapshotMessage(encodeSnapshotHeader(Uint8Array.of(1, 2)))).toEqual({
    kind: 'header',
    bytes: Uint8Array.of(1, 2),
  });
  expect(decodeSnapshotMessage(encodeSnapshotEnd(2 ** 45, hash))).toEqual({ kind: 'end', totalBytes: 2 ** 45, hash });
  expect(decodeSnapshotMessage(encodeCredit(2 ** 35 + 1))).toEqual({ kind: 'credit', limit: 2 ** 35 + 1 });
  expect(decodeSnapshotMessage(encodeDone('corrupt', 'why'))).toEqual({
    kind: 'done',
    outcome: 'corrupt',
    text: 'why',
  });
});

test('no bytes make the snapshot reader throw', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0x1f, max: 0x26 }), fc.uint8Array({ maxLength: 60 }), (kind, tail) => {
      const message = decodeSnapshotMessage(Buffer.concat([Buffer.of(kind), tail]));
      expect(message === null || typeof message.kind === 'string').toBe(true);
    }),
  );
  expect(decodeSnapshotMessage(Buffer.alloc(0))).toBeNull();
});

test('eight bytes hold every safe integer, and say -1 for what is above', () => {
  const bytes = Buffer.alloc(8);
  for (const value of [0, 1, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
    writeUint53(bytes, value, 0);
    expect(readUint53(bytes, 0)).toBe(value);
  }
  expect(readUint53(Buffer.alloc(8, 255), 0)).toBe(-1);
});
