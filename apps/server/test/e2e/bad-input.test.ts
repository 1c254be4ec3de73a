import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { Client } from '@understudy/client';
import { freePorts, SERVER_BIN, ServerProcess, TestCluster } from '@understudy/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { base64, jsonCall } from '../json-call.js';

let cluster: TestCluster;
let client: Client;
let url: string;

beforeAll(async () => {
  cluster = await TestCluster.start({ voters: 1 });
  url = cluster.endpoints[0] as string;
  client = new Client({ endpoints: cluster.endpoints }, { timeoutMs: 20_000 });
  await client.put('kept', 'as it was');
}, 180_000);

afterAll(async () => {
  await client.close();
  await cluster.stop();
});

/** Runs the server with flags that it must refuse; resolves with what it said. */
async function refusedStart(flags: readonly string[]): Promise<string> {
  const server = new ServerProcess(process.execPath, [SERVER_BIN, ...flags]);
  server.start();
  const exit = await server.exited();
  expect(exit.code).toBe(1);
  return server.output;
}

async function freshFlags(name: string): Promise<string[]> {
  const [clientPort, peerPort] = await freePorts(2);
  return [
    `--name=${name}`,
    `--listen-client-urls=http://127.0.0.1:${clientPort}`,
    `--listen-peer-urls=http://127.0.0.1:${peerPort}`,
  ];
}

