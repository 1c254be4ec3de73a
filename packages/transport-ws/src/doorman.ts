/**
 * The server side: turns upgrade requests into WebSockets, keeps the number of unfinished handshakes small, and hands
 * finished ones on.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocketServer } from 'ws';
import { Answer, type AnswerHandlers } from './answer.js';
import { type Environment, ignore } from './environment.js';
import { CloseCode } from './protocol.js';
import { createUpgrader } from './socket.js';

export class Doorman {
  readonly #env: Environment;
  readonly #upgrader: WebSocketServer;
  readonly #handlers: AnswerHandlers;
  readonly #pending = new Set<Answer>();
  #open = false;

  constructor(env: Environment, handlers: AnswerHandlers) {
    this.#env = env;
    this.#upgrader = createUpgrader(env.options);
    this.#handlers = {
      claim: (hello, answer) => handlers.claim(hello, answer),
      confirmed: (channel, answer) => {
        this.#pending.delete(answer);
        handlers.confirmed(channel, answer);
      },
      failed: (hello, answer) => {
        this.#pending.delete(answer);
        handlers.failed(hello, answer);
      },
    };
  }

  open(): void {
    this.#open = true;
  }

  close(): void {
    this.#open = false;
    for (const answer of [...this.#pending]) answer.drop(CloseCode.stopping, 'stopping');
  }

  /** False when the request is for another path; then nothing was done with it. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const path = (request.url ?? '').split('?', 1)[0];
    if (path !== this.#env.options.path) return false;
    if (request.headers.origin !== undefined) {
      // Members do not send it, browsers always do: a page must not reach the peer port through its reader.
      turnAway(socket, '403 Forbidden');
    } else if (!this.#open || this.#pending.size >= this.#env.options.maxPendingHandshakes) {
      turnAway(socket, '503 Service Unavailable');
    } else {
      const from = request.socket.remoteAddress ?? 'unknown';
      this.#upgrader.handleUpgrade(request, socket, head, (ws) => {
        this.#env.track(ws);
        this.#pending.add(new Answer(this.#env, ws, socket, from, this.#handlers));
      });
    }
    return true;
  }
}

function turnAway(socket: Duplex, status: string): void {
  socket.on('error', ignore);
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}
