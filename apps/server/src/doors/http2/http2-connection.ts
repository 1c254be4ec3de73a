/**
 * The server's end of one HTTP/2 connection (RFC 9113), made for gRPC: small requests and answers, many at once. What is
 * answered in one turn leaves in one write. A client that breaks the rules loses its connection, one that strains them
 * as well, and no client makes us keep more than it has windows and limits for.
 *
 * Ours rather than node's because node's refuses what clients of etcd send as an authority, and costs several times as
 * much a call.
 */
import type { Duplex } from 'node:stream';
import { GRPC_PREFIX_BYTES, type MessageType, WireWriter } from '@understudy/protocol';
import { HpackDecoder } from './hpack-decoder.js';
import { encodeFields } from './hpack-encoder.js';
import { ConnectionError, ErrorCode } from './http2-errors.js';
import {
  DEFAULT_WINDOW_BYTES,
  Flag,
  FRAME_HEADER_BYTES,
  FrameReader,
  FrameType,
  MAX_FRAME_BYTES,
  MAX_WINDOW_BYTES,
  PREFACE,
  Setting,
  writeFrameHeader,
  writeUint32,
} from './http2-frames.js';
import { Http2Stream } from './http2-stream.js';
import { type HeaderMap, RequestHeaders } from './request-headers.js';
import { Strain } from './strain.js';

export interface Http2Host {
  /** A request; the host sets the stream's listener before it returns. Must not throw. */
  onStream(stream: Http2Stream, headers: HeaderMap): void;
  onPing(): void;
  onPong(): void;
  /** The connection is gone, and its streams are closed. Called once. */
  onClose(): void;
  /** Something was thrown that is none of the client's fault. */
  onDefect(error: unknown): void;
}

export interface Http2Options {
  readonly maxConcurrentStreams: number;
  /** Names, values, and 32 for each field. */
  readonly maxHeaderListBytes: number;
  /** What a client may send on one stream before it is granted more. */
  readonly streamWindowBytes: number;
  /** The same, on all streams together. */
  readonly connectionWindowBytes: number;
  /** From here to the client's settings. */
  readonly handshakeTimeoutMs: number;
}

/** A header block that comes in pieces. */
interface HeaderBlock {
  readonly streamId: number;
  readonly endStream: boolean;
  readonly pieces: Buffer[];
  bytes: number;
}

/** Unsent bytes of the socket above which nothing more is read or written. */
const CONGESTED_BYTES = 1024 * 1024;
/** Compressed; what it may expand to is limited by itself. */
const MAX_HEADER_BLOCK_BYTES = 64 * 1024;
const MAX_HEADER_PIECES = 32;
const SETTINGS_COST = 20;
const SLAB_BYTES = 64 * 1024;
const TOO_LARGE = encodeFields({ ':status': '431' });

export class Http2Connection {
  readonly #socket: Duplex;
  readonly #host: Http2Host;
  readonly #options: Http2Options;
  readonly #reader = new FrameReader();
  readonly #hpack = new HpackDecoder();
  readonly #writer = new WireWriter(SLAB_BYTES);
  readonly #strain = new Strain();
  readonly #streams = new Map<number, Http2Stream>();
  /** Streams with something to send that wait for the connection's window, or for the socket. */
  readonly #blocked = new Set<Http2Stream>();
  /** Streams whose senders wait. */
  readonly #draining = new Set<Http2Stream>();
  readonly #handshake: NodeJS.Timeout;
  #prefaceSeen = 0;
  #settled = false;
  #headerBlock: HeaderBlock | null = null;
  #lastStreamId = 0;
  #sendWindow = DEFAULT_WINDOW_BYTES;
  #peerStreamWindow = DEFAULT_WINDOW_BYTES;
  #receiveWindow: number;
  #owedBytes = 0;
  #flushing = false;
  #goingAway = false;
  #gone = false;
  /** Of all streams: what waits for windows. */
  pendingBytes = 0;
  /** Something came since this was last set to false. */
  heard = false;

