/** Binding TCP servers to the URLs of a flag, with errors that name the flag. */
import type { Server } from 'node:net';
import { ConfigError } from '../config/config-error.js';
import { listenAddress } from '../config/urls.js';

/** Listens on every URL; on failure closes what was opened and throws ConfigError. */
export async function listenOnUrls(
  urls: readonly string[],
  flag: string,
  createServer: (secure: boolean) => Server,
): Promise<readonly Server[]> {
  const servers: Server[] = [];
  try {
    for (const url of urls)
      servers.push(await listenOnUrl(url, flag, createServer(new URL(url).protocol === 'https:')));
    return servers;
  } catch (error) {
    for (const server of servers) server.close();
    throw error;
  }
}

function listenOnUrl(url: string, flag: string, server: Server): Promise<Server> {
  const { host, port } = listenAddress(url);
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      reject(new ConfigError(`--${flag}: cannot listen on ${url}: ${explain(error)}`));
    };
    server.once('error', onError);
    server.listen({ host, port, noDelay: true }, () => {
      server.removeListener('error', onError);
      // A connection that could not be accepted, as without file descriptors, is the client's loss alone.
      server.on('error', () => undefined);
      resolve(server);
    });
  });
}

function explain(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return 'the port is in use by another process';
    case 'EACCES':
      return 'not permitted to use this port';
    case 'EADDRNOTAVAIL':
      return 'the address is not one of this machine';
    default:
      return error.message;
  }
}
