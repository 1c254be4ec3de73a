/**
 * The server's end of one HTTP/2 connection (RFC 9113), made for gRPC: small requests and answers, many at once. It owns
 * the streams, between the input that tells of frames and the output that writes them. What is answered in one turn
 * leaves in one write. A client that breaks the rules loses its connection, one that strains them
 * as well, and no client makes us keep more than it has windows and limits for.
 *
 * Ours rather than node's because node's refuses what clients of etcd send as an authority, and costs more: 49 µs of CPU
 * for a call that does nothing, where this one takes 12 (Node 20, 256 in flight).
 */
import type { Duplex } from 'node:stream';
import { encodeFields } from './hpack-encoder.js';
import { ConnectionError, ErrorCode, protocolError } from './http2-errors.js';
import { DEFAULT_WINDOW_BYTES, MAX_FRAME_BYTES, MAX_WINDOW_BYTES, Setting } from './http2-frames.js';
import { type Http2Events, Http2Input } from './http2-input.js';
import { Http2Output } from './http2-output.js';
import { Http2Stream } from './http2-stream.js';
import type { HeaderMap, RequestHeaders } from './request-headers.js';
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

const SETTINGS_COST = 20;
const PING_BODY = new Uint8Array(8);
const TOO_LARGE = encodeFields({ ':status': '431' });

export class Http2Connection implements Http2Events {
  readonly output: Http2Output;
  readonly #socket: Duplex;
  readonly #host: Http2Host;
  readonly #options: Http2Options;
  readonly #strain = new Strain();
  readonly #input: Http2Input;
  readonly #streams = new Map<number, Http2Stream>();
  readonly #handshake: NodeJS.Timeout;
  #settled = false;
  #lastStreamId = 0;
  #peerStreamWindow = DEFAULT_WINDOW_BYTES;
  #receiveWindow: number;
  #owedBytes = 0;
  #goingAway = false;
  #gone = false;
  /** Something came since this was last set to false. */
  heard = false;

