/** Decompresses a raw Snappy block; null where it is not one. Only for LevelDB's own small index blocks. */
import { ByteReader } from './byte-reader.js';

const MAX_BYTES = 64 * 1024 * 1024;

export function decompressSnappy(bytes: Uint8Array): Uint8Array | null {
  const preamble = new ByteReader(bytes);
  const length = preamble.varint();
  if (preamble.overrun || length > MAX_BYTES) return null;
  const out = new Uint8Array(length);
  let from = preamble.at;
  let to = 0;
  while (from < bytes.length) {
    const tag = bytes[from++] as number;
    const kind = tag & 3;
    if (kind === 0) {
      const extra = Math.max(0, (tag >>> 2) - 59);
      const size = 1 + (extra === 0 ? tag >>> 2 : littleEndian(bytes, from, extra));
      from += extra;
      if (from + size > bytes.length || to + size > length) return null;
      out.set(bytes.subarray(from, from + size), to);
      from += size;
      to += size;
      continue;
    }
    const short = kind === 1;
    const size = short ? 4 + ((tag >>> 2) & 7) : 1 + (tag >>> 2);
    const offsetBytes = short ? 1 : kind === 2 ? 2 : 4;
    const offset = littleEndian(bytes, from, offsetBytes) + (short ? (tag >>> 5) * 256 : 0);
    from += offsetBytes;
    if (offset === 0 || offset > to || to + size > length) return null;
    // A copy may overlap what it writes: byte by byte.
    for (const end = to + size; to < end; to++) out[to] = out[to - offset] as number;
  }
  return to === length ? out : null;
}

function littleEndian(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = count - 1; i >= 0; i--) value = value * 256 + (bytes[at + i] ?? 0);
  return value;
}
