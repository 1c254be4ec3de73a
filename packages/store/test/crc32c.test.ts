import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc32c } from '../src/index.js';

/** The definition, one bit a step. */
function bitwise(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

test('the published check values come out (RFC 3720, B.4)', () => {
  expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
  expect(crc32c(new Uint8Array(0))).toBe(0);
});

test('any bytes give what the definition gives, whole or in two parts', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200), (bytes, cut) => {
      const at = Math.min(cut, bytes.length);
      const expected = bitwise(bytes);
      expect(crc32c(bytes)).toBe(expected);
      expect(crc32c(bytes, crc32c(bytes, 0, 0, at), at)).toBe(expected);
      expect(crc32c(bytes.subarray(at), crc32c(bytes.subarray(0, at)))).toBe(expected);
    }),
  );
});
