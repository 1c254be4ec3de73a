/** Reads LevelDB's varints and strings in order. Running over the end is remembered rather than thrown. */

export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at: number;
  #overrun = false;

  constructor(bytes: Uint8Array, from = 0, to = bytes.length) {
    this.#bytes = bytes;
    this.#at = from;
    this.#end = to;
  }

  get at(): number {
    return this.#at;
  }

  get done(): boolean {
    return this.#overrun || this.#at >= this.#end;
  }

  /** Whether something was read that is not there; what was given for it means nothing. */
  get overrun(): boolean {
    return this.#overrun;
  }

  /** Seven bits a byte, the lowest first; above 2^53 it is inexact, which no file size is. */
  varint(): number {
    let value = 0;
    for (let scale = 1; scale <= 2 ** 63; scale *= 128) {
      if (this.#at >= this.#end) break;
      const byte = this.#bytes[this.#at++] as number;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    this.#overrun = true;
    return 0;
  }

  skip(length: number): void {
    if (length > this.#end - this.#at) this.#overrun = true;
    else this.#at += length;
  }
}

export function readU32(bytes: Uint8Array, at: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
  return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
}

/** LevelDB stores checksums rotated and shifted, so that a checksum of bytes that hold checksums is a good one. */
export function unmaskChecksum(masked: number): number {
  const rotated = (masked - 0xa282ead8) >>> 0;
  return ((rotated >>> 17) | (rotated << 15)) >>> 0;
}
