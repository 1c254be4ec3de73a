// Reads protobuf fields from one buffer. Every read is bounded by the end of the message it is in; a byte field is a
// view into the buffer, so its owner must not write to the buffer afterwards. Malformed input is a ProtocolError.
import { ProtocolError } from '../protocol-error.js';
import { bigintFromHalves, int64FromHalves, uint64FromHalves } from './int64.js';

/** The empty byte string that stands for an absent field. Shared; it has no bytes that could change. */
export const EMPTY_BYTES: Uint8Array = new Uint8Array(0);

/** Messages within messages of one kind (a transaction in a transaction) that are read; each transaction counts two. */
export const MAX_NESTING = 100;

// Fatal: bytes that are not UTF-8 are refused instead of replaced. A byte order mark is content.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export class WireReader {
  readonly end: number;
  pos = 0;
  private readonly buf: Uint8Array;
  // halves of the varint read last
  private low = 0;
  private high = 0;
  private depth = 0;

  constructor(bytes: Uint8Array) {
    this.buf = bytes;
    this.end = bytes.length;
  }

  /** One more level of a message that can hold itself. */
  enter(): void {
    this.depth += 1;
    if (this.depth > MAX_NESTING) {
      throw new ProtocolError('too-deep', `messages are nested deeper than ${MAX_NESTING} at byte ${this.pos}`);
    }
  }

  leave(): void {
    this.depth -= 1;
  }

  private truncated(end: number, needed: number): ProtocolError {
    const text = `the message ends at byte ${end} but the field at byte ${this.pos} needs ${needed} bytes`;
    return new ProtocolError('truncated', text);
  }

  private varint(end: number): void {
    const first = this.pos < end ? (this.buf[this.pos] as number) : 0x80;
    if (first < 0x80) {
      this.pos += 1;
      this.low = first;
      this.high = 0;
      return;
    }
    this.longVarint(end);
  }

  private longVarint(end: number): void {
    const buf = this.buf;
    let pos = this.pos;
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (pos >= end) throw this.truncated(end, pos - this.pos + 1);
      const byte = buf[pos++] as number;
      const bits = byte & 0x7f;
      if (shift < 28) {
        low |= bits << shift;
      } else if (shift === 28) {
        low |= bits << 28;
        high = bits >>> 4;
      } else {
        // The tenth byte carries bit 63 alone.
        if (shift === 63 && byte > 1) break;
        high |= bits << (shift - 32);
      }
      if (byte < 0x80) {
        this.pos = pos;
        this.low = low >>> 0;
        this.high = high >>> 0;
        return;
      }
    }
    throw new ProtocolError('overlong-varint', `the varint at byte ${this.pos} does not fit 64 bits`);
  }

  /** One byte. */
  byte(end: number): number {
    if (this.pos >= end) throw this.truncated(end, 1);
    return this.buf[this.pos++] as number;
  }

  /** A field's tag: its number times eight, and its wire type. */
  tag(end: number): number {
    this.varint(end);
    if (this.high !== 0 || this.low < 8) {
      throw new ProtocolError('bad-tag', `the tag before byte ${this.pos} has no valid field number`);
    }
    return this.low;
  }

  /** A length; returns where its content ends, which is not beyond `end`. */
  nested(end: number): number {
    this.varint(end);
    if (this.high !== 0 || this.low > end - this.pos) throw this.truncated(end, this.high * 0x1_0000_0000 + this.low);
    return this.pos + this.low;
  }

  int64(end: number): number {
    this.varint(end);
    return int64FromHalves(this.low, this.high);
  }

  uint64(end: number): number {
    this.varint(end);
    return uint64FromHalves(this.low, this.high);
  }

  bigint64(end: number): bigint {
    this.varint(end);
    return bigintFromHalves(this.low, this.high);
  }

  uint32(end: number): number {
    this.varint(end);
    return this.low;
  }

  int32(end: number): number {
    this.varint(end);
    return this.low | 0;
  }

  bool(end: number): boolean {
    this.varint(end);
    return (this.low | this.high) !== 0;
  }

  /** A length and its bytes, as a view of the buffer. */
  bytes(end: number): Uint8Array {
    return this.rest(this.nested(end));
  }

  /** Everything up to `stop`, as a view of the buffer. */
  rest(stop: number): Uint8Array {
    const start = this.pos;
    if (start === stop) return EMPTY_BYTES;
    this.pos = stop;
    const buf = this.buf;
    return new Uint8Array(buf.buffer, buf.byteOffset + start, stop - start);
  }

  /** A length and its UTF-8 text. */
  string(end: number): string {
    return this.restAsString(this.nested(end));
  }

  /** Everything up to `stop`, as text. */
  restAsString(stop: number): string {
    const at = this.pos;
    const bytes = this.rest(stop);
    if (bytes.length === 0) return '';
    try {
      return utf8.decode(bytes);
    } catch (cause) {
      throw new ProtocolError('bad-utf8', `the string at byte ${at} is not UTF-8`, { cause });
    }
  }

  private advance(count: number, end: number): void {
    if (count > end - this.pos) throw this.truncated(end, count);
    this.pos += count;
  }

  /** Steps over the value of a field that the message does not know. Groups are long gone, but still legal to skip. */
  private skip(tag: number, end: number): void {
    let groups = 0;
    let current = tag;
    for (;;) {
      switch (current & 7) {
        case 0:
          this.varint(end);
          break;
        case 1:
          this.advance(8, end);
          break;
        case 2:
          this.pos = this.nested(end);
          break;
        case 3:
          groups += 1;
          break;
        case 4:
          groups -= 1;
          break;
        case 5:
          this.advance(4, end);
          break;
        default:
          throw new ProtocolError('bad-tag', `the tag before byte ${this.pos} has wire type ${current & 7}`);
      }
      if (groups < 0) throw new ProtocolError('bad-tag', `a group ends at byte ${this.pos} that never began`);
      if (groups === 0) return;
      current = this.tag(end);
    }
  }

  /** Takes a tag that the generated code did not expect: an unknown field is skipped, a known one has a wrong type. */
  unexpected(tag: number, end: number, typeName: string, fields: readonly { number: number; name: string }[]): void {
    const number = tag >>> 3;
    for (const field of fields) {
      if (field.number === number) {
        const text = `${typeName}.${field.name} before byte ${this.pos} has wire type ${tag & 7}`;
        throw new ProtocolError('wrong-wire-type', text);
      }
    }
    this.skip(tag, end);
  }
}
