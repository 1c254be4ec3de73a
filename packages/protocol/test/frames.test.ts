import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  etcdErrors,
  FrameKind,
  type FrameVisitor,
  FrameWriter,
  KVService,
  MAX_CALL_ID,
  MINIMUM_LIMITS,
  ProtocolError,
  PutRequest,
  PutResponse,
  readFrame,
  type RpcStatus,
} from '../src/index.js';

const { put } = KVService.methods;
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Writes each thing that a frame holds into a list. */
function recorder(): { readonly log: unknown[][]; readonly visitor: FrameVisitor } {
  const log: unknown[][] = [];
  const record =
    (kind: string) =>
    (...values: unknown[]): void => {
      log.push([kind, ...values.map((value) => (value instanceof Uint8Array ? hex(value) : value))]);
    };
  const kinds = [
    'hello',
    'request',
    'response',
    'error',
    'open',
    'data',
    'halfClose',
    'end',
    'cancel',
    'credit',
  ] as const;
  const more = ['credentials', 'ping', 'pong', 'goaway'] as const;
  const visitor = Object.fromEntries([...kinds, ...more].map((kind) => [kind, record(kind)]));
  return { log, visitor: visitor as unknown as FrameVisitor };
}

function framesOf(writer: FrameWriter): Uint8Array[] {
  const frames: Uint8Array[] = [];
  writer.flush((frame) => frames.push(frame));
  return frames;
}

function oneFrame(write: (writer: FrameWriter) => void): Uint8Array {
  const writer = new FrameWriter(MINIMUM_LIMITS.maxFrameBytes);
  write(writer);
  const frames = framesOf(writer);
  expect(frames).toHaveLength(1);
  return frames[0] ?? new Uint8Array(0);
}

function read(frame: Uint8Array): unknown[][] {
  const { log, visitor } = recorder();
  readFrame(frame, visitor);
  return log;
}

describe('the bytes of', () => {
  const request = PutRequest.create({ key: Buffer.from('k') });
  it.each<[string, (writer: FrameWriter) => void, string]>([
    ['a request', (w) => w.request(5, put, request), '01 02 05 05 02 00 0a016b'],
    [
      'a request with everything',
      (w) => w.request(300, put, request, { timeoutMs: 1000, token: 'tok', requireLeader: true }),
      '01 02 ac02 0b 02 07 e807 03746f6b 0a016b',
    ],
    ['a response', (w) => w.response(5, PutResponse, PutResponse.create()), '01 03 05 00'],
    [
      'an error',
      (w) => w.error(5, { code: 14, text: 'no', retryable: true, outcome: 'not-applied' }),
      '01 04 05 04 0e 03 6e6f',
    ],
    ['an open', (w) => w.open(6, 6), '01 05 06 02 06 00'],
    ['data', (w) => w.dataBytes(6, Uint8Array.of(9)), '01 06 06 01 09'],
    ['a half-close', (w) => w.halfClose(6), '01 07 06 00'],
    ['an end', (w) => w.end(6), '01 08 06 00'],
    ['a cancel', (w) => w.cancel(6), '01 09 06 00'],
    ['a credit', (w) => w.credit(6, 300), '01 0a 06 02 ac02'],
    ['credentials', (w) => w.credentials('tok'), '01 0b 00 03 746f6b'],
    ['a ping', (w) => w.ping(Uint8Array.of(1, 2)), '01 0c 00 02 0102'],
    ['a pong', (w) => w.pong(Uint8Array.of(1, 2)), '01 0d 00 02 0102'],
    ['a goaway', (w) => w.goaway('bye'), '01 0e 00 03 627965'],
    [
      'a hello',
      (w) => w.hello({ ...MINIMUM_LIMITS, memberId: 7, clusterId: 300 }),
      '01 01 00 0d 80808001 8001 10 808004 07 ac02',
    ],
    ['several messages', (w) => [w.end(1), w.end(2)], '01 080100 080200'],
  ])('%s are those of the specification', (_what, write, expected) => {
    expect(hex(oneFrame(write))).toBe(expected.replaceAll(' ', ''));
  });
});

