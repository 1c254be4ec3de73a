import { afterEach, expect, test } from 'vitest';
import { decodeHandshake, encodeConfirm, encodeGreeting, type Greeting } from '../src/handshake-codec.js';
import { UNKNOWN_LIFE } from '../src/identity.js';
import type { PeerHello } from '../src/index.js';
import { closeMembers, eventually, introduce, member, pair } from './cluster.js';
import { greeting, RawPeer, RawServer } from './raw-peer.js';

const servers: RawServer[] = [];

afterEach(async () => {
  await closeMembers();
  for (const server of servers.splice(0)) server.close();
});

async function rawServer(): Promise<{ server: RawServer; url: string }> {
  const server = new RawServer();
  servers.push(server);
  return { server, url: await server.listen() };
}

/** Member 1, which waits for member 2 and cannot dial it. */
async function waiting(setup: Parameters<typeof member>[1] = {}) {
  const one = await member(1, setup);
  one.transport.setPeers([{ id: 2, urls: [] }]);
  return one;
}

async function refusalOf(change: Partial<Greeting>, setup: Parameters<typeof member>[1] = {}) {
  const one = await waiting(setup);
  const raw = await new RawPeer(one).opened();
  raw.send(encodeGreeting('hello', greeting(change)));
  const answer = await raw.answer();
  expect(await raw.closed()).toBe(4003);
  return { answer, one };
}

test('a hello for another cluster is refused as wrong-cluster, and told to the owner', async () => {
  const { answer, one } = await refusalOf({ clusterId: 5 });
  expect(answer).toMatchObject({ kind: 'refuse', refusal: { reason: 'wrong-cluster' } });
  await one.recorder.saw({ what: 'refused', peer: 2, reason: 'wrong-cluster' });
});

test('a hello meant for another member is refused as wrong-member', async () => {
  const { answer } = await refusalOf({ to: 3 });
  expect(answer).toMatchObject({ kind: 'refuse', refusal: { reason: 'wrong-member' } });
});

test('a hello from somebody with our own id is refused as wrong-member', async () => {
  const { answer } = await refusalOf({ from: 1 });
  expect(answer).toMatchObject({ kind: 'refuse', refusal: { reason: 'wrong-member' } });
});

test('a disjoint protocol range is refused, and the refusal says ours', async () => {
  const { answer } = await refusalOf({ protocolMin: 7, protocolMax: 9 });
  expect(answer).toMatchObject({ refusal: { reason: 'protocol-range', protocolMin: 1, protocolMax: 1 } });
});

test('the highest common protocol version is chosen', async () => {
  const one = await waiting();
  const raw = await new RawPeer(one).opened();
  raw.send(encodeGreeting('hello', greeting({ protocolMin: 1, protocolMax: 9 })));
  expect(await raw.answer()).toMatchObject({ kind: 'accept', greeting: { protocolMin: 1, protocolMax: 1, from: 1 } });
});

test('a member that is not a peer here is unknown, whatever the owner says', async () => {
  const { answer } = await refusalOf({ from: 8 });
  expect(answer).toMatchObject({ refusal: { reason: 'unknown-member' } });
});

test('the owner’s verdict travels with its config index', async () => {
  const hellos: PeerHello[] = [];
  const { answer } = await refusalOf(
    { directoryId: 'another', bootCount: 6 },
    {
      deps: {
        admit: (hello) => {
          hellos.push(hello);
          return { ok: false, reason: 'removed', configIndex: 4711 };
        },
      },
    },
  );
  expect(answer).toMatchObject({ refusal: { reason: 'removed', configIndex: 4711 } });
  expect(hellos).toEqual([
    {
      memberId: 2,
      directoryId: 'another',
      bootCount: 6,
      life: UNKNOWN_LIFE,
      stream: 'control',
      protocol: 1,
      dialledBy: 'peer',
    },
  ]);
});

test('the dialling side refuses too, and both sides are told', async () => {
  const wiped = (hello: PeerHello) =>
    hello.dialledBy === 'us' ? ({ ok: false, reason: 'wiped' } as const) : ({ ok: true } as const);
  const one = await member(1, { deps: { admit: wiped } });
  const two = await member(2, { options: { dialStaggerMs: 10_000 } });
  introduce(one, two);
  await one.recorder.saw({ what: 'refused', peer: 2, reason: 'wiped' });
  await two.recorder.saw({ what: 'refused', peer: 1, reason: 'wiped' });
  expect(one.recorder.seen.find((seen) => seen.what === 'refused')?.refusal?.by).toBe('us');
  expect(two.recorder.seen.find((seen) => seen.what === 'refused')?.refusal?.by).toBe('peer');
  expect(two.recorder.count({ what: 'connected' })).toBe(0);
});

