import { connect } from 'node:net';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { encodeGreeting } from '../src/handshake-codec.js';
import { MAX_FRAME_BYTES } from '../src/index.js';
import { closeMembers, eventually, type Member, member, pair } from './cluster.js';
import { greeting, RawPeer, RawServer } from './raw-peer.js';

afterEach(closeMembers);

async function joined(warnings: string[] = []): Promise<{ one: Member; raw: RawPeer }> {
  const one = await member(1, {
    deps: { logger: { info: () => {}, warn: (message) => void warnings.push(message) } },
  });
  one.transport.setPeers([{ id: 2, urls: [] }]);
  const raw = await new RawPeer(one).join();
  await one.recorder.saw({ what: 'connected', lane: 'control' });
  return { one, raw };
}

const garbage: readonly (readonly [string, Uint8Array | string])[] = [
  ['a text message', 'hello'],
  ['an empty message', new Uint8Array(0)],
  ['a batch without a frame', Uint8Array.of(0x10)],
  ['an unknown kind', Uint8Array.of(0x77, 0, 0, 0, 1, 9)],
  ['a frame that is cut short', Uint8Array.of(0x10, 0, 0, 0, 9, 1, 2)],
  ['a length that is cut short', Uint8Array.of(0x10, 0, 0, 0, 1, 5, 0, 0)],
  ['a length beyond the limit', Uint8Array.of(0x10, 255, 255, 255, 255, 1)],
];

for (const [what, bytes] of garbage) {
  test(`${what} ends the stream as a protocol error, and hands nothing on`, async () => {
    const { one, raw } = await joined();
    raw.send(bytes);
    await one.recorder.saw({ what: 'disconnected', peer: 2, lane: 'control', cause: 'protocol-error' });
    expect(await raw.closed()).toBe(4004);
    expect(one.recorder.frames).toEqual([]);
  });
}

test('a message above the limit ends the stream before it is buffered', async () => {
  const { one, raw } = await joined();
  raw.send(new Uint8Array(MAX_FRAME_BYTES + 6));
  await one.recorder.saw({ what: 'disconnected', cause: 'protocol-error' });
  await raw.closed();
});

test('bytes that are no WebSocket frame end the stream as a protocol error', async () => {
  const { one, raw } = await joined();
  raw.socket?.write(Uint8Array.of(0xff, 0xff, 0xff, 0xff));
  await one.recorder.saw({ what: 'disconnected', cause: 'protocol-error' });
});

test('garbage instead of a hello closes the connection and is logged once', async () => {
  const warnings: string[] = [];
  const one = await member(1, {
    deps: { logger: { info: () => {}, warn: (message) => void warnings.push(message) } },
  });
  for (const bytes of [
    'text',
    Uint8Array.of(9, 9, 9),
    new Uint8Array(0),
    Uint8Array.of(1, 1, 0),
    new Uint8Array(5000),
  ]) {
    const raw = await new RawPeer(one).opened();
    raw.send(bytes);
    await raw.closed();
  }
  expect(warnings).toEqual(['a connection broke the handshake']);
});

test('every single damaged byte of a hello is refused or harmless', async () => {
  const one = await member(1);
  one.transport.setPeers([{ id: 2, urls: [] }]);
  const hello = encodeGreeting('hello', greeting());
  for (let i = 0; i < hello.length; i += 1) {
    const raw = await new RawPeer(one).opened();
    const damaged = Buffer.from(hello);
    damaged[i] = (damaged[i] as number) ^ 0xff;
    raw.send(damaged);
    await Promise.race([raw.closed(), raw.answer().catch(() => {})]);
    raw.ws.terminate();
  }
  expect(one.recorder.count({ what: 'connected' })).toBe(0);
});

test('a handshake of many bytes is cut before it is complete', async () => {
  const one = await member(1);
  const raw = await new RawPeer(one).opened();
  raw.send(new Uint8Array(20 * 1024 * 1024));
  expect(await raw.closed()).toBe(1006);
});

test('an upgrade request for another path is left to the owner', async () => {
  const one = await member(1);
  const socket = connect(one.port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write('GET /other HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  // The owner of this test's server destroys what the transport did not take.
  await once(socket, 'close');
  expect(socket.bytesRead).toBe(0);
});

test('a frame above the limit is an error at the sender, and the stream goes on', async () => {
  const [one, two] = await pair();
  expect(() => one.transport.send(2, 'bulk', new Uint8Array(MAX_FRAME_BYTES + 1))).toThrow(
    expect.objectContaining({ code: 'frame-too-large' }),
  );
  expect(one.transport.send(2, 'bulk', new Uint8Array(MAX_FRAME_BYTES))).toBe('sent');
  await two.recorder.until(() => two.recorder.frames[0]?.frame.length === MAX_FRAME_BYTES);
});

test('garbage behind an accept, in the same packet, fails the dial or the stream, not the process', async () => {
  for (const stream of ['control', 'snapshot'] as const) {
    const two = new RawServer();
    const url = await two.listen();
    const one = await member(1);
    one.transport.setPeers([{ id: 2, urls: [url] }]);
    const source = (async function* () {
      yield Uint8Array.of(1);
    })();
    const sent = one.transport.sendSnapshot(2, Uint8Array.of(1), source, new AbortController().signal);
    const outcome = sent.then(
      () => 'sent',
      (error: { code: string }) => error.code,
    );
    const number = ['control', 'bulk', 'snapshot'].indexOf(stream);
    await eventually(() => two.connections.some(({ messages }) => messages[0]?.[6] === number));
    const victim = two.connections.find(({ messages }) => messages[0]?.[6] === number);
    victim?.socket.cork();
    victim?.ws.send(encodeGreeting('accept', greeting({ stream })));
    victim?.socket.write(Uint8Array.of(0xff, 0xff, 0xff, 0xff));
    victim?.socket.uncork();
    if (stream === 'snapshot') expect(await outcome).toBe('disconnected');
    else await one.recorder.saw({ what: 'disconnected', lane: 'control', cause: 'protocol-error' });
    await one.close();
    two.close();
    await outcome;
  }
});
