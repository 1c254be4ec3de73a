// Clients that want to do harm, at a real server: it goes on serving, and its memory stays where it was.
import { connect, type Socket } from 'node:net';
import { encodeGrpcMessage, KVService, PutRequest, RangeRequest } from '@understudy/protocol';
import { TestCluster, waitUntil } from '@understudy/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { encodeFields } from '../../src/doors/http2/hpack-encoder.js';
import { PREFACE } from '../../src/doors/http2/http2-frames.js';
import { frame, uint32 } from '../http2-peer.js';
import { connectHttp2, unaryCall } from '../raw-http2.js';

const DATA = 0;
const HEADERS = 1;
const RST = 3;
const SETTINGS = 4;
const PING = 6;
const CONTINUATION = 9;
const END_STREAM = 1;
const END_HEADERS = 4;
const NO_WINDOW = Buffer.from([0, 4, 0, 0, 0, 0]);
/** Of what the process holds. */
const ROOM_BYTES = 200 * 1024 * 1024;
/** Of what it has from the system: malloc keeps much of what was given back to it. */
const RSS_ROOM_BYTES = 2 * ROOM_BYTES;
const COLLECT_MS = 90_000;

let cluster: TestCluster;
let url: string;

beforeAll(async () => {
  cluster = await TestCluster.start({ voters: 1, flags: ['--log-level=error'] });
  url = cluster.endpoints[0] as string;
  await works();
  for (let turn = 0; turn < 20; turn += 1) await works();
}, 60_000);
afterAll(() => cluster.stop());

async function works(): Promise<void> {
  const session = connectHttp2(url);
  const value = new Uint8Array(100_000);
  const answer = await unaryCall(session, KVService.methods.put, PutRequest.create({ key: Buffer.from('k'), value }));
  session.destroy();
  expect(answer.trailers['grpc-status']).toBe('0');
}

interface Memory {
  /** In objects and buffers, collected or not. */
  readonly held: number;
  readonly rss: number;
}

async function memory(): Promise<Memory> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const gauge = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  const held = gauge('nodejs_heap_size_used_bytes') + gauge('nodejs_external_memory_bytes');
  return { held, rss: gauge('process_resident_memory_bytes') };
}

function dial(settings: Uint8Array = new Uint8Array(0)): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on('error', () => undefined);
  socket.resume();
  socket.setMaxListeners(0);
  socket.write(Buffer.concat([PREFACE, frame(SETTINGS, 0, 0, settings)]));
  return socket;
}

const fields = (path: string): Record<string, string> => ({
  ':method': 'POST',
  ':scheme': 'http',
  ':path': path,
  ':authority': 'x',
  'content-type': 'application/grpc',
});
const headersOf = (id: number, path: string): Buffer => frame(HEADERS, END_HEADERS, id, encodeFields(fields(path)));

/** Writes as fast as the server reads, until it closes or everything is sent. */
async function flood(socket: Socket, pieces: Iterable<Buffer>): Promise<void> {
  for (const piece of pieces) {
    if (socket.destroyed || socket.writableEnded) return;
    if (!socket.write(piece)) {
      await new Promise<void>((resolve) => {
        socket.once('drain', resolve);
        socket.once('close', () => resolve());
      });
    }
  }
}

function* repeated(count: number, make: (index: number) => Buffer): Generator<Buffer> {
  for (let index = 0; index < count; index += 1) yield make(index);
}

const put = encodeGrpcMessage(
  PutRequest,
  PutRequest.create({ key: Buffer.from('reset'), value: new Uint8Array(1000) }),
);
const range = encodeGrpcMessage(RangeRequest, RangeRequest.create({ key: Buffer.from('k') }));
const PUT = KVService.methods.put.path;
const RANGE = KVService.methods.range.path;