describe('reading a frame', () => {
  it('gives back what was written, in order', () => {
    const id = fc.integer({ min: 1, max: MAX_CALL_ID });
    const bytes = fc.uint8Array({ maxLength: 200 });
    const text = fc.string({ unit: 'grapheme', maxLength: 30 });
    const status = fc.record({
      code: fc.constantFrom(...Object.values(etcdErrors).map((error) => error.code)),
      text,
      retryable: fc.boolean(),
      outcome: fc.constantFrom('not-applied' as const, 'unknown' as const),
    });
    const metadata = fc.record({
      timeoutMs: fc.option(fc.integer({ min: 1, max: 0xffff_ffff }), { nil: undefined }),
      token: fc.option(text, { nil: undefined }),
      requireLeader: fc.option(fc.boolean(), { nil: undefined }),
    });
    type Step = { write: (w: FrameWriter) => void; expected: unknown[] };
    const step = fc.oneof(
      fc.tuple(id, bytes, metadata).map(([call, value, meta]): Step => {
        const message = PutRequest.create({ value });
        const head = [call, put.id, meta.timeoutMs ?? 0, meta.token, meta.requireLeader ?? false];
        return {
          write: (w) => w.request(call, put, message, meta),
          expected: ['request', ...head, hex(PutRequest.encode(message))],
        };
      }),
      fc.tuple(id, fc.integer({ min: 1, max: 2 ** 31 }), metadata).map(([call, method, meta]): Step => {
        const head = [call, method, meta.timeoutMs ?? 0, meta.token, meta.requireLeader ?? false];
        return { write: (w) => w.open(call, method, meta), expected: ['open', ...head] };
      }),
      fc
        .tuple(id, bytes)
        .map(([call, b]): Step => ({ write: (w) => w.responseBytes(call, b), expected: ['response', call, hex(b)] })),
      fc
        .tuple(id, bytes)
        .map(([call, b]): Step => ({ write: (w) => w.dataBytes(call, b), expected: ['data', call, hex(b)] })),
      fc.tuple(id, status).map(([call, s]): Step => ({ write: (w) => w.error(call, s), expected: ['error', call, s] })),
      fc
        .tuple(id, fc.integer({ min: 0, max: 2 ** 31 }))
        .map(([call, n]): Step => ({ write: (w) => w.credit(call, n), expected: ['credit', call, n] })),
      id.map((call): Step => ({ write: (w) => w.halfClose(call), expected: ['halfClose', call] })),
      id.map((call): Step => ({ write: (w) => w.cancel(call), expected: ['cancel', call] })),
      text.map((t): Step => ({ write: (w) => w.credentials(t), expected: ['credentials', t] })),
      text.map((t): Step => ({ write: (w) => w.goaway(t), expected: ['goaway', t] })),
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
        const frame = oneFrame((writer) => {
          for (const { write } of steps) write(writer);
        });
        expect(read(frame)).toEqual(steps.map(({ expected }) => expected));
      }),
      { numRuns: 200 },
    );
  });

  it('gives payloads as views of the frame', () => {
    const frame = oneFrame((w) => w.dataBytes(1, Uint8Array.of(1, 2, 3)));
    const { visitor } = recorder();
    let payload: Uint8Array = new Uint8Array(0);
    visitor.data = (_call, bytes) => {
      payload = bytes;
    };
    readFrame(frame, visitor);
    expect(payload.buffer).toBe(frame.buffer);
  });

  it('skips kinds of a later version, and later fields of hello', () => {
    expect(read(Uint8Array.of(1, 99, 5, 3, 1, 2, 3, FrameKind.END, 5, 0))).toEqual([['end', 5]]);
    const hello = oneFrame((w) => w.hello({ ...MINIMUM_LIMITS, memberId: 7, clusterId: 9 }));
    hello[3] = (hello[3] ?? 0) + 2;
    expect(read(Buffer.concat([hello, Uint8Array.of(1, 2)]))).toEqual([
      ['hello', { ...MINIMUM_LIMITS, memberId: 7, clusterId: 9 }],
    ]);
  });

  it('takes no peer’s word for less than the minimum', () => {
    const hello = { maxFrameBytes: 1, maxCalls: 1, maxStreams: 1, streamWindowBytes: 1, memberId: 7, clusterId: 9 };
    expect(read(oneFrame((w) => w.hello(hello)))).toEqual([
      ['hello', { ...MINIMUM_LIMITS, memberId: 7, clusterId: 9 }],
    ]);
  });

  it.each([
    ['nothing', '', 'truncated'],
    ['another version', '02 08 01 00', 'unsupported-version'],
    ['a kind alone', '01 08', 'truncated'],
    ['no length', '01 08 01', 'truncated'],
    ['a length beyond the end', '01 06 01 05 00', 'truncated'],
    ['a call id of 32 bits', '01 08 ff ff ff ff 0f 00', 'bad-frame'],
    ['a call id without end', '01 08 ff ff ff ff ff ff ff ff ff ff 01 00', 'overlong-varint'],
    ['a request with id 0', '01 02 00 02 02 00', 'bad-frame'],
    ['a request without method', '01 02 01 00', 'truncated'],
    ['a request without flags', '01 02 01 01 02', 'truncated'],
    ['a request whose timeout is missing', '01 02 01 02 02 01', 'truncated'],
    ['a token beyond the message', '01 02 01 04 02 02 05 61 08 01 00', 'truncated'],
    ['a token that is not UTF-8', '01 0b 00 02 c3 28', 'bad-utf8'],
    ['an error without code', '01 04 01 00', 'truncated'],
    ['a hello cut short', '01 01 00 02 01 01', 'truncated'],
  ])('refuses %s', (_what, text, code) => {
    let error: unknown;
    try {
      read(Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex')));
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ name: 'ProtocolError', code });
  });

  it('refuses texts and pings beyond their limit', () => {
    const long = (kind: number, length: number): Uint8Array =>
      Buffer.concat([
        Uint8Array.of(1, kind, 0, (length & 127) | 128, ((length >> 7) & 127) | 128, length >> 14),
        Buffer.alloc(length, 'a'),
      ]);
    for (const kind of [FrameKind.CREDENTIALS, FrameKind.GOAWAY]) {
      expect(read(long(kind, 16_384))).toHaveLength(1);
      expect(() => read(long(kind, 16_385))).toThrow(expect.objectContaining({ code: 'too-large' }));
    }
    expect(() => read(long(FrameKind.PING, 126))).toThrow(expect.objectContaining({ code: 'too-large' }));
  });

  it('of random bytes ends well or with a ProtocolError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const frame = Buffer.concat([Uint8Array.of(1), bytes]);
        try {
          read(frame);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
        }
      }),
      { numRuns: 20_000 },
    );
  });
});

