import { existsSync, readFileSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectHttp2 } from 'node:http2';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { promisify } from 'node:util';
import { Client } from '@understudy/client';
import {
  AuthEnableRequest,
  AuthService,
  AuthUserAddRequest,
  AuthUserGrantRoleRequest,
  KVService,
  MaintenanceService,
  PutRequest,
  StatusRequest,
} from '@understudy/protocol';
import { freePorts, waitUntil } from '@understudy/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveConfig } from '../src/config/config.js';
import { parseCommandLine } from '../src/config/command-line.js';
import { type RunningServer, startServer } from '../src/server.js';
import { createLogger } from '../src/telemetry/logger.js';
import { Authority, type KeyPair, opensslInstalled } from './certificates.js';
import { unaryCall } from './raw-http2.js';

const run = promisify(execFile);

describe.skipIf(!opensslInstalled())('over TLS', { timeout: 60_000 }, () => {
  let directory: string;
  let authority: Authority;
  let shown: KeyPair;
  let alice: KeyPair;
  let servers: RunningServer[];
  let urls: string[];
  let ports: number[];
  const options = (pair: KeyPair | null = alice) => ({
    ca: readFileSync(authority.caFile),
    ...(pair === null ? {} : { cert: readFileSync(pair.certFile), key: readFileSync(pair.keyFile) }),
  });

  async function start(name: string, flags: readonly string[]): Promise<RunningServer> {
    const parsed = parseCommandLine([`--name=${name}`, `--data-dir=${join(directory, name)}`, ...flags], {}, '0.0.0');
    if (parsed.kind !== 'run') throw new Error('the flags do not run a server');
    return startServer({ logger: createLogger(name, 'silent', 'json') }, resolveConfig(parsed.flags, false));
  }

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tls-test-'));
    authority = new Authority(directory);
    shown = authority.sign('server');
    alice = authority.sign('alice');
    ports = await freePorts(6);
    urls = ports.slice(0, 3).map((port) => `https://127.0.0.1:${port}`);
    const peers = ports.slice(3).map((port) => `https://127.0.0.1:${port}`);
    const initial = peers.map((url, index) => `n${index}=${url}`).join(',');
    const files = ['', 'peer-'].flatMap((prefix) => [
      `--${prefix}cert-file=${shown.certFile}`,
      `--${prefix}key-file=${shown.keyFile}`,
      `--${prefix}trusted-ca-file=${authority.caFile}`,
      `--${prefix}client-cert-auth`,
    ]);
    servers = await Promise.all(
      urls.map((url, index) =>
        start(`n${index}`, [
          ...files,
          `--listen-client-urls=${url}`,
          `--listen-peer-urls=${peers[index]}`,
          `--initial-cluster=${initial}`,
        ]),
      ),
    );
    await waitUntil('the cluster is ready', async () => (await get('/readyz')).status === 200, 30_000);
  }, 60_000);

  afterAll(async () => {
    await Promise.all((servers ?? []).map((server) => server.stop()));
    await rm(directory, { recursive: true, force: true });
  });

  function get(path: string, pair: KeyPair | null = alice): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      const asked = request(`${urls[0]}${path}`, { ...options(pair), agent: false }, (response) => {
        let body = '';
        response.on('data', (chunk) => {
          body += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      });
      asked.on('error', reject);
      asked.end();
    });
  }

  it('members find each other, and serve HTTP/1.1, gRPC and the native client on one port', async () => {
    const client = new Client({ endpoints: urls, tls: options() });
    await client.put('k', 'v');
    expect((await client.get('k')).kv?.text()).toBe('v');
    await client.close();
    const session = connectHttp2(urls[0] as string, options());
    const answer = await unaryCall(session, MaintenanceService.methods.status, StatusRequest.create());
    expect(answer.trailers['grpc-status']).toBe('0');
    session.destroy();
    expect(JSON.parse((await get('/version')).body)).toHaveProperty('etcdserver');
  });

  it.skipIf(!existsSync('/usr/bin/etcdctl'))('etcdctl is served', async () => {
    const files = [`--cacert=${authority.caFile}`, `--cert=${alice.certFile}`, `--key=${alice.keyFile}`];
    const args = [`--endpoints=${urls.join(',')}`, ...files];
    const env = { ...process.env, ETCDCTL_API: '3' };
    expect((await run('etcdctl', [...args, 'put', 'a', 'b'], { env })).stdout).toBe('OK\n');
    expect((await run('etcdctl', [...args, 'endpoint', 'health'], { env })).stderr.match(/is healthy/g)).toHaveLength(
      3,
    );
  });

  it('who shows no certificate, or one of another authority, is refused', async () => {
    await expect(get('/version', null)).rejects.toThrow();
    const stranger = new Authority(directory, 'other').sign('stranger');
    await expect(get('/version', stranger)).rejects.toThrow();
  });

  it('who speaks without TLS hears nothing', async () => {
    await expect(fetch(`${(urls[0] as string).replace('https', 'http')}/version`)).rejects.toThrow();
  });

  it('a renewed certificate is shown without a restart, and a broken one is not', async () => {
    const commonName = (): Promise<string> =>
      new Promise((resolve, reject) => {
        const socket = connectTls({ host: '127.0.0.1', port: ports[0] as number, ...options() }, () => {
          resolve(String(socket.getPeerCertificate().subject.CN));
          socket.destroy();
        });
        socket.on('error', reject);
      });
    expect(await commonName()).toBe('server');
    authority.sign('renewed', 'server');
    await waitUntil('the new certificate', async () => (await commonName()) === 'renewed', 20_000);
    expect((await get('/readyz')).status).toBe(200);
  });

  // The last one that uses the cluster: it leaves authentication on.
  it('with authentication, the common name of a certificate says who calls, over gRPC and WebSocket', async () => {
    const session = connectHttp2(urls[0] as string, options());
    const { userAdd, userGrantRole, authEnable } = AuthService.methods;
    const well = async (answer: ReturnType<typeof unaryCall>): Promise<void> => {
      expect((await answer).trailers['grpc-status']).toBe('0');
    };
    await well(unaryCall(session, userAdd, AuthUserAddRequest.create({ name: 'root', password: 'secret' })));
    await well(unaryCall(session, userGrantRole, AuthUserGrantRoleRequest.create({ user: 'root', role: 'root' })));
    await well(
      unaryCall(session, userAdd, AuthUserAddRequest.create({ name: 'alice', options: { noPassword: true } })),
    );
    await well(unaryCall(session, authEnable, AuthEnableRequest.create()));
    const denied = { code: 'PERMISSION_DENIED', message: expect.stringContaining('permission denied') };
    const request = PutRequest.create({ key: Buffer.from('k') });
    expect((await unaryCall(session, KVService.methods.put, request)).trailers['grpc-status']).toBe('7');
    session.destroy();
    const client = new Client({ endpoints: urls, tls: options() });
    await expect(client.put('k', 'v')).rejects.toMatchObject(denied);
    await client.close();
  });

  it.each([
    [['--listen-client-urls=https://127.0.0.1:1'], /asks for TLS; give --cert-file and --key-file/],
    [['--listen-peer-urls=https://127.0.0.1:1'], /give --peer-cert-file and --peer-key-file/],
    [['--cert-file=x'], /--cert-file and --key-file go together/],
    [['--cert-file=/none', '--key-file=/none'], /--cert-file, --key-file: ENOENT/],
    [['--client-cert-auth'], /needs --trusted-ca-file/],
    [['--auto-tls'], /--auto-tls: a certificate that vouches for itself/],
    [['--cert-file=x', '--key-file=y', '--cipher-suites=ROT13'], /--cipher-suites: "ROT13" is not known/],
  ])('a start with %j says what is wrong', async (flags, text) => {
    const [port] = (await freePorts(1)) as [number];
    const listen = [`--listen-peer-urls=http://127.0.0.1:${port}`, '--listen-client-urls=http://127.0.0.1:1'];
    await expect(start('wrong', [...listen, ...flags])).rejects.toThrow(text);
  });
});
