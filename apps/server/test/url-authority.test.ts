/** Over node's own HTTP/2 on both sides, in memory. */
import { once } from 'node:events';
import { type ClientHttp2Session, connect, performServerHandshake, type ServerHttp2Session } from 'node:http2';
import { Duplex, duplexPair, Transform } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { admitHttp2 } from '../src/doors/grpc/url-authority.js';

const NEVER_MS = 3_600_000;

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

interface Pair {
  readonly client: ClientHttp2Session;
  readonly server: Promise<ServerHttp2Session>;
  /** The server's side of the connection. */
  readonly socket: Duplex;
  readonly admitNow: () => void;
}

/** @param split the client's bytes come in pieces of this size. */
function connectPair(split: number | null = null, handshakeTimeoutMs = NEVER_MS): Pair {
  const [near, end] = duplexPair();
  const far = split === null ? end : inPieces(end, split);
  let admitNow: () => void = () => undefined;
  const server = new Promise<ServerHttp2Session>((resolve) => {
    const serve = (connection: Duplex): void => {
      const session = performServerHandshake(connection);
      session.on('error', () => undefined);
      session.on('stream', (stream, headers) => {
        stream.respond({ ':status': 200, 'x-authority': headers[':authority'] });
        stream.end(headers['x-name']);
      });
      cleanUps.push(() => session.destroy());
      resolve(session);
    };
    admitNow = admitHttp2(far, serve, handshakeTimeoutMs);
  });
  const client = connect('http://host', { createConnection: () => near });
  client.on('error', () => undefined);
  cleanUps.push(() => client.destroy());
  return { client, server, socket: far, admitNow };
}

/** What is read of `socket` comes in pieces of `size` bytes. */
function inPieces(socket: Duplex, size: number): Duplex {
  const pieces = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      for (let at = 0; at < chunk.length; at += size) this.push(chunk.subarray(at, at + size));
      done();
    },
  });
  return Duplex.from({ readable: socket.pipe(pieces), writable: socket });
}

async function ask(client: ClientHttp2Session, authority: string, name: string): Promise<string> {
  const stream = client.request({ ':authority': authority, ':path': '/', 'x-name': name });
  const [headers] = (await once(stream, 'response')) as [Record<string, string>];
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return `${headers['x-authority']} ${Buffer.concat(chunks)}`;
}

describe('a connection of HTTP/2', () => {
  it.each([
    ['http://10.0.0.1:2379', null],
    ['https://10.0.0.1:2379', null],
    ['http://n1.example:2379', 1],
    ['https://n1.example:2379', 7],
  ])('serves requests to the authority %s, in pieces of %s', async (authority, split) => {
    const { client } = connectPair(split);
    expect(await ask(client, authority, 'first')).toBe('localhost first');
    // By then the client has it in its table and sends an index.
    expect(await ask(client, authority, 'second')).toBe('localhost second');
    expect(await ask(client, 'n1.example:2379', 'third')).toBe('n1.example:2379 third');
    expect(await ask(client, authority, 'fourth')).toBe('localhost fourth');
  });

  it('keeps the tables of both sides in step over many headers', async () => {
    const { client } = connectPair();
    for (let i = 0; i < 200; i += 1) {
      const authority = `http://n${i % 90}.example:2379`;
      expect(await ask(client, authority, `${'x'.repeat(i)}${i}`)).toBe(`localhost ${'x'.repeat(i)}${i}`);
    }
  });

  it('is handed over itself where the authority is a host', async () => {
    const { client, server, socket } = connectPair();
    expect(await ask(client, 'n1.example:2379', 'x')).toBe('n1.example:2379 x');
    await server;
    // Nothing of ours reads it any more.
    expect(socket.listenerCount('data')).toBeLessThanOrEqual(1);
  });

  it('hears settings before it has asked anything, and is asked for none twice', async () => {
    const { client } = connectPair();
    await once(client, 'remoteSettings');
    // Its answer to those settings is not for the server's session, which would end the connection.
    await turn();
    expect(await ask(client, 'http://10.0.0.1:2379', 'x')).toBe('localhost x');
  });

  it('can be handed over before it has asked anything', async () => {
    const { client, server, admitNow } = connectPair();
    await once(client, 'remoteSettings');
    admitNow();
    admitNow();
    expect((await server).destroyed).toBe(false);
  });

  it('is cut where it says nothing in time', async () => {
    const [near, far] = duplexPair();
    admitHttp2(far, () => expect.unreachable('handed over'), 20);
    near.on('error', () => undefined);
    far.on('error', () => undefined);
    await once(far, 'close');
  });

  it('is handed over unread where what comes is not HTTP/2', async () => {
    const [near, far] = duplexPair();
    const handed = new Promise<Duplex>((resolve) => admitHttp2(far, resolve, NEVER_MS));
    const nonsense = Buffer.alloc(70_000, 0xff);
    near.write(nonsense);
    const read: Buffer[] = [];
    for await (const chunk of await handed) {
      read.push(chunk as Buffer);
      if (Buffer.concat(read).length === nonsense.length) break;
    }
    expect(Buffer.concat(read).equals(nonsense)).toBe(true);
  });
});
