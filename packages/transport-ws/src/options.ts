/** The options of a transport, their defaults, and the check of ranges and relations. */
import { TransportError } from './errors.js';
import { MAX_SNAPSHOT_CHUNK_BYTES } from './protocol.js';

/** For dialling `https://` peers. The server side of TLS belongs to the owner of the HTTP server. */
export interface TlsOptions {
  /** PEM of the authorities that peers' certificates are checked against. Default: the system's. */
  readonly ca?: string | Buffer;
  /** PEM of this member's certificate, for peers that ask for one; goes with `key`. */
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  /** The name expected in peers' certificates, where it is not the URL's host. */
  readonly servername?: string;
  /** False accepts any certificate: for experiments only. Default true. */
  readonly rejectUnauthorized?: boolean;
}

export interface WsTransportOptions {
  /** Path of the upgrade request, the same on all members. It is appended to the path of a peer's URL. */
  readonly path?: string;
  readonly tls?: TlsOptions;
  /** A dial (TCP, TLS and upgrade together) is given up after this. Above a round trip; below an election timeout. */
  readonly connectTimeoutMs?: number;
  /** Hello, accept and confirm must be through within this time of the upgrade. */
  readonly handshakeTimeoutMs?: number;
  /** How long the member with the higher id leaves the first dial to the other. 0: both dial at once. */
  readonly dialStaggerMs?: number;
  /** Wait before the second dial in a row; doubles from dial to dial, with jitter. */
  readonly backoffMinMs?: number;
  /** Ceiling of that wait. At least `backoffMinMs`. */
  readonly backoffMaxMs?: number;
  /** A stream that lived this long resets the backoff. */
  readonly stableAfterMs?: number;
  /** Wait after a refusal that may become an acceptance (unknown member, wiped, wrong cluster ...). */
  readonly refusedRetryMs?: number;
  /** Each stream is pinged this often. */
  readonly pingIntervalMs?: number;
  /** A stream from which nothing was heard for so long is dropped. At least `pingIntervalMs`. */
  readonly pingTimeoutMs?: number;
  /** Bytes that may wait on the control lane of one peer before `send` says `full`. */
  readonly maxQueuedControlBytes?: number;
  /** The same for the bulk lane: a few append batches of the largest size. */
  readonly maxQueuedBulkBytes?: number;
  /** A lane that stays full for so long is dropped. At least `pingIntervalMs`. */
  readonly backPressureTimeoutMs?: number;
  /** Frames of one turn go out as one message up to this size, then as several. */
  readonly maxBatchBytes?: number;
  /** Incoming connections whose handshake is not over; more are turned away with 503. */
  readonly maxPendingHandshakes?: number;
  /** Size of the chunks that a snapshot is sent in. */
  readonly snapshotChunkBytes?: number;
  /** Snapshot bytes that may be on their way to this member before it consumed them. At least `snapshotChunkBytes`. */
  readonly snapshotWindowBytes?: number;
  /** Limit over all outgoing snapshots together; 0 is none. `setSnapshotRate` changes it later. */
  readonly snapshotBytesPerSecond?: number;
  /** Incoming snapshots at a time; more are refused as busy. */
  readonly maxIncomingSnapshots?: number;
  /** An incoming snapshot whose sender may send, but does not for so long, is given up. */
  readonly snapshotIdleTimeoutMs?: number;
  /** `stop` waits so long for closing handshakes before it cuts what is left. */
  readonly stopTimeoutMs?: number;
  /**
   * True masks outgoing frames with random keys, as browsers must. Default false, an all-zero key, which saves a pass
   * over every byte sent by the dialling side; turn it on where a caching proxy that misreads WebSocket sits between
   * members without TLS.
   */
  readonly maskFrames?: boolean;
  /** The same complaint about the same peer is logged, and told to `onRefused`, once in this time. */
  readonly logIntervalMs?: number;
}

export type ResolvedOptions = Required<Omit<WsTransportOptions, 'tls'>> & { readonly tls: TlsOptions };

