/**
 * Where records live in the store. Entries first, in index order; the records that every batch or snapshot replaces
 * after them, so that LevelDB's tables of new entries do not span all the old ones.
 */

const ENTRY_PREFIX = 0x10;
export const ENTRY_KEY_BYTES = 8;

export const STATE_KEY = Uint8Array.of(0x20);
export const SNAPSHOT_KEY = Uint8Array.of(0x21);
export const INSTALL_KEY = Uint8Array.of(0x22);
export const IDENTITY_KEY = Uint8Array.of(0x23);

/** Above every entry's key. */
export const ENTRIES_END = Uint8Array.of(ENTRY_PREFIX + 1);

/** The prefix and the index, seven bytes big endian: below 2^53 fits, and byte order is index order. */
export function writeEntryKey(into: Uint8Array, at: number, index: number): void {
  const high = Math.floor(index / 0x1_0000_0000);
  into[at] = ENTRY_PREFIX;
  into[at + 1] = high >>> 16;
  into[at + 2] = high >>> 8;
  into[at + 3] = high;
  into[at + 4] = index / 0x100_0000;
  into[at + 5] = index / 0x1_0000;
  into[at + 6] = index / 0x100;
  into[at + 7] = index;
}

export function entryKey(index: number): Uint8Array {
  const key = new Uint8Array(ENTRY_KEY_BYTES);
  writeEntryKey(key, 0, index);
  return key;
}

/** The index in an entry's key; null where the key is not one. */
export function indexOfKey(key: Uint8Array): number | null {
  if (key.length !== ENTRY_KEY_BYTES || key[0] !== ENTRY_PREFIX) return null;
  let index = 0;
  for (let at = 1; at < ENTRY_KEY_BYTES; at++) index = index * 256 + (key[at] as number);
  return index <= Number.MAX_SAFE_INTEGER ? index : null;
}
