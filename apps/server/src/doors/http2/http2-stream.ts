/**
 * One stream of a connection: one request and its answer. What is sent goes out as far as the client's windows allow and
 * waits here otherwise; what comes in is handed over at once, and paid for in window when the listener wants more.
 */
import type { MessageType } from '@understudy/protocol';
import type { Http2Connection } from './http2-connection.js';
import { ErrorCode } from './http2-errors.js';

export interface StreamListener {
  /** A piece of the body: a view, which nobody else writes to. Comes also while reading is paused, up to the window. */
  onData(chunk: Buffer): void;
  /** The request is complete. */
  onEnd(): void;
  /** What was sent has left, or nearly. */
  onWritable(): void;
  /** The stream is over, for whatever reason: nothing comes, and nothing can be sent. Called once. */
  onClose(): void;
}

const NOBODY: StreamListener = { onData() {}, onEnd() {}, onWritable() {}, onClose() {} };

/** Above this, a sender is asked to wait. */
const HIGH_WATER_BYTES = 64 * 1024;

export class Http2Stream {
  readonly id: number;
  listener: StreamListener = NOBODY;
  headersSent = false;
  /** The client sends no more. */
  remoteEnded = false;
  /** Everything of ours is said; it may still wait to leave. */
  localEnded = false;
  closed = false;
  readonly #connection: Http2Connection;

  // ---- for the connection ----
  /** What the client still takes; below 0 after it has made its window smaller. */
  sendWindow: number;
  /** What the client may still send. */
  receiveWindow: number;
  /** Received, and not granted again yet. */
  owedBytes = 0;
  readingPaused = false;
  /** Pieces that wait; those before `head` have left, of the one at `head` so many bytes. */
  pending: Uint8Array[] = [];
  head = 0;
  headSent = 0;
  pendingBytes = 0;
  /** Trailers that wait for `pending`; an empty block ends the last DATA frame instead. */
  endBlock: Uint8Array | null = null;
  wantsDrain = false;

  constructor(connection: Http2Connection, id: number, sendWindow: number, receiveWindow: number) {
    this.#connection = connection;
    this.id = id;
    this.sendWindow = sendWindow;
    this.receiveWindow = receiveWindow;
  }

  /** Begins the answer, or is all of it. */
  sendHeaders(block: Uint8Array, end = false): void {
    if (this.closed || this.localEnded) return;
    this.headersSent = true;
    if (end) this.localEnded = true;
    this.#connection.output.headers(this, block, end);
    if (end) this.#connection.finish(this);
  }

  /** False: the client, or the way to it, is slow; `onWritable` says when to go on. The bytes are kept, not copied. */
  sendData(bytes: Uint8Array): boolean {
    if (this.closed || this.localEnded) return false;
    if (bytes.length > 0) {
      this.pending.push(bytes);
      this.pendingBytes += bytes.length;
      this.#connection.output.pend(this, bytes.length);
    }
    const hasRoom = this.pendingBytes <= HIGH_WATER_BYTES && !this.#connection.output.congested;
    if (!hasRoom) {
      this.wantsDrain = true;
      this.#connection.output.awaitDrain(this);
    }
    return hasRoom;
  }

  /** Ends the answer, after what waits. */
  end(trailers: Uint8Array | null = null): void {
    if (this.closed || this.localEnded) return;
    this.localEnded = true;
    this.endBlock = trailers ?? EMPTY;
    this.#connection.output.pump(this);
  }

  /**
   * Headers, one gRPC message and trailers, straight into what leaves next, where the windows allow it and nothing waits.
   * The bytes of the framed message; 0: nothing is written. Throws where the message does not encode.
   */
  sendWhole<T extends object>(headers: Uint8Array, type: MessageType<T>, message: T, trailers: Uint8Array): number {
    if (this.closed || this.headersSent) return 0;
    const sent = this.#connection.output.whole(this, headers, type, message, trailers);
    if (sent === 0) return 0;
    this.headersSent = true;
    this.localEnded = true;
    this.#connection.finish(this);
    return sent;
  }

  /** Ends the stream at once, in both directions. */
  reset(code: ErrorCode = ErrorCode.CANCEL): void {
    if (!this.closed) this.#connection.reset(this, code);
  }

  /** The client is granted no more until reading goes on. */
  pauseReading(): void {
    this.readingPaused = true;
  }

  resumeReading(): void {
    if (!this.readingPaused || this.closed) return;
    this.readingPaused = false;
    this.#connection.grant(this);
  }
}

const EMPTY = new Uint8Array(0);
