import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLevelStore } from '@understudy/store';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deleteOf, flush, ok, open, putOf, Recorder, rangeOf, text, watchOf } from './harness.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mvcc-level-'));
});
afterEach(() => rm(directory, { recursive: true }));

const closed = (store: Awaited<ReturnType<typeof openLevelStore>>) =>
  new Promise<void>((resolve, reject) => store.close((error) => (error === null ? resolve() : reject(error))));

test('on a real disk: written, compacted, opened again, read cold, watched from the past', async () => {
  const store = await openLevelStore(directory);
  const mvcc = await open(store, null);
  ok(mvcc.leaseGrant(5n, 60));
  for (let i = 0; i < 3_000; i++) {
    mvcc.put(
      putOf(`key/${String(i % 1_000).padStart(5, '0')}`, `value ${i}`.repeat(20), { lease: i % 100 === 99 ? 5n : 0n }),
    );
    if (i % 700 === 0) await flush(mvcc, store);
  }
  mvcc.deleteRange(deleteOf('key/00500', 'key/00600'));
  await flush(mvcc, store);
  ok(mvcc.compact(1_500));
  while (mvcc.step() || mvcc.stats().compacting) if (mvcc.stats().pendingDeletes > 0) await flush(mvcc, store);
  const sum = await flush(mvcc, store);
  const { bytes, keys, records } = mvcc.stats();
  expect([keys, records]).toEqual([900, 1_000 + 1_501 + 100]);
  const hash = mvcc.hashKv(0);
  await closed(store);

  const reopened = await openLevelStore(directory);
  let wake = (): void => {};
  const again = await open(reopened, sum, { options: { cacheBytes: 0, openRecords: 100 }, onWork: () => wake() });
  expect(again.stats()).toMatchObject({ bytes, keys, records, leases: 1 });
  expect(again.hashKv(0)).toEqual(hash);
  const { kvs, count } = ok(again.range(rangeOf('key/', 'key0', { limit: 10, revision: 2_000 })));
  expect(count).toBe(1_000);
  expect(kvs.map((kv) => text(kv.value).slice(0, 10))).toEqual(
    Array.from({ length: 10 }, (_, i) => `value ${1_000 + i}`),
  );

  const sink = new Recorder();
  const last = 3_002;
  const complete = new Promise<void>((resolve) => {
    const take = sink.events.bind(sink);
    sink.events = (batch) => {
      if (batch.revision === last) resolve();
      return take(batch);
    };
  });
  wake = () => setImmediate(() => again.step() && wake());
  const { watch } = ok(again.watch(watchOf('key/', 'key0', { startRevision: 1_500 }), sink));
  await complete;
  expect(watch.active).toBe(true);
  const revisions = sink.all.map((event) => event.kv.modRevision);
  expect(revisions).toHaveLength(1_502 + 100);
  expect(revisions.slice(0, 1_502)).toEqual(Array.from({ length: 1_502 }, (_, i) => 1_500 + i));
  await closed(reopened);
});
