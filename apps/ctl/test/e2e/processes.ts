// Real processes, run from their sources: servers in a directory of their own, and the tool itself.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePorts } from '@understudy/testbed';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const FROM_SOURCE = ['--conditions=@understudy/source', '--import', 'tsx'];
const START_MS = 30_000;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. */
export function runProgram(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  stdin = '',
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const options = { cwd: root, env: { ...process.env, ...env }, timeout: START_MS };
    const child = execFile(file, args, options, (error, stdout, stderr) => {
      if (error !== null && child.exitCode === null) reject(error);
      else resolve({ code: child.exitCode, stdout, stderr });
    });
    // A program that refuses its arguments ends without reading stdin.
    child.stdin?.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') reject(error);
    });
    child.stdin?.end(stdin);
  });
}

/** Runs the tool to its end. */
export function runCtl(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ended> {
  return runProgram(process.execPath, [...FROM_SOURCE, 'apps/ctl/src/main.ts', ...args], env);
}

/** Starts the tool and leaves it running. */
export function startCtl(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [...FROM_SOURCE, 'apps/ctl/src/main.ts', ...args], { cwd: root });
}

export async function freePort(): Promise<number> {
  const [port] = await freePorts(1);
  return port as number;
}

export class ServerProcess {
  readonly name: string;
  readonly clientUrl: string;
  readonly peerUrl: string;
  readonly dataDir: string;
  private child: ChildProcess | undefined = undefined;
  private log = '';

  constructor(name: string, clientPort: number, peerPort: number, directory: string) {
    this.name = name;
    this.clientUrl = `http://127.0.0.1:${clientPort}`;
    this.peerUrl = `http://127.0.0.1:${peerPort}`;
    this.dataDir = join(directory, name);
  }

  get endpoint(): string {
    return this.clientUrl.slice('http://'.length);
  }

  start(initialCluster: string, state: 'new' | 'existing'): void {
    const flags = {
      name: this.name,
      'data-dir': this.dataDir,
      'listen-client-urls': this.clientUrl,
      'advertise-client-urls': this.clientUrl,
      'listen-peer-urls': this.peerUrl,
      'initial-advertise-peer-urls': this.peerUrl,
      'initial-cluster': initialCluster,
      'initial-cluster-state': state,
    };
    const args = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`);
    const child = spawn(process.execPath, [...FROM_SOURCE, 'apps/server/src/main.ts', ...args], { cwd: root });
    child.stdout.on('data', (chunk) => this.keep(chunk));
    child.stderr.on('data', (chunk) => this.keep(chunk));
    this.child = child;
  }

  private keep(chunk: Buffer): void {
    this.log = (this.log + chunk.toString()).slice(-20_000);
  }

  /** Settles when it answers that it is healthy: there is a leader. */
  async healthy(): Promise<void> {
    const endMs = performance.now() + START_MS;
    for (;;) {
      const answer = await fetch(`${this.clientUrl}/health`).catch(() => undefined);
      if (answer?.ok === true) return;
      if (performance.now() > endMs || this.child?.exitCode !== null) {
        throw new Error(`${this.name} is not healthy:\n${this.log}`);
      }
      await delay(50);
    }
  }

  async kill(): Promise<void> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }
}

export class ServerCluster implements AsyncDisposable {
  readonly servers: ServerProcess[];
  private readonly directory: string;

  private constructor(servers: ServerProcess[], directory: string) {
    this.servers = servers;
    this.directory = directory;
  }

  static async start(count: number): Promise<ServerCluster> {
    const directory = mkdtempSync(join(tmpdir(), 'understudyctl-'));
    const servers: ServerProcess[] = [];
    for (let i = 1; i <= count; i++) {
      servers.push(new ServerProcess(`n${i}`, await freePort(), await freePort(), directory));
    }
    const cluster = new ServerCluster(servers, directory);
    for (const server of servers) server.start(cluster.initialCluster, 'new');
    try {
      await Promise.all(servers.map((server) => server.healthy()));
    } catch (error) {
      await cluster.close();
      throw error;
    }
    return cluster;
  }

  /** A process that is not started yet. */
  async prepare(name: string): Promise<ServerProcess> {
    const server = new ServerProcess(name, await freePort(), await freePort(), this.directory);
    this.servers.push(server);
    return server;
  }

  get initialCluster(): string {
    return this.servers.map(({ name, peerUrl }) => `${name}=${peerUrl}`).join(',');
  }

  get endpoints(): string {
    return this.servers.map(({ endpoint }) => endpoint).join(',');
  }

  async close(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.kill()));
    rmSync(this.directory, { recursive: true, force: true });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
