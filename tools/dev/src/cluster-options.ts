// What `npm start` may be told, and the three members that follow from it.
import { isAbsolute, join } from 'node:path';
import { parseArgs } from 'node:util';

export interface ClusterOptions {
  /** Absolute; each member has a folder of its own in it. */
  readonly dataDir: string;
  /** The server's executable module. */
  readonly server: string;
  readonly members: readonly MemberPlan[];
}

export interface MemberPlan {
  readonly name: string;
  readonly clientPort: number;
  readonly peerPort: number;
  readonly clientUrl: string;
  readonly dataDir: string;
  readonly args: readonly string[];
}

export const HOST = '127.0.0.1';

const NAMES = ['n1', 'n2', 'n3'] as const;

export const CLUSTER_HELP = `npm start [-- options]: three voters on this machine, until Ctrl-C

  --data-dir <folder>        where the members keep their data (default ./data, or UNDERSTUDY_DATA)
  --client-ports <a,b,c>     default 2379,22379,32379
  --peer-ports <a,b,c>       default 2380,22380,32380
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
  const clientPorts = parsePorts(values['client-ports'] ?? '2379,22379,32379');
  const peerPorts = parsePorts(values['peer-ports'] ?? '2380,22380,32380');
  if (clientPorts === undefined) return { kind: 'refused', text: '--client-ports takes three ports: 2379,22379,32379' };
  if (peerPorts === undefined) return { kind: 'refused', text: '--peer-ports takes three ports: 2380,22380,32380' };
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
  const initialCluster = NAMES.map((name, index) => `${name}=${peerUrl(index)}`).join(',');
  return NAMES.map((name, index) => {
    const clientUrl = `http://${HOST}:${clientPorts[index]}`;
    const memberDir = join(dataDir, name);
    const flags: readonly (readonly [string, string])[] = [
      ['name', name],
      ['data-dir', memberDir],
      ['listen-client-urls', clientUrl],
      ['advertise-client-urls', clientUrl],
      ['listen-peer-urls', peerUrl(index)],
      ['initial-advertise-peer-urls', peerUrl(index)],
      ['initial-cluster', initialCluster],
      ['initial-cluster-state', 'new'],
      ['initial-cluster-token', 'understudy-local'],
      ['log-format', 'pretty'],
    ];
    return {
      name,
      clientPort: clientPorts[index]!,
      peerPort: peerPorts[index]!,
      clientUrl,
      dataDir: memberDir,
      args: flags.map(([flag, value]) => `--${flag}=${value}`),
    };
  });
}

function absolute(path: string, root: string): string {
  return isAbsolute(path) ? path : join(root, path);
}
