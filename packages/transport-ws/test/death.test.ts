import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { closeMembers, eventually, type Member, type MemberSetup, member } from './cluster.js';

const children: ChildProcess[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await closeMembers();
});

const tsx = createRequire(import.meta.url).resolve('tsx');
const program = fileURLToPath(new URL('peer-process.ts', import.meta.url));

async function spawnPeer(other: Member, id: number, port = 0): Promise<{ child: ChildProcess; url: string }> {
  const args = ['--conditions=@understudy/source', '--import', tsx, program];
  const child = spawn(process.execPath, [...args, other.address.urls[0] as string, `${id}`, `${port}`, `${other.id}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  if (child.stdout === null) throw new Error('no stdout');
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, url: `http://127.0.0.1:${line.toString().trim()}` };
}

async function withChild(ownId: number, childId: number, setup: MemberSetup = {}) {
  const one = await member(ownId, setup);
  const { child, url } = await spawnPeer(one, childId);
  one.transport.setPeers([{ id: childId, urls: [url] }]);
  await one.recorder.bothLanes(childId);
  return { one, child, url };
}

for (const [ownId, childId] of [
  [1, 2],
  [2, 1],
] as const) {
  test(`a killed process is found dead before an election timeout, by member ${ownId} of the pair`, async () => {
    const { one, child } = await withChild(ownId, childId);
    const killedAt = performance.now();
    child.kill('SIGKILL');
    await one.recorder.saw({ what: 'dead', peer: childId });
    const tookMs = performance.now() - killedAt;
    expect(tookMs).toBeLessThan(1000);
    expect(one.recorder.count({ what: 'disconnected', cause: 'closed-by-peer' })).toBe(2);
    await eventually(() => (one.transport.peerDetails(childId)?.counters.failedDials ?? 0) > 6);
    expect(one.recorder.count({ what: 'dead' })).toBe(1);
  });
}

test('a process that comes back on the same port is connected again, and can die again', async () => {
  const { one, child, url } = await withChild(1, 2);
  child.kill('SIGKILL');
  await one.recorder.saw({ what: 'dead', peer: 2 });
  const second = await spawnPeer(one, 2, Number(new URL(url).port));
  await one.recorder.bothLanes(2);
  one.transport.send(2, 'control', Uint8Array.of(1, 2, 3));
  await one.recorder.until(() => one.recorder.frames.length === 1);
  second.child.kill('SIGKILL');
  await one.recorder.saw({ what: 'dead', peer: 2 }, 2);
});

test('a stopped process is not dead: its streams end by ping timeout, and come back when it goes on', async () => {
  const { one, child } = await withChild(1, 2, {
    options: { pingIntervalMs: 50, pingTimeoutMs: 200, connectTimeoutMs: 200, handshakeTimeoutMs: 200 },
  });
  child.kill('SIGSTOP');
  await one.recorder.saw({ what: 'disconnected', cause: 'ping-timeout' }, 2);
  await eventually(() => (one.transport.peerDetails(2)?.counters.failedDials ?? 0) >= 4);
  expect(one.recorder.count({ what: 'dead' })).toBe(0);
  child.kill('SIGCONT');
  await one.recorder.bothLanes(2);
});

test('a stopped process that is sent too much is dropped by back-pressure, and is not dead', async () => {
  const { one, child } = await withChild(1, 2, {
    options: {
      pingIntervalMs: 50,
      pingTimeoutMs: 60_000,
      backPressureTimeoutMs: 100,
      maxQueuedBulkBytes: 1024 * 1024,
      connectTimeoutMs: 200,
    },
  });
  child.kill('SIGSTOP');
  const frame = new Uint8Array(64 * 1024);
  let full = 0;
  while (one.recorder.count({ what: 'disconnected' }) === 0) {
    const result = one.transport.send(2, 'bulk', frame);
    if (result === 'full') full += 1;
    expect(one.transport.peerDetails(2)?.bulk.waitingBytes).toBeLessThanOrEqual(1024 * 1024 + 64 * 1024 + 64);
    if (result !== 'sent') await new Promise((resolve) => setTimeout(resolve, 2));
  }
  expect(full).toBeGreaterThan(0);
  expect(one.recorder.seen.at(-1)).toMatchObject({ lane: 'bulk', cause: 'back-pressure' });
  expect(one.recorder.count({ what: 'dead' })).toBe(0);
  expect(one.transport.send(2, 'control', Uint8Array.of(1))).toBe('sent');
});

test('a transport that was stopped in a living process is not dead', async () => {
  const one = await member(1);
  const two = await member(2);
  one.transport.setPeers([two.address]);
  two.transport.setPeers([one.address]);
  await one.recorder.bothLanes(2);
  await two.transport.stop();
  await one.recorder.saw({ what: 'disconnected', cause: 'closed-by-peer' }, 2);
  await eventually(() => (one.transport.peerDetails(2)?.counters.failedDials ?? 0) >= 6);
  expect(one.recorder.count({ what: 'dead' })).toBe(0);
});

test('a peer that restarts its transport on the same port is connected again', async () => {
  const one = await member(1);
  const two = await member(2);
  one.transport.setPeers([two.address]);
  two.transport.setPeers([one.address]);
  await one.recorder.bothLanes(2);
  await two.close();
  const again = await member(2, { port: two.port });
  again.transport.setPeers([one.address]);
  await Promise.all([one.recorder.bothLanes(2), again.recorder.bothLanes(1)]);
  one.transport.send(2, 'bulk', Uint8Array.of(7));
  await again.recorder.until(() => again.recorder.frames.length === 1);
});
