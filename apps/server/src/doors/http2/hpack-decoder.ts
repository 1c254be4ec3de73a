/**
 * HPACK, the reading half (RFC 7541). A block is always read to its end, since the table of the connection depends on
 * it; how much of it is kept is the listener's to decide.
 */
import { decodeHuffman } from './hpack-huffman.js';
import { ConnectionError, ErrorCode } from './http2-errors.js';

export type FieldListener = (name: string, value: string) => void;

/** Section 4.1: what a field counts in the table. */
export const FIELD_OVERHEAD_BYTES = 32;
/** The size that a connection begins with, and the largest that we allow. */
const MAX_TABLE_BYTES = 4096;

// biome-ignore format: a table
const STATIC_TABLE: readonly (readonly [string, string])[] = [
  [':authority', ''], [':method', 'GET'], [':method', 'POST'], [':path', '/'], [':path', '/index.html'],
  [':scheme', 'http'], [':scheme', 'https'], [':status', '200'], [':status', '204'], [':status', '206'],
  [':status', '304'], [':status', '400'], [':status', '404'], [':status', '500'], ['accept-charset', ''],
  ['accept-encoding', 'gzip, deflate'], ['accept-language', ''], ['accept-ranges', ''], ['accept', ''],
  ['access-control-allow-origin', ''], ['age', ''], ['allow', ''], ['authorization', ''], ['cache-control', ''],
  ['content-disposition', ''], ['content-encoding', ''], ['content-language', ''], ['content-length', ''],
  ['content-location', ''], ['content-range', ''], ['content-type', ''], ['cookie', ''], ['date', ''], ['etag', ''],
  ['expect', ''], ['expires', ''], ['from', ''], ['host', ''], ['if-match', ''], ['if-modified-since', ''],
  ['if-none-match', ''], ['if-range', ''], ['if-unmodified-since', ''], ['last-modified', ''], ['link', ''],
  ['location', ''], ['max-forwards', ''], ['proxy-authenticate', ''], ['proxy-authorization', ''], ['range', ''],
  ['referer', ''], ['refresh', ''], ['retry-after', ''], ['server', ''], ['set-cookie', ''],
  ['strict-transport-security', ''], ['transfer-encoding', ''], ['user-agent', ''], ['vary', ''], ['via', ''],
  ['www-authenticate', ''],
];

/** Dead entries at the front of the arrays, before they are cut off. */
const COMPACT_AT = 256;
const MAX_INTEGER = 2 ** 24;

export class HpackDecoder {
  // Entry i of the table, the newest first, is at names.length - 1 - i; entries before `oldest` are evicted.
  #names: string[] = [];
  #values: string[] = [];
  #oldest = 0;
  #tableBytes = 0;
  #limit = MAX_TABLE_BYTES;
  // The block that is being read.
  #block: Buffer = Buffer.alloc(0);
  #at = 0;

  /** @throws ConnectionError, after which the table is of no use */
  decode(block: Buffer, listener: FieldListener): void {
    this.#block = block;
    this.#at = 0;
    let fields = 0;
    while (this.#at < block.length) {
      const byte = block[this.#at] as number;
      if (byte >= 0x80) {
        const index = this.#integer(7);
        listener(this.#nameAt(index), this.#valueAt(index));
        fields += 1;
      } else if (byte >= 0x40) {
        this.#literal(6, true, listener);
        fields += 1;
      } else if (byte >= 0x20) {
        if (fields > 0) throw broken('a change of the table size after a field');
        this.#resize(this.#integer(5));
      } else {
        this.#literal(4, false, listener);
        fields += 1;
      }
    }
  }

  #literal(prefix: number, remember: boolean, listener: FieldListener): void {
    const index = this.#integer(prefix);
    const name = index === 0 ? this.#string() : this.#nameAt(index);
    const value = this.#string();
    if (remember) this.#remember(name, value);
    listener(name, value);
  }

  #remember(name: string, value: string): void {
    this.#names.push(name);
    this.#values.push(value);
    this.#tableBytes += name.length + value.length + FIELD_OVERHEAD_BYTES;
    this.#evict();
  }

  #resize(bytes: number): void {
    if (bytes > MAX_TABLE_BYTES) throw broken(`a table of ${bytes} bytes; ${MAX_TABLE_BYTES} are allowed`);
    this.#limit = bytes;
    this.#evict();
  }

  #evict(): void {
    while (this.#tableBytes > this.#limit) {
      const name = this.#names[this.#oldest] as string;
      const value = this.#values[this.#oldest] as string;
      this.#tableBytes -= name.length + value.length + FIELD_OVERHEAD_BYTES;
      this.#oldest += 1;
    }
    if (this.#oldest < COMPACT_AT) return;
    this.#names = this.#names.slice(this.#oldest);
    this.#values = this.#values.slice(this.#oldest);
    this.#oldest = 0;
  }

  #nameAt(index: number): string {
    const fixed = STATIC_TABLE[index - 1];
    return fixed === undefined ? (this.#names[this.#position(index)] as string) : fixed[0];
  }

  #valueAt(index: number): string {
    const fixed = STATIC_TABLE[index - 1];
    return fixed === undefined ? (this.#values[this.#position(index)] as string) : fixed[1];
  }

  #position(index: number): number {
    const position = this.#names.length - (index - STATIC_TABLE.length);
    if (index === 0 || position < this.#oldest) throw broken(`field ${index} is not in the table`);
    return position;
  }

  /** Section 5.1. */
  #integer(prefix: number): number {
    const most = 2 ** prefix - 1;
    let value = (this.#block[this.#at] as number) & most;
    this.#at += 1;
    if (value < most) return value;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#block[this.#at];
      if (byte === undefined) throw broken('the block ends within an integer');
      this.#at += 1;
      value += (byte & 0x7f) * factor;
      if (value > MAX_INTEGER || factor > MAX_INTEGER) throw broken('an integer that nothing needs');
      if (byte < 0x80) return value;
    }
  }

  /** Section 5.2; one character a byte. */
  #string(): string {
    const first = this.#block[this.#at];
    if (first === undefined) throw broken('the block ends before a string');
    const length = this.#integer(7);
    const start = this.#at;
    this.#at += length;
    if (this.#at > this.#block.length) throw broken('the block ends within a string');
    if (first < 0x80) return this.#block.toString('latin1', start, this.#at);
    const text = decodeHuffman(this.#block, start, this.#at);
    if (text === null) throw broken('a string that is not in Huffman code');
    return text;
  }
}

function broken(text: string): ConnectionError {
  return new ConnectionError(ErrorCode.COMPRESSION_ERROR, text);
}