  constructor(socket: Duplex, host: Http2Host, options: Http2Options) {
    this.#socket = socket;
    this.#host = host;
    this.#options = options;
    this.#receiveWindow = options.connectionWindowBytes;
    this.#handshake = setTimeout(() => socket.destroy(), options.handshakeTimeoutMs);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('drain', () => this.#drained());
    socket.on('error', () => socket.destroy());
    // A client that sends no more hears no more either.
    socket.on('end', () => {
      socket.end();
      this.#closed();
    });
    socket.on('close', () => this.#closed());
    this.#writeSettings();
    socket.resume();
  }

  get streamCount(): number {
    return this.#streams.size;
  }

  /** The socket has more than it can send. */
  get congested(): boolean {
    return this.#socket.writableLength > CONGESTED_BYTES;
  }

  ping(): void {
    if (this.#gone) return;
    this.#frame(8, FrameType.PING, 0, 0);
    writeUint32(this.#writer, 0);
    writeUint32(this.#writer, 0);
  }

  /** New requests go elsewhere; the connection closes when those that are open have ended. */
  goAway(code: ErrorCode = ErrorCode.NO_ERROR, text = ''): void {
    if (this.#goingAway || this.#gone) return;
    this.#goingAway = true;
    const debug = Buffer.from(text);
    this.#frame(8 + debug.length, FrameType.GOAWAY, 0, 0);
    writeUint32(this.#writer, this.#lastStreamId);
    writeUint32(this.#writer, code);
    this.#writer.raw(debug);
    this.#endIfIdle();
  }

  /** Ends the connection with a reason. */
  fail(code: ErrorCode, text: string): void {
    if (this.#gone) return;
    this.#goingAway = false;
    this.goAway(code, text);
    this.#flush();
    this.#socket.end();
    this.#closed();
    const cut = setTimeout(() => this.#socket.destroy(), 1000);
    this.#socket.once('close', () => clearTimeout(cut));
  }

  // ---- what streams send ----

  writeHeaders(stream: Http2Stream, block: Uint8Array, end: boolean): void {
    this.#frame(block.length, FrameType.HEADERS, Flag.END_HEADERS | (end ? Flag.END_STREAM : 0), stream.id);
    this.#writer.raw(block);
  }

  writeWhole<T extends object>(
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
      this.writeHeaders(stream, headers, false);
      this.#frame(length, FrameType.DATA, 0, stream.id);
      writer.byte(0);
      writeUint32(writer, size);
      type.write(message, writer);
    } catch (error) {
      writer.truncate(before);
      throw error;
    }
    this.writeHeaders(stream, trailers, true);
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
    if (stream.endBlock.length > 0) this.writeHeaders(stream, stream.endBlock, true);
    else this.#frame(0, FrameType.DATA, Flag.END_STREAM, stream.id);
    this.finish(stream);
  }

  /** Our side is complete. Where the client's is not, the rest is not wanted. */
  finish(stream: Http2Stream): void {
    if (stream.remoteEnded) this.#close(stream);
    else this.reset(stream, ErrorCode.NO_ERROR);
  }

  reset(stream: Http2Stream, code: ErrorCode): void {
    this.#writeReset(stream.id, code);
    this.#close(stream);
  }

  /** Gives back the window of what was received. */
  grant(stream: Http2Stream): void {
    if (stream.readingPaused || stream.remoteEnded || stream.owedBytes < this.#options.streamWindowBytes / 2) return;
    this.#writeWindowUpdate(stream.id, stream.owedBytes);
    stream.receiveWindow += stream.owedBytes;
    stream.owedBytes = 0;
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
    if (this.#writer.length > SLAB_BYTES) this.#flush();
  }

  // ---- writing ----

  /** Room for a frame and its body is reserved; the body is to be written next. */
  #frame(length: number, type: number, flags: number, streamId: number): void {
    this.#writer.reserve(FRAME_HEADER_BYTES + length);
    writeFrameHeader(this.#writer, length, type, flags, streamId);
    if (this.#flushing) return;
    this.#flushing = true;
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#flushing = false;
    if (this.#writer.length === 0) return;
    if (this.#socket.destroyed || this.#socket.writableEnded) this.#writer.discard();
    else if (!this.#socket.write(this.#writer.take()) && this.congested) this.#socket.pause();
    if (this.#draining.size > 0) this.#tellWritable();
  }

  #writeSettings(): void {
    const settings: readonly (readonly [number, number])[] = [
      [Setting.MAX_CONCURRENT_STREAMS, this.#options.maxConcurrentStreams],
      [Setting.INITIAL_WINDOW_SIZE, this.#options.streamWindowBytes],
      [Setting.MAX_HEADER_LIST_SIZE, this.#options.maxHeaderListBytes],
    ];
    this.#frame(6 * settings.length, FrameType.SETTINGS, 0, 0);
    for (const [name, value] of settings) {
      this.#writer.byte(0);
      this.#writer.byte(name);
      writeUint32(this.#writer, value);
    }
    this.#writeWindowUpdate(0, this.#options.connectionWindowBytes - DEFAULT_WINDOW_BYTES);
  }

  #writeWindowUpdate(streamId: number, bytes: number): void {
    this.#frame(4, FrameType.WINDOW_UPDATE, 0, streamId);
    writeUint32(this.#writer, bytes);
  }

  #writeReset(streamId: number, code: ErrorCode): void {
    this.#frame(4, FrameType.RST_STREAM, 0, streamId);
    writeUint32(this.#writer, code);
  }

  #drained(): void {
    this.#socket.resume();
    this.#pumpBlocked();
    this.#tellWritable();
  }

  #pumpBlocked(): void {
    for (const stream of [...this.#blocked]) {
      if (this.#sendWindow <= 0 || this.congested) return;
      // To the end of the line, so that each has its turn.
      this.#blocked.delete(stream);
      this.pump(stream);
    }
  }

  #tellWritable(): void {
    for (const stream of [...this.#draining]) {
      if (this.congested) return;
      if (stream.pendingBytes > 0 || stream.closed) continue;
      this.#draining.delete(stream);
      if (stream.localEnded) continue;
      stream.wantsDrain = false;
      this.#guarded(() => stream.listener.onWritable());
    }
  }

  // ---- reading ----

  #receive(chunk: Buffer): void {
    if (this.#gone) return;
    this.heard = true;
    try {
      const rest = this.#prefaceSeen < PREFACE.length ? this.#readPreface(chunk) : chunk;
      this.#reader.push(rest, (type, flags, streamId, body) => {
        if (!this.#gone) this.#onFrame(type, flags, streamId, body);
      });
    } catch (error) {
      if (!(error instanceof ConnectionError)) this.#host.onDefect(error);
      const known = error instanceof ConnectionError;
      this.fail(known ? error.code : ErrorCode.INTERNAL_ERROR, known ? error.message : 'internal error');
    }
  }

  #readPreface(chunk: Buffer): Buffer {
    const taken = Math.min(PREFACE.length - this.#prefaceSeen, chunk.length);
    const expected = PREFACE.subarray(this.#prefaceSeen, this.#prefaceSeen + taken);
    if (!expected.equals(chunk.subarray(0, taken))) {
      throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, 'this is not the preface of HTTP/2');
    }
    this.#prefaceSeen += taken;
    return chunk.subarray(taken);
  }

  #onFrame(type: number, flags: number, streamId: number, body: Buffer): void {
    if (this.#headerBlock !== null && type !== FrameType.CONTINUATION) throw protocol('a frame within a header block');
    if (!this.#settled && type !== FrameType.SETTINGS) throw protocol('settings come first');
    switch (type) {
      case FrameType.DATA:
        this.#onData(flags, streamId, body);
        break;
      case FrameType.HEADERS:
        this.#onHeaders(flags, streamId, body);
        break;
      case FrameType.CONTINUATION:
        this.#onContinuation(flags, streamId, body);
        break;
      case FrameType.RST_STREAM:
        this.#onReset(streamId, body);
        break;
      case FrameType.SETTINGS:
        this.#onSettings(flags, streamId, body);
        break;
      case FrameType.PING:
        this.#onPing(flags, streamId, body);
        break;
      case FrameType.WINDOW_UPDATE:
        this.#onWindowUpdate(streamId, body);
        break;
      case FrameType.PUSH_PROMISE:
        throw protocol('a client pushes nothing');
      default:
        // PRIORITY says nothing any more, GOAWAY nothing to a server, and unknown types are to be ignored.
        this.#strain.add(1);
    }
  }

  #onData(flags: number, streamId: number, body: Buffer): void {
    const stream = this.#known(streamId);
    this.#receiveWindow -= body.length;
    if (this.#receiveWindow < 0) throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, 'more than the window');
    this.#owedBytes += body.length;
    if (this.#owedBytes >= this.#options.connectionWindowBytes / 2) {
      this.#writeWindowUpdate(0, this.#owedBytes);
      this.#receiveWindow += this.#owedBytes;
      this.#owedBytes = 0;
    }
    const payload = unpadded(flags, body);
    const ends = (flags & Flag.END_STREAM) !== 0;
    if (payload.length === 0 && !ends) this.#strain.add(1);
    if (stream === undefined) {
      this.#strain.add(1);
      return;
    }
    if (stream.remoteEnded) {
      this.reset(stream, ErrorCode.STREAM_CLOSED);
      return;
    }
    stream.receiveWindow -= body.length;
    if (stream.receiveWindow < 0) {
      this.reset(stream, ErrorCode.FLOW_CONTROL_ERROR);
      return;
    }
    stream.owedBytes += body.length;
    if (payload.length > 0) this.#guarded(() => stream.listener.onData(payload));
    if (stream.closed) return;
    if (ends) this.#endRequest(stream);
    else this.grant(stream);
  }

  #onHeaders(flags: number, streamId: number, body: Buffer): void {
    if (streamId % 2 === 0) throw protocol(`a request on stream ${streamId}`);
    let block = unpadded(flags, body);
    if ((flags & Flag.PRIORITY) !== 0) {
      if (block.length < 5) throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, 'a priority without room');
      block = block.subarray(5);
    }
    const endStream = (flags & Flag.END_STREAM) !== 0;
    if ((flags & Flag.END_HEADERS) !== 0) this.#onBlock(streamId, endStream, block);
    else this.#headerBlock = { streamId, endStream, pieces: [block], bytes: block.length };
  }

  #onContinuation(flags: number, streamId: number, body: Buffer): void {
    const held = this.#headerBlock;
    if (held === null || held.streamId !== streamId) throw protocol('a continuation of nothing');
    held.pieces.push(body);
    held.bytes += body.length;
    if (held.bytes > MAX_HEADER_BLOCK_BYTES || held.pieces.length > MAX_HEADER_PIECES) {
      throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, 'a header block without end');
    }
    if ((flags & Flag.END_HEADERS) === 0) return;
    this.#headerBlock = null;
    this.#onBlock(streamId, held.endStream, Buffer.concat(held.pieces));
  }

  #onBlock(streamId: number, endStream: boolean, block: Buffer): void {
    const headers = new RequestHeaders(this.#options.maxHeaderListBytes);
    this.#hpack.decode(block, (name, value) => headers.add(name, value));
    const open = this.#streams.get(streamId);
    if (open !== undefined) {
      // Trailers: they say nothing, but they end the request.
      if (endStream && !open.remoteEnded) this.#endRequest(open);
      else this.reset(open, ErrorCode.PROTOCOL_ERROR);
      return;
    }
    if (streamId <= this.#lastStreamId) {
      this.#strain.add(1);
      return;
    }
    this.#lastStreamId = streamId;
    headers.check();
    if (this.#goingAway || this.#streams.size >= this.#options.maxConcurrentStreams) {
      this.#strain.add(1);
      this.#writeReset(streamId, ErrorCode.REFUSED_STREAM);
    } else if (headers.malformed !== null) {
      this.#strain.add(1);
      this.#writeReset(streamId, ErrorCode.PROTOCOL_ERROR);
    } else {
      this.#open(streamId, endStream, headers);
    }
  }

  #open(streamId: number, endStream: boolean, headers: RequestHeaders): void {
    const stream = new Http2Stream(this, streamId, this.#peerStreamWindow, this.#options.streamWindowBytes);
    this.#streams.set(streamId, stream);
    if (headers.tooLarge) {
      this.#strain.add(1);
      stream.sendHeaders(TOO_LARGE, true);
      return;
    }
    this.#guarded(() => this.#host.onStream(stream, headers.map));
    if (endStream && !stream.closed) this.#endRequest(stream);
  }

  #endRequest(stream: Http2Stream): void {
    stream.remoteEnded = true;
    this.#guarded(() => stream.listener.onEnd());
  }

  #onReset(streamId: number, body: Buffer): void {
    if (body.length !== 4) throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, 'a reset has four bytes');
    const stream = this.#known(streamId);
    this.#strain.add(1);
    if (stream !== undefined) this.#close(stream);
  }

  #onSettings(flags: number, streamId: number, body: Buffer): void {
    if (streamId !== 0) throw protocol('settings of a stream');
    if ((flags & Flag.ACK) !== 0 ? body.length > 0 : body.length % 6 !== 0) {
      throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, `settings of ${body.length} bytes`);
    }
    if ((flags & Flag.ACK) !== 0) return;
    if (this.#settled) this.#strain.add(SETTINGS_COST + this.#streams.size);
    this.#settled = true;
    clearTimeout(this.#handshake);
    for (let at = 0; at < body.length; at += 6) this.#setting(body.readUInt16BE(at), body.readUInt32BE(at + 2));
    this.#frame(0, FrameType.SETTINGS, Flag.ACK, 0);
  }

  #setting(name: number, value: number): void {
    if (name === Setting.INITIAL_WINDOW_SIZE) {
      if (value > MAX_WINDOW_BYTES) throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, `a window of ${value}`);
      const change = value - this.#peerStreamWindow;
      this.#peerStreamWindow = value;
      for (const stream of [...this.#streams.values()]) {
        stream.sendWindow += change;
        if (change > 0) this.pump(stream);
      }
    } else if (name === Setting.ENABLE_PUSH && value > 1) {
      throw protocol(`a setting of ${value} where 0 and 1 are known`);
    } else if (name === Setting.MAX_FRAME_SIZE && (value < MAX_FRAME_BYTES || value > 0xff_ffff)) {
      throw protocol(`frames of ${value} bytes`);
    }
  }

  #onPing(flags: number, streamId: number, body: Buffer): void {
    if (streamId !== 0) throw protocol('a ping of a stream');
    if (body.length !== 8) throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, 'a ping has eight bytes');
    if ((flags & Flag.ACK) !== 0) {
      this.#host.onPong();
      return;
    }
    this.#strain.add(1);
    this.#frame(8, FrameType.PING, Flag.ACK, 0);
    this.#writer.raw(body);
    this.#host.onPing();
  }

  #onWindowUpdate(streamId: number, body: Buffer): void {
    if (body.length !== 4) throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, 'a window update has four bytes');
    const bytes = body.readUInt32BE(0) & 0x7fff_ffff;
    if (streamId === 0) {
      if (bytes === 0) throw protocol('a window update of nothing');
      this.#sendWindow += bytes;
      if (this.#sendWindow > MAX_WINDOW_BYTES)
        throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, 'too much window');
      this.#pumpBlocked();
      this.#tellWritable();
      return;
    }
    const stream = this.#known(streamId);
    if (stream === undefined) return;
    stream.sendWindow += bytes;
    if (bytes === 0) this.reset(stream, ErrorCode.PROTOCOL_ERROR);
    else if (stream.sendWindow > MAX_WINDOW_BYTES) this.reset(stream, ErrorCode.FLOW_CONTROL_ERROR);
    else {
      // Windows that grow by a few bytes make frames of a few bytes.
      if (bytes < 64) this.#strain.add(1);
      this.pump(stream);
      this.#tellWritable();
    }
  }

  /** Undefined: it was open once. */
  #known(streamId: number): Http2Stream | undefined {
    const stream = this.#streams.get(streamId);
    if (stream === undefined && (streamId % 2 === 0 || streamId > this.#lastStreamId)) {
      throw protocol(`a frame of stream ${streamId}, which was never open`);
    }
    return stream;
  }

  #guarded(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#host.onDefect(error);
    }
  }

  // ---- ends ----

  #close(stream: Http2Stream): void {
    if (stream.closed) return;
    stream.closed = true;
    this.#streams.delete(stream.id);
    this.#blocked.delete(stream);
    this.#draining.delete(stream);
    this.pendingBytes -= stream.pendingBytes;
    stream.pendingBytes = 0;
    stream.pending = [];
    stream.endBlock = null;
    this.#guarded(() => stream.listener.onClose());
    this.#endIfIdle();
  }

  #endIfIdle(): void {
    if (!this.#goingAway || this.#streams.size > 0 || this.#gone) return;
    // What was written last leaves first.
    setImmediate(() => {
      this.#flush();
      this.#socket.end();
    });
  }

  #closed(): void {
    if (this.#gone) return;
    this.#gone = true;
    clearTimeout(this.#handshake);
    for (const stream of [...this.#streams.values()]) this.#close(stream);
    this.#host.onClose();
  }
}

function protocol(text: string): ConnectionError {
  return new ConnectionError(ErrorCode.PROTOCOL_ERROR, text);
}

function unpadded(flags: number, body: Buffer): Buffer {
  if ((flags & Flag.PADDED) === 0) return body;
  const padding = body[0];
  if (padding === undefined || padding >= body.length) throw protocol('more padding than frame');
  return body.subarray(1, body.length - padding);
}
