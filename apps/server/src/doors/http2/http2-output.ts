/**
 * What leaves a connection: frames of one turn in one write, and data as far as the client's windows and the socket allow.
 * What may not leave yet waits with its stream, and streams take turns.
 */
import type { Duplex } from 'node:stream';
import { GRPC_PREFIX_BYTES, type MessageType, WireWriter } from '@understudy/protocol';
import { ConnectionError, ErrorCode } from './http2-errors.js';
import {
  DEFAULT_WINDOW_BYTES,
  Flag,
  FRAME_HEADER_BYTES,
  FrameType,
  MAX_FRAME_BYTES,
  MAX_WINDOW_BYTES,
  writeFrameHeader,
  writeUint32,
} from './http2-frames.js';
import type { Http2Stream } from './http2-stream.js';

/** Unsent bytes of the socket above which nothing more is read or written. */
const CONGESTED_BYTES = 1024 * 1024;
const SLAB_BYTES = 64 * 1024;

export class Http2Output {
  readonly #socket: Duplex;
  readonly #writer = new WireWriter(SLAB_BYTES);
  /** Our side of a stream is complete, and written. */
  readonly #onSaid: (stream: Http2Stream) => void;
  readonly #onWritable: (stream: Http2Stream) => void;
  /** Streams with something to send that wait for the connection's window, or for the socket. */
  readonly #blocked = new Set<Http2Stream>();
  /** Streams whose senders wait. */
  readonly #draining = new Set<Http2Stream>();
  #sendWindow = DEFAULT_WINDOW_BYTES;
  #flushing = false;
  /** Of all streams: what waits for windows. */
  pendingBytes = 0;

