import type { IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClientDoors } from '../src/doors/client-doors.js';
import { HostGuard } from '../src/doors/host-guard.js';
import { jsonCall as jsonCallOf } from '../src/doors/json-call.js';
import { base64, jsonCall } from './json-call.js';
import { type LoneServer, startLoneServer } from './lone-server.js';
import { freePorts, waitUntil } from '@understudy/testbed';

let lone: LoneServer;
let url: string;

beforeAll(async () => {
  lone = await startLoneServer(['--cors=https://app.example']);
  url = lone.clientUrl;
});
afterAll(() => lone.end());

/** A raw connection, and everything that came back on it. */
function dial(target: string): { socket: Socket; said: () => string; closed: Promise<void> } {
  const { hostname, port } = new URL(target);
  let text = '';
  const socket = connect(Number(port), hostname);
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    text += chunk;
  });
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return { socket, said: () => text, closed };
}

async function revision(): Promise<unknown> {
  const { body } = await jsonCall(url, '/v3/kv/range', { key: base64('any') });
  return (body['header'] as Record<string, unknown>)['revision'];
}

/** The lines of a stream, as they come. */
async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<Record<string, unknown>> {
  let rest = '';
  for await (const chunk of body) {
    const parts = (rest + Buffer.from(chunk).toString()).split('\n');
    rest = parts.pop() as string;
    for (const part of parts) yield JSON.parse(part) as Record<string, unknown>;
  }
}

const watchCount = async (): Promise<number> => {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^etcd_debugging_mvcc_watcher_total (\d+)/m.exec(text)?.[1]);
};