test('a refusal that may become an acceptance is tried again, and succeeds in the end', async () => {
  let known = false;
  const admit = () => (known ? ({ ok: true } as const) : ({ ok: false, reason: 'unknown-member' } as const));
  const one = await member(1, { deps: { admit } });
  const two = await member(2);
  introduce(one, two);
  await two.recorder.saw({ what: 'refused', peer: 1, reason: 'unknown-member' });
  known = true;
  await Promise.all([one.recorder.bothLanes(2), two.recorder.bothLanes(1)]);
});

test('who was told that it is removed does not dial again', async () => {
  let hellos = 0;
  const one = await member(1, {
    options: { dialStaggerMs: 60_000 },
    deps: {
      admit: () => {
        hellos += 1;
        return { ok: false, reason: 'removed', configIndex: 9 };
      },
    },
  });
  const two = await member(2, { options: { refusedRetryMs: 5, dialStaggerMs: 0 } });
  one.transport.setPeers([{ id: 2, urls: [] }]);
  two.transport.setPeers([one.address]);
  await two.recorder.saw({ what: 'refused', peer: 1, reason: 'removed' });
  // A dial of another kind of refusal would come back within 6 ms; the marker dials afterwards prove the quiet.
  for (let i = 0; i < 30; i += 1) {
    const raw = await new RawPeer(one).opened();
    raw.send(encodeGreeting('hello', greeting()));
    await raw.closed();
  }
  expect(hellos).toBe(32);
});

test('dialling a member of another cluster is refused there and surfaced here', async () => {
  const one = await member(1);
  const two = await member(2, { clusterId: 99 });
  introduce(one, two);
  await one.recorder.saw({ what: 'refused', peer: 2, reason: 'wrong-cluster' });
  expect(one.recorder.count({ what: 'connected' })).toBe(0);
});

test('of several urls, one that leads to nobody and one that leads to somebody else do no harm', async () => {
  const one = await member(1);
  const two = await member(2, { options: { dialStaggerMs: 60_000 } });
  const three = await member(3);
  const dead = await member(4);
  await dead.close();
  two.transport.setPeers([{ id: 1, urls: [] }]);
  three.transport.setPeers([one.address]);
  const [deadUrl, threeUrl, twoUrl] = [dead, three, two].map((each) => each.address.urls[0] as string);
  one.transport.setPeers([{ id: 2, urls: ['no url at all', deadUrl, threeUrl, twoUrl] as string[] }]);
  await Promise.all([one.recorder.bothLanes(2), two.recorder.bothLanes(1)]);
});

test('a silent connection is closed when its time is over', async () => {
  const one = await waiting({ options: { handshakeTimeoutMs: 50 } });
  const raw = await new RawPeer(one).opened();
  expect(await raw.closed()).toBe(4005);
});

test('more unfinished handshakes than allowed are turned away, and the place is free again later', async () => {
  const one = await waiting({ options: { maxPendingHandshakes: 2 } });
  const first = await new RawPeer(one).opened();
  await new RawPeer(one).opened();
  const third = new RawPeer(one);
  const response = await new Promise<number | undefined>((resolve) => {
    third.ws.on('unexpected-response', (_request, message) => resolve(message.statusCode));
  });
  expect(response).toBe(503);
  first.send('text');
  await first.closed();
  await new RawPeer(one).join();
  await one.recorder.saw({ what: 'connected', peer: 2, lane: 'control' });
});

test('a browser’s page is turned away by its origin header', async () => {
  const one = await waiting();
  const raw = new RawPeer(one, { Origin: 'http://example.com' });
  const response = await new Promise<number | undefined>((resolve) => {
    raw.ws.on('unexpected-response', (_request, message) => resolve(message.statusCode));
  });
  expect(response).toBe(403);
});

test('an accept by somebody else than the member dialled is refused as wrong-member', async () => {
  const impostor = await rawServer();
  const one = await member(1);
  one.transport.setPeers([{ id: 2, urls: [impostor.url] }]);
  await eventually(() => (impostor.server.connections[0]?.messages.length ?? 0) > 0);
  impostor.server.connections[0]?.ws.send(encodeGreeting('accept', greeting({ from: 3, to: 1 })));
  await one.recorder.saw({ what: 'refused', peer: 2, reason: 'wrong-member' });
  expect(one.recorder.count({ what: 'connected' })).toBe(0);
});

