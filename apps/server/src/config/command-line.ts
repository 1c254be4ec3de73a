/**
 * The command line, in etcd's names. Each flag is also the environment variable UNDERSTUDY_<NAME>, and a key of the file
 * that --config-file names; the command line wins, then the environment.
 */
import { Command, CommanderError, Option } from 'commander';
import { ConfigError } from './config-error.js';
import { readConfigFile } from './config-file.js';
import { ETCD_FLAGS, refusalOf } from './etcd-flags.js';
import { CLIENT_FLAGS } from './flags/client-flags.js';
import { CLUSTER_FLAGS } from './flags/cluster-flags.js';
import { type Flag, type FlagGroup, type FlagValue, optionOf, parseValue } from './flags/flag.js';
import { LADDER_FLAGS } from './flags/ladder-flags.js';
import { MEMBER_FLAGS } from './flags/member-flags.js';
import { SECURITY_FLAGS } from './flags/security-flags.js';
import { STORAGE_FLAGS } from './flags/storage-flags.js';

/** In the order of the help. */
const GROUPS: readonly FlagGroup[] = [
  MEMBER_FLAGS,
  CLUSTER_FLAGS,
  LADDER_FLAGS,
  STORAGE_FLAGS,
  CLIENT_FLAGS,
  SECURITY_FLAGS,
];
const FLAGS: readonly Flag[] = GROUPS.flatMap(({ flags }) => flags);

const VARIABLE_PREFIX = 'UNDERSTUDY_';
/** etcd's own, which are not read: a machine may run both. */
const ETCD_VARIABLE_PREFIX = 'ETCD_';
/** Prints where an error that is not the configuration's was thrown. */
export const TRACE_VARIABLE = 'UNDERSTUDY_TRACE';
const KNOWN: readonly Pick<Flag, 'name'>[] = [...FLAGS, ...ETCD_FLAGS];
const VARIABLES: ReadonlySet<string> = new Set(KNOWN.map((flag) => variableOf(flag)).concat(TRACE_VARIABLE));
const ETCD_VARIABLES: ReadonlySet<string> = new Set(KNOWN.map((flag) => variableOf(flag, ETCD_VARIABLE_PREFIX)));
const NAMES: ReadonlySet<string> = new Set(KNOWN.map(({ name }) => name));
/** What etcd's binary does besides being a server. */
const ETCD_COMMANDS: Readonly<Record<string, string>> = {
  gateway: 'a machine that stands by sends clients on to the cluster, see --join',
  'grpc-proxy': 'a machine that stands by forwards gRPC to the cluster, see --join and --standby-mode=forward',
};

function variableOf(flag: Pick<Flag, 'name'>, prefix = VARIABLE_PREFIX): string {
  return `${prefix}${flag.name.toUpperCase().replaceAll('-', '_')}`;
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
      /** Environment variables that etcd would read, and this server does not. */
      readonly etcdVariables: readonly string[];
    }
  | { readonly kind: 'done'; readonly exitCode: number };

/** Parses argv without node and script. Help and version are printed by commander; bad flags throw ConfigError. */
export function parseCommandLine(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  version: string,
): ParsedCommandLine {
  const [first = ''] = argv;
  if (Object.hasOwn(ETCD_COMMANDS, first)) throw new ConfigError(`${first}: is etcd's; here ${ETCD_COMMANDS[first]}`);
  const command = new Command('understudy')
    .description('A replicated key-value store that speaks the etcd v3 API.')
    .version(version, '-v, --version')
    .helpOption('-h, --help')
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  for (const { heading, flags } of GROUPS) {
    for (const flag of flags) command.addOption(optionOf(flag).helpGroup(`${heading}:`));
  }
  for (const { name } of ETCD_FLAGS) command.addOption(new Option(`--${name} [value]`).preset('true').hideHelp());
  try {
    command.parse(argv.map(withTwoDashes), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: 'done', exitCode: 0 };
    throw new ConfigError(error.message.replace(/^error: /, ''));
  }
  const given = command.opts<Record<string, FlagValue>>();
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
  const find = (name: string): FlagValue | undefined => given[new Option(`--${name}`).attributeName()];
  return {
    kind: 'run',
    unknownVariables: Object.keys(env).filter((name) => name.startsWith(VARIABLE_PREFIX) && !VARIABLES.has(name)),
    etcdVariables: Object.keys(env).filter((name) => ETCD_VARIABLES.has(name)),
    flags: {
      text: (name) => find(name) as string | undefined,
      count: (name) => find(name) as number | undefined,
      boolean: (name) => find(name) as boolean | undefined,
    },
  };
}

/** A flag may have one dash, as in any program of Go's. */
function withTwoDashes(word: string): string {
  const [, name = ''] = /^-([a-z][\w-]+)(?:=|$)/.exec(word) ?? [];
  return NAMES.has(name) ? `-${word}` : word;
}

/** What neither the command line nor the environment says. */
function addFromFile(file: string, given: Record<string, FlagValue>): void {
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
