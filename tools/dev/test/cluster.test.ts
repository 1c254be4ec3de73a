import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts } from '@understudy/testbed';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const FAKE = fileURLToPath(new URL('./fixtures/fake-server.mjs', import.meta.url));
const CLUSTER = new URL('../cluster.ts', import.meta.url).href;

let folder: string;
let ports: number[];
let cluster: ChildProcessWithoutNullStreams | undefined;
let output: string;

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

function start(env: Record<string, string> = {}): ChildProcessWithoutNullStreams {
  const args = [
    `--data-dir=${join(folder, 'data')}`,
    `--client-ports=${ports.slice(0, 5).join(',')}`,
    `--peer-ports=${ports.slice(5).join(',')}`,
    `--server=${FAKE}`,
  ];
  const script = `process.exitCode = await (await import(${JSON.stringify(CLUSTER)})).main(${JSON.stringify(args)});`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    env: {
      ...process.env,
      FAKE_CLIENT_URLS: ports
        .slice(0, 5)
        .map((port) => `http://127.0.0.1:${port}`)
        .join(','),
      FAKE_LEADER_FILE: join(folder, 'leader'),
      ...env,
    },
  });
  output = '';
  const take = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  cluster = child;
  return child;
}

function exitOf(child: ChildProcessWithoutNullStreams): Promise<number | null> {
  return new Promise((resolve) => child.once('close', (code) => resolve(code)));
}

function printed(pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const match = pattern.exec(output);
      if (match === null) return;
      clearTimeout(deadline);
      cluster?.stdout.off('data', look);
      cluster?.stderr.off('data', look);
      resolve(match);
    };
    const deadline = setTimeout(() => reject(new Error(`${pattern} was not printed:\n${output}`)), 20_000);
    cluster?.stdout.on('data', look);
    cluster?.stderr.on('data', look);
    look();
  });
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'understudy-cluster-'));
  ports = await freePorts(10);
});

afterEach(async () => {
  if (cluster !== undefined && cluster.exitCode === null && cluster.signalCode === null) {
    const exit = exitOf(cluster);
    cluster.kill('SIGTERM');
    await exit;
  }
  cluster = undefined;
  rmSync(folder, { recursive: true, force: true });
});

describe('npm start', () => {
  it('shows three voters, makes the fourth a failover learner once, and says who stands by', async () => {
    start();
    await printed(/n4 +[0-9a-f]{16} +learner +\d+ +http/);
    await printed(/n5 +[0-9a-f]{16} +standby +\d+ +http/);
    const asked = JSON.parse(readFileSync(join(folder, 'data', 'fake-learner'), 'utf8')) as object;
    expect(asked).toEqual({ peerURLs: [`http://127.0.0.1:${ports[8]}`], role: 'LEARNER', promote: 'failover' });
    await printed(/put hello world/);
  });

  it('shows its members with their roles, and again when the leader changes', async () => {
    start();
    await printed(/n1 +[0-9a-f]{16} +leader +\d+ +http/);
    expect(output).toMatch(/n2 +[0-9a-f]{16} +voter/);
    expect(output).toContain(`new data in ${join(folder, 'data')}`);
    await printed(/put hello world/);
    await printed(/n3 \| n3 starts/);
    writeFileSync(join(folder, 'leader'), 'n3');
    await printed(/n3 +[0-9a-f]{16} +leader/);
  });

  it('stops every member on a signal and says how to carry on', async () => {
    const child = start();
    await printed(/leader/);
    const exit = exitOf(child);
    child.kill('SIGINT');
    expect(await exit).toBe(0);
    for (const name of ['n1', 'n2', 'n3', 'n4', 'n5']) expect(output).toContain(`${name} | ${name} stops`);
    expect(output).toContain('npm start carries on');

    start();
    await printed(/carrying on with the data in/);
    await printed(/leader/);
  });

  it('kills a member that ignores the second signal too', async () => {
    const child = start({ FAKE_STUBBORN: 'n2' });
    await printed(/leader/);
    const exit = exitOf(child);
    child.kill('SIGTERM');
    await printed(/n3 \| n3 stops/);
    // Two signals at once count as one: npm passes a Ctrl-C on that the terminal has sent already.
    await new Promise((resolve) => setTimeout(resolve, 600));
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
    expect(output).toMatch(/killed, since they did not stop in time: n2/);
  });

  it('reports a member that dies with its last lines, and keeps the others', async () => {
    const child = start();
    const [, pid] = await printed(/n2 +[0-9a-f]{16} +voter +(\d+)/);
    process.kill(Number(pid), 'SIGUSR2');
    await printed(/n2 ended by itself: exit code 7/);
    await printed(/ {4}n2 has seen something terrible/);
    await printed(/to start it again[\s\S]*--name=n2/);
    await printed(/n2 +[0-9a-f]{16} +no answer/);
    expect(output).toMatch(/n1 +[0-9a-f]{16} +leader/);
    expect(child.exitCode).toBeNull();
  });

  it('ends when every member has ended', async () => {
    const child = start();
    const exit = exitOf(child);
    await printed(/leader/);
    await printed(/n4 +[0-9a-f]{16} +learner[\s\S]*standby +\d+ /);
    const pids = [...output.matchAll(/ (?:leader|voter|learner|standby) +(\d+) /g)].map(([, pid]) => Number(pid));
    for (const pid of new Set(pids)) process.kill(pid, 'SIGUSR2');
    expect(await exit).toBe(1);
    expect(output).toContain('every member has ended');
  });

  it('says which port is in use, in one line, and starts nothing', async () => {
    const blocker = await listen(ports[6]!);
    const child = start();
    expect(await exitOf(child)).toBe(1);
    await new Promise((resolve) => blocker.close(resolve));
    expect(output.trim()).toBe(
      `port ${ports[6]}, the peer port of n2, is in use on 127.0.0.1: is another cluster running here?`,
    );
  });
});
