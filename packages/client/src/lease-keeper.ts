// Keeps one lease alive: renews it when a third of its time is over, through whatever endpoint there is, and says when
// it is lost. Lost is decided on the safe side: the server may still hold the lease for a moment, but never the other
// way round, since the time is counted from before the renewal was sent.
import { EventEmitter } from 'node:events';
import type { LeaseKeepAliveResponse } from '@understudy/protocol';
import { onAbort } from './abort-signals.js';
import { ClientError } from './client-error.js';
import { type KeepAliveDeps, renewOnce, sleep } from './keep-alive.js';

export interface LeaseKeeperOptions {
  /** The seconds that were granted, where they are known: the lease counts as lost when it was never renewed within. */
  readonly ttl?: number | undefined;
  /** Closes the keeper. */
  readonly signal?: AbortSignal | undefined;
}

export interface LeaseKeeperEvents {
  /** It was renewed, for `ttl` seconds from now. */
  renewed: [answer: LeaseKeepAliveResponse];
  /** It is gone, or can no longer be relied upon; the keeper has ended. */
  lost: [error: ClientError];
}

// A lease of a few seconds is not renewed more often than this.
const MIN_INTERVAL_MS = 100;

export class LeaseKeeper extends EventEmitter<LeaseKeeperEvents> implements AsyncDisposable {
  readonly id: bigint;
  /** Aborted, with the error, when the lease is lost: pass it to what must not go on without the lease. */
  readonly lostSignal: AbortSignal;
  private readonly deps: KeepAliveDeps;
  private readonly onEnd: () => void;
  private readonly lost = new AbortController();
  private readonly stopped = new AbortController();
  private readonly unlisten: () => void;
  private readonly running: Promise<void>;
  // on the clock of performance.now(); Infinity before the lease's time is known
  private expiresAtMs: number;

  /** For `Leases.keepAlive`. */
  constructor(deps: KeepAliveDeps, id: bigint, { ttl, signal }: LeaseKeeperOptions, onEnd: () => void) {
    super();
    this.deps = deps;
    this.id = id;
    this.onEnd = onEnd;
    this.lostSignal = this.lost.signal;
    this.expiresAtMs = ttl === undefined ? Number.POSITIVE_INFINITY : performance.now() + ttl * 1000;
    if (signal?.aborted === true) this.stopped.abort();
    this.unlisten = signal === undefined ? () => {} : onAbort(signal, () => this.stopped.abort());
    this.running = this.run();
  }

  /** Stops renewing; the lease lives on until its time is over or it is revoked. */
  async close(): Promise<void> {
    this.stopped.abort();
    await this.running;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopped;
    // Nobody can listen yet.
    await Promise.resolve();
    while (!signal.aborted) {
      const error = await this.renew();
      if (signal.aborted) break;
      if (error !== undefined) {
        this.lost.abort(error);
        this.emit('lost', error);
        break;
      }
    }
    this.unlisten();
    this.onEnd();
  }

  // One renewal and the wait after it; an error when the lease is lost.
  private async renew(): Promise<ClientError | undefined> {
    const { signal } = this.stopped;
    const sentAtMs = performance.now();
    const leftMs = this.expiresAtMs - sentAtMs;
    if (leftMs <= 0) return this.expired(undefined);
    try {
      const timeoutMs = Math.max(1, Math.ceil(Math.min(leftMs, this.deps.options.timeoutMs)));
      const answer = await renewOnce(this.deps, this.id, { timeoutMs, signal });
      const { ttl } = answer;
      if (ttl <= 0) {
        return new ClientError('NOT_FOUND', 'etcdserver: requested lease not found', { outcome: 'not-applied' });
      }
      this.expiresAtMs = sentAtMs + ttl * 1000;
      this.emit('renewed', answer);
      await sleep(Math.max(MIN_INTERVAL_MS, (ttl * 1000) / 3), signal);
      return undefined;
    } catch (cause) {
      const error = cause as ClientError;
      if (!error.retryable) return error;
      return performance.now() >= this.expiresAtMs ? this.expired(error) : undefined;
    }
  }

  private expired(cause: ClientError | undefined): ClientError {
    return new ClientError('DEADLINE_EXCEEDED', 'the lease was not renewed in time', { outcome: 'unknown', cause });
  }
}
