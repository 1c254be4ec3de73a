/**
 * Fixed-width numbers inside records: little endian, whole numbers below 2^53 in eight bytes. On the hot path, hence
 * plain byte stores, which need no view object per record.
 */

/** Above every valid number; what `readNumber` gives for eight bytes that hold 2^53 or more. */
export const NOT_A_NUMBER = Number.POSITIVE_INFINITY;

export function writeU32(into: Uint8Array, at: number, value: number): void {
  into[at] = value;
  into[at + 1] = value >>> 8;
  into[at + 2] = value >>> 16;
  into[at + 3] = value >>> 24;
}

export function readU32(from: Uint8Array, at: number): number {
  return (
    ((from[at] as number) |
      ((from[at + 1] as number) << 8) |
      ((from[at + 2] as number) << 16) |
      ((from[at + 3] as number) << 24)) >>>
    0
  );
}

export function writeNumber(into: Uint8Array, at: number, value: number): void {
  writeU32(into, at, value % 0x1_0000_0000);
  writeU32(into, at + 4, Math.floor(value / 0x1_0000_0000));
}

export function readNumber(from: Uint8Array, at: number): number {
  const high = readU32(from, at + 4);
  return high < 0x20_0000 ? high * 0x1_0000_0000 + readU32(from, at) : NOT_A_NUMBER;
}
