// Numbers at the edge of what JavaScript holds, and bytes that no encoder makes.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AuthUserAddRequest,
  EMPTY_BYTES,
  KeyValue,
  LeaseGrantRequest,
  Member,
  PutRequest,
  ProtocolError,
  RangeRequest,
  RequestOp,
  SortOrder,
  StatusResponse,
  TxnRequest,
  WatchCreateRequest,
  WatchResponse,
} from '../src/index.js';
import { messageTypes } from './arbitrary-messages.js';

const MAX = Number.MAX_SAFE_INTEGER;
const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
  return 'accepted';
}

describe('64-bit integers', () => {
  it.each([
    ['08 00', 0],
    ['08 01', 1],
    ['08 7f', 127],
    ['08 80 01', 128],
    ['08 ff ff ff ff 0f', 2 ** 32 - 1],
    ['08 80 80 80 80 10', 2 ** 32],
    ['08 ff ff ff ff ff ff ff 0f', MAX],
    ['08 80 80 80 80 80 80 80 10', MAX],
    ['08 ff ff ff ff ff ff ff ff 7f', MAX],
    ['08 80 80 80 80 80 80 80 80 80 01', MAX],
    ['08 ff ff ff ff ff ff ff ff ff 01', MAX],
  ])('unsigned %s is %d', (hex, value) => {
    expect(Member.decode(bytes(hex)).id).toBe(value);
  });

  it.each([
    ['10 ff ff ff ff ff ff ff ff ff 01', -1],
    ['10 80 80 80 80 f8 ff ff ff ff 01', -(2 ** 31)],
    ['10 81 80 80 80 80 80 80 f0 ff 01', -MAX],
    ['10 80 80 80 80 80 80 80 f0 ff 01', -MAX],
    ['10 80 80 80 80 80 80 80 80 80 01', -MAX],
    ['10 ff ff ff ff ff ff ff ff 7f', MAX],
  ])('signed %s is %d', (hex, value) => {
    expect(WatchResponse.decode(bytes(hex)).watchId).toBe(value);
  });

  it('beyond 2^53 saturate when they are written', () => {
    const written = (watchId: number): number =>
      WatchResponse.decode(WatchResponse.encode(WatchResponse.create({ watchId }))).watchId;
    expect([1e300, Number.POSITIVE_INFINITY, -1e300, Number.NaN, 1.9, -1.9, 0.5].map(written)).toEqual([
      MAX,
      MAX,
      -MAX,
      0,
      1,
      -1,
      0,
    ]);
    expect(Member.decode(Member.encode(Member.create({ id: -1 }))).id).toBe(0);
  });

  it('of leases keep every bit', () => {
    for (const id of [2n ** 63n - 1n, -(2n ** 63n), -1n, 2n ** 53n + 1n, 7587869134528476676n, 1n]) {
      expect(LeaseGrantRequest.decode(LeaseGrantRequest.encode(LeaseGrantRequest.create({ id }))).id).toBe(id);
    }
    expect(LeaseGrantRequest.encode(LeaseGrantRequest.create({ id: -1n }))).toEqual(
      bytes('10 ff ff ff ff ff ff ff ff ff 01'),
    );
  });
});

