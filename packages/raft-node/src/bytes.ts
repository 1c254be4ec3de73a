/**
 * Reading and writing the binary formats of this package: bytes, and unsigned variable-length integers of 7 bits a
 * byte, least significant first, up to 2^53 - 1. A reader never reads beyond its bytes: it throws `malformed-frame`.
 */
import { RaftNodeError } from './errors.js';

/** An integer of 53 bits takes at most this many bytes. */
export const MAX_VARINT_BYTES = 8;

/** Writes into a buffer whose capacity the caller has bounded beforehand. */
export class ByteWriter {
  readonly buffer: Buffer;
  // 0 <= position <= buffer.length
  position = 0;

  constructor(capacity: number) {
    this.buffer = Buffer.allocUnsafe(capacity);
  }

  u8(value: number): void {
    this.buffer[this.position++] = value;
  }

  varint(value: number): void {
    const { buffer } = this;
    let { position } = this;
    // Beyond 31 bits the bit operators would cut the number.
    while (value > 0x7fffffff) {
      buffer[position++] = (value % 128) | 128;
      value = Math.floor(value / 128);
    }
    while (value > 127) {
      buffer[position++] = (value & 127) | 128;
      value >>>= 7;
    }
    buffer[position++] = value;
    this.position = position;
  }

  bytes(source: Uint8Array): void {
    this.buffer.set(source, this.position);
    this.position += source.length;
  }

  finish(): Uint8Array {
    return this.buffer.subarray(0, this.position);
  }
}

export class ByteReader {
  // 0 <= position <= bytes.length
  position = 0;

  constructor(readonly bytes: Uint8Array) {}

  get remaining(): number {
    return this.bytes.length - this.position;
  }

  u8(): number {
    if (this.position >= this.bytes.length) this.fail('ends early');
    return this.bytes[this.position++] as number;
  }

  varint(): number {
    let byte = this.u8();
    if (byte < 128) return byte;
    let value = byte & 127;
    for (let shift = 7; shift < 28; shift += 7) {
      byte = this.u8();
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
    let scale = 2 ** 28;
    for (let count = 4; count < MAX_VARINT_BYTES; count++) {
      byte = this.u8();
      value += (byte & 127) * scale;
      if (byte < 128) {
        if (value > Number.MAX_SAFE_INTEGER) this.fail('has an integer beyond 2^53');
        return value;
      }
      scale *= 128;
    }
    return this.fail('has an integer that is too long');
  }

  /** A view, not a copy: it keeps the whole of `bytes` alive. */
  view(length: number): Uint8Array {
    if (length > this.remaining) this.fail(`ends early: ${length} bytes announced, ${this.remaining} left`);
    const { bytes, position } = this;
    this.position = position + length;
    return new Uint8Array(bytes.buffer, bytes.byteOffset + position, length);
  }

  /** The number of items that follow, each of at least `itemBytes`: so that a length never allocates more than arrived. */
  count(itemBytes: number): number {
    const count = this.varint();
    if (count * itemBytes > this.remaining) this.fail(`announces ${count} items in ${this.remaining} bytes`);
    return count;
  }

  fail(why: string): never {
    throw new RaftNodeError('malformed-frame', `frame of ${this.bytes.length} bytes ${why}, at ${this.position}`);
  }
}