const attacks: readonly [string, () => Promise<readonly Socket[]>][] = [
  [
    'calls that are reset at once',
    async () => {
      const socket = dial();
      const call = (index: number): Buffer => {
        const id = 2 * index + 1;
        return Buffer.concat([headersOf(id, PUT), frame(DATA, END_STREAM, id, put), frame(RST, 0, id, uint32(8))]);
      };
      await flood(socket, repeated(100_000, call));
      return [socket];
    },
  ],
  [
    'answers that nobody lets out',
    async () => {
      const socket = dial(NO_WINDOW);
      const call = (index: number): Buffer =>
        Buffer.concat([headersOf(2 * index + 1, RANGE), frame(DATA, END_STREAM, 2 * index + 1, range)]);
      await flood(socket, repeated(9000, call));
      return [socket];
    },
  ],
  [
    'messages that never end',
    async () => {
      const socket = dial();
      const call = (index: number): Buffer => {
        const id = 2 * index + 1;
        const begun = Buffer.concat([Buffer.from([0, 0, 0x10, 0, 0]), Buffer.alloc(15_000)]);
        return Buffer.concat([headersOf(id, PUT), frame(DATA, 0, id, begun)]);
      };
      await flood(socket, repeated(9000, call));
      return [socket];
    },
  ],
  [
    'header blocks without end, and giant ones',
    async () => {
      const sockets = Array.from({ length: 50 }, () => dial());
      const pieces = (): Iterable<Buffer> =>
        repeated(200, (index) =>
          frame(index === 0 ? HEADERS : CONTINUATION, 0, 1, encodeFields({ [`a${index}`]: 'x'.repeat(16_000) })),
        );
      await Promise.all(sockets.map((socket) => flood(socket, pieces())));
      return sockets;
    },
  ],
  [
    'pings and settings',
    async () => {
      const sockets = [dial(), dial()] as const;
      const pings = repeated(2000, () => Buffer.concat(Array<Buffer>(100).fill(frame(PING, 0, 0, Buffer.alloc(8)))));
      const settings = repeated(2000, () => Buffer.concat(Array<Buffer>(100).fill(frame(SETTINGS, 0, 0, NO_WINDOW))));
      await Promise.all([flood(sockets[0], pings), flood(sockets[1], settings)]);
      return sockets;
    },
  ],
  [
    'JSON that is deep, and keys that are none',
    async () => {
      const deep = `${'{"success":[{"request_txn":'.repeat(1000)}{}${'}]}'.repeat(1000)}`;
      const bodies = [
        deep,
        '['.repeat(100_000),
        '{"__proto__":{"key":"aw=="}}',
        '{"key":"aw==","lease":"-99999999999999999999"}',
      ];
      for (let turn = 0; turn < 50; turn += 1) {
        const statuses = await Promise.all(
          bodies.map(async (body) => (await fetch(`${url}/v3/kv/txn`, { method: 'POST', body })).status),
        );
        expect(statuses.slice(0, 2)).toEqual([400, 400]);
      }
      return [];
    },
  ],
  [
    'WebSocket frames of noise',
    async () => {
      for (let turn = 0; turn < 200; turn += 1) {
        const socket = new WebSocket(url.replace('http', 'ws'), ['understudy.v1'], { perMessageDeflate: false });
        socket.on('error', () => undefined);
        await new Promise((resolve) => socket.once('open', resolve));
        const closed = new Promise((resolve) => socket.once('close', resolve));
        socket.send(Buffer.alloc(100_000, turn));
        await closed;
      }
      return [];
    },
  ],
];

describe('serves on, with the memory that it had', { timeout: 180_000 }, () => {
  it.each(attacks)('under %s', async (what, attack) => {
    const before = await memory();
    const sockets = await attack();
    await works();
    const most = await memory();
    // What it holds for the attackers, who are still there, and not what V8 has not collected yet: work makes it collect.
    let during = most;
    await waitUntil(
      `it holds less than ${ROOM_BYTES} bytes more, and has less than ${RSS_ROOM_BYTES} more from the system`,
      async () => {
        if (during.held < before.held + ROOM_BYTES && during.rss < before.rss + RSS_ROOM_BYTES) return true;
        await works();
        during = await memory();
        return false;
      },
      COLLECT_MS,
    ).finally(() => {
      const line = (part: keyof Memory): string => {
        const [from, to, garbage] = [before, during, most].map((bytes) => Math.round(bytes[part] / 2 ** 20));
        return `${part} ${from} -> ${to} MiB, ${garbage} at first`;
      };
      process.stdout.write(`${what}: ${line('held')}; ${line('rss')}\n`);
      for (const socket of sockets) socket.destroy();
    });
    await waitUntil('it answers', async () => (await fetch(`${url}/readyz`)).ok);
  });
});
