// How a client behaves: every number it waits, retries and holds by, with its default and its bounds.
import { invalidArgument } from './client-error.js';
import type { RetryMode } from './retry-policy.js';

export interface ClientOptions {
  /** Milliseconds a call may take, retries included, unless it says otherwise. Default 5000; 1 to 1 hour. */
  readonly timeoutMs?: number;
  /** Milliseconds until a connection attempt is given up. Default 2000. Below `timeoutMs`, or no call sees a second one. */
  readonly dialTimeoutMs?: number;
  /** The first wait before an endpoint that failed is dialled again. Default 50 ms; it doubles, with jitter. */
  readonly backoffBaseMs?: number;
  /** No wait between two dials is longer. Default 2000 ms. */
  readonly backoffMaxMs?: number;
  /**
   * A connection that has received nothing for this long is pinged, and closed when as much time passes again. Default
   * 5000 ms. Lower finds a dead machine sooner and costs a small frame each time.
   */
  readonly keepAliveMs?: number;
  /** Which failed calls are made again, unless the call says otherwise. Default `safe`. */
  readonly retry?: RetryMode;
  /** Find the leader and prefer it for writes and linearizable reads: one hop less. Default true. */
  readonly followLeader?: boolean;
  /** Send nothing to learners and standbys unless a call names the endpoint. Default true. */
  readonly excludeLearners?: boolean;
  /**
   * Which reads go to the endpoints that do not vote, as long as one of them is connected, so that they cost the voters
   * nothing: `none`; `serializable` ones, which any learner serves; or `all`, where linearizable ones go to readers
   * (`member add --reader`), and a learner that refuses one is not asked for another. Needs `excludeLearners` and
   * `followLeader`, which find out who votes. Default `none`.
   */
  readonly readers?: ReadersMode;
  /** A learner or standby is asked again what it is after this long. Default 10 000 ms. */
  readonly roleRecheckMs?: number;
  /** The member list is fetched this often and its voters become the endpoints. Default 0: only when `sync()` is called. */
  readonly syncIntervalMs?: number;
  /** Calls in flight or waiting for a connection; more fail with `RESOURCE_EXHAUSTED`. Default 10 000. */
  readonly maxPendingCalls?: number;
  /** Bytes handed to one socket and not yet sent; beyond, calls wait. Default 8 MiB. */
  readonly maxBufferedBytes?: number;
  /** The largest frame accepted, and so the largest answer. Default 64 MiB. Requests are bounded by the server. */
  readonly maxFrameBytes?: number;
  /**
   * Bytes of one stream that wait for its reader; the server holds back the rest. Default 1 MiB. A watcher whose reader
   * is slow costs so much memory and no more.
   */
  readonly streamWindowBytes?: number;
}

export type ReadersMode = 'none' | 'serializable' | 'all';

export type ResolvedClientOptions = Required<ClientOptions>;

const MIB = 1024 * 1024;
const HOUR_MS = 3_600_000;

/** The longest timeout of a call. */
export const MAX_TIMEOUT_MS = HOUR_MS;

const DEFAULTS: ResolvedClientOptions = {
  timeoutMs: 5000,
  dialTimeoutMs: 2000,
  backoffBaseMs: 50,
  backoffMaxMs: 2000,
  keepAliveMs: 5000,
  retry: 'safe',
  followLeader: true,
  excludeLearners: true,
  readers: 'none',
  roleRecheckMs: 10_000,
  syncIntervalMs: 0,
  maxPendingCalls: 10_000,
  maxBufferedBytes: 8 * MIB,
  maxFrameBytes: 64 * MIB,
  streamWindowBytes: MIB,
};

type NumberField = {
  [K in keyof ResolvedClientOptions]: ResolvedClientOptions[K] extends number ? K : never;
}[keyof ResolvedClientOptions];

const BOUNDS: Readonly<Record<NumberField, readonly [min: number, max: number]>> = {
  timeoutMs: [1, HOUR_MS],
  dialTimeoutMs: [1, HOUR_MS],
  backoffBaseMs: [1, HOUR_MS],
  backoffMaxMs: [1, HOUR_MS],
  keepAliveMs: [10, HOUR_MS],
  roleRecheckMs: [10, HOUR_MS],
  syncIntervalMs: [0, HOUR_MS],
  maxPendingCalls: [1, 1_000_000],
  maxBufferedBytes: [64 * 1024, 1024 * MIB],
  maxFrameBytes: [2 * MIB, 1024 * MIB],
  streamWindowBytes: [64 * 1024, 1024 * MIB],
};

const READERS_MODES: readonly ReadersMode[] = ['none', 'serializable', 'all'];
const RETRY_MODES: readonly RetryMode[] = ['safe', 'at-least-once', 'never'];

/**
 * Fills in defaults and checks ranges and relations.
 * @throws ClientError `INVALID_ARGUMENT`, naming the field
 */
export function resolveOptions(options: ClientOptions = {}): ResolvedClientOptions {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const resolved: ResolvedClientOptions = { ...DEFAULTS, ...Object.fromEntries(given) };
  for (const [field, [min, max]] of Object.entries(BOUNDS)) {
    checkNumber(field, resolved[field as NumberField], min, max);
  }
  if (!RETRY_MODES.includes(resolved.retry)) {
    throw invalidArgument(`retry is ${String(resolved.retry)}; it is one of ${RETRY_MODES.join(', ')}`);
  }
  if (!READERS_MODES.includes(resolved.readers)) {
    throw invalidArgument(`readers is ${String(resolved.readers)}; it is one of ${READERS_MODES.join(', ')}`);
  }
  if (resolved.readers !== 'none' && !(resolved.excludeLearners && resolved.followLeader)) {
    throw invalidArgument(`readers is ${resolved.readers}, which needs excludeLearners and followLeader`);
  }
  if (resolved.backoffMaxMs < resolved.backoffBaseMs) {
    throw invalidArgument(`backoffMaxMs (${resolved.backoffMaxMs}) is below backoffBaseMs (${resolved.backoffBaseMs})`);
  }
  return resolved;
}

/** @throws ClientError `INVALID_ARGUMENT`, naming the field */
export function checkNumber(field: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw invalidArgument(`${field} is ${String(value)}; it is a whole number from ${min} to ${max}`);
  }
}
