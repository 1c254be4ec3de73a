/**
 * The command line, in etcd's names: one table of flags. Each is also the environment variable UNDERSTUDY_<NAME>;
 * the command line wins.
 */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { ConfigError } from './config-error.js';
import { readConfigFile } from './config-file.js';
import { parseDurationMs } from './duration.js';
import { ETCD_FLAGS, refusalOf } from './etcd-flags.js';

/** `milliseconds` may be a bare number; a `duration` has its unit, as in etcd. */
type FlagKind = 'text' | 'count' | 'boolean' | 'milliseconds' | 'duration';

interface Flag {
  readonly name: string;
  readonly kind: FlagKind;
  readonly value: string;
  readonly help: string;
  readonly fallback?: string;
}

/** `fallback` is what the help shows; the derived defaults are filled in by `resolveConfig`. */
const FLAGS: readonly Flag[] = [
  { name: 'name', kind: 'text', value: 'name', fallback: 'default', help: 'human-readable name of this member' },
  {
    name: 'config-file',
    kind: 'text',
    value: 'file',
    help: 'YAML with names of flags as keys; the command line and the environment win',
  },
  { name: 'data-dir', kind: 'text', value: 'directory', help: 'where the data is kept (default: NAME.understudy)' },
  {
    name: 'listen-client-urls',
    kind: 'text',
    value: 'urls',
    fallback: 'http://localhost:2379',
    help: 'where to listen for clients: gRPC, JSON over HTTP, and WebSocket',
  },
  {
    name: 'advertise-client-urls',
    kind: 'text',
    value: 'urls',
    help: 'client URLs told to the cluster (default: those listened on)',
  },
  {
    name: 'listen-peer-urls',
    kind: 'text',
    value: 'urls',
    fallback: 'http://localhost:2380',
    help: 'where to listen for other members',
  },
  {
    name: 'initial-advertise-peer-urls',
    kind: 'text',
    value: 'urls',
    help: 'peer URLs told to the cluster (default: those listened on)',
  },
  {
    name: 'initial-cluster',
    kind: 'text',
    value: 'name=url,...',
    help: 'the members of the first start (default: this one alone)',
  },
  {
    name: 'initial-cluster-state',
    kind: 'text',
    value: 'state',
    fallback: 'new',
    help: '"new" for a bootstrap, "existing" to join a cluster that has added this member',
  },
  {
    name: 'initial-cluster-token',
    kind: 'text',
    value: 'token',
    fallback: 'understudy-cluster',
    help: 'keeps clusters with equal URLs apart',
  },
  {
    name: 'join',
    kind: 'text',
    value: 'urls',
    help: 'client or peer URLs of a cluster to take part in, as whatever it needs: standby, learner or voter',
  },
  {
    name: 'bootstrap-expect',
    kind: 'count',
    value: 'count',
    help: 'the first so many of --join, which are peer URLs then, are the voters of a new cluster; all others stand by',
  },
  {
    name: 'discovery-srv',
    kind: 'text',
    value: 'domain',
    help: 'find the peers by DNS: the SRV records _etcd-server._tcp of this domain, in place of --join',
  },
  {
    name: 'discovery-srv-name',
    kind: 'text',
    value: 'suffix',
    help: 'looks for _etcd-server-SUFFIX._tcp instead',
  },
  {
    name: 'discovery',
    kind: 'text',
    value: 'url',
    help: "etcd's v2 discovery service is not spoken: use --bootstrap-expect with --join, or --discovery-srv",
  },
  {
    name: 'role',
    kind: 'text',
    value: 'role',
    fallback: 'any',
    help: '"any", or "standby-only": this machine is never made a member',
  },
  { name: 'zone', kind: 'text', value: 'name', help: 'where this machine is; voters are spread over zones' },
  {
    name: 'on-removal',
    kind: 'text',
    value: 'what',
    fallback: 'standby',
    help: '"standby": a member that is removed stands by from then on; "exit": the process ends, as with etcd',
  },
  {
    name: 'standby-mode',
    kind: 'text',
    value: 'mode',
    fallback: 'auto',
    help: 'how a standby serves clients: "redirect" (307), "forward", or "auto": forwards what knows no redirect',
  },
  {
    name: 'listen-metrics-urls',
    kind: 'text',
    value: 'urls',
    help: 'more URLs for /metrics, /livez and /readyz of this process',
  },
  {
    name: 'heartbeat-interval',
    kind: 'milliseconds',
    value: 'ms',
    fallback: '100',
    help: 'time between heartbeats of a leader',
  },
  {
    name: 'election-timeout',
    kind: 'milliseconds',
    value: 'ms',
    fallback: '1000',
    help: 'silence of the leader after which a member stands for election; at least 5 heartbeats',
  },
  {
    name: 'snapshot-count',
    kind: 'count',
    value: 'entries',
    fallback: '10000',
    help: 'entries applied between two flushes of the state that let the log be compacted',
  },
  {
    name: 'snapshot-catchup-entries',
    kind: 'count',
    value: 'entries',
    fallback: '5000',
    help: 'entries kept in the log for slow members when it is compacted',
  },
  {
    name: 'quota-backend-bytes',
    kind: 'count',
    value: 'bytes',
    fallback: '2147483648',
    help: 'size of the state at which writes are refused; 0 for the default',
  },
  { name: 'max-request-bytes', kind: 'count', value: 'bytes', fallback: '1572864', help: 'largest request accepted' },
  { name: 'max-txn-ops', kind: 'count', value: 'count', fallback: '128', help: 'most operations in a transaction' },
  {
    name: 'max-concurrent-streams',
    kind: 'count',
    value: 'count',
    fallback: '10000',
    help: 'most calls and streams of one gRPC connection at once',
  },
  {
    name: 'grpc-keepalive-min-time',
    kind: 'duration',
    value: 'duration',
    fallback: '5s',
    help: 'how often a gRPC client may ping while it has calls; more often ends its connection',
  },
  {
    name: 'grpc-keepalive-interval',
    kind: 'duration',
    value: 'duration',
    fallback: '2h',
    help: 'silence after which a gRPC client is pinged; 0 turns it off',
  },
  {
    name: 'grpc-keepalive-timeout',
    kind: 'duration',
    value: 'duration',
    fallback: '20s',
    help: 'how long a pinged gRPC client has to answer before its connection is closed',
  },
  {
    name: 'max-learners',
    kind: 'count',
    value: 'count',
    fallback: '4',
    help: 'most learners in the cluster; as --policy maxLearners=',
  },
  {
    name: 'policy',
    kind: 'text',
    value: 'name=value ...',
    help: 'settings of the policy of a cluster that has none yet, separated by spaces; later, "ctl policy set"',
  },
  {
    name: 'new-member',
    kind: 'text',
    value: 'role',
    fallback: 'join',
    help: '"join": who is added to vote is a learner until it is in sync; "voter": it votes at once, as in etcd',
  },
  {
    name: 'learner-source',
    kind: 'text',
    value: 'who',
    fallback: 'voter',
    help: '"voter": learners are sent snapshots by a voter that is in sync, or else by the leader; "leader": by the leader',
  },
  {
    name: 'max-staleness',
    kind: 'duration',
    value: 'duration',
    fallback: '0',
    help: 'on a learner or reader, refuse serializable reads whose data may be older; 0 for never',
  },
  {
    name: 'auto-compaction-mode',
    kind: 'text',
    value: 'mode',
    fallback: 'periodic',
    help: '"periodic" or "revision": what --auto-compaction-retention counts',
  },
  {
    name: 'auto-compaction-retention',
    kind: 'text',
    value: 'length',
    fallback: '0',
    help: 'history kept by automatic compaction: hours or a duration, or revisions; 0 turns it off',
  },
  {
    name: 'strict-reconfig-check',
    kind: 'boolean',
    value: 'bool',
    fallback: 'true',
    help: 'refuse membership changes that could lose the quorum',
  },
  {
    name: 'ballast-bytes',
    kind: 'count',
    value: 'bytes',
    fallback: '16777216',
    help: 'room kept for the day when the disk is full, so that the member can start again; 0 for none',
  },
  {
    name: 'force-new-cluster',
    kind: 'boolean',
    value: 'bool',
    fallback: 'false',
    help: 'a quorum is lost for ever: make this survivor a cluster of one, with the data that it has; once, then take it away',
  },
  {
    name: 'wal-paranoid',
    kind: 'boolean',
    value: 'bool',
    fallback: 'false',
    help: 'sync the high-water record at every write, not every 100 ms',
  },
  { name: 'cert-file', kind: 'text', value: 'file', help: 'certificate shown to clients, PEM; for https URLs' },
  { name: 'key-file', kind: 'text', value: 'file', help: 'its private key, PEM' },
  {
    name: 'trusted-ca-file',
    kind: 'text',
    value: 'file',
    help: 'authorities, PEM: clients must show a certificate that one of them has signed',
  },
  {
    name: 'client-cert-auth',
    kind: 'boolean',
    value: 'bool',
    fallback: 'false',
    help: 'the common name of a client certificate says who calls',
  },
  {
    name: 'auto-tls',
    kind: 'boolean',
    value: 'bool',
    fallback: 'false',
    help: 'refused: certificates are made outside',
  },
  {
    name: 'peer-cert-file',
    kind: 'text',
    value: 'file',
    help: 'certificate shown to other members, PEM; for https URLs',
  },
  { name: 'peer-key-file', kind: 'text', value: 'file', help: 'its private key, PEM' },
  {
    name: 'peer-trusted-ca-file',
    kind: 'text',
    value: 'file',
    help: 'authorities, PEM: other members must show a certificate that one of them has signed',
  },
  {
    name: 'peer-client-cert-auth',
    kind: 'boolean',
    value: 'bool',
    fallback: 'false',
    help: 'as --peer-trusted-ca-file, which it needs',
  },
  {
    name: 'peer-auto-tls',
    kind: 'boolean',
    value: 'bool',
    fallback: 'false',
    help: 'refused: certificates are made outside',
  },
  {
    name: 'cipher-suites',
    kind: 'text',
    value: 'names',
    help: "cipher suites of TLS, in Go's or OpenSSL's names, separated by commas",
  },
  {
    name: 'auth-token',
    kind: 'text',
    value: 'kind',
    fallback: 'simple',
    help: 'tokens of clients: "simple", or "jwt,sign-method=RS256,pub-key=file,priv-key=file,ttl=5m"',
  },
  {
    name: 'auth-token-ttl',
    kind: 'count',
    value: 'seconds',
    fallback: '300',
    help: 'how long a simple token lives that nobody uses',
  },
  {
    name: 'experimental-watch-progress-notify-interval',
    kind: 'text',
    value: 'duration',
    fallback: '10m',
    help: 'how often a watch that asks for it hears of progress while nothing happens',
  },
  {
    name: 'experimental-initial-corrupt-check',
    kind: 'boolean',
    value: 'bool',
    fallback: 'false',
    help: 'before serving, compare the hash of its keys with those of its peers, and refuse to start where they differ',
  },
  {
    name: 'experimental-corrupt-check-time',
    kind: 'text',
    value: 'duration',
    fallback: '0',
    help: 'how often the leader compares the hashes of all members; a difference raises the alarm CORRUPT; 0 for never',
  },
  {
    name: 'host-whitelist',
    kind: 'text',
    value: 'hosts',
    help: 'more Host names to accept from HTTP clients; * for any',
  },
  { name: 'cors', kind: 'text', value: 'origins', help: 'web origins to accept besides our own; * for any' },
  {
    name: 'log-level',
    kind: 'text',
    value: 'level',
    fallback: 'info',
    help: 'debug, info, warn, error, fatal or silent',
  },
  { name: 'log-format', kind: 'text', value: 'format', help: '"json" or "pretty" (default: pretty on a terminal)' },
];

