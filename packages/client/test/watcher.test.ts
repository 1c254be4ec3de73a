import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Client, ClientError, op, type WatchEvent, type Watcher } from '../src/index.js';
import { eventually } from './eventually.js';
import { FakeCluster } from './fake/fake-cluster.js';

let cluster: FakeCluster;
let client: Client;
beforeEach(async () => {
  cluster = await FakeCluster.start(3);
  client = new Client({ endpoints: cluster.endpoints, random: () => 0 }, { backoffBaseMs: 5, backoffMaxMs: 50 });
});
afterEach(async () => {
  await client.close();
  await cluster.close();
});

async function take(watcher: Watcher, count: number): Promise<WatchEvent[]> {
  const events: WatchEvent[] = [];
  for await (const event of watcher) {
    events.push(event);
    if (events.length === count) break;
  }
  return events;
}

const values = (events: readonly WatchEvent[]): string[] => events.map(({ kv }) => kv.text());

describe('a watch', () => {
  it('hears of puts and deletes after it has started, with the versions before', async () => {
    await client.put('k', 'past');
    const watcher = client.watch('k', { prevKv: true });
    await watcher.started;
    await client.put('other', 'x');
    await client.put('k', 'new');
    await client.delete('k');
    const [put, gone] = await take(watcher, 2);
    expect(put).toMatchObject({ type: 'put' });
    expect([put?.kv.text(), put?.prevKv?.text()]).toEqual(['new', 'past']);
    expect(gone).toMatchObject({ type: 'delete' });
    expect([gone?.kv.keyText(), gone?.kv.version, gone?.prevKv?.text()]).toEqual(['k', 0, 'new']);
  });

  it('from a revision hears of the past first, then of what comes', async () => {
    const { header } = await client.put('a/1', '1');
    await client.put('a/2', '2');
    const watcher = client.watch({ prefix: 'a/' }, { startRevision: header.revision });
    await watcher.started;
    await client.put('a/3', '3');
    expect(values(await take(watcher, 3))).toEqual(['1', '2', '3']);
  });

  it('loses and repeats nothing when its connections break, again and again', async () => {
    const watcher = client.watch({ prefix: 'k' });
    await watcher.started;
    const total = 400;
    const writing = (async () => {
      for (let i = 0; i < total; i++) {
        await client.put(`k${i % 7}`, String(i), { retry: 'at-least-once' });
        if (i % 25 === 24) for (const member of cluster.members) member.disconnect();
      }
    })();
    // A put that was repeated is heard of twice, under two revisions; the store knows what really happened.
    const heard: WatchEvent[] = [];
    for await (const event of watcher) {
      heard.push(event);
      if (event.kv.text() === String(total - 1)) break;
    }
    await writing;
    const first = heard[0]?.kv.modRevision ?? 0;
    expect(heard.map(({ kv }) => kv.modRevision)).toEqual(heard.map((_, index) => first + index));
    expect(new Set(values(heard)).size).toBe(total);
    const watches = cluster.members.reduce((sum, member) => sum + member.countOf('Watch'), 0);
    expect(watches).toBeGreaterThan(5);
  });

  it('goes on elsewhere when its member is killed, and begins where it ended', async () => {
    const watcher = client.watch('k');
    await watcher.started;
    const serving = cluster.members.find((member) => member.countOf('Watch') === 1);
    await serving?.kill();
    if (serving === cluster.leader) cluster.elect(cluster.members.find((member) => member.running));
    await client.put('k', '1', { retry: 'at-least-once' });
    const [event] = await take(watcher, 1);
    expect(event?.kv.text()).toBe('1');
  });

  it('ends with the oldest revision that is left when it asks for one that is compacted', async () => {
    const { header } = await client.put('k', '1');
    await client.put('k', '2');
    await client.compact(header.revision + 1);
    const error = await take(client.watch('k', { startRevision: header.revision }), 1).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(ClientError);
    expect(error).toMatchObject({
      code: 'OUT_OF_RANGE',
      message: 'etcdserver: mvcc: required revision has been compacted',
      compactRevision: header.revision + 1,
    });
  });

  it('ends quietly when it is closed, after what was received', async () => {
    const watcher = client.watch('k');
    await watcher.started;
    await client.put('k', '1');
    const heard: string[] = [];
    for await (const { kv } of watcher) {
      heard.push(kv.text());
      await watcher.close();
    }
    expect(heard).toEqual(['1']);
  });

  it('ends quietly with its client, and with its signal', async () => {
    const abort = new AbortController();
    const bySignal = take(client.watch('k', { signal: abort.signal }), 1);
    const byClient = take(client.watch('k'), 1);
    abort.abort();
    expect(await bySignal).toEqual([]);
    await client.close();
    expect(await byClient).toEqual([]);
  });

  it('tells the server when a reader leaves the loop', async () => {
    const watcher = client.watch('k');
    await watcher.started;
    expect(cluster.store.listeners.size).toBe(1);
    await client.put('k', '1');
    await take(watcher, 1);
    await eventually(() => cluster.store.listeners.size === 0, 'the server forgets the watch');
  });

  it('holds the server back when its reader is slow, and then goes on without a gap', async () => {
    const small = new Client({ endpoints: cluster.endpoints }, { streamWindowBytes: 64 * 1024 });
    const watcher = small.watch('k');
    await watcher.started;
    const value = 'x'.repeat(10_000);
    for (let i = 0; i < 50; i++) await client.put('k', `${i} ${value}`);
    const heard = await take(watcher, 50);
    expect(heard.map(({ kv }) => Number.parseInt(kv.text(), 10))).toEqual(Array.from({ length: 50 }, (_, i) => i));
    await small.close();
  });

  it('gives whole revisions as updates', async () => {
    const watcher = client.watch({ prefix: 'k' });
    await watcher.started;
    const { header } = await client.txn({ success: [op.put('k1', 'a'), op.put('k2', 'b')] });
    for await (const update of watcher.updates()) {
      expect(update.header.revision).toBe(header.revision);
      expect(values(update.events)).toEqual(['a', 'b']);
      break;
    }
    expect(watcher.nextRevision).toBe(header.revision + 1);
  });

  it.each(['whole', 'break'] as const)('puts a revision that comes in fragments together (%s)', async (fragmenting) => {
    const watcher = client.watch({ prefix: 'k' });
    await watcher.started;
    for (const member of cluster.members) member.fragmenting = fragmenting;
    await client.txn(
      { success: ['1', '2', '3'].map((value) => op.put(`k${value}`, value)) },
      { retry: 'at-least-once' },
    );
    for await (const update of watcher.updates()) {
      expect(values(update.events)).toEqual(['1', '2', '3']);
      break;
    }
  });

  it('on an endpoint that cannot be fails', async () => {
    await expect(take(client.watch('k', { endpoint: 'ftp://x' }), 1)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });
});
