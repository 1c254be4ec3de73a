/**
 * Keys as strings: one latin-1 character per byte. Such strings take one byte a character, compare in byte order and
 * need no object each, which is what keeps the index small and fast.
 */

/** Above every key: no byte becomes this character. Stands for the end of an unbounded range. */
export const endOfKeys = '\u0100';

export function keyOf(bytes: Uint8Array): string {
  const buffer = bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString('latin1');
}

export function bytesOf(key: string): Uint8Array {
  return Buffer.from(key, 'latin1');
}

/** The exclusive end of a range whose `rangeEnd` is not empty. */
export function endOf(rangeEnd: Uint8Array): string {
  return rangeEnd.length === 1 && rangeEnd[0] === 0 ? endOfKeys : keyOf(rangeEnd);
}
