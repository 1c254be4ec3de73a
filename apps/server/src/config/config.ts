/** The whole configuration of a server, resolved and checked. Nothing below this layer reads flags or environment. */
import { resolve } from 'node:path';
import type { PolicySettings } from '@understudy/membership';
import { type JwtConfig, parseAuthToken } from './auth-token.js';
import { NOTHING_AROUND, type Surroundings } from '../bootstrap/surroundings.js';
import { ConfigError } from './config-error.js';
import { parseDurationMs } from './duration.js';
import type { GivenFlags } from './command-line.js';
import { initialCluster } from './initial-cluster.js';
import { policyOfFlags } from './policy-flags.js';
import { type TlsFiles, tlsFiles } from './tls-flags.js';
import { parseUrls } from './urls.js';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
const LOG_LEVELS: readonly string[] = ['debug', 'info', 'warn', 'error', 'fatal', 'silent'];

export type AutoCompaction =
  | { readonly mode: 'off' }
  | { readonly mode: 'periodic'; readonly retentionMs: number }
  | { readonly mode: 'revision'; readonly retentionRevisions: number };

/** The name is empty where the flags do not say it. */
export interface InitialMember {
  readonly name: string;
  readonly peerUrls: readonly string[];
}

export type MachineRole = 'any' | 'standby-only';
export type StandbyMode = 'auto' | 'redirect' | 'forward';

export interface Config {
  readonly name: string;
  /** Absolute. */
  readonly dataDir: string;
  readonly listenClientUrls: readonly string[];
  readonly advertiseClientUrls: readonly string[];
  readonly listenPeerUrls: readonly string[];
  readonly advertisePeerUrls: readonly string[];
  readonly listenMetricsUrls: readonly string[];
  /** The members of a first start, this one among them; empty where it is none of them and can only join. */
  readonly initialCluster: readonly InitialMember[];
  readonly initialClusterState: 'new' | 'existing';
  /** Where a cluster to take part in may be found, by client or peer URLs; empty without `--join`. */
  readonly join: readonly string[];
  /** What a machine may become that takes part by `--join`. */
  readonly role: MachineRole;
  /** Empty where nobody says. */
  readonly zone: string;
  readonly onRemoval: 'standby' | 'exit';
  readonly standbyMode: StandbyMode;
  readonly clusterToken: string;
  /** True when the token was given: then a data directory of another token is refused. */
  readonly clusterTokenGiven: boolean;
  readonly heartbeatIntervalMs: number;
  /** >= 5 heartbeat intervals. */
  readonly electionTimeoutMs: number;
  readonly snapshotCount: number;
  readonly catchUpEntries: number;
  readonly quotaBackendBytes: number;
  readonly maxRequestBytes: number;
  readonly maxTxnOps: number;
  /** Of one connection. */
  readonly maxConcurrentStreams: number;
  readonly grpcKeepAliveMinTimeMs: number;
  /** 0: silent clients are not pinged. */
  readonly grpcKeepAliveIntervalMs: number;
  readonly grpcKeepAliveTimeoutMs: number;
  /** What the policy of a cluster that has none yet is to say. */
  readonly policySettings: PolicySettings;
  /** What `member add` makes of a member that is to vote: a learner that is promoted once in sync, or a voter at once. */
  readonly newMember: 'join' | 'voter';
  /** Who sends learners their snapshots while this member leads: a voter that is in sync, where there is one, or itself. */
  readonly learnerSource: 'leader' | 'voter';
  readonly learnerBytesPerSecond: number;
  /** What a learner or reader serves from its own state is no older; 0 for any age. Milliseconds. */
  readonly maxStalenessMs: number;
  readonly autoCompaction: AutoCompaction;
  readonly strictReconfigCheck: boolean;
  /** 0: none. */
  readonly ballastBytes: number;
  readonly forceNewCluster: boolean;
  readonly walParanoid: boolean;
  /** Null: tokens are simple. */
  readonly jwt: JwtConfig | null;
  /** Of simple tokens that nobody uses. */
  readonly authTokenTtlMs: number;
  readonly watchProgressIntervalMs: number;
  readonly initialCorruptCheck: boolean;
  /** 0: never. */
  readonly corruptCheckIntervalMs: number;
  /** Null: clients are served without TLS. */
  readonly clientTls: TlsFiles | null;
  readonly peerTls: TlsFiles | null;
  readonly hostWhitelist: readonly string[];
  readonly corsOrigins: readonly string[];
  readonly logLevel: LogLevel;
  readonly logFormat: 'json' | 'pretty';
}

/** The longest that a timer takes. */
const MAX_DURATION_MS = 2 ** 31 - 1;
/** Of a timer. */
const MAX_INTERVAL_MS = 24 * 3_600_000;
const DEFAULT_QUOTA_BYTES = 2 * 1024 ** 3;