const VARIABLE_PREFIX = 'UNDERSTUDY_';
/** Prints where an error that is not the configuration's was thrown. */
export const TRACE_VARIABLE = 'UNDERSTUDY_TRACE';
const VARIABLES: ReadonlySet<string> = new Set([...FLAGS, ...ETCD_FLAGS].map(variableOf).concat(TRACE_VARIABLE));

function variableOf(flag: Pick<Flag, 'name'>): string {
  return `${VARIABLE_PREFIX}${flag.name.toUpperCase().replaceAll('-', '_')}`;
}

/** What was given, by flag name; absent where neither flag nor environment says anything. */
export interface GivenFlags {
  text(name: string): string | undefined;
  count(name: string): number | undefined;
  boolean(name: string): boolean | undefined;
}

export type ParsedCommandLine =
  | {
      readonly kind: 'run';
      readonly flags: GivenFlags;
      /** Environment variables with our prefix that are no flag: misspelt, or of another version. */
      readonly unknownVariables: readonly string[];
    }
  | { readonly kind: 'done'; readonly exitCode: number };

/** Parses argv without node and script. Help and version are printed by commander; bad flags throw ConfigError. */
export function parseCommandLine(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  version: string,
): ParsedCommandLine {
  const command = new Command('understudy')
    .description('A replicated key-value store that speaks the etcd v3 API.')
    .version(version, '-v, --version')
    .helpOption('-h, --help')
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  for (const flag of FLAGS) command.addOption(optionOf(flag));
  for (const { name } of ETCD_FLAGS) command.addOption(new Option(`--${name} [value]`).preset('true').hideHelp());
  try {
    command.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: 'done', exitCode: 0 };
    throw new ConfigError(error.message.replace(/^error: /, ''));
  }
  const given = command.opts<Record<string, string | number | boolean>>();
  for (const flag of ETCD_FLAGS) {
    const value = given[new Option(`--${flag.name}`).attributeName()] ?? env[variableOf(flag)];
    const refusal = value === undefined ? null : refusalOf(flag, String(value));
    if (refusal !== null) throw new ConfigError(refusal);
  }
  for (const flag of FLAGS) {
    const variable = variableOf(flag);
    const text = env[variable];
    const key = optionOf(flag).attributeName();
    if (text === undefined || text === '' || given[key] !== undefined) continue;
    try {
      given[key] = parseValue(flag, text);
    } catch (error) {
      throw new ConfigError(`${variable}: ${(error as Error).message}`);
    }
  }
  const file = given[new Option('--config-file').attributeName()];
  if (file !== undefined) addFromFile(String(file), given);
  const find = (name: string): string | number | boolean | undefined => given[new Option(`--${name}`).attributeName()];
  return {
    kind: 'run',
    unknownVariables: Object.keys(env).filter((name) => name.startsWith(VARIABLE_PREFIX) && !VARIABLES.has(name)),
    flags: {
      text: (name) => find(name) as string | undefined,
      count: (name) => find(name) as number | undefined,
      boolean: (name) => find(name) as boolean | undefined,
    },
  };
}

