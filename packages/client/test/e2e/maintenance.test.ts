// Snapshots, hashes, locks, elections and mirrors, against real servers.
import { createHash } from 'node:crypto';
import { TestCluster, waitUntil } from '@understudy/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '../../src/index.js';

const START_MS = 180_000;

describe('with one server', { timeout: START_MS }, () => {
  let cluster: TestCluster;
  let client: Client;
  let other: Client;
  beforeAll(async () => {
    cluster = await TestCluster.start({ voters: 1 });
    client = new Client({ endpoints: cluster.endpoints }, { timeoutMs: 20_000 });
    other = new Client({ endpoints: cluster.endpoints }, { timeoutMs: 20_000 });
  }, START_MS);
  afterAll(async () => {
    await Promise.all([client?.close(), other?.close()]);
    await cluster?.stop();
  });

  it('a snapshot comes in pieces with its progress, and has the hash at its end', async () => {
    const value = 'x'.repeat(20_000);
    for (let n = 0; n < 50; n++) await client.put(`big/${n}`, value);
    const progress: number[] = [];
    const blobs: Uint8Array[] = [];
    for await (const blob of client.maintenance.snapshot({ onProgress: ({ bytes }) => void progress.push(bytes) })) {
      blobs.push(Uint8Array.from(blob));
    }
    const file = Buffer.concat(blobs);
    expect(file.length).toBeGreaterThan(1_000_000);
    expect(progress.at(-1)).toBe(file.length);
    expect(progress.length).toBe(blobs.length);
    expect(createHash('sha256').update(file.subarray(0, -32)).digest()).toEqual(file.subarray(-32));
  });

  it('a snapshot that is not wanted any more ends', async () => {
    const abort = new AbortController();
    const read = async (): Promise<void> => {
      for await (const _blob of client.maintenance.snapshot({ signal: abort.signal })) abort.abort();
    };
    await expect(read()).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('hashes, alarms and defragmentation are asked of one member', async () => {
    const [endpoint = ''] = cluster.endpoints;
    const { header } = await client.put('h', '1');
    const first = await client.maintenance.hashKv(endpoint, { revision: header?.revision ?? 0 });
    await client.put('h', '2');
    const again = await client.maintenance.hashKv(endpoint, { revision: header?.revision ?? 0 });
    expect(again.hash).toBe(first.hash);
    expect((await client.maintenance.hashKv(endpoint)).hash).not.toBe(first.hash);
    expect((await client.maintenance.alarms()).alarms).toEqual([]);
    expect((await client.maintenance.disarm()).alarms).toEqual([]);
    await client.maintenance.defragment(endpoint);
    expect((await client.get('h')).kv?.text()).toBe('2');
  });

  it('one holds a lock, the next waits for it and has a greater fencing token', async () => {
    const first = await client.lock('mutex');
    let taken = false;
    const second = other.lock('mutex').then((lock) => {
      taken = true;
      return lock;
    });
    await waitUntil('both stand in line', async () => (await client.getAll('mutex/')).count === 2);
    expect(taken).toBe(false);
    await first.release();
    const lock = await second;
    expect(lock.fencingToken).toBeGreaterThan(first.fencingToken);
    await lock.release();
    expect((await client.getAll('mutex/')).count).toBe(0);
  });

  it('an aborted wait leaves the line', async () => {
    await using _held = await client.lock('busy');
    const abort = new AbortController();
    const waiting = other.lock('busy', { signal: abort.signal });
    waiting.catch(() => {});
    await waitUntil('both stand in line', async () => (await client.getAll('busy/')).count === 2);
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' });
    expect((await client.getAll('busy/')).count).toBe(1);
  });

  it('a holder whose lease ends is told, and the next has the lock', async () => {
    const first = await client.lock('frail');
    const lost = new Promise<void>((resolve) => first.lostSignal.addEventListener('abort', () => resolve()));
    const next = other.lock('frail');
    await other.lease.revoke(first.lease);
    const second = await next;
    expect(second.fencingToken).toBeGreaterThan(first.fencingToken);
    await lost;
    await first.release();
    expect((await client.get(second.key)).kv).toBeDefined();
    await second.release();
  });

  it('who looks on hears of each leader and of what it proclaims', async () => {
    const abort = new AbortController();
    const seen: string[] = [];
    const looking = (async () => {
      for await (const kv of other.election.observe('race', { signal: abort.signal })) seen.push(kv.text());
    })();
    const first = await client.election.campaign('race', 'one');
    await waitUntil('the first is seen', () => seen.length === 1);
    await first.proclaim('one again');
    await waitUntil('the proclamation is seen', () => seen.length === 2);
    const next = other.election.campaign('race', 'two');
    await waitUntil('both campaign', async () => (await client.getAll('race/')).count === 2);
    expect((await client.election.leader('race'))?.text()).toBe('one again');
    await first.resign();
    const second = await next;
    await waitUntil('the second is seen', () => seen.length === 3);
    expect(seen).toEqual(['one', 'one again', 'two']);
    await expect(first.proclaim('late')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    abort.abort();
    await looking;
    await second.resign();
    expect(await client.election.leader('race')).toBeUndefined();
  });
});