const DEFAULTS: ResolvedOptions = {
  path: '/understudy/peer',
  tls: {},
  connectTimeoutMs: 2_000,
  handshakeTimeoutMs: 2_000,
  dialStaggerMs: 50,
  backoffMinMs: 50,
  backoffMaxMs: 2_000,
  stableAfterMs: 5_000,
  refusedRetryMs: 5_000,
  pingIntervalMs: 1_000,
  pingTimeoutMs: 5_000,
  maxQueuedControlBytes: 4 * 1024 * 1024,
  maxQueuedBulkBytes: 32 * 1024 * 1024,
  backPressureTimeoutMs: 5_000,
  maxBatchBytes: 1024 * 1024,
  maxPendingHandshakes: 64,
  snapshotChunkBytes: 64 * 1024,
  snapshotWindowBytes: 1024 * 1024,
  snapshotBytesPerSecond: 0,
  maxIncomingSnapshots: 2,
  snapshotIdleTimeoutMs: 60_000,
  stopTimeoutMs: 500,
  maskFrames: false,
  logIntervalMs: 10_000,
};

type NumberField = {
  [K in keyof ResolvedOptions]: ResolvedOptions[K] extends number ? K : never;
}[keyof ResolvedOptions];

const HOUR_MS = 3_600_000;
const GIB = 1024 * 1024 * 1024;

const RANGES: readonly (readonly [NumberField, number, number])[] = [
  ['connectTimeoutMs', 1, HOUR_MS],
  ['handshakeTimeoutMs', 1, HOUR_MS],
  ['dialStaggerMs', 0, HOUR_MS],
  ['backoffMinMs', 1, HOUR_MS],
  ['backoffMaxMs', 1, HOUR_MS],
  ['stableAfterMs', 0, HOUR_MS],
  ['refusedRetryMs', 1, HOUR_MS],
  ['pingIntervalMs', 1, HOUR_MS],
  ['pingTimeoutMs', 1, HOUR_MS],
  ['maxQueuedControlBytes', 1, GIB],
  ['maxQueuedBulkBytes', 1, GIB],
  ['backPressureTimeoutMs', 1, HOUR_MS],
  ['maxBatchBytes', 1, 16 * 1024 * 1024],
  ['maxPendingHandshakes', 1, 65_536],
  ['snapshotChunkBytes', 1, MAX_SNAPSHOT_CHUNK_BYTES],
  ['snapshotWindowBytes', 1, GIB],
  ['snapshotBytesPerSecond', 0, Number.MAX_SAFE_INTEGER],
  ['maxIncomingSnapshots', 1, 1_024],
  ['snapshotIdleTimeoutMs', 1, HOUR_MS],
  ['stopTimeoutMs', 0, HOUR_MS],
  ['logIntervalMs', 0, HOUR_MS],
];

const AT_LEAST: readonly (readonly [NumberField, NumberField])[] = [
  ['backoffMaxMs', 'backoffMinMs'],
  ['pingTimeoutMs', 'pingIntervalMs'],
  ['backPressureTimeoutMs', 'pingIntervalMs'],
];

/** Fills defaults. Throws `invalid-options`, naming the field. */
export function resolveOptions(options: WsTransportOptions): ResolvedOptions {
  const resolved: ResolvedOptions = { ...DEFAULTS };
  for (const key of Object.keys(options) as (keyof WsTransportOptions)[]) {
    if (!Object.hasOwn(DEFAULTS, key)) throw invalid(`no option is called ${key}`);
    if (options[key] !== undefined) Object.assign(resolved, { [key]: options[key] });
  }
  for (const [field, min, max] of RANGES) {
    const value = resolved[field];
    if (!Number.isSafeInteger(value) || value < min || value > max) {
      throw invalid(`${field} is ${value}; it must be an integer from ${min} to ${max}`);
    }
  }
  for (const [field, floor] of AT_LEAST) {
    if (resolved[field] < resolved[floor]) {
      throw invalid(`${field} is ${resolved[field]}; it must be at least ${floor}, ${resolved[floor]}`);
    }
  }
  if (!/^\/[\w\-./]*[\w\-.]$/.test(resolved.path)) {
    throw invalid(`path is ${JSON.stringify(resolved.path)}; it must begin, and not end, with a slash`);
  }
  if ((resolved.tls.cert === undefined) !== (resolved.tls.key === undefined)) {
    throw invalid('tls.cert and tls.key go together');
  }
  return resolved;
}

export function invalid(message: string): TransportError {
  return new TransportError('invalid-options', message);
}
