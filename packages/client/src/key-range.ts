// Keys and ranges of keys, as a caller names them and as the wire wants them.
// A range on the wire is `[key, rangeEnd)`; an empty end is the one key, an end of one zero byte is every key from `key`.

/** Text is sent as UTF-8. Bytes are read before the call returns, so the caller may reuse them. */
export type Bytes = string | Uint8Array;

/** Which keys: one, all with a prefix, `[from, to)`, or everything from one on. */
export type KeyRange =
  | { readonly key: Bytes }
  | { readonly prefix: Bytes }
  | { readonly from: Bytes; readonly to: Bytes }
  | { readonly from: Bytes };

export interface WireRange {
  readonly key: Uint8Array;
  readonly rangeEnd: Uint8Array;
}

const NONE: Uint8Array = new Uint8Array(0);
const ZERO: Uint8Array = Uint8Array.of(0);

export function toBytes(value: Bytes): Uint8Array {
  return typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
}

/**
 * The smallest key that is greater than every key with this prefix. There is none for a prefix of 0xff bytes only:
 * then it is the end that stands for every key.
 */
export function prefixEnd(prefix: Uint8Array): Uint8Array {
  for (let i = prefix.length - 1; i >= 0; i--) {
    const byte = prefix[i] as number;
    if (byte === 0xff) continue;
    const end = Uint8Array.from(prefix.subarray(0, i + 1));
    end[i] = byte + 1;
    return end;
  }
  return ZERO;
}

/** A key, or a range, as the wire has it. An empty prefix is every key. */
export function toWireRange(keys: Bytes | KeyRange): WireRange {
  if (typeof keys === 'string' || keys instanceof Uint8Array) return { key: toBytes(keys), rangeEnd: NONE };
  if ('key' in keys) return { key: toBytes(keys.key), rangeEnd: NONE };
  if ('prefix' in keys) {
    const prefix = toBytes(keys.prefix);
    return prefix.length === 0 ? { key: ZERO, rangeEnd: ZERO } : { key: prefix, rangeEnd: prefixEnd(prefix) };
  }
  const from = toBytes(keys.from);
  const key = from.length === 0 ? ZERO : from;
  return { key, rangeEnd: 'to' in keys ? toBytes(keys.to) : ZERO };
}
