/** What the parts of one transport share: identity, options, clock, randomness, log. No state of peers. */
import type { WebSocket } from 'ws';
import type { Identity, PeerHello, Refusal, Verdict } from './identity.js';
import { LogLimit } from './log-limit.js';
import type { ResolvedOptions } from './options.js';
import type { RivalVerdict } from './rival-watch.js';

export interface Clock {
  /** Milliseconds, monotonic, fractions allowed. */
  now(): number;
}

export interface TransportLogger {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

export interface WsTransportDeps {
  readonly identity: Identity;
  /** Is this one a member that may have a stream now? Called for both directions. Must not throw. */
  readonly admit: (hello: PeerHello) => Verdict;
  /** A stream with this member is open: what it said of itself is what it is from now on. Must not throw. */
  readonly onGreeted?: (hello: PeerHello) => void;
  /** A stream with this member ended, and another one may be open. Must not throw. */
  readonly onParted?: (hello: PeerHello) => void;
  /** A handshake was refused. The same refusal is told once in `logIntervalMs`. */
  readonly onRefused?: (refusal: Refusal) => void;
  readonly clock?: Clock;
  /** An integer in [0, exclusiveMax). */
  readonly random?: (exclusiveMax: number) => number;
  readonly logger?: TransportLogger;
}

export class Environment {
  readonly identity: Identity;
  readonly admit: (hello: PeerHello) => Verdict;
  /** Set by the transport, which knows the streams there are. */
  rival: (hello: PeerHello) => RivalVerdict = () => 'none';
  readonly greeted: (hello: PeerHello) => void;
  readonly parted: (hello: PeerHello) => void;
  readonly options: ResolvedOptions;
  readonly clock: Clock;
  readonly random: (exclusiveMax: number) => number;
  readonly #logger: TransportLogger | undefined;
  readonly #onRefused: ((refusal: Refusal) => void) | undefined;
  readonly #logLimit: LogLimit;
  /** Every WebSocket of this transport that is not closed yet, so that `stop` can wait for them and cut them. */
  readonly sockets = new Set<WebSocket>();

  constructor(deps: WsTransportDeps, options: ResolvedOptions) {
    this.identity = deps.identity;
    this.admit = deps.admit;
    this.greeted = deps.onGreeted ?? ignore;
    this.parted = deps.onParted ?? ignore;
    this.options = options;
    this.clock = deps.clock ?? { now: () => performance.now() };
    this.random = deps.random ?? ((exclusiveMax) => Math.floor(Math.random() * exclusiveMax));
    this.#logger = deps.logger;
    this.#onRefused = deps.onRefused;
    this.#logLimit = new LogLimit(options.logIntervalMs);
  }

  /** To be called for every WebSocket when it is made: an 'error' that nobody listens for would end the process. */
  track(ws: WebSocket): void {
    this.sockets.add(ws);
    ws.on('error', ignore);
    ws.once('close', () => this.sockets.delete(ws));
  }

  /** `key` is what the limit of one line per interval is for, usually the peer and the complaint. */
  warn(key: string, message: string, fields: Readonly<Record<string, unknown>>): void {
    if (this.#logLimit.allows(key, this.clock.now())) this.#logger?.warn(message, fields);
  }

  refused(refusal: Refusal): void {
    if (refusal.reason === 'duplicate') return;
    const key = `refused/${refusal.peer}/${refusal.by}/${refusal.reason}`;
    if (!this.#logLimit.allows(key, this.clock.now())) return;
    this.#logger?.warn('peer handshake refused', { ...refusal });
    this.#onRefused?.(refusal);
  }
}

export function ignore(): void {}
