/**
 * The gRPC door: connections of the client port that speak HTTP/2. Calls go to the same target as those of the other
 * doors; a request that is not gRPC goes to the HTTP handler, since a client that speaks TLS may choose HTTP/2 for it.
 */
import {
  Http2ServerRequest,
  Http2ServerResponse,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
  type ServerOptions,
} from 'node:http2';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { StatusCode } from '@understudy/protocol';
import type { RpcTarget } from '../../services/rpc.js';
import type { Logger } from '../../telemetry/logger.js';
import type { HostGuard } from '../host-guard.js';
import type { GrpcHeadOrRefusal } from './grpc-request.js';
import { GrpcSession } from './grpc-session.js';
import { admitHttp2 } from './url-authority.js';

/** A message may be so much larger than a request: etcd's own allowance. */
const MESSAGE_OVERHEAD_BYTES = 512 * 1024;
const HANDSHAKE_TIMEOUT_MS = 30_000;
const MAX_HEADER_LIST_BYTES = 16 * 1024;
/** What a client may send on one stream before it is granted more. */
const STREAM_WINDOW_BYTES = 256 * 1024;
/** Of node's own books of a connection: streams, headers, frames that wait. */
const MAX_SESSION_MEMORY_MB = 64;
/** How often requests that do not arrive are looked for; one of them has two of these at most. */
const SWEEP_INTERVAL_MS = 30_000;

export interface GrpcDoorOptions {
  /** `--max-request-bytes`. */
  readonly maxRequestBytes: number;
  /** Calls and streams of one connection at once. */
  readonly maxConcurrentStreams: number;
  /** Clients may ping so often, milliseconds. */
  readonly keepAliveMinTimeMs: number;
  /** A silent client is pinged after so long, milliseconds; 0 never. */
  readonly keepAliveIntervalMs: number;
  /** It has so long to answer, milliseconds. */
  readonly keepAliveTimeoutMs: number;
  /** From the first bytes of a connection to its settings, milliseconds. Default 30 s. */
  readonly handshakeTimeoutMs?: number;
}

export interface GrpcDoorDeps {
  readonly target: RpcTarget;
  readonly guard: HostGuard;
  readonly logger: Logger;
  /** Requests over HTTP/2 that are not gRPC. */
  readonly onRequest: (request: IncomingMessage, response: ServerResponse) => void;
}

export class GrpcDoor {
  readonly target: RpcTarget;
  readonly logger: Logger;
  readonly options: GrpcDoorOptions;
  readonly maxMessageBytes: number;
  readonly handshakeTimeoutMs: number;
  /** Bytes of messages since the start. */
  readonly figures = { receivedBytes: 0, sentBytes: 0 };
  /** A clock for requests that do not arrive. */
  tick = 0;
  readonly #deps: GrpcDoorDeps;
  readonly #http2: ServerOptions;
  readonly #sessions = new Set<GrpcSession>();
  /** Connections without a request so far: how to admit them at once. */
  readonly #waiting = new Set<() => void>();
  readonly #sweeps: NodeJS.Timeout;

  constructor(deps: GrpcDoorDeps, options: GrpcDoorOptions) {
    this.#deps = deps;
    this.target = deps.target;
    this.logger = deps.logger;
    this.options = options;
    this.handshakeTimeoutMs = options.handshakeTimeoutMs ?? HANDSHAKE_TIMEOUT_MS;
    this.maxMessageBytes = options.maxRequestBytes + MESSAGE_OVERHEAD_BYTES;
    this.#http2 = {
      maxSessionMemory: MAX_SESSION_MEMORY_MB,
      settings: {
        maxConcurrentStreams: options.maxConcurrentStreams,
        maxHeaderListSize: MAX_HEADER_LIST_BYTES,
        initialWindowSize: STREAM_WINDOW_BYTES,
        enablePush: false,
      },
    };
    this.#sweeps = setInterval(() => this.#sweep(), SWEEP_INTERVAL_MS);
  }

  /** Takes over a connection that begins with the preface of HTTP/2. */
  accept(socket: Duplex, commonName?: string): void {
    const admitNow = admitHttp2(
      socket,
      (connection) => {
        this.#waiting.delete(admitNow);
        this.#sessions.add(new GrpcSession(this, connection, this.#http2, commonName));
      },
      this.handshakeTimeoutMs,
    );
    this.#waiting.add(admitNow);
    socket.once('close', () => this.#waiting.delete(admitNow));
  }

  /** Tells every client to go elsewhere; what is under way may finish. */
  drain(): void {
    for (const admitNow of this.#waiting) admitNow();
    for (const session of this.#sessions) session.drain();
  }

  close(): void {
    clearInterval(this.#sweeps);
    for (const session of this.#sessions) session.close();
  }

  // ---- for the sessions ----

  forget(session: GrpcSession): void {
    this.#sessions.delete(session);
  }

  /** A web page may not call where it may not use JSON either. */
  refuseOrigin({ origin, ...headers }: IncomingHttpHeaders): GrpcHeadOrRefusal | null {
    if (origin === undefined) return null;
    const verdict = this.#deps.guard.check(headers[':authority'] ?? headers.host, origin);
    if (verdict.ok) return null;
    const { text } = verdict;
    return {
      ok: false,
      status: { code: StatusCode.PERMISSION_DENIED, text, retryable: false, outcome: 'not-applied' },
    };
  }

  serveHttp(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, rawHeaders: string[]): void {
    const request = new Http2ServerRequest(stream, headers, {}, rawHeaders);
    const response = new Http2ServerResponse(stream);
    // Node's own likeness of HTTP/1.1: what our handlers use of a request and a response is there.
    this.#deps.onRequest(request as unknown as IncomingMessage, response as unknown as ServerResponse);
  }

  #sweep(): void {
    for (const session of this.#sessions) session.sweep(this.tick);
    this.tick += 1;
  }
}
