import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, request, type Server } from 'node:http';
import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2';
import { createServer as createHttp2Server, type Http2Server } from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ClientDoors } from '../src/doors/client-doors.js';
import { HostGuard } from '../src/doors/host-guard.js';
import { encodeFields } from '../src/doors/http2/hpack-encoder.js';
import { PREFACE } from '../src/doors/http2/http2-frames.js';
import { freePorts, waitUntil } from '@understudy/testbed';
import { StandbyDoor } from '../src/standby/standby-door.js';
import { frame } from './http2-peer.js';

const PROBES = {
  live: () => true,
  notReady: async () => null,
  metrics: async () => ({ contentType: 'text/plain', text: '' }),
};

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A standby's client port, in front of these targets. */
async function standby(mode: 'auto' | 'redirect' | 'forward', targets: readonly string[]): Promise<string> {
  const [port] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const guard = new HostGuard({ ownHosts: [], extraHosts: [], origins: [] });
  const doors = new ClientDoors();
  await doors.listen([url], [], guard, null);
  const onDefect = (error: unknown): void => {
    throw error;
  };
  doors.open(new StandbyDoor({ guard, targets: () => targets, tls: undefined, onDefect }, mode), PROBES);
  ends.push(() => doors.close());
  return url;
}

interface Heard {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A member that remembers what it hears. */
async function member(): Promise<{ url: string; heard: Heard[] }> {
  const heard: Heard[] = [];
  const server: Server = createServer(async (incoming, response) => {
    let body = '';
    for await (const chunk of incoming) body += chunk;
    heard.push({ method: incoming.method, url: incoming.url, headers: incoming.headers, body });
    response.writeHead(418, { 'x-member': 'yes' }).end(`heard ${body}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard };
}

describe('the client port of a standby, over HTTP/1.1', () => {
  it('forwards a request as it came, with the credentials of its user, where it is to', async () => {
    const { url, heard } = await member();
    const door = await standby('forward', [url]);
    const headers = { authorization: 'token-of-the-user', 'x-forwarded-for': '10.1.2.3', origin: door };
    const response = await fetch(`${door}/v3/kv/put?a=b`, { method: 'POST', body: '{"key":1}', headers });
    expect([response.status, await response.text(), response.headers.get('x-member')]).toEqual([
      418,
      'heard {"key":1}',
      'yes',
    ]);
    expect(heard).toMatchObject([{ method: 'POST', url: '/v3/kv/put?a=b', body: '{"key":1}' }]);
    expect(heard[0]?.headers).toMatchObject({
      authorization: 'token-of-the-user',
      host: new URL(url).host,
      'understudy-forwarded': '1',
      'x-forwarded-for': '10.1.2.3, 127.0.0.1',
    });
    expect(heard[0]?.headers.origin).toBeUndefined();
  });

  it('goes round between two standbys that take each other for the leader no more than once', async () => {
    const targets: string[] = [];
    const first = await standby('forward', targets);
    const second = await standby('forward', [first]);
    targets.push(second);
    const response = await fetch(`${first}/health`);
    expect([response.status, await response.text()]).toEqual([503, expect.stringContaining('forwarded once already')]);
  });

  it('answers 503 where the member is gone, and where none is known', async () => {
    const [port] = await freePorts(1);
    const gone = await standby('forward', [`http://127.0.0.1:${port}`]);
    expect((await fetch(`${gone}/health`)).status).toBe(503);
    for (const mode of ['auto', 'redirect', 'forward'] as const) {
      const response = await fetch(await standby(mode, []), { redirect: 'manual' });
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    }
  });

  it('forwards to the next member where the first is gone, body and all', async () => {
    const { url, heard } = await member();
    const [port] = await freePorts(1);
    const door = await standby('forward', [`http://127.0.0.1:${port}`, url]);
    const response = await fetch(`${door}/v3/kv/put`, { method: 'POST', body: '{"key":1}' });
    expect([response.status, await response.text()]).toEqual([418, 'heard {"key":1}']);
    expect(heard).toHaveLength(1);
  });

  it('redirects with what follows the host, whatever form the request has', async () => {
    const door = await standby('auto', ['http://leader:2379']);
    const { host, port } = new URL(door);
    for (const path of ['/a?b=c', `http://${host}/a?b=c`, '/', '//elsewhere/x']) {
      const ask = request({ host: '127.0.0.1', port, path, method: 'POST', headers: { host } });
      ask.end('body');
      const [response] = await once(ask, 'response');
      response.resume();
      const kept = path.startsWith('http') ? '/a?b=c' : path;
      expect([response.statusCode, response.headers.location]).toEqual([307, `http://leader:2379${kept}`]);
    }
  });

  it('refuses a foreign web page, as a member does', async () => {
    const door = await standby('auto', ['http://leader:2379']);
    const response = await fetch(`${door}/v3/kv/range`, { redirect: 'manual', headers: { origin: 'http://evil' } });
    expect(response.status).toBe(403);
  });

  it('redirects the handshake of a WebSocket where nothing is to be forwarded', async () => {
    const door = await standby('redirect', ['http://leader:2379']);
    const { port } = new URL(door);
    const headers = { connection: 'Upgrade', upgrade: 'websocket' };
    const ask = request({ host: '127.0.0.1', port, path: '/rpc?x=1', headers });
    ask.end();
    const [response] = await once(ask, 'response');
    response.resume();
    expect([response.statusCode, response.headers.location]).toEqual([307, 'http://leader:2379/rpc?x=1']);
  });
});

describe('the client port of a standby, over HTTP/2', () => {
  /** A member that answers each message of a call by an echo, with the trailers of gRPC. */
  async function grpcMember(): Promise<{ url: string; heard: IncomingHttpHeaders[] }> {
    const heard: IncomingHttpHeaders[] = [];
    const server: Http2Server = createHttp2Server();
    server.on('stream', (stream, headers) => {
      heard.push(headers);
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '5', 'grpc-message': 'no such thing' }));
      stream.on('error', () => undefined);
      stream.pipe(stream);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ends.push(() => void server.close());
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard };
  }

