// gRPC's framing of messages, and the grammar of its headers.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeGrpcStatusText,
  encodeGrpcMessage,
  encodeGrpcStatusText,
  GRPC_PREFIX_BYTES,
  GrpcMessageReader,
  parseGrpcTimeout,
  PutRequest,
} from '../src/index.js';

const LIMIT = 100_000;

function framed(payload: Uint8Array, flag = 0): Uint8Array {
  const frame = Buffer.alloc(GRPC_PREFIX_BYTES + payload.length);
  frame[0] = flag;
  frame.writeUInt32BE(payload.length, 1);
  frame.set(payload, GRPC_PREFIX_BYTES);
  return frame;
}

describe('gRPC messages', () => {
  it('are framed with a flag and a length', () => {
    const message = PutRequest.create({ key: Buffer.from('k'), value: new Uint8Array(70_000).fill(7) });
    expect(Buffer.compare(encodeGrpcMessage(PutRequest, message), framed(PutRequest.encode(message)))).toBe(0);
  });

  it('come out whole and in order, however they are cut', () => {
    const payloads = fc.array(fc.tuple(fc.uint8Array({ maxLength: 200 }), fc.boolean()), { maxLength: 8 });
    const cuts = fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(payloads, cuts, (sent, sizes) => {
        const bytes = Buffer.concat(sent.map(([payload, flag]) => framed(payload, Number(flag))));
        const reader = new GrpcMessageReader(LIMIT);
        const got: [Uint8Array, boolean][] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
          const size = sizes[turn % sizes.length] as number;
          reader.push(bytes.subarray(at, at + size), (payload, flag) => got.push([new Uint8Array(payload), flag]));
          at += size;
        }
        expect(got).toEqual(sent);
        expect(reader.complete).toBe(true);
        expect(reader.heldBytes).toBe(0);
      }),
    );
  });

  it('that are long come out of many pieces as they went in', () => {
    const payload = Uint8Array.from({ length: 90_000 }, (_, index) => index % 251);
    const bytes = framed(payload);
    const reader = new GrpcMessageReader(LIMIT);
    let got: Uint8Array | null = null;
    for (let at = 0; at < bytes.length; at += 1000) {
      reader.push(bytes.subarray(at, at + 1000), (message) => {
        got = message;
      });
    }
    expect(Buffer.compare(got as unknown as Uint8Array, payload)).toBe(0);
  });

  it('above the limit are refused by their prefix, in words that clients know', () => {
    const reader = new GrpcMessageReader(10);
    expect(() => reader.push(Uint8Array.of(0, 0, 0, 0, 11), () => undefined)).toThrow(
      expect.objectContaining({ code: 'too-large', message: 'grpc: received message larger than max (11 vs. 10)' }),
    );
    expect(() => new GrpcMessageReader(10).push(Uint8Array.of(0, 255, 255, 255, 255), () => undefined)).toThrow(
      '(4294967295 vs. 10)',
    );
  });

  it('hold memory for what has come, not for what is promised', () => {
    const reader = new GrpcMessageReader(1_000_000_000);
    reader.push(Uint8Array.of(0, 0x20, 0, 0, 0, 1, 2, 3), () => undefined);
    expect(reader.heldBytes).toBeLessThanOrEqual(16 * 1024);
    expect(reader.complete).toBe(false);
  });

  it('with an unknown flag are refused', () => {
    expect(() => new GrpcMessageReader(LIMIT).push(framed(new Uint8Array(3), 2), () => undefined)).toThrow(
      expect.objectContaining({ code: 'bad-frame' }),
    );
  });
});

describe('gRPC headers', () => {
  it('give timeouts in six units', () => {
    const texts = ['2H', '3M', '4S', '5m', '6000u', '7000000n', '99999999m'];
    expect(texts.map(parseGrpcTimeout)).toEqual([7_200_000, 180_000, 4000, 5, 6, 7, 99_999_999]);
  });

  it.each(['', '5', 'm', '-1S', '1.5S', '123456789S', '5 S', '5s'])('do not take %j for a timeout', (text) => {
    expect(parseGrpcTimeout(text)).toBeUndefined();
  });

  it('escape what is not printable ASCII, and the percent sign', () => {
    expect(encodeGrpcStatusText('50% of "ü"\n')).toBe('50%25 of "%C3%BC"%0A');
    expect(decodeGrpcStatusText('a%2')).toBe('a%2');
    expect(decodeGrpcStatusText('%zz')).toBe('%zz');
  });

  it('carry any text there and back, as bytes that HTTP/2 takes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const encoded = encodeGrpcStatusText(text);
        expect(encoded).toMatch(/^[\x20-\x7e]*$/);
        expect(decodeGrpcStatusText(encoded)).toBe(text);
      }),
    );
  });
});
