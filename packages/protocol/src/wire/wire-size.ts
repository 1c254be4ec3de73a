// How many bytes a field's value takes on the wire. Encoding sizes a message first, so that writing needs no checks and
// nested messages need no moving.
import { clampInt64, clampUint64, highHalf, highHalfOfLast, lowHalf, lowHalfOfBigint } from './int64.js';

/** Bytes of the varint of an unsigned 32-bit integer. */
export function sizeOfVarint32(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x20_0000) return 3;
  return value < 0x1000_0000 ? 4 : 5;
}

function sizeOfHalves(low: number, high: number): number {
  if (high === 0) return sizeOfVarint32(low);
  if (high < 0x8) return 5;
  if (high < 0x400) return 6;
  if (high < 0x2_0000) return 7;
  if (high < 0x100_0000) return 8;
  return high < 0x8000_0000 ? 9 : 10;
}

export function sizeOfInt64(value: number): number {
  if (value >= 0 && value < 0x80) return 1;
  const whole = clampInt64(value);
  return sizeOfHalves(lowHalf(whole), highHalf(whole));
}

export function sizeOfUint64(value: number): number {
  if (value >= 0 && value < 0x80) return 1;
  const whole = clampUint64(value);
  return sizeOfHalves(lowHalf(whole), highHalf(whole));
}

export function sizeOfBigint(value: bigint): number {
  const low = lowHalfOfBigint(value);
  return sizeOfHalves(low, highHalfOfLast());
}

export function sizeOfUint32(value: number): number {
  return sizeOfVarint32(value >>> 0);
}

/** Enums and int32: a negative one takes ten bytes, as protobuf sign-extends it. */
export function sizeOfInt32(value: number): number {
  const whole = value | 0;
  return whole < 0 ? 10 : sizeOfVarint32(whole);
}

/** Bytes of a length and as many bytes of content. */
export function sizeOfLength(length: number): number {
  return sizeOfVarint32(length) + length;
}

export function sizeOfString(value: string): number {
  return sizeOfLength(Buffer.byteLength(value, 'utf8'));
}

/** Bytes of a packed list of enums, without its length. */
export function sizeOfPacked(values: readonly number[]): number {
  let n = 0;
  for (const value of values) n += sizeOfInt32(value);
  return n;
}
