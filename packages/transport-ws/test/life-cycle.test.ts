import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { TransportError, WsTransport } from '../src/index.js';
import { bytes, CLUSTER_ID, closeMembers, eventually, introduce, member, pair, Recorder, text } from './cluster.js';
import { RawPeer } from './raw-peer.js';

afterEach(closeMembers);

test('stop cuts a peer that does not answer the closing handshake, in bounded time', async () => {
  const one = await member(1, { options: { stopTimeoutMs: 100 } });
  one.transport.setPeers([{ id: 2, urls: [] }]);
  const raw = await new RawPeer(one).join();
  await one.recorder.saw({ what: 'connected', lane: 'control' });
  raw.socket?.pause();
  const start = performance.now();
  await one.transport.stop();
  const tookMs = performance.now() - start;
  expect(tookMs).toBeGreaterThan(90);
  expect(tookMs).toBeLessThan(5000);
  raw.ws.terminate();
});

test('frames sent in the turn of stop still arrive', async () => {
  const [one, two] = await pair();
  one.transport.send(2, 'control', bytes('last words'));
  await one.transport.stop();
  await two.recorder.until(() => two.recorder.frames.length === 1);
  expect(text(two.recorder.frames[0]?.frame ?? bytes(''))).toBe('last words');
});

test('before start and after stop, upgrades are answered with 503', async () => {
  const one = await member(1, { start: false });
  const statusOf = async () => {
    const raw = new RawPeer(one);
    return new Promise<number | undefined>((resolve) => {
      raw.ws.on('unexpected-response', (_request, response) => resolve(response.statusCode));
    });
  };
  expect(await statusOf()).toBe(503);
  one.transport.start(one.recorder);
  await new RawPeer(one).opened();
  await one.transport.stop();
  expect(await statusOf()).toBe(503);
});

test('start twice, or after stop, is an error', async () => {
  const one = await member(1);
  expect(() => one.transport.start(one.recorder)).toThrow(TransportError);
  await one.transport.stop();
  expect(() => one.transport.start(one.recorder)).toThrow(expect.objectContaining({ code: 'stopped' }));
});

test('peers given before start are dialled at start', async () => {
  const one = await member(1, { start: false });
  const two = await member(2, { options: { dialStaggerMs: 60_000 } });
  introduce(one, two);
  expect(one.transport.peerStatus(2)).toBeNull();
  one.transport.start(one.recorder);
  await one.recorder.bothLanes(2);
});

test('a new url is dialled at once, and a stream that is up survives a change of urls', async () => {
  const one = await member(1, { options: { backoffMinMs: 60_000, backoffMaxMs: 60_000 } });
  const dead = await member(3);
  await dead.close();
  const two = await member(2, { options: { dialStaggerMs: 60_000 } });
  two.transport.setPeers([one.address]);
  one.transport.setPeers([{ id: 2, urls: dead.address.urls }]);
  await eventually(() => (one.transport.peerDetails(2)?.counters.failedDials ?? 0) === 2);
  one.transport.setPeers([two.address]);
  await one.recorder.bothLanes(2);
  one.transport.setPeers([{ id: 2, urls: dead.address.urls }]);
  expect(one.transport.send(2, 'control', bytes('still here'))).toBe('sent');
  await two.recorder.until(() => two.recorder.frames.length === 1);
  expect(one.recorder.count({ what: 'disconnected' })).toBe(0);
});

test('status says how far and how silent a peer is', async () => {
  const [one] = await pair({ options: { pingIntervalMs: 20, pingTimeoutMs: 5000 } });
  await eventually(() => (one.transport.peerStatus(2)?.rttMs ?? null) !== null);
  const status = one.transport.peerStatus(2);
  expect(status?.rttMs).toBeLessThan(5000);
  expect(status?.silentMs).toBeLessThan(5000);
  expect(one.transport.peerDetails(2)?.control.hello).toMatchObject({
    memberId: 2,
    directoryId: 'dir-2',
    bootCount: 1,
  });
});

test('an idle pair stays connected by its pings', async () => {
  const [one, two] = await pair(
    { options: { pingIntervalMs: 10, pingTimeoutMs: 60 } },
    { options: { pingIntervalMs: 10, pingTimeoutMs: 60 } },
  );
  let pongs = 0;
  let last = -1;
  await eventually(() => {
    const rtt = one.transport.peerStatus(2)?.rttMs ?? -1;
    if (rtt !== last) pongs += 1;
    last = rtt;
    return pongs >= 30;
  });
  expect(one.recorder.count({ what: 'disconnected' }) + two.recorder.count({ what: 'disconnected' })).toBe(0);
});

