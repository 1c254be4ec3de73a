// A growing arena for protobuf fields and frames. `reserve` makes room, the writes after it do not check, and `take`
// hands out what was written: memory that is never written again, so that a socket may keep it as long as it likes.
import { clampInt64, clampUint64, highHalf, highHalfOfLast, lowHalf, lowHalfOfBigint } from './int64.js';

const SLAB_BYTES = 16 * 1024;

export class WireWriter {
  // start <= pos <= buf.length; bytes below start were taken and belong to others
  private buf: Buffer;
  private start = 0;
  private pos = 0;
  private readonly slabBytes: number;

  /** @param slabBytes bytes allocated at once; what `take` gives out keeps its whole slab alive */
  constructor(slabBytes: number = SLAB_BYTES) {
    this.slabBytes = slabBytes;
    this.buf = Buffer.allocUnsafeSlow(slabBytes);
  }

  /** Bytes written since the last `take`. */
  get length(): number {
    return this.pos - this.start;
  }

  /** Makes room for `count` more bytes. Every write below needs its room reserved. */
  reserve(count: number): void {
    if (this.pos + count > this.buf.length) this.grow(count);
  }

  private grow(count: number): void {
    const written = this.pos - this.start;
    const needed = written + count;
    // Doubling what is already written keeps copying linear; a fresh message larger than a slab gets exactly its size.
    const next = Buffer.allocUnsafeSlow(Math.max(this.slabBytes, written === 0 ? needed : needed * 2));
    this.buf.copy(next, 0, this.start, this.pos);
    this.buf = next;
    this.start = 0;
    this.pos = written;
  }

  /** What was written since the last `take`; it is the caller's from now on. */
  take(): Uint8Array {
    const buf = this.buf;
    const taken = new Uint8Array(buf.buffer, buf.byteOffset + this.start, this.pos - this.start);
    this.start = this.pos;
    return taken;
  }

  /** Forgets what was written since the last `take`. */
  discard(): void {
    this.pos = this.start;
  }

  /** Forgets what was written beyond the first `length` bytes since the last `take`. */
  truncate(length: number): void {
    this.pos = this.start + length;
  }

  byte(value: number): void {
    this.buf[this.pos++] = value;
  }

  uint32le(value: number): void {
    this.pos = this.buf.writeUInt32LE(value, this.pos);
  }

  /** Overwrites four bytes, `at` counted from the last `take`. */
  patchUint32le(at: number, value: number): void {
    this.buf.writeUInt32LE(value, this.start + at);
  }

  /** An unsigned 32-bit integer, also a tag or a length. */
  varint32(value: number): void {
    const buf = this.buf;
    let rest = value;
    while (rest > 0x7f) {
      buf[this.pos++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    buf[this.pos++] = rest;
  }

  private varint64(low: number, high: number): void {
    const buf = this.buf;
    let lo = low;
    let hi = high;
    while (hi > 0) {
      buf[this.pos++] = (lo & 0x7f) | 0x80;
      lo = ((lo >>> 7) | (hi << 25)) >>> 0;
      hi >>>= 7;
    }
    this.varint32(lo);
  }

  int64(value: number): void {
    const whole = clampInt64(value);
    this.varint64(lowHalf(whole), highHalf(whole));
  }

  uint64(value: number): void {
    const whole = clampUint64(value);
    this.varint64(lowHalf(whole), highHalf(whole));
  }

  bigint64(value: bigint): void {
    const low = lowHalfOfBigint(value);
    this.varint64(low, highHalfOfLast());
  }

  uint32(value: number): void {
    this.varint32(value >>> 0);
  }

  int32(value: number): void {
    const whole = value | 0;
    if (whole < 0) this.varint64(whole >>> 0, 0xffff_ffff);
    else this.varint32(whole);
  }

  bool(value: boolean): void {
    this.buf[this.pos++] = value ? 1 : 0;
  }

  /** A length and the bytes. */
  bytes(value: Uint8Array): void {
    this.varint32(value.length);
    this.raw(value);
  }

  /** The bytes alone. */
  raw(value: Uint8Array): void {
    this.buf.set(value, this.pos);
    this.pos += value.length;
  }

  /** A length and the text as UTF-8; a lone surrogate becomes U+FFFD. */
  string(value: string): void {
    const length = Buffer.byteLength(value, 'utf8');
    this.varint32(length);
    this.pos += this.buf.write(value, this.pos, length, 'utf8');
  }
}

// Encoding is synchronous and hands its bytes out before it returns, so all messages can share one arena.
const shared = new WireWriter();

/** A writer with room for one message of `size` bytes; only for generated code, which takes before anything else runs. */
export function beginMessage(size: number): WireWriter {
  // A large message gets an allocation of its own: a slab would be left half empty, and kept alive by its neighbours.
  const writer = size > SLAB_BYTES / 4 ? new WireWriter(size) : shared;
  writer.discard();
  writer.reserve(size);
  return writer;
}
