/**
 * The life of the client port and of the metrics port: bound first, so that a port in use is known before any data is
 * touched; answering 503 while there is neither a member nor a standby behind them.
 */
import { once } from 'node:events';
import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import type { Server, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import {
  CLIENT_PORT_TIMEOUTS,
  type ClientPortDoors,
  type ClientPortTimeouts,
  createHttp1,
  createSortingServer,
} from './client-port.js';
import { wasForwarded } from './forwarded.js';
import type { HostGuard } from './host-guard.js';
import { answerText } from './http-answer.js';
import { endWith, http2Words, httpWords } from './last-words.js';
import { listenOnUrls } from './listeners.js';
import { createHttpServer } from './http-server.js';
import { answerProbe, type ProbeSource } from './probes.js';
import type { DialTls, TlsIdentity } from './tls-identity.js';

/** What takes over once the member is there, or the standby. */
export interface ClientBackend {
  onRequest(request: IncomingMessage, response: ServerResponse): void;
  /** `commonName` is that of the client's certificate, where clients must show one; here and below. */
  onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, commonName?: string): void;
  /** A connection that begins with the HTTP/2 preface; it closes the socket by itself after `close`. */
  onHttp2(socket: Socket, commonName?: string): void;
  /** Tells every client to go elsewhere; what is under way may finish. */
  drain(): void;
  /** Ends every session, after what is written. */
  close(): void;
}

const NOT_YET: ProbeSource = {
  live: () => true,
  notReady: async () => 'starting',
  metrics: async () => ({ contentType: 'text/plain', text: '' }),
};

/** What is written when the doors close has so long to leave. */
const CLOSE_TIMEOUT_MS = 500;

export class ClientDoors {
  readonly #timeouts: ClientPortTimeouts;
  readonly #http1: HttpServer;
  readonly #doors: ClientPortDoors;
  readonly #sockets = new Set<Socket>();
  /** Of `#sockets`: what is still to leave on them, their sessions know. */
  readonly #http2Sockets = new WeakSet<Socket>();
  #servers: readonly Server[] = [];
  #metricsServers: readonly Server[] = [];
  #tls: TlsIdentity | null = null;
  #backend: ClientBackend | null = null;
  #probes: ProbeSource = NOT_YET;

  constructor(timeouts: ClientPortTimeouts = CLIENT_PORT_TIMEOUTS) {
    this.#timeouts = timeouts;
    this.#doors = {
      onRequest: (request, response) => this.#request(request, response),
      onUpgrade: (request, socket, head) => {
        if (this.#backend === null) endWith(socket, httpWords('503 Service Unavailable', 'starting'));
        else {
          // The certificate of a request that was forwarded is not its user's.
          const commonName = wasForwarded(request.headers) ? undefined : this.#commonName(socket);
          this.#backend.onUpgrade(request, socket, head, commonName);
        }
      },
      onHttp2: (socket) => {
        if (this.#backend === null) {
          endWith(socket, http2Words('starting'));
          return;
        }
        this.#http2Sockets.add(socket);
        this.#backend.onHttp2(socket, this.#commonName(socket));
      },
    };
    this.#http1 = createHttp1(this.#doors, timeouts);
  }

  /** `tls` is for https URLs; without it there are none. */
  async listen(
    clientUrls: readonly string[],
    metricsUrls: readonly string[],
    guard: HostGuard,
    tls: TlsIdentity | null,
  ): Promise<void> {
    this.#tls = tls;
    this.#servers = await listenOnUrls(clientUrls, 'listen-client-urls', (secure) =>
      createSortingServer(this.#http1, this.#doors, this.#sockets, this.#timeouts, secure ? tls : null),
    );
    this.#metricsServers = await listenOnUrls(metricsUrls, 'listen-metrics-urls', (secure) =>
      createHttpServer({}, secure ? tls : null, (request, response) => this.#metrics(guard, request, response)),
    );
  }

  /** How to reach other members as a client; undefined without TLS. */
  get dialTls(): DialTls | undefined {
    return this.#tls?.dial;
  }

  #metrics(guard: HostGuard, request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    const verdict = guard.check(request.headers.host, request.headers.origin);
    if (!verdict.ok) answerText(response, 403, verdict.text);
    else if (!answerProbe(this.#probes, request, response)) answerText(response, 404, 'not found');
  }

  #commonName(socket: Duplex): string | undefined {
    return socket instanceof TLSSocket ? this.#tls?.commonName(socket) : undefined;
  }

  open(backend: ClientBackend, probes: ProbeSource): void {
    this.#probes = probes;
    this.#backend = backend;
  }

  /** The backend goes, and another may come: the ports stay open, and answer 503 until then. */
  release(): void {
    const backend = this.#backend;
    this.#backend = null;
    this.#probes = NOT_YET;
    backend?.drain();
    backend?.close();
  }

  /** No new connections; those that are open may finish what they are at. */
  drain(): void {
    for (const server of this.#servers) server.close();
    this.#backend?.drain();
    this.#http1.closeIdleConnections();
  }

  /** What is written still leaves, within a bound. */
  async close(): Promise<void> {
    for (const server of [...this.#servers, ...this.#metricsServers]) server.close();
    for (const server of this.#metricsServers) (server as HttpServer).closeAllConnections();
    this.#backend?.close();
    this.#http1.close();
    const sockets = [...this.#sockets].filter((socket) => !socket.destroyed);
    const closed = sockets.map((socket) => once(socket, 'close').catch(() => undefined));
    const cut = setTimeout(() => {
      for (const socket of sockets) socket.destroy();
    }, CLOSE_TIMEOUT_MS);
    for (const socket of sockets) if (!this.#http2Sockets.has(socket)) socket.destroySoon();
    await Promise.all(closed);
    clearTimeout(cut);
  }

  #request(request: IncomingMessage, response: ServerResponse): void {
    if (this.#backend !== null) {
      this.#backend.onRequest(request, response);
      return;
    }
    request.resume();
    if (!answerProbe(NOT_YET, request, response)) answerText(response, 503, 'starting');
  }
}
