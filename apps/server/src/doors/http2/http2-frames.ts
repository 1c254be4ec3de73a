/** HTTP/2's frames (RFC 9113, sections 4 and 6): their numbers, and the cutting of what arrives into frames. */
import type { WireWriter } from '@understudy/protocol';
import { ConnectionError, ErrorCode } from './http2-errors.js';

export const FrameType = {
  DATA: 0x0,
  HEADERS: 0x1,
  PRIORITY: 0x2,
  RST_STREAM: 0x3,
  SETTINGS: 0x4,
  PUSH_PROMISE: 0x5,
  PING: 0x6,
  GOAWAY: 0x7,
  WINDOW_UPDATE: 0x8,
  CONTINUATION: 0x9,
} as const;

export const Flag = { END_STREAM: 0x1, ACK: 0x1, END_HEADERS: 0x4, PADDED: 0x8, PRIORITY: 0x20 } as const;

export const Setting = {
  HEADER_TABLE_SIZE: 0x1,
  ENABLE_PUSH: 0x2,
  MAX_CONCURRENT_STREAMS: 0x3,
  INITIAL_WINDOW_SIZE: 0x4,
  MAX_FRAME_SIZE: 0x5,
  MAX_HEADER_LIST_SIZE: 0x6,
} as const;

export const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
export const FRAME_HEADER_BYTES = 9;
/** What both sides take unless they say otherwise; we send no larger ones either. */
export const MAX_FRAME_BYTES = 16_384;
export const DEFAULT_WINDOW_BYTES = 65_535;
export const MAX_WINDOW_BYTES = 2 ** 31 - 1;

/** The body is a view, and the reader does not touch it again. */
export type FrameListener = (type: number, flags: number, streamId: number, body: Buffer) => void;

export class FrameReader {
  readonly #header = Buffer.alloc(FRAME_HEADER_BYTES);
  #headerFilled = 0;
  /** Of a frame that came in several pieces; null between frames. */
  #body: Buffer | null = null;
  #bodyFilled = 0;

  /** @throws ConnectionError on a frame above the limit */
  push(chunk: Buffer, listener: FrameListener): void {
    let at = 0;
    while (at < chunk.length) {
      const body = this.#body;
      if (body !== null) {
        const taken = Math.min(body.length - this.#bodyFilled, chunk.length - at);
        chunk.copy(body, this.#bodyFilled, at, at + taken);
        this.#bodyFilled += taken;
        at += taken;
        if (this.#bodyFilled === body.length) this.#emit(this.#header, 0, body, listener);
      } else if (this.#headerFilled === 0 && chunk.length - at >= FRAME_HEADER_BYTES) {
        const length = frameLength(chunk, at);
        const start = at + FRAME_HEADER_BYTES;
        if (chunk.length - start >= length) {
          this.#emit(chunk, at, chunk.subarray(start, start + length), listener);
          at = start + length;
        } else {
          chunk.copy(this.#header, 0, at, start);
          this.#begin(length);
          at = start;
        }
      } else {
        this.#header[this.#headerFilled] = chunk[at] as number;
        this.#headerFilled += 1;
        at += 1;
        if (this.#headerFilled === FRAME_HEADER_BYTES) {
          const length = frameLength(this.#header, 0);
          if (length === 0) this.#emit(this.#header, 0, Buffer.alloc(0), listener);
          else this.#begin(length);
        }
      }
    }
  }

  #begin(length: number): void {
    this.#body = Buffer.allocUnsafe(length);
    this.#bodyFilled = 0;
  }

  #emit(header: Buffer, at: number, body: Buffer, listener: FrameListener): void {
    this.#body = null;
    this.#headerFilled = 0;
    listener(header[at + 3] as number, header[at + 4] as number, header.readUInt32BE(at + 5) & 0x7fff_ffff, body);
  }
}

function frameLength(bytes: Buffer, at: number): number {
  const length = bytes.readUIntBE(at, 3);
  if (length > MAX_FRAME_BYTES) {
    throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, `a frame of ${length} bytes; ${MAX_FRAME_BYTES} are allowed`);
  }
  return length;
}

/** The room must be reserved. */
export function writeFrameHeader(
  writer: WireWriter,
  length: number,
  type: number,
  flags: number,
  streamId: number,
): void {
  writer.byte(length >>> 16);
  writer.byte((length >>> 8) & 0xff);
  writer.byte(length & 0xff);
  writer.byte(type);
  writer.byte(flags);
  writeUint32(writer, streamId);
}

export function writeUint32(writer: WireWriter, value: number): void {
  writer.byte(value >>> 24);
  writer.byte((value >>> 16) & 0xff);
  writer.byte((value >>> 8) & 0xff);
  writer.byte(value & 0xff);
}
