/**
 * What comes in on a connection: the preface, then frames, whole and in an order that HTTP/2 allows (RFC 9113, section
 * 6). Header blocks are put together and decoded here. Knows nothing of streams but their numbers: whether one is open is
 * the connection's to say. What breaks the rules is thrown as a ConnectionError.
 */
import { HpackDecoder } from './hpack-decoder.js';
import { ConnectionError, ErrorCode, protocolError } from './http2-errors.js';
import { Flag, FrameReader, FrameType, PREFACE } from './http2-frames.js';
import { RequestHeaders } from './request-headers.js';
import type { Strain } from './strain.js';

export interface Http2Events {
  /** A header block is complete: a request, or the trailers of one. */
  onHeaders(streamId: number, headers: RequestHeaders, endStream: boolean): void;
  /** `payload` is a view; `frameBytes` is what the frame takes of the windows, padding too. */
  onData(streamId: number, payload: Buffer, frameBytes: number, endStream: boolean): void;
  onReset(streamId: number): void;
  /** Those of the client, as pairs of name and value. */
  onSettings(settings: readonly (readonly [number, number])[]): void;
  /** `body` has eight bytes. */
  onPing(body: Buffer, ack: boolean): void;
  /** Of the connection where the stream is 0. */
  onWindowUpdate(streamId: number, bytes: number): void;
}

/** A header block that comes in pieces. */
interface HeaderBlock {
  readonly streamId: number;
  readonly endStream: boolean;
  readonly pieces: Buffer[];
  bytes: number;
}

/** Compressed; what it may expand to is limited by itself. */
const MAX_HEADER_BLOCK_BYTES = 64 * 1024;
const MAX_HEADER_PIECES = 32;
const PRIORITY_BYTES = 5;
const SETTING_BYTES = 6;

export class Http2Input {
  readonly #events: Http2Events;
  readonly #strain: Strain;
  readonly #maxHeaderListBytes: number;
  readonly #reader = new FrameReader();
  readonly #hpack = new HpackDecoder();
  #prefaceSeen = 0;
  #settled = false;
  #stopped = false;
  #headerBlock: HeaderBlock | null = null;

  constructor(events: Http2Events, strain: Strain, maxHeaderListBytes: number) {
    this.#events = events;
    this.#strain = strain;
    this.#maxHeaderListBytes = maxHeaderListBytes;
  }

