import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { connect as connectHttp2 } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@understudy/client';
import { KVService, PutRequest } from '@understudy/protocol';
import { freePorts, waitUntil } from '@understudy/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveConfig } from '../src/config/config.js';
import { parseCommandLine } from '../src/config/command-line.js';
import { type RunningServer, startServer } from '../src/server.js';
import { createLogger } from '../src/telemetry/logger.js';
import { Authority, type KeyPair, opensslInstalled } from './certificates.js';
import { unaryCall } from './raw-http2.js';

/** A member and a standby, with TLS for clients and for peers, and certificates asked of both. */
describe.skipIf(!opensslInstalled())('a standby with TLS for clients and peers', { timeout: 60_000 }, () => {
  let directory: string;
  let authority: Authority;
  let alice: KeyPair;
  const servers: RunningServer[] = [];
  let memberUrl: string;
  let standbyUrl: string;
  const tls = () => ({
    ca: readFileSync(authority.caFile),
    cert: readFileSync(alice.certFile),
    key: readFileSync(alice.keyFile),
  });

  async function start(name: string, urls: readonly string[], flags: readonly string[]): Promise<void> {
    const shown = authority.sign(name);
    const files = ['', 'peer-'].flatMap((prefix) => [
      `--${prefix}cert-file=${shown.certFile}`,
      `--${prefix}key-file=${shown.keyFile}`,
      `--${prefix}trusted-ca-file=${authority.caFile}`,
      `--${prefix}client-cert-auth`,
    ]);
    const own = [`--listen-client-urls=${urls[0]}`, `--listen-peer-urls=${urls[1]}`];
    const line = [`--name=${name}`, `--data-dir=${join(directory, name)}`, ...files, ...own, ...flags];
    const parsed = parseCommandLine(line, {}, '0.0.0');
    if (parsed.kind !== 'run') throw new Error('the flags do not run a server');
    servers.push(
      await startServer({ logger: createLogger(name, 'silent', 'json') }, resolveConfig(parsed.flags, false)),
    );
  }

  function ask(url: string): Promise<{ status: number; location: string | undefined }> {
    return new Promise((resolve, reject) => {
      const asked = request(url, { ...tls(), agent: false }, (response) => {
        response.resume();
        resolve({ status: response.statusCode ?? 0, location: response.headers.location });
      });
      asked.on('error', reject);
      asked.end();
    });
  }

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'standby-tls-'));
    authority = new Authority(directory);
    alice = authority.sign('alice');
    const ports = await freePorts(4);
    const urls = ports.map((port) => `https://127.0.0.1:${port}`);
    memberUrl = urls[0] as string;
    standbyUrl = urls[2] as string;
    await start('n1', urls.slice(0, 2), [`--initial-cluster=n1=${urls[1]}`, '--policy=activeSize=1']);
    await waitUntil('the member serves', async () => (await ask(`${memberUrl}/readyz`)).status === 200, 30_000);
    await start('understudy', urls.slice(2), [`--join=${memberUrl}`]);
    await waitUntil('the standby knows', async () => (await ask(`${standbyUrl}/health`)).status === 307, 30_000);
  }, 60_000);

  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await rm(directory, { recursive: true, force: true });
  });

  it('redirects to the https URL of the member', async () => {
    expect((await ask(`${standbyUrl}/health?x=1`)).location).toBe(`${memberUrl}/health?x=1`);
  });

  it('forwards native clients and gRPC over TLS', async () => {
    const through = new Client({ endpoints: [standbyUrl], tls: tls() }, { followLeader: false });
    await through.put('k', 'through');
    expect((await through.get('k')).kv?.text()).toBe('through');
    await through.close();
    const session = connectHttp2(standbyUrl, tls());
    const answer = await unaryCall(session, KVService.methods.put, PutRequest.create({ key: Buffer.from('g') }));
    expect(answer.trailers['grpc-status']).toBe('0');
    session.destroy();
  });

  // The last one: it leaves authentication on.
  it('gives nobody the rights of its own certificate; tokens go with the call', async () => {
    const direct = new Client({ endpoints: [memberUrl], tls: tls() });
    await direct.auth.userAdd('root', { password: 'secret' });
    await direct.auth.userGrantRole('root', 'root');
    // The standby's own certificate has the name of a user that may do everything, and alice may, too.
    for (const user of ['understudy', 'alice']) {
      await direct.auth.userAdd(user);
      await direct.auth.userGrantRole(user, 'root');
    }
    await direct.auth.enable();
    await direct.put('by', 'the name of her certificate');
    const nobody = { message: expect.stringMatching(/user name is empty/) };
    const through = new Client({ endpoints: [standbyUrl], tls: tls() }, { followLeader: false });
    await expect(through.put('by', 'nobody', { retry: 'never' })).rejects.toMatchObject(nobody);
    const session = connectHttp2(standbyUrl, tls());
    const request = PutRequest.create({ key: Buffer.from('by') });
    const answer = await unaryCall(session, KVService.methods.put, request);
    expect(answer.trailers).toMatchObject({ 'grpc-message': expect.stringMatching(/user name is empty/) });
    session.destroy();
    const auth = { user: 'root', password: 'secret' };
    const known = new Client({ endpoints: [standbyUrl], tls: tls(), auth }, { followLeader: false });
    await known.put('by', 'a token');
    expect((await direct.get('by')).kv?.text()).toBe('a token');
    await Promise.all([direct.close(), through.close(), known.close()]);
  });
});