test('a confirm without a hello is a protocol error', async () => {
  const one = await waiting();
  const raw = await new RawPeer(one).opened();
  raw.send(encodeConfirm());
  expect(await raw.closed()).toBe(4004);
});

test('two members that dial at the same moment end with one stream for each lane, and lose nothing', async () => {
  for (let round = 0; round < 10; round += 1) {
    const [one, two] = await pair({ options: { dialStaggerMs: 0 } }, { options: { dialStaggerMs: 0 } });
    for (const lane of ['control', 'bulk'] as const) {
      expect(one.recorder.count({ what: 'connected', lane })).toBe(1);
      expect(two.recorder.count({ what: 'connected', lane })).toBe(1);
      const a = one.transport.peerDetails(2)?.[lane].hello?.dialledBy;
      const b = two.transport.peerDetails(1)?.[lane].hello?.dialledBy;
      expect([a, b].sort()).toEqual(['peer', 'us']);
      expect(one.transport.send(2, lane, Uint8Array.of(round))).toBe('sent');
      expect(two.transport.send(1, lane, Uint8Array.of(round))).toBe('sent');
    }
    await one.recorder.until(() => one.recorder.frames.length === 2);
    await two.recorder.until(() => two.recorder.frames.length === 2);
    expect(one.recorder.count({ what: 'disconnected' }) + two.recorder.count({ what: 'disconnected' })).toBe(0);
    await Promise.all([one.close(), two.close()]);
  }
});

test('while its own hello is out, the lower id turns the other’s away, and its own stream comes up', async () => {
  const two = await rawServer();
  const one = await member(1);
  one.transport.setPeers([{ id: 2, urls: [two.url] }]);
  await eventually(() => two.server.connections.filter(({ messages }) => messages.length === 1).length === 2);
  const raw = await new RawPeer(one).opened();
  raw.send(encodeGreeting('hello', greeting()));
  expect(await raw.answer()).toMatchObject({ kind: 'refuse', refusal: { reason: 'duplicate' } });
  for (const { ws, messages } of two.server.connections) {
    const hello = decodeHandshake(messages[0] ?? Buffer.alloc(0));
    if (!hello.ok || hello.message.kind !== 'hello') throw new Error('no hello');
    ws.send(encodeGreeting('accept', greeting({ stream: hello.message.greeting.stream })));
  }
  await one.recorder.bothLanes(2);
  expect(one.recorder.count({ what: 'refused' })).toBe(0);
});

test('the higher id accepts while its own hello is out, and gives its own up', async () => {
  const one = await rawServer();
  const two = await member(2, { options: { dialStaggerMs: 0 } });
  two.transport.setPeers([{ id: 1, urls: [one.url] }]);
  await eventually(() => one.server.connections.filter(({ messages }) => messages.length === 1).length === 2);
  const raw = await new RawPeer(two).opened();
  raw.send(encodeGreeting('hello', greeting({ from: 1, to: 2 })));
  expect(await raw.answer()).toMatchObject({ kind: 'accept' });
  const control = one.server.connections.find(({ messages }) => messages[0]?.[6] === 0);
  await eventually(() => control?.closed === true);
  raw.send(encodeConfirm());
  await two.recorder.saw({ what: 'connected', peer: 1, lane: 'control' });
});

test('the same refusal is told once in an interval', async () => {
  const one = await waiting();
  for (let i = 0; i < 5; i += 1) {
    const raw = await new RawPeer(one).opened();
    raw.send(encodeGreeting('hello', greeting({ clusterId: 5 })));
    await raw.closed();
  }
  expect(one.recorder.count({ what: 'refused' })).toBe(1);
});

test('a newer stream of the same peer takes the place of the old one', async () => {
  const one = await waiting();
  const old = await new RawPeer(one).join();
  await one.recorder.saw({ what: 'connected', lane: 'control' });
  await new RawPeer(one).join({ bootCount: 2 });
  await one.recorder.saw({ what: 'connected', lane: 'control' }, 2);
  expect(await old.closed()).toBe(4002);
  expect(one.transport.peerDetails(2)?.control.hello?.bootCount).toBe(2);
  expect(one.recorder.seen.map((seen) => seen.what)).toEqual(['connected', 'disconnected', 'connected']);
});