/** `around` is what had to be looked up; without it, this machine is `localhost` and DNS names nobody. */
export function resolveConfig(flags: GivenFlags, terminal: boolean, around: Surroundings = NOTHING_AROUND): Config {
  const { peers: discovered } = around;
  const host = around.ownHost ?? 'localhost';
  refuseDiscovery(flags);
  const name = flags.text('name') ?? 'default';
  if (name === '' || /[,=\s]/.test(name)) throw new ConfigError(`--name: "${name}" must have no comma, "=" or space`);
  const listenClientUrls = parseUrls(flags.text('listen-client-urls') ?? `http://${host}:2379`, 'listen-client-urls');
  const listenPeerUrls = parseUrls(flags.text('listen-peer-urls') ?? `http://${host}:2380`, 'listen-peer-urls');
  const urls = (flag: string, fallback: readonly string[]): readonly string[] => {
    const given = flags.text(flag);
    return given === undefined ? fallback : parseUrls(given, flag);
  };
  const advertisePeerUrls = urls('initial-advertise-peer-urls', listenPeerUrls);
  const advertiseClientUrls = urls('advertise-client-urls', listenClientUrls);
  const listenMetricsUrls = urls('listen-metrics-urls', []);
  const join = discovered.length > 0 ? discovered : urls('join', []);
  const role = oneOf(flags, 'role', ['any', 'standby-only'], 'any') as MachineRole;
  const heartbeatIntervalMs = inRange(flags, 'heartbeat-interval', 100, 10, 10_000);
  const electionTimeoutMs = inRange(flags, 'election-timeout', 1000, 50, 50_000);
  if (electionTimeoutMs < 5 * heartbeatIntervalMs) {
    throw new ConfigError(
      `--election-timeout: ${electionTimeoutMs}ms must be at least 5 times --heartbeat-interval, ${heartbeatIntervalMs}ms`,
    );
  }
  const snapshotCount = inRange(flags, 'snapshot-count', 10_000, 1, 10_000_000);
  const catchUpEntries = inRange(flags, 'snapshot-catchup-entries', 5000, 1, 10_000_000);
  return {
    name,
    dataDir: resolve(flags.text('data-dir') ?? `${name}.understudy`),
    listenClientUrls,
    advertiseClientUrls,
    listenPeerUrls,
    advertisePeerUrls,
    listenMetricsUrls,
    initialCluster: initialCluster(flags, { name, advertisePeerUrls, advertiseClientUrls, join, discovered, role }),
    initialClusterState: oneOf(flags, 'initial-cluster-state', ['new', 'existing'], 'new') as 'new' | 'existing',
    join,
    role,
    zone: zone(flags),
    onRemoval: oneOf(flags, 'on-removal', ['standby', 'exit'], 'standby') as 'standby' | 'exit',
    standbyMode: oneOf(flags, 'standby-mode', ['auto', 'redirect', 'forward'], 'auto') as StandbyMode,
    clusterToken: flags.text('initial-cluster-token') ?? 'understudy-cluster',
    clusterTokenGiven: flags.text('initial-cluster-token') !== undefined,
    heartbeatIntervalMs,
    electionTimeoutMs,
    snapshotCount,
    catchUpEntries,
    quotaBackendBytes: flags.count('quota-backend-bytes') || DEFAULT_QUOTA_BYTES,
    maxRequestBytes: inRange(flags, 'max-request-bytes', 1_572_864, 1024, 64 * 1024 * 1024),
    maxTxnOps: inRange(flags, 'max-txn-ops', 128, 1, 100_000),
    maxConcurrentStreams: inRange(flags, 'max-concurrent-streams', 10_000, 1, 2 ** 32 - 1),
    grpcKeepAliveMinTimeMs: inRange(flags, 'grpc-keepalive-min-time', 5000, 0, MAX_DURATION_MS),
    grpcKeepAliveIntervalMs: inRange(flags, 'grpc-keepalive-interval', 7_200_000, 0, MAX_DURATION_MS),
    grpcKeepAliveTimeoutMs: inRange(flags, 'grpc-keepalive-timeout', 20_000, 0, MAX_DURATION_MS),
    policySettings: policyOfFlags(flags, { snapshotCount, catchUpEntries }),
    maxStalenessMs: inRange(flags, 'max-staleness', 0, 0, 3_600_000),
    learnerSource: oneOf(flags, 'learner-source', ['leader', 'voter'], 'voter') as 'leader' | 'voter',
    learnerBytesPerSecond: inRange(flags, 'learner-bytes-per-second', 64 * 1024 * 1024, 64 * 1024, 2 ** 40),
    newMember: oneOf(flags, 'new-member', ['join', 'voter'], 'join') as 'join' | 'voter',
    autoCompaction: autoCompaction(flags),
    strictReconfigCheck: flags.boolean('strict-reconfig-check') ?? true,
    ballastBytes: flags.count('ballast-bytes') ?? 16 * 1024 * 1024,
    forceNewCluster: flags.boolean('force-new-cluster') ?? false,
    walParanoid: flags.boolean('wal-paranoid') ?? false,
    jwt: parseAuthToken(flags.text('auth-token') ?? 'simple'),
    authTokenTtlMs: inRange(flags, 'auth-token-ttl', 300, 1, 10_000_000) * 1000,
    watchProgressIntervalMs: durationOf(flags, 'experimental-watch-progress-notify-interval', 10 * 60 * 1000, 100),
    initialCorruptCheck: flags.boolean('experimental-initial-corrupt-check') ?? false,
    corruptCheckIntervalMs: corruptCheckInterval(flags),
    clientTls: tlsFiles(flags, '', {
      'listen-client-urls': listenClientUrls,
      'listen-metrics-urls': listenMetricsUrls,
    }),
    peerTls: tlsFiles(flags, 'peer-', {
      'listen-peer-urls': listenPeerUrls,
      'initial-advertise-peer-urls': advertisePeerUrls,
    }),
    hostWhitelist: list(flags.text('host-whitelist')),
    corsOrigins: list(flags.text('cors')),
    logLevel: oneOf(flags, 'log-level', LOG_LEVELS, 'info') as LogLevel,
    logFormat: oneOf(flags, 'log-format', ['json', 'pretty'], terminal ? 'pretty' : 'json') as 'json' | 'pretty',
  };
}

