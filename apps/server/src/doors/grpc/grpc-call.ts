/**
 * One gRPC call on its HTTP/2 stream: cuts the request into messages, tells when the caller is gone, and ends the answer
 * with its status. How a call is answered is its kind's: `unary-call.ts`, `streaming-call.ts`.
 */
import { gunzipSync } from 'node:zlib';
import type { Caller } from '@understudy/mvcc';
import {
  etcdErrors,
  GrpcMessageReader,
  type MethodDescriptor,
  ProtocolError,
  RpcError,
  StatusCode,
} from '@understudy/protocol';
import { startDeadline } from '../../deadline-timer.js';
import { asRpcError } from '../../services/failures.js';
import type { Call } from '../../services/rpc.js';
import type { Http2Stream, StreamListener } from '../http2/http2-stream.js';
import { OK_TRAILERS, type Status, statusAlone, trailersOf } from './grpc-answer.js';
import type { GrpcHead } from './grpc-request.js';
import type { GrpcSession } from './grpc-session.js';

/** Deadlines are kept to this, late rather than early, so that many calls share a timer list. */
const DEADLINE_STEP_MS = 64;

export abstract class GrpcCall implements Call, StreamListener {
  readonly method: MethodDescriptor;
  readonly timeoutMs: number | undefined;
  readonly token: string | undefined;
  readonly commonName: string | undefined;
  readonly requireLeader: boolean;
  raw: Uint8Array | null = null;
  identity: Caller | null | undefined = undefined;
  /** Of the door's clock, when it began. */
  readonly startedTick: number;

  protected readonly session: GrpcSession;
  protected readonly stream: Http2Stream;
  /** The answer is complete, or nobody waits for it. */
  protected over = false;
  readonly #compressed: boolean;
  readonly #reader: GrpcMessageReader;
  readonly #onMessage = (payload: Uint8Array, compressed: boolean): void => this.#message(payload, compressed);
  #heldBytes = 0;
  #isGone = false;
  #controller: AbortController | null = null;
  #deadline: NodeJS.Timeout | undefined;

  constructor(session: GrpcSession, stream: Http2Stream, head: GrpcHead) {
    this.session = session;
    this.stream = stream;
    this.method = head.method;
    this.timeoutMs = head.timeoutMs;
    this.token = head.token;
    this.requireLeader = head.requireLeader;
    this.commonName = head.forwarded ? undefined : session.commonName;
    this.startedTick = session.door.tick;
    this.#compressed = head.encoding === 'gzip';
    this.#reader = new GrpcMessageReader(session.door.maxMessageBytes);
    if (head.timeoutMs !== undefined) this.#setDeadline(head.timeoutMs);
  }

  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      if (this.over) this.#controller.abort();
    }
    return this.#controller.signal;
  }

  /** Whether nothing is owed by the client: a whole request has come, or the call is over. */
  abstract get settled(): boolean;
  protected abstract onMessage(payload: Uint8Array): void;
  protected abstract onHalfClose(): void;
  /** The caller is gone, or its time is over. Called at most once. */
  protected abstract onGone(): void;
  abstract onWritable(): void;

  /** Ends the call with a status, after what was sent before. */
  fail(error: unknown): void {
    if (!this.over) this.finish(asRpcError(error));
  }

  /** The last thing that is said; undefined is success. */
  protected finish(status: Status | undefined): void {
    this.over = true;
    this.session.answered();
    if (status !== undefined && !this.stream.headersSent) this.stream.sendHeaders(statusAlone(status), true);
    else this.stream.end(status === undefined ? OK_TRAILERS : trailersOf(status));
  }

  protected logDefect(error: unknown): void {
    this.session.onDefect(error, this.method.path);
  }

  onData(chunk: Buffer): void {
    if (this.over) return;
    try {
      this.#reader.push(chunk, this.#onMessage);
      const held = this.#reader.heldBytes;
      if (held === this.#heldBytes) return;
      const change = held - this.#heldBytes;
      this.#heldBytes = held;
      this.session.holds(change);
    } catch (error) {
      if (!(error instanceof RpcError) && !(error instanceof ProtocolError)) this.logDefect(error);
      this.fail(error);
    }
  }

  onEnd(): void {
    if (this.over) return;
    if (this.#reader.complete) this.onHalfClose();
    else this.fail(new ProtocolError('truncated', 'the request ends within a message'));
  }

  onClose(): void {
    this.session.forget(this);
    if (this.#heldBytes > 0) this.session.holds(-this.#heldBytes);
    this.#heldBytes = 0;
    clearTimeout(this.#deadline);
    this.#gone();
  }

  #message(payload: Uint8Array, compressed: boolean): void {
    if (this.over) return;
    this.session.received(payload.length);
    this.onMessage(compressed ? this.#inflated(payload) : payload);
  }

  #inflated(payload: Uint8Array): Uint8Array {
    const { maxMessageBytes } = this.session.door;
    if (!this.#compressed) {
      throw new ProtocolError('bad-frame', 'a compressed message in a request without grpc-encoding');
    }
    try {
      return gunzipSync(payload, { maxOutputLength: maxMessageBytes });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') {
        throw new ProtocolError('bad-frame', 'a compressed message that is not gzip', { cause: error });
      }
      const text = `grpc: received message after decompression larger than max ${maxMessageBytes}`;
      throw new ProtocolError('too-large', text);
    }
  }

  #setDeadline(timeoutMs: number): void {
    const rounded = Math.ceil(timeoutMs / DEADLINE_STEP_MS) * DEADLINE_STEP_MS;
    this.#deadline = startDeadline(rounded, () => {
      this.fail(new RpcError(StatusCode.DEADLINE_EXCEEDED, etcdErrors.deadlineExceeded.text));
      this.#gone();
    });
  }

  #gone(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.over = true;
    this.#controller?.abort();
    try {
      this.onGone();
    } catch (error) {
      this.logDefect(error);
    }
  }
}
