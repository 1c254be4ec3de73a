/**
 * Who makes the first members of a cluster: `--initial-cluster` names them; with `--bootstrap-expect` they are the first
 * of the machines in `--join`; with neither, this machine alone. A machine that only joins makes nobody a member.
 */
import { ConfigError } from './config-error.js';
import type { InitialMember, MachineRole } from './config.js';
import type { GivenFlags } from './command-line.js';
import { parseInitialCluster } from './urls.js';

export interface OwnMachine {
  readonly name: string;
  readonly advertisePeerUrls: readonly string[];
  readonly advertiseClientUrls: readonly string[];
  readonly join: readonly string[];
  /** By DNS: these are peer URLs, and all of them are expected unless somebody says how many. */
  readonly discovered: readonly string[];
  readonly role: MachineRole;
}

const MAX_EXPECTED = 9;

export function initialCluster(flags: GivenFlags, own: OwnMachine): readonly InitialMember[] {
  const text = flags.text('initial-cluster');
  const expect = flags.count('bootstrap-expect') ?? (own.discovered.length > 0 ? own.discovered.length : undefined);
  if (flags.text('discovery-srv') !== undefined) {
    if (own.discovered.length === 0) throw new ConfigError('--discovery-srv: nobody has looked it up');
    if (flags.text('join') !== undefined || text !== undefined) {
      throw new ConfigError('--discovery-srv: goes without --join and --initial-cluster');
    }
  }
  if (text !== undefined && own.join.length > 0) {
    throw new ConfigError('--join: goes without --initial-cluster; a machine that joins is told who the members are');
  }
  if (expect !== undefined) return expectedMembers(expect, own);
  if (own.join.length > 0) return [];
  if (own.role === 'standby-only') {
    throw new ConfigError('--role: a machine that only stands by needs a cluster to stand by for: give it --join');
  }
  return text === undefined ? [{ name: own.name, peerUrls: own.advertisePeerUrls }] : namedMembers(flags, text, own);
}

function namedMembers(flags: GivenFlags, text: string, { name, advertisePeerUrls }: OwnMachine): InitialMember[] {
  const cluster = parseInitialCluster(text);
  const unnamed = cluster.get('');
  if (unnamed !== undefined && flags.text('initial-cluster-state') !== 'existing') {
    throw new ConfigError(
      `--initial-cluster: "=${unnamed[0]}" is not NAME=URL; only a member of an existing cluster may have no name yet`,
    );
  }
  const own = cluster.get(name);
  if (own === undefined) {
    throw new ConfigError(`--initial-cluster: has no member "${name}"; it has ${[...cluster.keys()].join(', ')}`);
  }
  if ([...own].sort().join() !== [...advertisePeerUrls].sort().join()) {
    throw new ConfigError(
      `--initial-cluster: has ${own.join(',')} for "${name}", but --initial-advertise-peer-urls is ${advertisePeerUrls.join(',')}`,
    );
  }
  return [...cluster].map(([member, peerUrls]) => ({ name: member, peerUrls }));
}

/** The same on every machine, whoever of them it is: their names are not known yet, and come when they publish. */
function expectedMembers(expect: number, own: OwnMachine): InitialMember[] {
  const { join, advertisePeerUrls, advertiseClientUrls } = own;
  if (expect < 1 || expect > MAX_EXPECTED) {
    throw new ConfigError(`--bootstrap-expect: ${expect} is outside 1..${MAX_EXPECTED}`);
  }
  const urls = [...new Set(join)];
  if (urls.length < expect) {
    throw new ConfigError(`--bootstrap-expect: ${expect} machines are expected, but --join names ${urls.length}`);
  }
  const mistaken = urls.find((url) => advertiseClientUrls.includes(url) && !advertisePeerUrls.includes(url));
  if (mistaken !== undefined) {
    throw new ConfigError(`--join: ${mistaken} is this machine's client URL; with --bootstrap-expect, give peer URLs`);
  }
  const expected = urls.slice(0, expect);
  const mine = expected.filter((url) => advertisePeerUrls.includes(url));
  if (mine.length === 0) return [];
  if (own.role === 'standby-only') {
    throw new ConfigError(`--role: this machine is one of the first ${expect} of --join, which become voters`);
  }
  if (mine.length > 1 || advertisePeerUrls.length > 1) {
    throw new ConfigError('--bootstrap-expect: needs one peer URL a machine; use --initial-cluster for more');
  }
  return expected.map((url) => ({ name: '', peerUrls: [url] }));
}
