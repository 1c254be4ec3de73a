/**
 * The life of the client port and of the metrics port: bound first, so that a port in use is known before any data is
 * touched; answering 503 until there is a member behind them.
 */
import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http';
import type { Server, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ClientPortDoors, createHttp1, createSortingServer } from './client-port.js';
import { answerText } from './http-answer.js';
import { listenOnUrls } from './listeners.js';
import { answerProbe, type ProbeSource } from './probes.js';

/** What takes over once the member is there. */
export interface ClientBackend {
  onRequest(request: IncomingMessage, response: ServerResponse): void;
  onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Tells every client to go elsewhere; what is under way may finish. */
  drain(): void;
}

const NOT_YET: ProbeSource = {
  health: () => ({ live: true, notReady: 'starting' }),
  metrics: async () => ({ contentType: 'text/plain', text: '' }),
};

export class ClientDoors {
  readonly #http1: HttpServer;
  readonly #doors: ClientPortDoors;
  readonly #sockets = new Set<Socket>();
  #servers: readonly Server[] = [];
  #metricsServers: readonly Server[] = [];
  #backend: ClientBackend | null = null;
  #probes: ProbeSource = NOT_YET;

  constructor() {
    this.#doors = {
      onRequest: (request, response) => this.#request(request, response),
      onUpgrade: (request, socket, head) => {
        if (this.#backend === null) socket.destroy();
        else this.#backend.onUpgrade(request, socket, head);
      },
      onHttp2: null,
    };
    this.#http1 = createHttp1(this.#doors);
  }

  async listen(clientUrls: readonly string[], metricsUrls: readonly string[]): Promise<void> {
    this.#servers = await listenOnUrls(clientUrls, 'listen-client-urls', () =>
      createSortingServer(this.#http1, this.#doors, this.#sockets),
    );
    this.#metricsServers = await listenOnUrls(metricsUrls, 'listen-metrics-urls', () =>
      createServer((request, response) => {
        request.resume();
        const [path] = (request.url ?? '/').split('?') as [string];
        if (request.method !== 'GET' || !answerProbe(this.#probes, path, response))
          answerText(response, 404, 'not found');
      }),
    );
  }

  open(backend: ClientBackend, probes: ProbeSource): void {
    this.#probes = probes;
    this.#backend = backend;
  }

  /** No new connections; those that are open may finish what they are at. */
  drain(): void {
    for (const server of this.#servers) server.close();
    this.#backend?.drain();
    this.#http1.closeIdleConnections();
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    for (const server of [...this.#servers, ...this.#metricsServers]) server.close();
    for (const server of this.#metricsServers) (server as HttpServer).closeAllConnections();
  }

  #request(request: IncomingMessage, response: ServerResponse): void {
    if (this.#backend !== null) {
      this.#backend.onRequest(request, response);
      return;
    }
    request.resume();
    const [path] = (request.url ?? '/').split('?') as [string];
    if (!answerProbe(NOT_YET, path, response)) answerText(response, 503, 'starting');
  }
}
