// 64-bit integers as JavaScript holds them. Most become a number that saturates at ±(2^53 - 1), so that comparisons
// with it stay right; lease ids, which a client chooses, become a bigint that keeps every bit.
// Both travel as two unsigned halves of 32 bits, two's complement.

export const MAX_SAFE = Number.MAX_SAFE_INTEGER;
const TWO_32 = 0x1_0000_0000;
// The high half at which a number stops being exact: 2^53 / 2^32.
const HIGH_LIMIT = 0x20_0000;

const bigs = new BigInt64Array(1);
const halves = new Uint32Array(bigs.buffer);
bigs[0] = 1n;
const LOW = halves[0] === 1 ? 0 : 1;
const HIGH = 1 - LOW;

/** A signed 64-bit integer from its halves, saturated. */
export function int64FromHalves(low: number, high: number): number {
  if (high < HIGH_LIMIT) return high * TWO_32 + low;
  if (high < 0x8000_0000) return MAX_SAFE;
  const value = (high | 0) * TWO_32 + low;
  return Math.max(value, -MAX_SAFE);
}

/** An unsigned 64-bit integer from its halves, saturated. */
export function uint64FromHalves(low: number, high: number): number {
  return high < HIGH_LIMIT ? high * TWO_32 + low : MAX_SAFE;
}

/** A signed 64-bit integer from its halves, exact. */
export function bigintFromHalves(low: number, high: number): bigint {
  if (low === 0 && high === 0) return 0n;
  halves[LOW] = low;
  halves[HIGH] = high;
  return bigs[0] as bigint;
}

/** The value that goes on the wire for a signed field: whole, within ±(2^53 - 1); NaN is 0. */
export function clampInt64(value: number): number {
  if (value > MAX_SAFE) return MAX_SAFE;
  if (value < -MAX_SAFE) return -MAX_SAFE;
  return Math.trunc(value) || 0;
}

/** The value that goes on the wire for an unsigned field: as `clampInt64`, and not below 0. */
export function clampUint64(value: number): number {
  return value < 0 ? 0 : clampInt64(value);
}

/** The low half of a clamped number. */
export function lowHalf(value: number): number {
  return value >>> 0;
}

/** The high half of a clamped number. */
export function highHalf(value: number): number {
  return Math.floor(value / TWO_32) >>> 0;
}

/** The low half of a bigint, which wraps at 64 bits. `highHalfOfLast` gives its other half. */
export function lowHalfOfBigint(value: bigint): number {
  bigs[0] = value;
  return halves[LOW] as number;
}

/** The high half of the bigint that `lowHalfOfBigint` was called with last. */
export function highHalfOfLast(): number {
  return halves[HIGH] as number;
}
