// Mirrors between two real clusters, through what breaks on the way.
import { TestCluster, waitUntil } from '@understudy/testbed';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Client, Mirror, type MirrorOptions, type MirrorProgress, op } from '../../src/index.js';

const START_MS = 180_000;

describe('a mirror', { timeout: START_MS }, () => {
  let clusters: TestCluster[];
  let source: Client;
  let destination: Client;
  beforeEach(async () => {
    clusters = await Promise.all([TestCluster.start({ voters: 1 }), TestCluster.start({ voters: 1 })]);
    [source, destination] = clusters.map(
      ({ endpoints }) => new Client({ endpoints }, { timeoutMs: 20_000, backoffMaxMs: 200 }),
    ) as [Client, Client];
  }, START_MS);
  afterEach(async () => {
    await Promise.all([source?.close(), destination?.close()]);
    await Promise.all((clusters ?? []).map((cluster) => cluster.stop()));
  });

  interface Running {
    readonly mirror: Mirror;
    readonly progress: MirrorProgress[];
    reached(revision: number): Promise<void>;
    stop(): Promise<void>;
  }

  function start(options: MirrorOptions = {}): Running {
    const abort = new AbortController();
    const progress: MirrorProgress[] = [];
    const mirror = new Mirror(source, destination, {
      prefix: 'from/',
      destinationPrefix: 'to/',
      pageKeys: 7,
      ...options,
      signal: abort.signal,
      onProgress: (report) => void progress.push(report),
    });
    const running = mirror.run();
    running.catch(() => {});
    return {
      mirror,
      progress,
      reached: async (revision) => {
        await waitUntil(`revision ${revision} is mirrored`, () => mirror.revision >= revision, START_MS);
      },
      stop: () => {
        abort.abort();
        return running;
      },
    };
  }

  async function write(count: number, value: string): Promise<number> {
    let revision = 0;
    for (let n = 0; n < count; n++) {
      revision = (await source.put(`from/${String(n).padStart(3, '0')}`, value)).header.revision;
    }
    return revision;
  }

  it('copies pages, follows, keeps transactions whole, and leaves a true copy', async () => {
    await write(20, 'first');
    await destination.put('to/stale', 'x');
    await destination.put('elsewhere', 'y');
    const running = start();
    await waitUntil('the copy is made', () => running.progress.some(({ phase }) => phase === 'copy'), START_MS);
    await source.txn({ success: [op.put('from/000', 'second'), op.delete('from/001'), op.put('from/new', 'z')] });
    const { header } = await source.delete('from/002');
    await running.reached(header.revision);
    await running.stop();
    const kept = await destination.getAll('to/');
    expect(kept.count).toBe(19);
    const [changed, added] = [kept.kvs[0], kept.kvs.at(-1)];
    expect(changed?.text()).toBe('second');
    expect(changed?.modRevision).toBe(added?.modRevision);
    expect((await destination.get('to/stale')).kv).toBeUndefined();
    expect((await destination.get('elsewhere')).kv?.text()).toBe('y');
    expect(await running.mirror.check()).toMatchObject({ keys: 19, differences: 0, revision: header.revision });
    await destination.put('to/000', 'changed by somebody');
    await destination.delete('to/003');
    const check = await running.mirror.check();
    expect(check.differences).toBe(2);
    expect(check.examples.map(({ kind }) => kind)).toEqual(['other-value', 'missing']);
  });

  it('goes on after the source was killed in the middle, without a gap', async () => {
    await write(10, 'first');
    const running = start();
    await waitUntil('the copy is made', () => running.mirror.revision > 0, START_MS);
    const [member] = (clusters[0] as TestCluster).members;
    await write(5, 'second');
    await member?.process.end('SIGKILL');
    member?.process.start();
    const last = await write(10, 'third');
    await running.reached(last);
    await running.stop();
    expect(await running.mirror.check()).toMatchObject({ keys: 10, differences: 0 });
  });

  it('goes on after the destination was away, and after what it had to hear was compacted', async () => {
    await write(10, 'first');
    const first = start();
    await waitUntil('the copy is made', () => first.mirror.revision > 0, START_MS);
    await first.stop();
    const until = first.mirror.revision;
    await source.delete('from/000');
    const revision = await write(12, 'second');
    await source.delete('from/003');
    await source.compact(revision);
    const [member] = (clusters[1] as TestCluster).members;
    await member?.process.end('SIGKILL');
    const resumed = start({ afterRevision: until });
    member?.process.start();
    const last = await write(2, 'third');
    await resumed.reached(last);
    await resumed.stop();
    expect(await resumed.mirror.check()).toMatchObject({ keys: 11, differences: 0 });
  });
});
