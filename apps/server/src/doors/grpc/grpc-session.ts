/**
 * One HTTP/2 connection of the client port: its calls, what they hold in memory, and how alive its client is. Pings that
 * come too often end it as they do in gRPC's own servers, a client that answers none is cut.
 */
import type { Duplex } from 'node:stream';
import { etcdErrors, findMethodByPath, RpcError, StatusCode } from '@understudy/protocol';
import { failure } from '../../services/failures.js';
import { encodeFields } from '../http2/hpack-encoder.js';
import { Http2Connection, type Http2Host, type Http2Options } from '../http2/http2-connection.js';
import { ErrorCode } from '../http2/http2-errors.js';
import type { Http2Stream } from '../http2/http2-stream.js';
import type { HeaderMap } from '../http2/request-headers.js';
import { statusAlone } from './grpc-answer.js';
import type { GrpcCall } from './grpc-call.js';
import type { GrpcDoor } from './grpc-door.js';
import { isGrpcContentType, readGrpcHead } from './grpc-request.js';
import { StreamingCall } from './streaming-call.js';
import { UnaryCall } from './unary-call.js';

/** Messages of a connection that are not complete hold so much memory at most, and so do answers that are not read. */
const MAX_HELD_BYTES = 64 * 1024 * 1024;
/** Calls that were taken before that much waited are answered, but not for ever: a turn may bring thousands. */
const MAX_UNREAD_BYTES = 2 * MAX_HELD_BYTES;
/** Pings too many before the connection ends; without calls they may come every two hours. gRPC's own numbers. */
const MAX_PING_STRIKES = 2;
const IDLE_PING_MS = 2 * 60 * 60 * 1000;

const UNSUPPORTED_MEDIA = encodeFields({ ':status': '415', 'content-type': 'text/plain; charset=utf-8' });
const UNSUPPORTED_MEDIA_TEXT = Buffer.from('gRPC has the content type application/grpc\n');

export class GrpcSession implements Http2Host {
  readonly door: GrpcDoor;
  /** Of the client's certificate, where it had to show one. */
  readonly commonName: string | undefined;
  readonly #connection: Http2Connection;
  readonly #maxCalls: number;
  readonly #calls = new Set<GrpcCall>();
  /** Calls whose client is gone while their work goes on: they count, or cancelling would be a way around the limit. */
  #detached = 0;
  #heldBytes = 0;
  #lastPingMs = Number.NEGATIVE_INFINITY;
  #pingStrikes = 0;
  /** An answer left since the last ping. */
  #answeredSincePing = false;
  /** Runs where silent clients are pinged. */
  #silence: NodeJS.Timeout | null = null;
  #unanswered: NodeJS.Timeout | null = null;

  constructor(door: GrpcDoor, socket: Duplex, options: Http2Options, commonName: string | undefined) {
    this.door = door;
    this.commonName = commonName;
    this.#maxCalls = options.maxConcurrentStreams;
    this.#connection = new Http2Connection(socket, this, options);
    const { keepAliveIntervalMs, keepAliveTimeoutMs } = door.options;
    // As in etcd, either of them turns it off.
    if (keepAliveIntervalMs > 0 && keepAliveTimeoutMs > 0)
      this.#silence = setInterval(() => this.#checkAlive(), keepAliveIntervalMs);
  }

  /** New calls go elsewhere; those that are open may finish. */
  drain(): void {
    this.#connection.goAway();
  }