test('a lane that is full turns frames away, and takes them again when it has drained', async () => {
  const [one, two] = await pair({ options: { maxQueuedControlBytes: 1000 } });
  expect(one.transport.send(2, 'control', new Uint8Array(5000))).toBe('sent');
  expect(one.transport.send(2, 'control', new Uint8Array(1))).toBe('full');
  expect(one.transport.send(2, 'bulk', new Uint8Array(1))).toBe('sent');
  await two.recorder.until(() => two.recorder.frames.length === 2);
  expect(one.transport.send(2, 'control', new Uint8Array(600))).toBe('sent');
  expect(one.transport.send(2, 'control', new Uint8Array(600))).toBe('full');
  expect(one.transport.peerDetails(2)?.counters.framesTurnedAway).toBe(2);
});

test('a turn with more than a batch of bytes goes out as several messages, in order', async () => {
  const [one, two] = await pair({ options: { maxBatchBytes: 1000 } });
  const sizes = [400, 400, 400, 5000, 1, 1, 990];
  for (const [i, size] of sizes.entries()) one.transport.send(2, 'bulk', new Uint8Array(size).fill(i));
  await two.recorder.until(() => two.recorder.frames.length === sizes.length);
  expect(two.recorder.frames.map(({ frame }) => [frame.length, frame[0]])).toEqual(sizes.map((size, i) => [size, i]));
  expect(one.transport.peerDetails(2)?.counters.messagesOut).toBe(5);
});

test('frames still queued when their stream ends are counted as dropped', async () => {
  const one = await member(1);
  one.transport.setPeers([{ id: 2, urls: [] }]);
  const raw = await new RawPeer(one).join();
  await one.recorder.saw({ what: 'connected', lane: 'control' });
  raw.send('garbage');
  one.recorder.frameHook = null;
  const sent = one.recorder.saw({ what: 'disconnected' });
  let queued = 0;
  const pump = (): void => {
    if (one.transport.send(2, 'control', bytes('x')) !== 'sent') return;
    queued += 1;
    setImmediate(pump);
  };
  pump();
  await sent;
  const counters = one.transport.peerDetails(2)?.counters;
  expect((counters?.framesOut ?? 0) + (counters?.framesDropped ?? 0)).toBe(queued);
});

test('identities that cannot travel are refused', () => {
  const identity = { clusterId: 1, memberId: 1, directoryId: 'd', bootCount: 0 };
  for (const [change, field] of [
    [{ memberId: 0 }, 'memberId'],
    [{ clusterId: 2 ** 53 }, 'clusterId'],
    [{ directoryId: 'x'.repeat(65) }, 'directoryId'],
  ] as const) {
    expect(() => new WsTransport({ identity: { ...identity, ...change }, admit: () => ({ ok: true }) })).toThrow(
      expect.objectContaining({ code: 'invalid-options', message: expect.stringContaining(field) }),
    );
  }
});

test('https peers are dialled with the given authority, and not without it', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'transport-ws-'));
  const [keyFile, certFile] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
      ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'],
      ...['-keyout', keyFile, '-out', certFile],
    ],
    { stdio: 'ignore' },
  );
  const [key, cert] = [readFileSync(keyFile), readFileSync(certFile)];
  rmSync(directory, { recursive: true });
  const recorder = new Recorder();
  const two = new WsTransport({
    identity: { clusterId: CLUSTER_ID, memberId: 2, directoryId: 'd', bootCount: 1 },
    admit: () => ({ ok: true }),
  });
  const server = createHttpsServer({ key, cert });
  server.on('upgrade', (request, socket, head) => two.handleUpgrade(request, socket, head));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const urls = [`https://127.0.0.1:${(server.address() as AddressInfo).port}`];
  two.start(recorder);
  two.setPeers([{ id: 1, urls: [] }]);
  try {
    const stranger = await member(1);
    stranger.transport.setPeers([{ id: 2, urls }]);
    await eventually(() => (stranger.transport.peerDetails(2)?.counters.failedDials ?? 0) >= 2);
    expect(stranger.recorder.seen).toEqual([]);
    await stranger.close();
    const one = await member(1, { options: { tls: { ca: cert } } });
    one.transport.setPeers([{ id: 2, urls }]);
    await one.recorder.bothLanes(2);
    one.transport.send(2, 'bulk', bytes('sealed'));
    await recorder.until(() => recorder.frames.length === 1);
  } finally {
    await two.stop();
    server.close();
    server.closeAllConnections();
  }
});