describe('bad input gets an error of its own and changes nothing', { timeout: 180_000 }, () => {
  it('at start: an unknown flag', async () => {
    expect(await refusedStart(['--no-such-flag'])).toBe("understudy: unknown option '--no-such-flag'");
  });

  it('at start: a port in use', async () => {
    const flags = await freshFlags('x');
    const said = await refusedStart([
      ...flags,
      `--listen-client-urls=${url}`,
      `--data-dir=${cluster.directory}/unused`,
    ]);
    expect(said).toContain(`--listen-client-urls: cannot listen on ${url}: the port is in use`);
  });

  it('at start: a policy that may not be, before there is a data directory', async () => {
    const dataDir = `${cluster.directory}/never-made`;
    const said = await refusedStart([...(await freshFlags('x')), `--data-dir=${dataDir}`, '--policy=activeSize=10']);
    expect(said).toBe('understudy: --policy: activeSize must be an integer from 1 to 9, not 10');
    expect(existsSync(dataDir)).toBe(false);
  });

  it('at start: a data directory in use by another process', async () => {
    const { dataDir, process: server } = cluster.member('n1');
    const said = await refusedStart([...(await freshFlags('n1')), `--data-dir=${dataDir}`]);
    expect(said).toContain('is in use');
    expect(said).toContain(String(server.pid));
  });

  it('at start: a data directory of another cluster', async () => {
    const other = await TestCluster.start({ voters: 1 });
    const { dataDir } = other.member('n1');
    await other.member('n1').process.stop();
    const [clientPort] = await freePorts(1);
    const joining = [
      '--name=n1',
      `--data-dir=${dataDir}`,
      `--listen-client-urls=http://127.0.0.1:${clientPort}`,
      `--listen-peer-urls=${other.member('n1').peerUrl}`,
      `--initial-cluster=n1=${other.member('n1').peerUrl},peer=${cluster.member('n1').peerUrl}`,
      '--initial-cluster-state=existing',
    ];
    expect(await refusedStart(joining)).toMatch(
      /belongs to cluster [0-9a-f]+, but the members of --initial-cluster are/,
    );
    await other.stop();
  });

  const calls: readonly [string, string, unknown, number, RegExp][] = [
    ['malformed JSON', '/v3/kv/put', '{"key": "', 400, /the text is not JSON/],
    ['an empty key', '/v3/kv/put', { value: base64('x') }, 400, /etcdserver: key is not provided/],
    ['a field of the wrong type', '/v3/kv/put', { key: 7 }, 400, /key/],
    ['an unknown lease', '/v3/kv/put', { key: base64('kept'), lease: '77' }, 404, /requested lease not found/],
    ['a future revision', '/v3/kv/range', { key: base64('kept'), revision: '999999' }, 400, /future revision/],
    ['a future compaction', '/v3/kv/compaction', { revision: '999999' }, 400, /future revision/],
    ['an unknown member', '/v3/cluster/member/remove', { ID: '77' }, 404, /member not found/],
    [
      'a transaction of 129 operations',
      '/v3/kv/txn',
      { success: Array.from({ length: 129 }, (_, i) => ({ requestPut: { key: base64(`k${i}`) } })) },
      400,
      /too many operations in txn request/,
    ],
    [
      'a key put twice in one transaction',
      '/v3/kv/txn',
      { success: [1, 2].map(() => ({ requestPut: { key: base64('kept') } })) },
      400,
      /duplicate key given in txn request/,
    ],
  ];
  it.each(calls)('in JSON: %s', async (_what, path, body, status, text) => {
    const before = (await client.get('kept')).header.revision;
    const answer = await jsonCall(url, path, body);
    expect({ status: answer.status, text: answer.body['error'] }).toEqual({
      status,
      text: expect.stringMatching(text),
    });
    expect((await client.get('kept')).header.revision).toBe(before);
  });

  it('a value over --max-request-bytes, in JSON and over WebSocket', async () => {
    const value = Buffer.alloc(1_572_865, 'v');
    const answer = await jsonCall(url, '/v3/kv/put', { key: base64('big'), value: value.toString('base64') });
    expect(answer).toMatchObject({ status: 400, body: { error: 'etcdserver: request is too large' } });
    await expect(client.put('big', value)).rejects.toMatchObject({
      message: expect.stringContaining('request is too large'),
    });
    expect((await client.get('big')).kv).toBeUndefined();
  });

  it('a compacted revision', async () => {
    await client.put('moving', '1');
    const { header } = await client.put('moving', '2');
    await client.compact(header.revision);
    await expect(client.get('moving', { revision: header.revision - 1 })).rejects.toMatchObject({
      code: 'OUT_OF_RANGE',
      message: expect.stringContaining('required revision has been compacted'),
    });
  });

  it('a foreign Origin or Host, in JSON and over WebSocket', async () => {
    const origin = await jsonCall(url, '/v3/kv/put', { key: base64('foreign') }, { origin: 'http://evil.example' });
    expect(origin).toMatchObject({ status: 403, body: { text: expect.stringContaining('--cors') } });
    expect(await upgradeStatus({ origin: 'http://evil.example' })).toBe(403);
    expect(await upgradeStatus({ headers: { host: 'evil.example' } })).toBe(403);
    expect(await rawHttp(url, 'POST /v3/kv/put HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 2\r\n\r\n{}')).toMatch(
      /^HTTP\/1.1 403/,
    );
    expect((await client.get('foreign')).kv).toBeUndefined();
  });

  function upgradeStatus(options: WebSocket.ClientOptions): Promise<number> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url.replace('http', 'ws'), ['understudy.v1'], options);
      socket.once('unexpected-response', (_request, response) => {
        resolve(response.statusCode ?? 0);
        socket.terminate();
      });
      socket.once('open', () => reject(new Error('the upgrade was accepted')));
      socket.once('error', reject);
    });
  }

  it('garbage and HTTP/2 on the client port, garbage on the peer port', async () => {
    expect(await rawHttp(url, '\x00\x01garbage\r\n\r\n')).toMatch(/^HTTP\/1.1 400/);
    await rawHttp(url, `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${'\xff'.repeat(100)}`);
    await rawHttp(cluster.member('n1').peerUrl, '\x00\xff\xfe\r\n\r\n');
    expect(
      await rawHttp(cluster.member('n1').peerUrl, 'GET /v3/kv HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'),
    ).toMatch(/^HTTP\/1.1 404/);
    expect((await client.get('kept')).kv?.text()).toBe('as it was');
  });

  /** Sends bytes and resolves with everything that came back before the server closed. */
  function rawHttp(target: string, text: string): Promise<string> {
    const { hostname, port } = new URL(target);
    return new Promise((resolve, reject) => {
      let said = '';
      const socket = connect({ host: hostname, port: Number(port) }, () => socket.write(Buffer.from(text, 'latin1')));
      socket.setEncoding('latin1');
      socket.setTimeout(10_000, () => socket.destroy(new Error('the server neither answered nor closed')));
      socket.on('data', (chunk: string) => {
        said += chunk;
        if (/^HTTP\/1.1 [45]/.test(said)) socket.end();
      });
      socket.on('close', () => resolve(said));
      socket.on('error', reject);
    });
  }

  it('a WebSocket frame of garbage, and one over the limit', async () => {
    for (const frame of [Buffer.from([0xff, 1, 2, 3]), Buffer.alloc(64 * 1024 * 1024)]) {
      const socket = new WebSocket(url.replace('http', 'ws'), ['understudy.v1'], { perMessageDeflate: false });
      const closed = new Promise<number>((resolve) => socket.once('close', resolve));
      socket.on('error', () => undefined);
      await new Promise((resolve) => socket.once('open', resolve));
      socket.send(frame);
      expect(await closed).toBeGreaterThanOrEqual(1002);
    }
    expect((await client.get('kept')).kv?.text()).toBe('as it was');
  });
});