function refuseDiscovery(flags: GivenFlags): void {
  if (flags.text('discovery') === undefined) return;
  throw new ConfigError(
    "--discovery: etcd's v2 discovery service is not spoken here; give every machine the same --join with --bootstrap-expect, or use --discovery-srv",
  );
}

const MAX_ZONE_CHARACTERS = 100;

function zone(flags: GivenFlags): string {
  const text = flags.text('zone') ?? '';
  if (text.length > MAX_ZONE_CHARACTERS || /\s/.test(text)) {
    throw new ConfigError(
      `--zone: "${text.slice(0, 40)}" must have no space, and at most ${MAX_ZONE_CHARACTERS} characters`,
    );
  }
  return text;
}

function autoCompaction(flags: GivenFlags): AutoCompaction {
  const mode = oneOf(flags, 'auto-compaction-mode', ['periodic', 'revision'], 'periodic');
  const text = flags.text('auto-compaction-retention') ?? '0';
  if (parseDurationMs(text, 1) === 0) return { mode: 'off' };
  if (mode === 'revision') {
    if (!/^\d{1,15}$/.test(text)) {
      throw new ConfigError(`--auto-compaction-retention: "${text}" is not a number of revisions`);
    }
    return { mode: 'revision', retentionRevisions: Number(text) };
  }
  const retentionMs = parseDurationMs(text, 3_600_000);
  if (retentionMs === null || retentionMs <= 0) {
    throw new ConfigError(`--auto-compaction-retention: "${text}" is not a duration; write 1 (hour), 30m or 90s`);
  }
  return { mode: 'periodic', retentionMs };
}

/** 0 turns it off. */
function corruptCheckInterval(flags: GivenFlags): number {
  const flag = 'experimental-corrupt-check-time';
  return parseDurationMs(flags.text(flag) ?? '0', 1000) === 0 ? 0 : durationOf(flags, flag, 0, 100);
}

/** At least `leastMs`. */
function durationOf(flags: GivenFlags, flag: string, fallbackMs: number, leastMs: number): number {
  const text = flags.text(flag);
  const ms = text === undefined ? fallbackMs : parseDurationMs(text, 1000);
  if (ms === null || ms < leastMs || ms > MAX_INTERVAL_MS) {
    throw new ConfigError(
      `--${flag}: "${text}" is not a duration from ${leastMs}ms to ${MAX_INTERVAL_MS / 3_600_000}h`,
    );
  }
  return ms;
}

function inRange(flags: GivenFlags, flag: string, fallback: number, min: number, max: number): number {
  const value = flags.count(flag) ?? fallback;
  if (value < min || value > max) throw new ConfigError(`--${flag}: ${value} is outside ${min}..${max}`);
  return value;
}

function oneOf(flags: GivenFlags, flag: string, allowed: readonly string[], fallback: string): string {
  const value = flags.text(flag) ?? fallback;
  if (!allowed.includes(value)) throw new ConfigError(`--${flag}: "${value}" is not one of ${allowed.join(', ')}`);
  return value;
}

function list(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