  function session(url: string): ClientHttp2Session {
    const opened = connectHttp2(url);
    opened.on('error', () => undefined);
    ends.push(() => opened.destroy());
    return opened;
  }

  const GRPC = {
    ':method': 'POST',
    ':path': '/etcdserverpb.KV/Put',
    'content-type': 'application/grpc',
    te: 'trailers',
  };

  /** Sends `body` and gathers the answer. */
  async function ask(
    url: string,
    headers: object,
    body = '',
  ): Promise<{ headers: IncomingHttpHeaders; body: string; trailers: object }> {
    const stream = session(url).request({ ...headers }, { endStream: false });
    let answer: IncomingHttpHeaders = {};
    let trailers: object = {};
    stream.on('response', (told) => {
      answer = told;
    });
    stream.on('trailers', (told) => {
      trailers = { ...told };
    });
    stream.end(body);
    let text = '';
    for await (const chunk of stream) text += chunk;
    return { headers: answer, body: text, trailers };
  }

  it('forwards a call of gRPC with its metadata, and its answer with the trailers', async () => {
    const { url, heard } = await grpcMember();
    const door = await standby('auto', [url]);
    const answer = await ask(door, { ...GRPC, token: 'of-the-user', 'grpc-timeout': '5S' }, 'message');
    expect(answer).toMatchObject({
      headers: { ':status': 200 },
      body: 'message',
      trailers: { 'grpc-status': '5', 'grpc-message': 'no such thing' },
    });
    expect(heard[0]).toMatchObject({
      ':path': GRPC[':path'],
      token: 'of-the-user',
      'grpc-timeout': '5S',
      te: 'trailers',
      'understudy-forwarded': '1',
      ':authority': new URL(url).host,
    });
  });

  it('forwards a call to the next member where the first is gone, with all that was sent before', async () => {
    const { url, heard } = await grpcMember();
    const [port] = await freePorts(1);
    const door = await standby('auto', [`http://127.0.0.1:${port}`, url]);
    const answer = await ask(door, GRPC, 'x'.repeat(200_000));
    expect([answer.body.length, answer.trailers]).toMatchObject([200_000, { 'grpc-status': '5' }]);
    expect(heard).toHaveLength(1);
  });

  it('forwards a call whatever its authority is, as a member serves it', async () => {
    const { url, heard } = await grpcMember();
    const door = await standby('auto', [url]);
    const { hostname, port } = new URL(door);
    const socket = connect({ host: hostname, port: Number(port) });
    ends.push(() => socket.destroy());
    // What clients of etcd put there, and node's HTTP/2 refuses.
    const headers = encodeFields({ ':scheme': 'http', ':authority': '#initially=[a:2379;b:2379]', ...GRPC });
    socket.write(Buffer.concat([PREFACE, frame(4, 0, 0), frame(1, 5, 1, headers)]));
    let said = '';
    socket.on('data', (chunk: Buffer) => {
      said += chunk.toString('latin1');
    });
    await waitUntil('the answer is there', () => said.includes('grpc-message'));
    expect(heard[0]).toMatchObject({ ':path': GRPC[':path'], ':authority': new URL(url).host });
  });

  it('ends the call at the member when the client gives it up, and the other way round', async () => {
    const closed: string[] = [];
    const server: Http2Server = createHttp2Server();
    server.on('stream', (stream, headers) => {
      const path = headers[':path'] as string;
      stream.on('error', () => undefined);
      stream.on('close', () => closed.push(path));
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
      stream.write('first');
      if (path === '/cut') setImmediate(() => stream.destroy(new Error('cut')));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ends.push(() => void server.close());
    const door = await standby('auto', [`http://127.0.0.1:${(server.address() as AddressInfo).port}`]);
    const open = session(door);
    const given = open.request({ ...GRPC, ':path': '/given-up' });
    given.on('error', () => undefined);
    await once(given, 'data');
    given.close(8);
    await waitUntil('the member hears of it', () => closed.includes('/given-up'));
    const cut = open.request({ ...GRPC, ':path': '/cut' });
    cut.on('error', () => undefined);
    cut.resume();
    await new Promise((resolve) => cut.once('close', resolve));
    expect(cut.rstCode).toBe(2);
  });

  it('fails a call with UNAVAILABLE where it went one hop already, or nobody is there, or nothing is forwarded', async () => {
    const { url } = await grpcMember();
    const [port] = await freePorts(1);
    const cases: readonly (readonly [string, object])[] = [
      [await standby('auto', [url]), { ...GRPC, 'understudy-forwarded': '1' }],
      [await standby('auto', []), GRPC],
      [await standby('auto', [`http://127.0.0.1:${port}`]), GRPC],
      [await standby('redirect', [url]), GRPC],
    ];
    for (const [door, headers] of cases) {
      expect((await ask(door, headers)).headers).toMatchObject({
        ':status': 200,
        'grpc-status': '14',
        'grpc-message': expect.stringMatching(/^etcdserver: \w/),
      });
    }
  });

  it('redirects what is not gRPC', async () => {
    const door = await standby('auto', ['http://leader:2379']);
    const { headers } = await ask(door, { ':method': 'GET', ':path': '/health?x=1' });
    expect(headers).toMatchObject({ ':status': 307, location: 'http://leader:2379/health?x=1' });
  });
});