  constructor(socket: Duplex, host: Http2Host, options: Http2Options) {
    this.#socket = socket;
    this.#input = new Http2Input(this, this.#strain, options.maxHeaderListBytes);
    this.output = new Http2Output(
      socket,
      (stream) => this.finish(stream),
      (stream) => this.#guarded(() => stream.listener.onWritable()),
    );
    this.#host = host;
    this.#options = options;
    this.#receiveWindow = options.connectionWindowBytes;
    this.#handshake = setTimeout(() => socket.destroy(), options.handshakeTimeoutMs);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', () => socket.destroy());
    // A client that sends no more hears no more either.
    socket.on('end', () => {
      socket.end();
      this.#closed();
    });
    socket.on('close', () => this.#closed());
    this.#greet();
    socket.resume();
  }

  get streamCount(): number {
    return this.#streams.size;
  }

  ping(): void {
    if (this.#gone) return;
    this.output.ping(PING_BODY, false);
  }

  /** New requests go elsewhere; the connection closes when those that are open have ended. */
  goAway(code: ErrorCode = ErrorCode.NO_ERROR, text = ''): void {
    if (this.#goingAway || this.#gone) return;
    this.#goingAway = true;
    this.output.goAway(this.#lastStreamId, code, text);
    this.#endIfIdle();
  }

  /** Ends the connection with a reason. */
  fail(code: ErrorCode, text: string): void {
    if (this.#gone) return;
    this.#goingAway = false;
    this.goAway(code, text);
    this.output.flush();
    this.#socket.end();
    this.#closed();
    const cut = setTimeout(() => this.#socket.destroy(), 1000);
    this.#socket.once('close', () => clearTimeout(cut));
  }

  // ---- for the streams ----

  /** Our side is complete. Where the client's is not, the rest is not wanted. */
  finish(stream: Http2Stream): void {
    if (stream.remoteEnded) this.#close(stream);
    else this.reset(stream, ErrorCode.NO_ERROR);
  }

  reset(stream: Http2Stream, code: ErrorCode): void {
    this.output.reset(stream.id, code);
    this.#close(stream);
  }

  /** Gives back the window of what was received. */
  grant(stream: Http2Stream): void {
    if (stream.readingPaused || stream.remoteEnded || stream.owedBytes < this.#options.streamWindowBytes / 2) return;
    this.output.windowUpdate(stream.id, stream.owedBytes);
    stream.receiveWindow += stream.owedBytes;
    stream.owedBytes = 0;
  }

  // ---- reading ----

  #greet(): void {
    this.output.settings([
      [Setting.MAX_CONCURRENT_STREAMS, this.#options.maxConcurrentStreams],
      [Setting.INITIAL_WINDOW_SIZE, this.#options.streamWindowBytes],
      [Setting.MAX_HEADER_LIST_SIZE, this.#options.maxHeaderListBytes],
    ]);
    this.output.windowUpdate(0, this.#options.connectionWindowBytes - DEFAULT_WINDOW_BYTES);
  }

  #receive(chunk: Buffer): void {
    if (this.#gone) return;
    this.heard = true;
    try {
      this.#input.push(chunk);
    } catch (error) {
      if (!(error instanceof ConnectionError)) this.#host.onDefect(error);
      const known = error instanceof ConnectionError;
      this.fail(known ? error.code : ErrorCode.INTERNAL_ERROR, known ? error.message : 'internal error');
    }
  }

  // ---- what the input tells ----

  onData(streamId: number, payload: Buffer, frameBytes: number, endStream: boolean): void {
    const stream = this.#known(streamId);
    this.#receiveWindow -= frameBytes;
    if (this.#receiveWindow < 0) throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, 'more than the window');
    this.#owedBytes += frameBytes;
    if (this.#owedBytes >= this.#options.connectionWindowBytes / 2) {
      this.output.windowUpdate(0, this.#owedBytes);
      this.#receiveWindow += this.#owedBytes;
      this.#owedBytes = 0;
    }
    if (payload.length === 0 && !endStream) this.#strain.add(1);
    if (stream === undefined) {
      this.#strain.add(1);
      return;
    }
    if (stream.remoteEnded) {
      this.reset(stream, ErrorCode.STREAM_CLOSED);
      return;
    }
    stream.receiveWindow -= frameBytes;
    if (stream.receiveWindow < 0) {
      this.reset(stream, ErrorCode.FLOW_CONTROL_ERROR);
      return;
    }
    stream.owedBytes += frameBytes;
    if (payload.length > 0) this.#guarded(() => stream.listener.onData(payload));
    if (stream.closed) return;
    if (endStream) this.#endRequest(stream);
    else this.grant(stream);
  }

  onHeaders(streamId: number, headers: RequestHeaders, endStream: boolean): void {
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
      this.output.reset(streamId, ErrorCode.REFUSED_STREAM);
    } else if (headers.malformed !== null) {
      this.#strain.add(1);
      this.output.reset(streamId, ErrorCode.PROTOCOL_ERROR);
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

  onReset(streamId: number): void {
    const stream = this.#known(streamId);
    this.#strain.add(1);
    if (stream !== undefined) this.#close(stream);
  }

  onSettings(settings: readonly (readonly [number, number])[]): void {
    if (this.#settled) this.#strain.add(SETTINGS_COST + this.#streams.size);
    this.#settled = true;
    clearTimeout(this.#handshake);
    for (const [name, value] of settings) this.#setting(name, value);
    this.output.settingsAck();
  }

  #setting(name: number, value: number): void {
    if (name === Setting.INITIAL_WINDOW_SIZE) {
      if (value > MAX_WINDOW_BYTES) throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, `a window of ${value}`);
      const change = value - this.#peerStreamWindow;
      this.#peerStreamWindow = value;
      for (const stream of [...this.#streams.values()]) {
        stream.sendWindow += change;
        if (stream.sendWindow > MAX_WINDOW_BYTES) {
          throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, `a window of ${stream.sendWindow}`);
        }
        if (change > 0) this.output.pump(stream);
      }
    } else if (name === Setting.ENABLE_PUSH && value > 1) {
      throw protocolError(`a setting of ${value} where 0 and 1 are known`);
    } else if (name === Setting.MAX_FRAME_SIZE && (value < MAX_FRAME_BYTES || value > 0xff_ffff)) {
      throw protocolError(`frames of ${value} bytes`);
    }
  }

  onPing(body: Buffer, ack: boolean): void {
    if (ack) {
      this.#host.onPong();
      return;
    }
    this.#strain.add(1);
    this.output.ping(body, true);
    this.#host.onPing();
  }

  onWindowUpdate(streamId: number, bytes: number): void {
    if (streamId === 0) {
      if (bytes === 0) throw protocolError('a window update of nothing');
      this.output.widen(bytes);
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
      this.output.pump(stream);
      this.output.tellWritable();
    }
  }

  /** Undefined: it was open once. */
  #known(streamId: number): Http2Stream | undefined {
    const stream = this.#streams.get(streamId);
    if (stream === undefined && (streamId % 2 === 0 || streamId > this.#lastStreamId)) {
      throw protocolError(`a frame of stream ${streamId}, which was never open`);
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
    this.output.forget(stream);
    this.#guarded(() => stream.listener.onClose());
    this.#endIfIdle();
  }

  #endIfIdle(): void {
    if (!this.#goingAway || this.#streams.size > 0 || this.#gone) return;
    // What was written last leaves first.
    setImmediate(() => {
      this.output.flush();
      this.#socket.end();
    });
  }

  #closed(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#input.stop();
    clearTimeout(this.#handshake);
    for (const stream of [...this.#streams.values()]) this.#close(stream);
    this.#host.onClose();
  }
}
