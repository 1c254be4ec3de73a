/**
 * The gRPC door: connections of the client port that speak HTTP/2. Calls go to the same target as those of the other
 * doors; a request that is not gRPC goes to the HTTP handler, since a client that speaks TLS may choose HTTP/2 for it.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { StatusCode } from '@understudy/protocol';
import type { RpcTarget } from '../../services/rpc.js';
import type { Logger } from '../../telemetry/logger.js';
import type { HostGuard } from '../host-guard.js';
import type { Http2Options } from '../http2/http2-connection.js';
import { serveHttpStream } from '../http2/http-stream.js';
import type { Http2Stream } from '../http2/http2-stream.js';
import type { HeaderMap } from '../http2/request-headers.js';
import type { GrpcHeadOrRefusal } from './grpc-request.js';
import { GrpcSession } from './grpc-session.js';

/** A message may be so much larger than a request: etcd's own allowance. */
const MESSAGE_OVERHEAD_BYTES = 512 * 1024;
const MAX_HEADER_LIST_BYTES = 16 * 1024;
/** What a client may send on one stream before it is granted more. */
const STREAM_WINDOW_BYTES = 256 * 1024;
/** The same, on all streams of a connection together. */
const CONNECTION_WINDOW_BYTES = 4 * 1024 * 1024;
const HANDSHAKE_TIMEOUT_MS = 30_000;
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
  /** Bytes of messages since the start. */
  readonly figures = { receivedBytes: 0, sentBytes: 0 };
  /** A clock for requests that do not arrive. */
  tick = 0;
  readonly #deps: GrpcDoorDeps;
  readonly #http2: Http2Options;
  readonly #sessions = new Set<GrpcSession>();
  readonly #sweeps: NodeJS.Timeout;

  constructor(deps: GrpcDoorDeps, options: GrpcDoorOptions) {
    this.#deps = deps;
    this.target = deps.target;
    this.logger = deps.logger;
    this.options = options;
    this.maxMessageBytes = options.maxRequestBytes + MESSAGE_OVERHEAD_BYTES;
    this.#http2 = {
      maxConcurrentStreams: options.maxConcurrentStreams,
      maxHeaderListBytes: MAX_HEADER_LIST_BYTES,
      streamWindowBytes: STREAM_WINDOW_BYTES,
      connectionWindowBytes: CONNECTION_WINDOW_BYTES,
      handshakeTimeoutMs: options.handshakeTimeoutMs ?? HANDSHAKE_TIMEOUT_MS,
    };
    this.#sweeps = setInterval(() => this.#sweep(), SWEEP_INTERVAL_MS);
  }

  /** Takes over a connection that begins with the preface of HTTP/2. */
  accept(socket: Duplex, commonName?: string): void {
    this.#sessions.add(new GrpcSession(this, socket, this.#http2, commonName));
  }

  /** Tells every client to go elsewhere; what is under way may finish. */
  drain(): void {
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
  refuseOrigin(headers: HeaderMap): Extract<GrpcHeadOrRefusal, { ok: false }> | null {
    const { origin } = headers;
    if (origin === undefined) return null;
    const verdict = this.#deps.guard.check(headers[':authority'] ?? headers['host'], origin);
    if (verdict.ok) return null;
    const { text } = verdict;
    return {
      ok: false,
      status: { code: StatusCode.PERMISSION_DENIED, text, retryable: false, outcome: 'not-applied' },
    };
  }

  serveHttp(stream: Http2Stream, headers: HeaderMap): void {
    serveHttpStream(stream, headers, this.#deps.onRequest);
  }

  #sweep(): void {
    for (const session of this.#sessions) session.sweep(this.tick);
    this.tick += 1;
  }
}
