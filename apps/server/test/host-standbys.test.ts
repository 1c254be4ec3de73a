import { waitUntil } from '@understudy/testbed';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type HostedStandbys, hostStandbys } from '../src/standby/host-standbys.js';
import { createLogger } from '../src/telemetry/logger.js';
import { type LoneServer, startLoneServer } from './lone-server.js';

let server: LoneServer;
let hosted: HostedStandbys | undefined;

beforeEach(async () => {
  server = await startLoneServer();
});
afterEach(async () => {
  await hosted?.stop();
  await server.end();
});

interface Listed {
  readonly standbys?: readonly {
    readonly name: string;
    readonly connected?: boolean;
    readonly standby_only?: boolean;
  }[];
}

async function listed(): Promise<NonNullable<Listed['standbys']>> {
  const response = await fetch(`${server.clientUrl}/understudy/v1/standby/list`, { method: 'POST', body: '{}' });
  return ((await response.json()) as Listed).standbys ?? [];
}

it('a hundred standbys in one process are registered by their client URL, each on a connection, and leave it with them', async () => {
  hosted = hostStandbys({ logger: createLogger('hosted', 'silent', 'json') }, { count: 100, join: [server.clientUrl] });
  await waitUntil('all are registered', () => hosted?.registered === 100);
  const standbys = await listed();
  expect(new Set(standbys.map(({ name }) => name)).size).toBe(100);
  expect(standbys.every(({ connected, standby_only: only }) => connected === true && only === true)).toBe(true);
  await hosted.stop();
  await waitUntil('none is connected', async () => (await listed()).every(({ connected }) => connected !== true));
  expect(await listed()).toHaveLength(100);
});