/** What neither the command line nor the environment says. */
function addFromFile(file: string, given: Record<string, string | number | boolean>): void {
  for (const [name, text] of readConfigFile(file)) {
    const foreign = ETCD_FLAGS.find((flag) => flag.name === name);
    const refusal = foreign === undefined ? null : refusalOf(foreign, text);
    if (refusal !== null) throw new ConfigError(`${file}: ${refusal}`);
    if (foreign !== undefined || text === '') continue;
    const flag = FLAGS.find((one) => one.name === name);
    if (flag === undefined) throw new ConfigError(`--config-file: ${file}: no flag is called "${name}"`);
    const key = optionOf(flag).attributeName();
    try {
      given[key] ??= parseValue(flag, text);
    } catch (error) {
      throw new ConfigError(`--config-file: ${file}: ${name}: ${(error as Error).message}`);
    }
  }
}

function optionOf(flag: Flag): Option {
  const value = flag.kind === 'boolean' ? `[${flag.value}]` : `<${flag.value}>`;
  const shown = flag.fallback === undefined ? flag.help : `${flag.help} (default: ${flag.fallback})`;
  const option = new Option(`--${flag.name} ${value}`, shown).argParser((text: string) => parseValue(flag, text));
  return flag.kind === 'boolean' ? option.preset('true') : option;
}

function parseValue(flag: Flag, text: string): string | number | boolean {
  switch (flag.kind) {
    case 'text':
      return text;
    case 'boolean':
      if (text !== 'true' && text !== 'false') throw new InvalidArgumentError(`"${text}" is neither true nor false`);
      return text === 'true';
    case 'count':
      if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError(`"${text}" is not a whole number`);
      return Number(text);
    default: {
      const bare = flag.kind === 'duration' && /^\d+$/.test(text) && Number(text) !== 0;
      const ms = bare ? null : parseDurationMs(text, 1);
      if (ms === null) throw new InvalidArgumentError(`"${text}" is not a duration; write 500ms, 5s or 30m`);
      return ms;
    }
  }
}
