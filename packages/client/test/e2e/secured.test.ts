// Users and TLS, against a real server that wants both.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts, SERVER_BIN, ServerProcess, TestCluster } from '@understudy/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client, type ClientError } from '../../src/index.js';
import { waitUntil } from '@understudy/testbed';
import { type Certificates, makeCertificates, opensslInstalled } from './certificates.js';

const START_MS = 180_000;

describe('users and roles', { timeout: START_MS }, () => {
  let cluster: TestCluster;
  let root: Client;
  beforeAll(async () => {
    cluster = await TestCluster.start({ voters: 1 });
    root = new Client({ endpoints: cluster.endpoints, auth: { user: 'root', password: 'r1' } });
  }, START_MS);
  afterAll(async () => {
    await root?.close();
    await cluster?.stop();
  });

  it('credentials are of no use and do no harm while authentication is off, and count once it is on', async () => {
    await root.put('before', '1');
    await root.auth.userAdd('root', { password: 'r1' });
    await root.auth.userGrantRole('root', 'root');
    expect((await root.auth.status()).enabled).toBe(false);
    await root.auth.enable();
    // The same connection, opened when nobody asked for a token.
    await root.put('after', '2');
    expect((await root.auth.status()).enabled).toBe(true);
    expect((await root.auth.userGet('root')).roles).toEqual(['root']);
  });

  it('a role gives what it gives and no more', async () => {
    await root.auth.roleAdd('own');
    await root.auth.roleGrantPermission('own', 'readwrite', { prefix: 'own/' });
    await root.auth.roleGrantPermission('own', 'read', 'before');
    await root.auth.userAdd('alice', { password: 'a1' });
    await root.auth.userGrantRole('alice', 'own');
    const alice = new Client({ endpoints: cluster.endpoints, auth: { user: 'alice', password: 'a1' } });
    await alice.put('own/x', '1');
    expect((await alice.get('before')).kv?.text()).toBe('1');
    await expect(alice.put('before', '2')).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
      outcome: 'not-applied',
    });
    // Each change of users or roles moves the store's revision, and old tokens are refused: a write goes on all the same.
    for (let round = 1; round <= 5; round++) {
      await root.auth.roleAdd(`r${round}`);
      await alice.put('own/x', String(round));
    }
    expect((await alice.get('own/x')).kv?.version).toBe(6);
    await root.auth.roleRevokePermission('own', { prefix: 'own/' });
    await expect(alice.put('own/x', '9')).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    expect((await root.auth.roleGet('own')).perm).toHaveLength(1);
    await alice.close();
  });

  it('a changed password ends what the old one opened, and nobody without a user comes in', async () => {
    await root.auth.userChangePassword('alice', 'a2');
    const old = new Client({ endpoints: cluster.endpoints, auth: { user: 'alice', password: 'a1' } });
    await expect(old.get('before')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await old.close();
    const nobody = new Client({ endpoints: cluster.endpoints });
    const refused = await nobody.get('before').catch((error: ClientError) => error);
    expect(refused).toMatchObject({ message: 'etcdserver: user name is empty', outcome: 'not-applied' });
    await nobody.close();
    await root.auth.disable();
  });
});

describe.skipIf(!opensslInstalled)('TLS', { timeout: START_MS }, () => {
  let directory: string;
  let files: Certificates;
  let server: ServerProcess;
  let endpoint: string;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'understudy-client-tls-'));
    files = makeCertificates(directory, 'alice');
    const [client, peer] = await freePorts(2);
    endpoint = `https://127.0.0.1:${client}`;
    server = new ServerProcess(process.execPath, [
      SERVER_BIN,
      '--name=n1',
      `--data-dir=${join(directory, 'data')}`,
      `--listen-client-urls=${endpoint}`,
      `--advertise-client-urls=${endpoint}`,
      `--listen-peer-urls=http://127.0.0.1:${peer}`,
      `--initial-advertise-peer-urls=http://127.0.0.1:${peer}`,
      `--initial-cluster=n1=http://127.0.0.1:${peer}`,
      `--cert-file=${files.server.cert}`,
      `--key-file=${files.server.key}`,
      `--trusted-ca-file=${files.ca}`,
      '--client-cert-auth',
    ]);
    server.start();
    const client1 = new Client({ endpoints: [endpoint], tls: tls() });
    await waitUntil(
      'the server answers over TLS',
      async () => {
        await client1.put('a', '1', { timeoutMs: 1000 });
        return true;
      },
      START_MS,
    );
    await client1.close();
  }, START_MS);
  afterAll(async () => {
    await server?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  function tls() {
    const { ca, client } = files;
    return { ca: readFileSync(ca), cert: readFileSync(client.cert), key: readFileSync(client.key) };
  }

  it('a client with the authority and a certificate reads, writes and watches', async () => {
    await using client = new Client({ endpoints: [endpoint], tls: tls() });
    const watcher = client.watch('a');
    await watcher.started;
    await client.put('a', '2');
    for await (const { kv } of watcher) {
      expect(kv.text()).toBe('2');
      break;
    }
  });

  it.each([
    ['without a certificate of its own', () => ({ ca: readFileSync(files.ca) })],
    ['that does not know the authority', () => ({ ...tls(), ca: undefined as unknown as Buffer })],
    ['that wants another name in it', () => ({ ...tls(), servername: 'elsewhere.example' })],
  ])('a client %s gets no answer, and is told why', async (_title, options) => {
    await using client = new Client({ endpoints: [endpoint], tls: options() }, { timeoutMs: 1500 });
    const error = await client.get('a').catch((caught: ClientError) => caught);
    expect(error).toMatchObject({ code: 'DEADLINE_EXCEEDED', outcome: 'not-applied' });
    expect((error as ClientError).message).toMatch(/certificate|altname|alert|socket|closed|reset/i);
  });
});
