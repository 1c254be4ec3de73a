// What `npm start` may be told, and the five machines that follow from it: three voters, a learner that only takes the
// place of a voter that is lost, and a standby.
import { isAbsolute, join } from 'node:path';
import { parseArgs } from 'node:util';

export interface ClusterOptions {
  /** Absolute; each member has a folder of its own in it. */
  readonly dataDir: string;
  /** The server's executable module. */
  readonly server: string;
  readonly members: readonly MemberPlan[];
}

/** What it is at the first start; later its data says. */
export type FirstRole = 'voter' | 'failover learner' | 'standby';

export interface MemberPlan {
  readonly firstRole: FirstRole;
  readonly name: string;
  readonly clientPort: number;
  readonly peerPort: number;
  readonly clientUrl: string;
  readonly peerUrl: string;
  readonly dataDir: string;
  readonly args: readonly string[];
}

export const HOST = '127.0.0.1';

const ROLES: Readonly<Record<string, FirstRole>> = {
  n1: 'voter',
  n2: 'voter',
  n3: 'voter',
  n4: 'failover learner',
  n5: 'standby',
};
const NAMES = Object.keys(ROLES);
const CLIENT_PORTS = '2379,22379,32379,24379,25379';
const PEER_PORTS = '2380,22380,32380,24380,25380';
/** Soon enough to be watched; the defaults are those of a cluster in earnest. */
const POLICY = 'activeSize=3 failoverAfter=3s stabilizationTime=2s';

export const CLUSTER_HELP = `npm start [-- options]: three voters, a failover learner and a standby, until Ctrl-C

  --data-dir <folder>        where the members keep their data (default ./data, or UNDERSTUDY_DATA)
  --client-ports <a,b,...>   five; default ${CLIENT_PORTS}
  --peer-ports <a,b,...>     five; default ${PEER_PORTS}
  --server <file>            the server to run (default apps/server/bin/understudy.js)
  --help`;

export type ParsedCluster =
  | { readonly kind: 'run'; readonly options: ClusterOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'refused'; readonly text: string };

export function parseClusterOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  root: string,
): ParsedCluster {
  let values: ReturnType<typeof readFlags>;
  try {
    values = readFlags(args);
  } catch (error) {
    return { kind: 'refused', text: error instanceof Error ? error.message : String(error) };
  }
  if (values.help === true) return { kind: 'help' };
  const clientPorts = parsePorts(values['client-ports'] ?? CLIENT_PORTS);
  const peerPorts = parsePorts(values['peer-ports'] ?? PEER_PORTS);
  if (clientPorts === undefined) return { kind: 'refused', text: `--client-ports takes five ports: ${CLIENT_PORTS}` };
  if (peerPorts === undefined) return { kind: 'refused', text: `--peer-ports takes five ports: ${PEER_PORTS}` };
  const dataDir = absolute(values['data-dir'] ?? env['UNDERSTUDY_DATA'] ?? 'data', root);
  const server = absolute(values.server ?? join('apps', 'server', 'bin', 'understudy.js'), root);
  return { kind: 'run', options: { dataDir, server, members: planMembers(dataDir, clientPorts, peerPorts) } };
}

function readFlags(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'data-dir': { type: 'string' },
      'client-ports': { type: 'string' },
      'peer-ports': { type: 'string' },
      server: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  return values;
}

function parsePorts(text: string): number[] | undefined {
  const ports = text.split(',').map(Number);
  const valid = ports.every((port) => Number.isInteger(port) && port > 0 && port < 65536);
  return ports.length === NAMES.length && valid ? ports : undefined;
}

function planMembers(dataDir: string, clientPorts: readonly number[], peerPorts: readonly number[]): MemberPlan[] {
  const peerUrl = (index: number): string => `http://${HOST}:${peerPorts[index]}`;
  const voters = NAMES.filter((name) => ROLES[name] === 'voter');
  const founding: readonly (readonly [string, string])[] = [
    ['initial-cluster', voters.map((name, index) => `${name}=${peerUrl(index)}`).join(',')],
    ['initial-cluster-state', 'new'],
    ['initial-cluster-token', 'understudy-local'],
    ['policy', POLICY],
  ];
  const joining: readonly (readonly [string, string])[] = [
    ['join', voters.map((_, index) => `http://${HOST}:${clientPorts[index]}`).join(',')],
  ];
  return NAMES.map((name, index) => {
    const clientUrl = `http://${HOST}:${clientPorts[index]}`;
    const memberDir = join(dataDir, name);
    const firstRole = ROLES[name]!;
    const flags: readonly (readonly [string, string])[] = [
      ['name', name],
      ['data-dir', memberDir],
      ['listen-client-urls', clientUrl],
      ['advertise-client-urls', clientUrl],
      ['listen-peer-urls', peerUrl(index)],
      ['initial-advertise-peer-urls', peerUrl(index)],
      ...(firstRole === 'voter' ? founding : joining),
      ['log-format', 'pretty'],
    ];
    return {
      firstRole,
      name,
      clientPort: clientPorts[index]!,
      peerPort: peerPorts[index]!,
      clientUrl,
      peerUrl: peerUrl(index),
      dataDir: memberDir,
      args: flags.map(([flag, value]) => `--${flag}=${value}`),
    };
  });
}

function absolute(path: string, root: string): string {
  return isAbsolute(path) ? path : join(root, path);
}