describe('decoding', () => {
  it('gives every field its default, and a value of its own to each list', () => {
    const empty = StatusResponse.decode(EMPTY_BYTES);
    expect(empty).toEqual(StatusResponse.create());
    expect(empty.errors).not.toBe(StatusResponse.decode(EMPTY_BYTES).errors);
    expect(PutRequest.decode(EMPTY_BYTES).key).toBe(EMPTY_BYTES);
  });

  it('takes views of its input, not copies', () => {
    const encoded = PutRequest.encode(PutRequest.create({ key: bytes('01 02'), value: bytes('03') }));
    const within = Buffer.concat([Buffer.alloc(5), encoded]).subarray(5);
    const { key } = PutRequest.decode(within);
    within[2] = 9;
    expect([...key]).toEqual([9, 2]);
  });

  it('takes lists of enums packed and one by one', () => {
    expect(WatchCreateRequest.decode(bytes('2a 02 00 01 28 01')).filters).toEqual([0, 1, 1]);
  });

  it('keeps the last member of a oneof', () => {
    const op = RequestOp.decode(bytes('0a 00 12 03 0a 01 6b'));
    expect(op.requestRange).toBeUndefined();
    expect(op.requestPut?.key).toEqual(bytes('6b'));
  });

  it('keeps an enum’s number that it has no name for', () => {
    expect(RangeRequest.decode(bytes('28 63')).sortOrder).toBe(99);
    expect(RangeRequest.decode(bytes('28 02')).sortOrder).toBe(SortOrder.DESCEND);
  });

  it.each([
    ['a tag alone', '0a', 'truncated'],
    ['a length beyond the end', '0a 05 01', 'truncated'],
    ['a length of 2^40', '0a 80 80 80 80 80 20', 'truncated'],
    ['half a varint', '18 80', 'truncated'],
    ['an eleven byte varint', '18 80 80 80 80 80 80 80 80 80 80 01', 'overlong-varint'],
    ['a varint of 65 bits', '18 ff ff ff ff ff ff ff ff ff 02', 'overlong-varint'],
    ['field number 0', '02 00', 'bad-tag'],
    ['a tag of 33 bits', '80 80 80 80 10 00', 'bad-tag'],
    ['wire type 6', 'f6 01 00', 'bad-tag'],
    ['wire type 7', 'f7 01 00', 'bad-tag'],
    ['a group that never began', 'f4 01', 'bad-tag'],
    ['a group that never ends', 'f3 01 08 01', 'truncated'],
    ['a number where bytes belong', '08 05', 'wrong-wire-type'],
    ['bytes where a number belongs', '1a 00', 'wrong-wire-type'],
    ['an unknown field cut short', 'f2 01 05 00', 'truncated'],
    ['an unknown fixed64 cut short', 'f1 01 00', 'truncated'],
  ])('refuses %s', (_what, hex, code) => {
    expect(codeOf(() => PutRequest.decode(bytes(hex)))).toBe(code);
  });

  it('refuses a string that is not UTF-8, and keeps a byte order mark', () => {
    expect(codeOf(() => AuthUserAddRequest.decode(bytes('0a 02 c3 28')))).toBe('bad-utf8');
    expect(AuthUserAddRequest.decode(bytes('0a 04 ef bb bf 61')).name).toBe('\ufeffa');
  });

  it('reads transactions 50 deep and refuses deeper ones', () => {
    const nest = (depth: number): Uint8Array => {
      let txn = TxnRequest.create();
      for (let i = 1; i < depth; i++) txn = TxnRequest.create({ success: [RequestOp.create({ requestTxn: txn })] });
      return TxnRequest.encode(txn);
    };
    expect(codeOf(() => TxnRequest.decode(nest(50)))).toBe('accepted');
    expect(codeOf(() => TxnRequest.decode(nest(51)))).toBe('too-deep');
    // Not only as deep, but as deep as the bytes allow.
    let bomb = bytes('');
    for (let i = 0; i < 2000; i++) {
      bomb = Buffer.concat([
        bytes('12'),
        varint(bomb.length + 1 + varint(bomb.length).length),
        bytes('22'),
        varint(bomb.length),
        bomb,
      ]);
    }
    expect(codeOf(() => TxnRequest.decode(bomb))).toBe('too-deep');
  });

  it('of random bytes ends with a message or a ProtocolError, whatever the type', () => {
    fc.assert(
      fc.property(fc.constantFrom(...messageTypes), fc.uint8Array({ maxLength: 200 }), (type, input) => {
        expect(codeOf(() => type.decode(input))).toBeTypeOf('string');
      }),
      { numRuns: 10_000 },
    );
  });

  it('of a message with bytes changed ends with a message or a ProtocolError', () => {
    const kv = KeyValue.create({ key: bytes('6b'), value: new Uint8Array(40), lease: 77n, modRevision: 2 ** 40 });
    const put = RequestOp.create({ requestPut: PutRequest.create({ key: kv.key, value: kv.value, lease: 5n }) });
    const encoded = TxnRequest.encode(TxnRequest.create({ success: [put, put], failure: [put] }));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: encoded.length - 1 }), fc.nat({ max: 255 })), { maxLength: 4 }),
        fc.nat({ max: encoded.length }),
        (changes, length) => {
          const damaged = encoded.slice(0, length);
          for (const [at, byte] of changes) damaged[at] = byte;
          expect(codeOf(() => TxnRequest.decode(damaged))).toBeTypeOf('string');
        },
      ),
      { numRuns: 10_000 },
    );
  });

  it('of a megabyte of tiny fields takes well under a second', () => {
    const compares = new Uint8Array(1024 * 1024);
    for (let at = 0; at < compares.length; at += 2) compares[at] = 0x0a;
    const before = process.cpuUsage();
    expect(TxnRequest.decode(compares).compare).toHaveLength(512 * 1024);
    const groups = new Uint8Array(1024 * 1024).fill(0xf3);
    expect(codeOf(() => TxnRequest.decode(groups))).not.toBe('accepted');
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(2000);
  });
});

function varint(value: number): Uint8Array {
  const out: number[] = [];
  let rest = value;
  while (rest > 127) {
    out.push((rest & 127) | 128);
    rest >>>= 7;
  }
  return Uint8Array.from([...out, rest]);
}

describe('encoding', () => {
  it('gives out bytes that later messages do not touch', () => {
    const first = PutRequest.encode(PutRequest.create({ key: bytes('aa'), value: new Uint8Array(100).fill(1) }));
    const copy = first.slice();
    for (let i = 0; i < 1000; i++)
      PutRequest.encode(PutRequest.create({ key: bytes('bb'), value: new Uint8Array(100).fill(2) }));
    expect(first).toEqual(copy);
  });

  it('handles messages of any size', () => {
    for (const size of [0, 1, 127, 128, 4000, 4096, 16_383, 16_384, 70_000, 3_000_000]) {
      const value = new Uint8Array(size).fill(size % 251);
      const decoded = PutRequest.decode(PutRequest.encode(PutRequest.create({ key: bytes('6b'), value })));
      expect(Buffer.compare(decoded.value, value), String(size)).toBe(0);
    }
  });

  it('replaces lone surrogates rather than failing', () => {
    const encoded = AuthUserAddRequest.encode(AuthUserAddRequest.create({ name: 'a\ud800b' }));
    expect(AuthUserAddRequest.decode(encoded).name).toBe('a\ufffdb');
  });

  it('makes the bytes of the protobuf specification', () => {
    const put = PutRequest.create({ key: Buffer.from('foo'), value: Buffer.from('bar'), lease: 150n, prevKv: true });
    expect(PutRequest.encode(put)).toEqual(bytes('0a 03 66 6f 6f  12 03 62 61 72  18 96 01  20 01'));
  });
});