describe('connections of the client port', () => {
  it('a request that is sent byte by byte is served, and so are many on one connection', async () => {
    const { socket, said, closed } = dial(url);
    socket.setNoDelay(true);
    for (const byte of 'GET /version HTTP/1.1\r\nHost: localhost\r\n\r\n') {
      socket.write(byte);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await waitUntil('the first answer', () => said().includes('etcdserver'));
    const body = JSON.stringify({ key: base64('pipelined') });
    const post = `POST /v3/kv/range HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    socket.write(post.repeat(20));
    await waitUntil('twenty answers', () => said().match(/"raft_term"/g)?.length === 20);
    socket.end();
    await closed;
  });

  it('a client that says nothing, or never ends its headers, is cut off', async () => {
    const [port] = (await freePorts(1)) as [number];
    const doors = new ClientDoors({ firstBytesMs: 100, headersMs: 100, checkMs: 50 });
    const target = `http://127.0.0.1:${port}`;
    await doors.listen([target], [], new HostGuard({ ownHosts: [], extraHosts: [], origins: [] }), null);
    const silent = dial(target);
    const slow = dial(target);
    slow.socket.write('GET /version HTTP/1.1\r\nHost: loc');
    const almostHttp2 = dial(target);
    almostHttp2.socket.write('PR');
    await Promise.all([silent.closed, slow.closed, almostHttp2.closed]);
    expect(slow.said()).toMatch(/^HTTP\/1.1 408 /);
    expect(silent.said() + almostHttp2.said()).toBe('');
    await doors.close();
  });

  it('headers that are too large get 431', async () => {
    const { socket, said, closed } = dial(url);
    socket.write(`GET /version HTTP/1.1\r\nHost: localhost\r\nX-Large: ${'x'.repeat(64 * 1024)}\r\n\r\n`);
    await closed;
    expect(said()).toMatch(/^HTTP\/1.1 431 /);
  });

  it('a request without a Host is refused, except of HTTP/1.0, which has none', async () => {
    const modern = dial(url);
    modern.socket.write('GET /version HTTP/1.1\r\n\r\n');
    await modern.closed;
    expect(modern.said()).toMatch(/^HTTP\/1.1 400 /);
    const old = dial(url);
    old.socket.write('GET /version HTTP/1.0\r\n\r\n');
    await old.closed;
    expect(old.said()).toMatch(/^HTTP\/1.1 200 /);
  });

  it('a refused upgrade ends its connection, also where the client does not', async () => {
    const { socket, said, closed } = dial(url);
    socket.write(
      'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    await closed;
    expect(said()).toContain('understudy.v1');
  });

  it('probes have one way to be asked, and /health says no more than etcd where all is well', async () => {
    expect(await (await fetch(`${url}/health`)).text()).toBe('{"health":"true"}');
    for (const path of ['/health', '/livez', '/readyz', '/version', '/metrics']) {
      const posted = await fetch(`${url}${path}`, { method: 'POST', body: 'x' });
      expect([path, posted.status, posted.headers.get('allow')]).toEqual([path, 405, 'GET, HEAD']);
    }
  });

  it('probes answer HEAD, and a preflight of a listed origin is allowed', async () => {
    expect((await fetch(`${url}/livez`, { method: 'HEAD' })).status).toBe(200);
    const preflight = await fetch(`${url}/v3/kv/put`, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example', 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('https://app.example');
    const foreign = await fetch(`${url}/v3/kv/put`, { method: 'OPTIONS', headers: { origin: 'https://evil.example' } });
    expect(foreign.status).toBe(403);
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('bad JSON changes nothing', () => {
  const key = base64('bad');
  const nested = (depth: number): string => `${'{"success":[{"request_txn":'.repeat(depth)}{}${'}]}'.repeat(depth)}`;
  const bodies: readonly [string, string, string, RegExp][] = [
    ['nested beyond the limit', '/v3/kv/txn', nested(200), /nested deeper than/],
    ['nested until a stack would end', '/v3/kv/txn', nested(20_000), /nested deeper than/],
    ['an array of arrays without end', '/v3/kv/put', '['.repeat(200_000), /not JSON/],
    ['a key of another prototype', '/v3/kv/put', `{"__proto__":{"key":"${key}"}}`, /key is not provided/],
    ['a negative limit of a kind that has none', '/v3/lease/grant', '{"TTL":"-9223372036854775809"}', /TTL/],
    ['a fraction', '/v3/kv/range', `{"key":"${key}","limit":1.5}`, /no whole number/],
    ['a list in place of an object', '/v3/kv/put', '[]', /an object is needed/],
    ['base64 of another alphabet', '/v3/kv/put', '{"key":"_-8="}', /base64/],
  ];
  it.each(bodies)('%s', async (_what, path, body, text) => {
    const before = await revision();
    const answer = await jsonCall(url, path, body);
    expect(answer).toMatchObject({ status: 400, body: { error: expect.stringMatching(text) } });
    expect(await revision()).toBe(before);
  });

  it('a negative limit is none, as in etcd', async () => {
    expect(await jsonCall(url, '/v3/kv/range', { key: base64('any'), limit: '-1' })).toMatchObject({ status: 200 });
  });

  it('a body over the limit is refused before it is all there, and the connection ends', async () => {
    const { socket, said, closed } = dial(url);
    socket.write('POST /v3/kv/put HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000000\r\n\r\n');
    socket.write('x'.repeat(4 * 1024 * 1024));
    await waitUntil('the refusal', () => said().includes('request is too large'));
    await closed;
    expect(said()).toMatch(/^HTTP\/1.1 400 /);
  });
});

describe('the headers of a JSON request', () => {
  const post = (path: string, body: object, headers: Record<string, string>): Promise<Response> =>
    fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(body), headers });
  const watch = { create_request: { key: base64('a') } };

  it('may say how long a stream goes on', async () => {
    const watching = await watchCount();
    const response = await post('/v3/watch', watch, { 'grpc-timeout': '100m' });
    const told = (await response.text()).trim().split('\n');
    expect(told.map((line) => JSON.parse(line))).toMatchObject([
      { result: { created: true } },
      { error: { grpc_code: 4, http_code: 504 } },
    ]);
    expect(await watchCount()).toBe(watching);
  });

  it('with a timeout that is none are refused, for one answer and for a stream', async () => {
    for (const [path, body] of [['/v3/kv/range', { key: base64('a') }] as const, ['/v3/watch', watch] as const]) {
      const response = await post(path, body, { 'grpc-timeout': 'soon' });
      expect([response.status, await response.json()]).toEqual([
        400,
        { error: 'invalid grpc-timeout: soon', message: 'invalid grpc-timeout: soon', code: 3 },
      ]);
    }
  });

  it.each([
    [{}, { token: undefined, requireLeader: false, timeoutMs: undefined }],
    [{ authorization: 'Bearer t' }, { token: 'Bearer t' }],
    [{ 'grpc-metadata-token': 't', authorization: 'other' }, { token: 't' }],
    [
      { 'grpc-metadata-hasleader': 'true', 'grpc-timeout': '2S' },
      { requireLeader: true, timeoutMs: 2000 },
    ],
  ])('are the metadata of the call: %j', (headers, call) => {
    expect(jsonCallOf({ headers } as IncomingMessage)).toMatchObject(call);
  });
});

describe('streams over JSON', () => {
  it('a watch goes on after its request has ended, and ends when its client goes away', async () => {
    const watching = await watchCount();
    const abort = new AbortController();
    const response = await fetch(`${url}/v3/watch`, {
      method: 'POST',
      body: JSON.stringify({ create_request: { key: base64('watched') } }),
      signal: abort.signal,
    });
    const stream = lines(response.body as ReadableStream<Uint8Array>);
    expect((await stream.next()).value).toMatchObject({ result: { created: true } });
    expect(await watchCount()).toBe(watching + 1);
    await jsonCall(url, '/v3/kv/put', { key: base64('watched'), value: base64('1') });
    expect((await stream.next()).value).toMatchObject({
      result: { events: [{ kv: { key: base64('watched'), value: base64('1') } }] },
    });
    abort.abort();
    await waitUntil('the watch is gone', async () => (await watchCount()) === watching);
  });

  it('a bad line ends the stream with an error of its own, and what follows it is not read', async () => {
    const watching = await watchCount();
    const good = JSON.stringify({ create_request: { key: base64('a') } });
    const first = await fetch(`${url}/v3/watch`, { method: 'POST', body: `{bad\n${good}\n` });
    expect(first.status).toBe(400);
    expect(await first.json()).toMatchObject({ error: expect.stringContaining('not JSON') });
    const later = await fetch(`${url}/v3/watch`, { method: 'POST', body: `${good}\n{bad\n${good}\n` });
    const told = (await later.text()).trim().split('\n');
    expect(told.map((line) => Object.keys(JSON.parse(line) as object)[0])).toEqual(['result', 'error']);
    await waitUntil('no watch is left', async () => (await watchCount()) === watching);
  });

  it('a keep-alive has its answers and ends', async () => {
    const { body } = await jsonCall(url, '/v3/lease/grant', { TTL: '60' });
    const line = JSON.stringify({ ID: body['ID'] });
    const response = await fetch(`${url}/v3/lease/keepalive`, { method: 'POST', body: `${line}\n${line}` });
    const answers = (await response.text()).trim().split('\n');
    expect(answers.map((answer) => JSON.parse(answer))).toMatchObject([
      { result: { ID: body['ID'], TTL: '60' } },
      { result: { ID: body['ID'], TTL: '60' } },
    ]);
  });
});