  constructor(socket: Duplex, onSaid: (stream: Http2Stream) => void, onWritable: (stream: Http2Stream) => void) {
    this.#socket = socket;
    this.#onSaid = onSaid;
    this.#onWritable = onWritable;
    socket.on('drain', () => this.#drained());
  }

  /** The socket has more than it can send. */
  get congested(): boolean {
    return this.#socket.writableLength > CONGESTED_BYTES;
  }

  // ---- about the connection ----

  settings(list: readonly (readonly [number, number])[]): void {
    this.#frame(6 * list.length, FrameType.SETTINGS, 0, 0);
    for (const [name, value] of list) {
      this.#writer.byte(0);
      this.#writer.byte(name);
      writeUint32(this.#writer, value);
    }
  }

  settingsAck(): void {
    this.#frame(0, FrameType.SETTINGS, Flag.ACK, 0);
  }

  /** `body` has eight bytes. */
  ping(body: Uint8Array, ack: boolean): void {
    this.#frame(8, FrameType.PING, ack ? Flag.ACK : 0, 0);
    this.#writer.raw(body);
  }

  goAway(lastStreamId: number, code: ErrorCode, text: string): void {
    const debug = Buffer.from(text);
    this.#frame(8 + debug.length, FrameType.GOAWAY, 0, 0);
    writeUint32(this.#writer, lastStreamId);
    writeUint32(this.#writer, code);
    this.#writer.raw(debug);
  }

  windowUpdate(streamId: number, bytes: number): void {
    this.#frame(4, FrameType.WINDOW_UPDATE, 0, streamId);
    writeUint32(this.#writer, bytes);
  }

  reset(streamId: number, code: ErrorCode): void {
    this.#frame(4, FrameType.RST_STREAM, 0, streamId);
    writeUint32(this.#writer, code);
  }

  // ---- answers ----

  headers(stream: Http2Stream, block: Uint8Array, end: boolean): void {
    this.#frame(block.length, FrameType.HEADERS, Flag.END_HEADERS | (end ? Flag.END_STREAM : 0), stream.id);
    this.#writer.raw(block);
  }

  whole<T extends object>(
    stream: Http2Stream,
    headers: Uint8Array,
    type: MessageType<T>,
    message: T,
    trailers: Uint8Array,
  ): number {
    const size = type.sizeOf(message);
    const length = GRPC_PREFIX_BYTES + size;
    if (length > MAX_FRAME_BYTES || length > this.#sendWindow || length > stream.sendWindow || this.congested) {
      return 0;
    }
    const writer = this.#writer;
    const before = writer.length;
    writer.reserve(3 * FRAME_HEADER_BYTES + headers.length + length + trailers.length);
    try {
      this.headers(stream, headers, false);
      this.#frame(length, FrameType.DATA, 0, stream.id);
      writer.byte(0);
      writeUint32(writer, size);
      type.write(message, writer);
    } catch (error) {
      writer.truncate(before);
      throw error;
    }
    this.headers(stream, trailers, true);
    this.#sendWindow -= length;
    stream.sendWindow -= length;
    return length;
  }

  pend(stream: Http2Stream, bytes: number): void {
    this.pendingBytes += bytes;
    this.pump(stream);
  }

  awaitDrain(stream: Http2Stream): void {
    this.#draining.add(stream);
  }

  /** Writes what may be written of a stream. */
  pump(stream: Http2Stream): void {
    while (stream.pendingBytes > 0 && !this.congested) {
      const room = Math.min(stream.sendWindow, this.#sendWindow, MAX_FRAME_BYTES);
      if (room <= 0) break;
      this.#writePiece(stream, room);
    }
    if (stream.pendingBytes > 0) {
      // One that waits for its own window is woken by that.
      if (stream.sendWindow > 0) this.#blocked.add(stream);
      return;
    }
    this.#blocked.delete(stream);
    if (stream.endBlock === null) return;
    if (stream.endBlock.length > 0) this.headers(stream, stream.endBlock, true);
    else this.#frame(0, FrameType.DATA, Flag.END_STREAM, stream.id);
    this.#onSaid(stream);
  }

  /** The client takes more, on all streams together. */
  widen(bytes: number): void {
    this.#sendWindow += bytes;
    if (this.#sendWindow > MAX_WINDOW_BYTES) throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, 'too much window');
    this.#pumpBlocked();
    this.tellWritable();
  }

  /** The stream is over: what waits is dropped. */
  forget(stream: Http2Stream): void {
    this.#blocked.delete(stream);
    this.#draining.delete(stream);
    this.pendingBytes -= stream.pendingBytes;
    stream.pendingBytes = 0;
    stream.pending = [];
    stream.endBlock = null;
  }

  #writePiece(stream: Http2Stream, room: number): void {
    const piece = stream.pending[stream.head] as Uint8Array;
    const bytes = piece.subarray(stream.headSent, stream.headSent + room);
    this.#frame(bytes.length, FrameType.DATA, 0, stream.id);
    this.#writer.raw(bytes);
    stream.headSent += bytes.length;
    stream.pendingBytes -= bytes.length;
    this.pendingBytes -= bytes.length;
    stream.sendWindow -= bytes.length;
    this.#sendWindow -= bytes.length;
    if (stream.headSent === piece.length) {
      stream.head += 1;
      stream.headSent = 0;
    }
    if (stream.head === stream.pending.length) {
      stream.pending = [];
      stream.head = 0;
    }
    // Large answers must not gather in one write.
    if (this.#writer.length > SLAB_BYTES) this.flush();
  }

  /** Room for a frame and its body is reserved; the body is to be written next. */
  #frame(length: number, type: number, flags: number, streamId: number): void {
    this.#writer.reserve(FRAME_HEADER_BYTES + length);
    writeFrameHeader(this.#writer, length, type, flags, streamId);
    if (this.#flushing) return;
    this.#flushing = true;
    setImmediate(() => this.flush());
  }

  flush(): void {
    this.#flushing = false;
    if (this.#writer.length === 0) return;
    if (this.#socket.destroyed || this.#socket.writableEnded) this.#writer.discard();
    else if (!this.#socket.write(this.#writer.take()) && this.congested) this.#socket.pause();
    if (this.#draining.size > 0) this.tellWritable();
  }

  #drained(): void {
    this.#socket.resume();
    this.#pumpBlocked();
    this.tellWritable();
  }

  #pumpBlocked(): void {
    for (const stream of [...this.#blocked]) {
      if (this.#sendWindow <= 0 || this.congested) return;
      // To the end of the line, so that each has its turn.
      this.#blocked.delete(stream);
      this.pump(stream);
    }
  }

  tellWritable(): void {
    for (const stream of [...this.#draining]) {
      if (this.congested) return;
      if (stream.pendingBytes > 0 || stream.closed) continue;
      this.#draining.delete(stream);
      if (stream.localEnded) continue;
      stream.wantsDrain = false;
      this.#onWritable(stream);
    }
  }
}