describe('writing frames', () => {
  it('cuts them at the peer’s limit, between messages', () => {
    const writer = new FrameWriter(1000);
    for (let call = 1; call <= 30; call++) expect(writer.dataBytes(call, new Uint8Array(400).fill(call))).toBe(true);
    const frames = framesOf(writer);
    expect(frames).toHaveLength(15);
    for (const frame of frames) expect(frame.length).toBeLessThanOrEqual(1000);
    expect(frames.flatMap(read).map(([kind, call]) => [kind, call])).toEqual(
      Array.from({ length: 30 }, (_, at) => ['data', at + 1]),
    );
  });

  it('refuses a message that fits no frame, to the byte, and leaves the others', () => {
    const writer = new FrameWriter(1000);
    // version, kind, id, two bytes of length
    expect(writer.dataBytes(1, new Uint8Array(996))).toBe(false);
    expect(writer.dataBytes(1, new Uint8Array(995))).toBe(true);
    expect(writer.request(2, put, PutRequest.create({ value: new Uint8Array(1000) }))).toBe(false);
    expect(writer.open(3, 6, { token: 'x'.repeat(20_000) })).toBe(false);
    expect(framesOf(writer).map((frame) => frame.length)).toEqual([1000]);
    expect(framesOf(writer)).toEqual([]);
  });

  it('never writes to a frame again that it gave out', () => {
    const writer = new FrameWriter(MINIMUM_LIMITS.maxFrameBytes);
    const given: [Uint8Array, string][] = [];
    for (let turn = 0; turn < 300; turn++) {
      for (let call = 1; call <= 1 + (turn % 7); call++) writer.dataBytes(call, new Uint8Array(turn * 3).fill(turn));
      for (const frame of framesOf(writer)) given.push([frame, hex(frame)]);
    }
    for (const [frame, before] of given) expect(hex(frame)).toBe(before);
  });

  it('cuts a long error text between characters', () => {
    const status: RpcStatus = { ...etcdErrors.noLeader, text: `x${'é'.repeat(10_000)}` };
    const [error] = read(oneFrame((w) => w.error(1, status)));
    const { text } = (error ?? [])[2] as RpcStatus;
    expect(text).toBe(status.text.slice(0, text.length));
    expect(Buffer.byteLength(text)).toBe(16_383);
  });

  it('counts what waits', () => {
    const writer = new FrameWriter(1000);
    expect(writer.pendingBytes).toBe(0);
    for (let call = 1; call <= 5; call++) writer.dataBytes(call, new Uint8Array(500));
    const waiting = writer.pendingBytes;
    expect(framesOf(writer).reduce((sum, frame) => sum + frame.length, 0)).toBe(waiting);
    expect(writer.pendingBytes).toBe(0);
  });
});
