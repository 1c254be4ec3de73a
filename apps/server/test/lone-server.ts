/** A cluster of one, in this process, on free ports and a fresh directory: the whole server without a child process. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts, waitUntil } from '@understudy/testbed';
import { resolveConfig } from '../src/config/config.js';
import { parseCommandLine } from '../src/config/command-line.js';
import { type RunningServer, startServer } from '../src/server.js';
import { createLogger } from '../src/telemetry/logger.js';

export interface LoneServer {
  readonly server: RunningServer;
  readonly clientUrl: string;
  readonly peerUrl: string;
  readonly dataDir: string;
  /** With the same data, and these flags after the usual ones. */
  restart(flags?: readonly string[]): Promise<void>;
  /** Stops it and removes its data. */
  end(): Promise<void>;
}

/** Resolves when it is ready. `flags` come after the usual ones. */
export async function startLoneServer(flags: readonly string[] = []): Promise<LoneServer> {
  const directory = await mkdtemp(join(tmpdir(), 'lone-server-'));
  const [clientPort, peerPort] = await freePorts(2);
  const clientUrl = `http://127.0.0.1:${clientPort}`;
  const peerUrl = `http://127.0.0.1:${peerPort}`;
  const dataDir = join(directory, 'data');
  const listen = [`--listen-client-urls=${clientUrl}`, `--listen-peer-urls=${peerUrl}`, `--data-dir=${dataDir}`];
  const start = async (more: readonly string[]): Promise<RunningServer> => {
    const parsed = parseCommandLine([...listen, ...more], {}, '0.0.0');
    if (parsed.kind !== 'run') throw new Error('the flags do not run a server');
    const logger = createLogger('lone', 'silent', 'json');
    const running = await startServer({ logger }, resolveConfig(parsed.flags, false));
    await waitUntil('the server is ready', async () => (await fetch(`${clientUrl}/readyz`)).ok);
    return running;
  };
  let server = await start(flags);
  return {
    get server() {
      return server;
    },
    ...{ clientUrl, peerUrl, dataDir },
    restart: async (more = []) => {
      await server.stop();
      server = await start(more);
    },
    end: async () => {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