  /** Ends what is still open, then the connection, after what is written. */
  close(): void {
    for (const call of this.#calls) call.fail(failure(etcdErrors.stopped));
    this.#connection.goAway();
  }

  /** Refuses requests of one message that have not sent it since `tick`. */
  sweep(tick: number): void {
    for (const call of this.#calls) {
      if (call.startedTick >= tick || call.settled) continue;
      const text = 'the request did not arrive in time';
      call.fail(new RpcError(StatusCode.DEADLINE_EXCEEDED, text, { outcome: 'not-applied' }));
    }
  }

  // ---- for the calls ----

  forget(call: GrpcCall): void {
    this.#calls.delete(call);
  }

  detached(change: number): void {
    this.#detached += change;
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

  /** Why an answer that cannot leave now may not wait either; null where it may. */
  refusalToKeep(): RpcError | null {
    if (this.#connection.output.pendingBytes <= MAX_UNREAD_BYTES) return null;
    const text = `the answers that this connection does not read hold ${MAX_UNREAD_BYTES} bytes; this one is dropped`;
    return new RpcError(StatusCode.RESOURCE_EXHAUSTED, text);
  }

  onDefect(error: unknown, method?: string): void {
    this.door.logger.error({ err: error, method }, 'a call failed in a way that it should not');
  }

  // ---- what the client does ----

  onStream(stream: Http2Stream, headers: HeaderMap): void {
    const path = headers[':path'] ?? '';
    if (headers[':method'] !== 'POST' || !isGrpcContentType(headers['content-type'])) {
      if (headers[':method'] === 'POST' && findMethodByPath(path) !== undefined) refuseMedia(stream);
      else this.door.serveHttp(stream, headers);
      return;
    }
    const head = this.#refusal(headers) ?? readGrpcHead(path, headers);
    if (!head.ok) {
      stream.sendHeaders(statusAlone(head.status), true);
      return;
    }
    if (head.method.kind === 'unary') {
      const call = new UnaryCall(this, stream, head);
      this.#calls.add(call);
      stream.listener = call;
    } else {
      const call = new StreamingCall(this, stream, head);
      this.#calls.add(call);
      stream.listener = call;
      call.open();
    }
  }

  onPing(): void {
    const now = performance.now();
    const allowedMs = this.#calls.size > 0 ? this.door.options.keepAliveMinTimeMs : IDLE_PING_MS;
    if (this.#answeredSincePing) this.#pingStrikes = 0;
    else if (now - this.#lastPingMs < allowedMs) this.#pingStrikes += 1;
    this.#answeredSincePing = false;
    this.#lastPingMs = now;
    if (this.#pingStrikes > MAX_PING_STRIKES) this.#connection.fail(ErrorCode.ENHANCE_YOUR_CALM, 'too_many_pings');
  }

  onPong(): void {
    if (this.#unanswered !== null) clearTimeout(this.#unanswered);
    this.#unanswered = null;
  }

  onClose(): void {
    if (this.#silence !== null) clearInterval(this.#silence);
    this.onPong();
    this.door.forget(this);
  }

  #refusal(headers: HeaderMap): ReturnType<GrpcDoor['refuseOrigin']> {
    const tooMuch =
      this.#calls.size + this.#detached >= this.#maxCalls || this.#connection.output.pendingBytes > MAX_HELD_BYTES;
    return tooMuch ? { ok: false, status: etcdErrors.tooManyRequests } : this.door.refuseOrigin(headers);
  }

  #checkAlive(): void {
    const connection = this.#connection;
    if (connection.heard) {
      connection.heard = false;
      return;
    }
    if (this.#unanswered !== null) return;
    const text = 'no answer to a ping';
    const cut = (): void => {
      if (this.#unanswered !== null) connection.fail(ErrorCode.NO_ERROR, text);
    };
    // Where it was this process that stood still, the answer has come already: it is read before the client is judged.
    const judge = (): void => void setImmediate(cut);
    this.#unanswered = setTimeout(judge, this.door.options.keepAliveTimeoutMs);
    connection.ping();
  }
}

/** What is not gRPC at a path of gRPC. */
function refuseMedia(stream: Http2Stream): void {
  stream.sendHeaders(UNSUPPORTED_MEDIA);
  stream.sendData(UNSUPPORTED_MEDIA_TEXT);
  stream.end();
}
