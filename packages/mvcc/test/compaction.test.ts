import { MemoryStore } from '@understudy/store/testing';
import { expect, test } from 'vitest';
import { deleteOf, drain, flush, fresh, ok, open, putOf, rangeOf } from './harness.js';

test('compacted and future revisions are refused, each only once there', async () => {
  const { mvcc } = await fresh();
  for (let i = 0; i < 5; i++) mvcc.put(putOf('a', String(i)));
  expect(mvcc.compactedRevision).toBe(-1);
  expect(mvcc.compact(7)).toEqual({ ok: false, reason: 'future-revision' });
  expect(ok(mvcc.compact(4)).revision).toBe(6);
  expect(mvcc.compact(4)).toEqual({ ok: false, reason: 'compacted' });
  expect(mvcc.compact(3)).toEqual({ ok: false, reason: 'compacted' });
  expect(ok(mvcc.compact(6))).toBeTruthy();
  expect(mvcc.compactedRevision).toBe(6);
});

test('what is live at the compacted revision stays, and everything from it on', async () => {
  const { mvcc, store, medium } = await fresh();
  mvcc.put(putOf('a', '1')); // 2: replaced at 4
  mvcc.put(putOf('b', '1')); // 3: live at 6
  mvcc.put(putOf('a', '2')); // 4: replaced at 6, the compacted revision itself
  mvcc.deleteRange(deleteOf('c')); // nothing
  mvcc.put(putOf('c', '1')); // 5: deleted at 7
  mvcc.put(putOf('a', '3')); // 6
  mvcc.deleteRange(deleteOf('c')); // 7
  mvcc.put(putOf('d', '1')); // 8
  ok(mvcc.compact(6));
  drain(mvcc);
  expect(mvcc.stats()).toMatchObject({ keys: 3, records: 5, compacting: false, pendingDeletes: 0 });
  await flush(mvcc, store);
  ok(mvcc.compact(8));
  drain(mvcc);
  expect(mvcc.stats()).toMatchObject({ keys: 3, records: 3, pendingDeletes: 2 });
  const sum = await flush(mvcc, store);
  store.close(() => {});
  const again = await open(new MemoryStore({ medium }), sum);
  expect(again.stats()).toMatchObject({ keys: 3, records: 3, bytes: mvcc.stats().bytes });
  expect(ok(again.range(rangeOf('a', 'z'))).kvs.map((kv) => kv.modRevision)).toEqual([6, 3, 8]);
});

test('a deletion at the compacted revision stays until the next one, for watches that begin there', async () => {
  const { mvcc } = await fresh();
  mvcc.put(putOf('a', '1'));
  mvcc.deleteRange(deleteOf('a'));
  mvcc.put(putOf('b', '1'));
  ok(mvcc.compact(3));
  drain(mvcc);
  expect(mvcc.stats().records).toBe(2);
  ok(mvcc.compact(4));
  drain(mvcc);
  expect(mvcc.stats()).toMatchObject({ records: 1, keys: 1 });
});

test('a step visits a bounded number of keys, and waits for a flush when enough deletions wait', async () => {
  const { mvcc, store } = await fresh({ compactionStepKeys: 10, maxPendingDeletes: 25 });
  for (let round = 0; round < 2; round++) for (let i = 0; i < 100; i++) mvcc.put(putOf(`k${i}`, String(round)));
  await flush(mvcc, store);
  ok(mvcc.compact(mvcc.revision));
  expect(mvcc.step()).toBe(true);
  expect(mvcc.stats().pendingDeletes).toBe(10);
  drain(mvcc);
  expect(mvcc.stats()).toMatchObject({ pendingDeletes: 25, compacting: true });
  while (mvcc.stats().compacting) {
    await flush(mvcc, store);
    drain(mvcc);
  }
  expect(mvcc.stats().records).toBe(100);
});

test('a compaction that is asked for during another one is done in full too', async () => {
  const { mvcc, store } = await fresh({ compactionStepKeys: 3 });
  for (let round = 0; round < 3; round++) for (let i = 0; i < 10; i++) mvcc.put(putOf(`k${i}`, String(round)));
  await flush(mvcc, store);
  ok(mvcc.compact(15));
  mvcc.step();
  ok(mvcc.compact(mvcc.revision));
  drain(mvcc);
  expect(mvcc.stats()).toMatchObject({ records: 10, compacting: false });
});

test('a crash before the deletions are flushed leaves the rest to the next start', async () => {
  const { mvcc, store, medium } = await fresh({ compactionStepKeys: 5 });
  for (let round = 0; round < 2; round++) for (let i = 0; i < 20; i++) mvcc.put(putOf(`k${i}`, String(round)));
  await flush(mvcc, store);
  ok(mvcc.compact(mvcc.revision));
  mvcc.step();
  const sum = await flush(mvcc, store);
  mvcc.step();
  medium.crash();
  const again = await open(new MemoryStore({ medium }), sum);
  expect(again.compactedRevision).toBe(41);
  expect(again.stats()).toMatchObject({ records: 35, compacting: true });
  expect(again.hashKv(0)).toEqual(mvcc.hashKv(0));
  drain(again);
  expect(again.stats()).toMatchObject({ records: 20, compacting: false });
  expect(again.hashKv(0)).toEqual(mvcc.hashKv(0));
});
