/**
 * One gRPC call on its HTTP/2 stream: cuts the request into messages, tells when the caller is gone, and ends the answer
 * with its status. How a call is answered is its kind's: `unary-call.ts`, `streaming-call.ts`.
 */
import type { OutgoingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { gunzipSync } from 'node:zlib';
import {
  etcdErrors,
  GrpcMessageReader,
  type MethodDescriptor,
  ProtocolError,
  RpcError,
  StatusCode,
} from '@understudy/protocol';
import { asRpcError } from '../../services/failures.js';
import type { Call } from '../../services/rpc.js';
import { answerStatus, endRequest, isOpen, OK_TRAILERS, type Status, trailersOf } from './grpc-answer.js';
import type { GrpcHead } from './grpc-request.js';
import type { GrpcSession } from './grpc-session.js';

/** Deadlines are kept to this, late rather than early, so that many calls share a timer list. */
const DEADLINE_STEP_MS = 64;
const MAX_TIMER_MS = 2 ** 31 - 1;

export abstract class GrpcCall implements Call {
  readonly method: MethodDescriptor;
  readonly timeoutMs: number | undefined;
  readonly token: string | undefined;
  readonly commonName: string | undefined;
  readonly requireLeader: boolean;
  raw: Uint8Array | null = null;
  /** Of the door's clock, when it began. */
  readonly startedTick: number;

  protected readonly session: GrpcSession;
  protected readonly stream: ServerHttp2Stream;
  /** The answer is complete, or nobody waits for it. */
  protected over = false;
  /** The client sends no more. */
  protected requestEnded = false;
  readonly #encoding: GrpcHead['encoding'];
  readonly #reader: GrpcMessageReader;
  #heldBytes = 0;
  #trailers: OutgoingHttpHeaders = OK_TRAILERS;
  #controller: AbortController | null = null;
  #deadline: NodeJS.Timeout | null = null;

  constructor(session: GrpcSession, stream: ServerHttp2Stream, head: GrpcHead) {
    this.session = session;
    this.stream = stream;
    this.method = head.method;
    this.timeoutMs = head.timeoutMs;
    this.token = head.token;
    this.requireLeader = head.requireLeader;
    this.commonName = session.commonName;
    this.startedTick = session.door.tick;
    this.#encoding = head.encoding;
    this.#reader = new GrpcMessageReader(session.door.maxMessageBytes);
    if (head.timeoutMs !== undefined) this.#setDeadline(head.timeoutMs);
  }

  /** Listens to the stream. Apart from the constructor, so that kinds are complete before anything can happen. */
  begin(): void {
    const { stream } = this;
    stream.on('data', (chunk: Buffer) => this.#receive(chunk));
    stream.on('end', () => this.#end());
    stream.on('wantTrailers', () => this.#sendTrailers());
    // A reset by the client is no failure of ours; what is to be done about it is done at 'close'.
    stream.on('error', ignore);
    stream.on('close', () => this.#closed());
  }

  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      if (this.over) this.#controller.abort();
    }
    return this.#controller.signal;
  }

  /** Whether a whole request has come, or the call is over: nothing is owed by the client. */
  abstract get settled(): boolean;

  /** Ends the call with a status, after what was sent before. */
  fail(error: unknown): void {
    if (this.over) return;
    const status = asRpcError(error);
    this.finish(status);
  }

  protected abstract onMessage(payload: Uint8Array): void;
  protected abstract onHalfClose(): void;
  /** The caller is gone, or its time is over. Called at most once. */
  protected abstract onGone(): void;

  /** The last thing that is said; undefined is success. */
  protected finish(status: Status | undefined): void {
    this.over = true;
    this.#clearDeadline();
    if (!isOpen(this.stream)) return;
    this.session.answered();
    if (status !== undefined && !this.stream.headersSent) {
      answerStatus(this.stream, status);
      return;
    }
    if (status !== undefined) this.#trailers = trailersOf(status);
    this.stream.end();
  }

  protected logDefect(error: unknown): void {
    this.session.door.logger.error(
      { err: error, method: this.method.path },
      'a call failed in a way that it should not',
    );
  }

  #receive(chunk: Buffer): void {
    if (this.over) return;
    try {
      this.#reader.push(chunk, (payload, compressed) => {
        if (this.over) return;
        this.session.received(payload.length);
        this.onMessage(compressed ? this.#inflated(payload) : payload);
      });
      const held = this.#reader.heldBytes;
      if (held !== this.#heldBytes) {
        this.session.holds(held - this.#heldBytes);
        this.#heldBytes = held;
      }
    } catch (error) {
      if (!(error instanceof RpcError) && !(error instanceof ProtocolError)) this.logDefect(error);
      this.fail(error);
    }
  }

  #inflated(payload: Uint8Array): Uint8Array {
    const { maxMessageBytes } = this.session.door;
    if (this.#encoding === 'identity') {
      throw new ProtocolError('bad-frame', 'a compressed message in a request without grpc-encoding');
    }
    try {
      return gunzipSync(payload, { maxOutputLength: maxMessageBytes });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') {
        throw new ProtocolError('bad-frame', 'a compressed message that is not gzip', { cause: error });
      }
      throw new ProtocolError(
        'too-large',
        `grpc: received message after decompression larger than max ${maxMessageBytes}`,
      );
    }
  }

  #end(): void {
    this.requestEnded = true;
    if (this.over) return;
    if (this.#reader.complete) this.onHalfClose();
    else this.fail(new ProtocolError('truncated', 'the request ends within a message'));
  }

  #sendTrailers(): void {
    if (!isOpen(this.stream)) return;
    this.stream.sendTrailers(this.#trailers);
    // A reset in this turn would overtake the trailers.
    if (!this.requestEnded) setImmediate(endRequest, this.stream);
  }

  #setDeadline(timeoutMs: number): void {
    const rounded = Math.ceil(timeoutMs / DEADLINE_STEP_MS) * DEADLINE_STEP_MS;
    if (rounded > MAX_TIMER_MS) return;
    this.#deadline = setTimeout(() => {
      this.fail(new RpcError(StatusCode.DEADLINE_EXCEEDED, etcdErrors.deadlineExceeded.text));
      this.#gone();
    }, rounded);
  }

  #clearDeadline(): void {
    if (this.#deadline !== null) clearTimeout(this.#deadline);
    this.#deadline = null;
  }

  #closed(): void {
    this.session.forget(this);
    if (this.#heldBytes > 0) this.session.holds(-this.#heldBytes);
    this.#heldBytes = 0;
    this.#clearDeadline();
    this.#gone();
  }

  #gone(): void {
    const wasOver = this.over;
    this.over = true;
    if (!wasOver || this.#controller !== null) this.#controller?.abort();
    try {
      this.onGone();
    } catch (error) {
      this.logDefect(error);
    }
  }
}

function ignore(): void {}
