/**
 * Pings a socket on a timer, measures round trips, and says when the other end is silent or stopped reading. The
 * judgement is in liveness.ts; here are only the timer and the socket.
 */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Environment } from './environment.js';
import { Liveness } from './liveness.js';
import { bytesWritten } from './socket.js';

export interface PulseHandlers {
  /** A ping or pong arrived. */
  heard(): void;
  /** Whether the queue turned frames away and is still long. */
  isFull(): boolean;
  dead(cause: 'ping-timeout' | 'back-pressure'): void;
}

export class Pulse {
  readonly #env: Environment;
  readonly #ws: WebSocket;
  readonly #handlers: PulseHandlers;
  readonly #liveness: Liveness;
  readonly #timer: NodeJS.Timeout;
  readonly #payload = Buffer.alloc(4);
  #sequence = 0;
  /** When the ping with number `#sequence` left; -1 when it was answered. */
  #sentAt = -1;
  /** Wait for the next ping to leave, and for the answer to the one that is under way. */
  #challenges: (() => void)[] = [];
  #challenged: (() => void)[] = [];

  constructor(env: Environment, ws: WebSocket, socket: Duplex, handlers: PulseHandlers) {
    this.#env = env;
    this.#ws = ws;
    this.#handlers = handlers;
    const { pingIntervalMs, pingTimeoutMs, backPressureTimeoutMs } = env.options;
    this.#liveness = new Liveness(
      Math.ceil(pingTimeoutMs / pingIntervalMs),
      Math.ceil(backPressureTimeoutMs / pingIntervalMs),
    );
    ws.on('pong', this.#onPong);
    ws.on('ping', this.#onPing);
    this.#timer = setInterval(() => {
      const waiting = socket.writableLength;
      const verdict = this.#liveness.tick(waiting, bytesWritten(socket) - waiting, handlers.isFull());
      if (verdict === 'alive') this.#ping();
      else handlers.dead(verdict);
    }, pingIntervalMs);
    this.#ping();
  }

  get rttMs(): number | null {
    return this.#liveness.rttMs;
  }

  heard(): void {
    this.#liveness.heard();
  }

  /** Calls back once a ping that leaves after this call is answered. */
  challenge(answered: () => void): void {
    this.#challenges.push(answered);
    this.#ping();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#ws.off('pong', this.#onPong);
    this.#ws.off('ping', this.#onPing);
  }

  #ping(): void {
    // One ping at a time: TCP loses none, and behind a long queue more would only pile up.
    if (this.#ws.readyState !== this.#ws.OPEN || this.#sentAt >= 0) return;
    this.#sequence = (this.#sequence + 1) >>> 0;
    this.#payload.writeUInt32BE(this.#sequence, 0);
    this.#sentAt = this.#env.clock.now();
    this.#challenged = this.#challenges;
    this.#challenges = [];
    this.#ws.ping(Buffer.from(this.#payload));
  }

  readonly #onPing = (): void => {
    this.#liveness.heard();
    this.#handlers.heard();
  };

  readonly #onPong = (data: Buffer): void => {
    this.#onPing();
    if (this.#sentAt < 0 || data.length !== 4 || data.readUInt32BE(0) !== this.#sequence) return;
    this.#liveness.sample(this.#env.clock.now() - this.#sentAt);
    this.#sentAt = -1;
    for (const answered of this.#challenged) answered();
    this.#challenged = [];
    if (this.#challenges.length > 0) this.#ping();
  };
}
