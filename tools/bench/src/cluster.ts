/** Three voters of either kind as real processes on loopback, on ports of their own, with data in a fresh directory. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export type Kind = 'understudy' | 'etcd';

const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 10_000;
const SERVER = fileURLToPath(new URL('../../../apps/server/bin/understudy.js', import.meta.url));
/** Client and peer ports of the first member; the others follow. */
const FIRST_PORT: Readonly<Record<Kind, number>> = { understudy: 43_790, etcd: 44_790 };

export interface ClusterMember {
  readonly endpoint: string;
  readonly pid: number;
}

export interface RunningCluster {
  readonly kind: Kind;
  readonly members: readonly ClusterMember[];
  /** The endpoints, the leader's first. */
  endpoints(): Promise<string[]>;
  stop(): Promise<void>;
}

export async function startCluster(kind: Kind, voters = 3): Promise<RunningCluster> {
  const directory = await mkdtemp(join(tmpdir(), `bench-${kind}-`));
  const first = FIRST_PORT[kind];
  const names = Array.from({ length: voters }, (_, index) => index);
  const client = (index: number): string => `http://127.0.0.1:${first + 2 * index}`;
  const peer = (index: number): string => `http://127.0.0.1:${first + 2 * index + 1}`;
  const initialCluster = names.map((index) => `n${index + 1}=${peer(index)}`).join(',');
  const log = await open(join(directory, 'log'), 'a');
  const children = names.map((index) => {
    const flags = [
      `--name=n${index + 1}`,
      `--data-dir=${join(directory, `n${index + 1}`)}`,
      `--listen-client-urls=${client(index)}`,
      `--advertise-client-urls=${client(index)}`,
      `--listen-peer-urls=${peer(index)}`,
      `--initial-advertise-peer-urls=${peer(index)}`,
      `--initial-cluster=${initialCluster}`,
      '--initial-cluster-state=new',
      `--initial-cluster-token=bench-${kind}`,
      '--log-level=error',
    ];
    const [command, args] = kind === 'etcd' ? ['etcd', flags] : [process.execPath, [SERVER, ...flags]];
    return spawn(command, args, { stdio: ['ignore', log.fd, log.fd] });
  });
  await log.close();
  const stop = async (): Promise<void> => {
    await Promise.all(children.map((child) => stopChild(child)));
    await rm(directory, { recursive: true, force: true });
  };
  const urls = names.map(client);
  try {
    await Promise.all(urls.map((url, index) => healthy(url, children[index] as ChildProcess)));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    kind,
    members: children.map((child, index) => ({ endpoint: client(index), pid: child.pid as number })),
    endpoints: () => leaderFirst(urls),
    stop,
  };
}

async function healthy(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`a server of the bench ended with exit code ${child.exitCode}`);
    const answer = await fetch(`${url}/health`).then(
      (response) => response.ok,
      () => false,
    );
    if (answer) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${url} was not healthy within ${START_TIMEOUT_MS} ms`);
}

async function leaderFirst(urls: readonly string[]): Promise<string[]> {
  const statuses = await Promise.all(
    urls.map(async (url) => {
      const response = await fetch(`${url}/v3/maintenance/status`, { method: 'POST', body: '{}' });
      const status = (await response.json()) as { leader?: string; header: { member_id: string } };
      return { url, leads: status.leader === status.header.member_id };
    }),
  );
  return statuses.sort((a, b) => Number(b.leads) - Number(a.leads)).map(({ url }) => url);
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(timer);
}
