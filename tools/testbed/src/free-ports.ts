/** Ports of 127.0.0.1 that nobody listens on now. */
import { createServer, type Server } from 'node:net';

/**
 * Below the range that the system takes the ports of outgoing connections from (from 32768 on Linux): a port from there
 * could be taken again between this question and the server's own start.
 */
const LOWEST = 10_240;
const HIGHEST = 32_000;
const ATTEMPTS = 100;

/**
 * A port that was found is not held until its server starts, nor while that is down between two starts. So the workers of
 * a test run look in ranges of their own, and none gives a port again before half of its range was given.
 */
const WORKERS = 4;
const RANGE = Math.floor((HIGHEST - LOWEST) / WORKERS);
const lowest = LOWEST + (Number(process.env['VITEST_POOL_ID'] ?? 0) % WORKERS) * RANGE;
const given = new Set<number>();

/** All are held at once while they are found, so that they differ. */
export async function freePorts(count: number): Promise<number[]> {
  const servers: Server[] = [];
  for (let attempt = 0; servers.length < count && attempt < count + ATTEMPTS; attempt += 1) {
    const port = lowest + Math.floor(Math.random() * RANGE);
    if (given.has(port)) continue;
    const server = await listen(port);
    if (server !== null) servers.push(server);
  }
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  if (ports.length < count) throw new Error(`found ${ports.length} free ports of ${count}`);
  for (const port of ports) given.add(port);
  if (given.size > RANGE / 2) given.clear();
  return ports;
}

/** Null where the port is taken. */
function listen(port: number): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
