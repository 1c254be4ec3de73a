/**
 * One HTTP/2 connection of the client port: its calls, what they hold in memory, and how alive its client is. Pings that
 * come too often end it as they do in gRPC's own servers, a client that answers none is cut.
 */
import {
  constants,
  type IncomingHttpHeaders,
  performServerHandshake,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type ServerOptions,
} from 'node:http2';
import type { Duplex } from 'node:stream';
import { etcdErrors, findMethodByPath, RpcError, StatusCode } from '@understudy/protocol';
import { failure } from '../../services/failures.js';
import { answerStatus, answerUnsupportedMedia } from './grpc-answer.js';
import type { GrpcCall } from './grpc-call.js';
import type { GrpcDoor } from './grpc-door.js';
import { isGrpcContentType, readGrpcHead } from './grpc-request.js';
import { StreamingCall } from './streaming-call.js';
import { UnaryCall } from './unary-call.js';

/** Messages of a connection that are not complete hold so much memory at most. */
const MAX_HELD_BYTES = 64 * 1024 * 1024;
/** Pings too many before the connection ends; without calls they may come every two hours. gRPC's own numbers. */
const MAX_PING_STRIKES = 2;
const IDLE_PING_MS = 2 * 60 * 60 * 1000;
/** What a client may send before it is granted more, on all streams together. */
const CONNECTION_WINDOW_BYTES = 4 * 1024 * 1024;

export class GrpcSession {
  readonly door: GrpcDoor;
  /** Of the client's certificate, where it had to show one. */
  readonly commonName: string | undefined;
  readonly #session: ServerHttp2Session;
  readonly #calls = new Set<GrpcCall>();
  #heldBytes = 0;
  #lastPingMs = Number.NEGATIVE_INFINITY;
  #pingStrikes = 0;
  /** An answer left since the last ping. */
  #answeredSincePing = false;

  constructor(door: GrpcDoor, socket: Duplex, options: ServerOptions, commonName: string | undefined) {
    this.door = door;
    this.commonName = commonName;
    const session = performServerHandshake(socket, options);
    this.#session = session;
    session.on('connect', () => session.setLocalWindowSize(CONNECTION_WINDOW_BYTES));
    session.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _flags: number, raw: string[]) =>
      this.#open(stream, headers, raw),
    );
    session.on('ping', () => this.#pinged());
    session.on('close', () => this.door.forget(this));
    // What is wrong with a connection shows in its close; an unheard 'error' would end the process.
    session.on('error', () => undefined);
    this.#awaitSettings();
    if (door.options.keepAliveIntervalMs > 0) {
      session.setTimeout(door.options.keepAliveIntervalMs, () => this.#checkAlive());
    }
  }

  /** New calls go elsewhere; those that are open may finish. */
  drain(): void {
    this.#session.close();
  }

  /** Ends what is still open, then the connection, after what is written. */
  close(): void {
    for (const call of this.#calls) call.fail(failure(etcdErrors.stopped));
    this.#session.close();
  }

  /** Refuses requests of one message that have not sent it since `tick`. */
  sweep(tick: number): void {
    for (const call of this.#calls) {
      if (call.startedTick < tick && !call.settled) {
        call.fail(
          new RpcError(StatusCode.DEADLINE_EXCEEDED, 'the request did not arrive in time', { outcome: 'not-applied' }),
        );
      }
    }
  }

  // ---- for the calls ----

  forget(call: GrpcCall): void {
    this.#calls.delete(call);
  }

  answered(): void {
    this.#answeredSincePing = true;
  }

  received(bytes: number): void {
    this.door.figures.receivedBytes += bytes;
  }

  sent(bytes: number): void {
    this.#answeredSincePing = true;
    this.door.figures.sentBytes += bytes;
  }

  /** Throws where all calls together hold too much. */
  holds(bytes: number): void {
    this.#heldBytes += bytes;
    if (bytes > 0 && this.#heldBytes > MAX_HELD_BYTES) throw failure(etcdErrors.tooManyRequests);
  }

  // ---- what the client does ----

  #open(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, rawHeaders: string[]): void {
    const path = headers[':path'] ?? '';
    if (headers[':method'] !== 'POST' || !isGrpcContentType(headers['content-type'])) {
      if (headers[':method'] === 'POST' && findMethodByPath(path) !== undefined) answerUnsupportedMedia(stream);
      else this.door.serveHttp(stream, headers, rawHeaders);
      return;
    }
    const refusal = this.door.refuseOrigin(headers);
    const head = refusal ?? readGrpcHead(path, headers);
    if (!head.ok) {
      stream.on('error', () => undefined);
      answerStatus(stream, head.status);
      return;
    }
    const call =
      head.method.kind === 'unary' ? new UnaryCall(this, stream, head) : new StreamingCall(this, stream, head);
    this.#calls.add(call);
    call.begin();
  }

  #pinged(): void {
    const now = performance.now();
    const allowedMs = this.#calls.size > 0 ? this.door.options.keepAliveMinTimeMs : IDLE_PING_MS;
    if (this.#answeredSincePing) this.#pingStrikes = 0;
    else if (now - this.#lastPingMs < allowedMs) this.#pingStrikes += 1;
    this.#answeredSincePing = false;
    this.#lastPingMs = now;
    if (this.#pingStrikes <= MAX_PING_STRIKES) return;
    this.#session.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM, 0, Buffer.from('too_many_pings'));
    this.#session.destroy();
  }

  /** Who says the first words of HTTP/2 says the next ones soon. */
  #awaitSettings(): void {
    const session = this.#session;
    const cut = setTimeout(() => session.destroy(), this.door.handshakeTimeoutMs);
    session.once('remoteSettings', () => clearTimeout(cut));
    session.once('close', () => clearTimeout(cut));
  }

  #checkAlive(): void {
    const session = this.#session;
    if (session.destroyed) return;
    const cut = setTimeout(() => session.destroy(), this.door.options.keepAliveTimeoutMs);
    session.once('close', () => clearTimeout(cut));
    session.ping(() => clearTimeout(cut));
  }
}