  /** Tells of every frame that `chunk` completes. @throws ConnectionError, after which nothing more may be pushed */
  push(chunk: Buffer): void {
    const rest = this.#prefaceSeen < PREFACE.length ? this.#readPreface(chunk) : chunk;
    this.#reader.push(rest, (type, flags, streamId, body) => {
      if (!this.#stopped) this.#onFrame(type, flags, streamId, body);
    });
  }

  /** Nothing more is told, not even what has come already. */
  stop(): void {
    this.#stopped = true;
  }

  #readPreface(chunk: Buffer): Buffer {
    const taken = Math.min(PREFACE.length - this.#prefaceSeen, chunk.length);
    const expected = PREFACE.subarray(this.#prefaceSeen, this.#prefaceSeen + taken);
    if (!expected.equals(chunk.subarray(0, taken))) throw protocolError('this is not the preface of HTTP/2');
    this.#prefaceSeen += taken;
    return chunk.subarray(taken);
  }

  #onFrame(type: number, flags: number, streamId: number, body: Buffer): void {
    if (this.#headerBlock !== null && type !== FrameType.CONTINUATION) {
      throw protocolError('a frame within a header block');
    }
    if (!this.#settled && type !== FrameType.SETTINGS) throw protocolError('settings come first');
    switch (type) {
      case FrameType.DATA:
        this.#events.onData(streamId, unpadded(flags, body), body.length, endsStream(flags));
        break;
      case FrameType.HEADERS:
        this.#onHeaders(flags, streamId, body);
        break;
      case FrameType.CONTINUATION:
        this.#onContinuation(flags, streamId, body);
        break;
      case FrameType.RST_STREAM:
        mustHave(4, body, 'a reset');
        this.#events.onReset(streamId);
        break;
      case FrameType.SETTINGS:
        this.#onSettings(flags, streamId, body);
        break;
      case FrameType.PING:
        if (streamId !== 0) throw protocolError('a ping of a stream');
        mustHave(8, body, 'a ping');
        this.#events.onPing(body, (flags & Flag.ACK) !== 0);
        break;
      case FrameType.WINDOW_UPDATE:
        mustHave(4, body, 'a window update');
        this.#events.onWindowUpdate(streamId, body.readUInt32BE(0) & 0x7fff_ffff);
        break;
      case FrameType.PUSH_PROMISE:
        throw protocolError('a client pushes nothing');
      default:
        // PRIORITY says nothing any more, GOAWAY nothing to a server, and unknown types are to be ignored.
        this.#strain.add(1);
    }
  }

  #onHeaders(flags: number, streamId: number, body: Buffer): void {
    if (streamId % 2 === 0) throw protocolError(`a request on stream ${streamId}`);
    let block = unpadded(flags, body);
    if ((flags & Flag.PRIORITY) !== 0) {
      if (block.length < PRIORITY_BYTES) {
        throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, 'a priority without room');
      }
      block = block.subarray(PRIORITY_BYTES);
    }
    const endStream = endsStream(flags);
    if ((flags & Flag.END_HEADERS) !== 0) this.#onBlock(streamId, endStream, block);
    else this.#headerBlock = { streamId, endStream, pieces: [block], bytes: block.length };
  }

  #onContinuation(flags: number, streamId: number, body: Buffer): void {
    const held = this.#headerBlock;
    if (held === null || held.streamId !== streamId) throw protocolError('a continuation of nothing');
    held.pieces.push(body);
    held.bytes += body.length;
    if (held.bytes > MAX_HEADER_BLOCK_BYTES || held.pieces.length > MAX_HEADER_PIECES) {
      throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, 'a header block without end');
    }
    if ((flags & Flag.END_HEADERS) === 0) return;
    this.#headerBlock = null;
    this.#onBlock(streamId, held.endStream, Buffer.concat(held.pieces));
  }

  /** Every block is decoded, wanted or not: the next one refers to what this one says. */
  #onBlock(streamId: number, endStream: boolean, block: Buffer): void {
    const headers = new RequestHeaders(this.#maxHeaderListBytes);
    this.#hpack.decode(block, (name, value) => headers.add(name, value));
    this.#events.onHeaders(streamId, headers, endStream);
  }

  #onSettings(flags: number, streamId: number, body: Buffer): void {
    if (streamId !== 0) throw protocolError('settings of a stream');
    const ack = (flags & Flag.ACK) !== 0;
    if (ack ? body.length > 0 : body.length % SETTING_BYTES !== 0) {
      throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, `settings of ${body.length} bytes`);
    }
    if (ack) return;
    this.#settled = true;
    const settings: [number, number][] = [];
    for (let at = 0; at < body.length; at += SETTING_BYTES) {
      settings.push([body.readUInt16BE(at), body.readUInt32BE(at + 2)]);
    }
    this.#events.onSettings(settings);
  }
}

function endsStream(flags: number): boolean {
  return (flags & Flag.END_STREAM) !== 0;
}

function mustHave(bytes: number, body: Buffer, what: string): void {
  if (body.length === bytes) return;
  throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, `${what} of ${body.length} bytes in the place of ${bytes}`);
}

function unpadded(flags: number, body: Buffer): Buffer {
  if ((flags & Flag.PADDED) === 0) return body;
  const padding = body[0];
  if (padding === undefined || padding >= body.length) throw protocolError('more padding than frame');
  return body.subarray(1, body.length - padding);
}
