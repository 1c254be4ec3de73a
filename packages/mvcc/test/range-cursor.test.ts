import { expect, test } from 'vitest';
import { deleteOf, drain, flush, fresh, ok, putOf, rangeOf, text } from './harness.js';

test('a range that is read in pieces keeps its revision while writes and compaction go on', async () => {
  const { mvcc, store } = await fresh();
  for (let i = 0; i < 500; i++) mvcc.put(putOf(`k${String(i).padStart(4, '0')}`, 'old'));
  await flush(mvcc, store);
  const { cursor } = ok(mvcc.openRange(rangeOf('k', 'l')));
  expect([cursor.prepare(1), cursor.count, cursor.more, cursor.revision]).toEqual([true, 500, false, 501]);
  for (let i = 0; i < 500; i += 2) mvcc.put(putOf(`k${String(i).padStart(4, '0')}`, 'new'));
  mvcc.deleteRange(deleteOf('k0100', 'k0200'));
  ok(mvcc.compact(mvcc.revision));
  drain(mvcc);
  await flush(mvcc, store);
  const seen: string[] = [];
  let pieces = 0;
  for (let kvs = cursor.next(64, 1_000); kvs.length > 0; kvs = cursor.next(64, 1_000)) {
    expect(kvs.length).toBeLessThanOrEqual(64);
    expect(kvs.every((kv) => text(kv.value) === 'old')).toBe(true);
    for (const kv of kvs) seen.push(text(kv.key));
    pieces++;
  }
  expect(seen).toEqual(Array.from({ length: 500 }, (_, i) => `k${String(i).padStart(4, '0')}`));
  expect(pieces).toBeGreaterThan(5);
  expect(mvcc.stats().compacting).toBe(true);
  cursor.close();
  cursor.close();
  drain(mvcc);
  expect(mvcc.stats()).toMatchObject({ compacting: false, keys: 400 });
  expect(cursor.next(1, 1)).toEqual([]);
});

test.each([
  ['a limit', rangeOf('k', 'l', { limit: 300 })],
  ['a limit that does not cut', rangeOf('k', 'l', { limit: 600 })],
  ['the largest keys first', rangeOf('k', 'l', { sortOrder: 2, limit: 7 })],
  ['by revision', rangeOf('k', 'l', { sortOrder: 1, sortTarget: 3 })],
  ['by revision, the largest first, limited', rangeOf('k', 'l', { sortOrder: 2, sortTarget: 3, limit: 40 })],
  ['by create revision', rangeOf('k', 'l', { sortOrder: 1, sortTarget: 2 })],
  ['by version', rangeOf('k', 'l', { sortOrder: 2, sortTarget: 1 })],
  ['by value', rangeOf('k', 'l', { sortOrder: 1, sortTarget: 4 })],
  ['by value, the largest first, old', rangeOf('k', 'l', { sortOrder: 2, sortTarget: 4, revision: 300 })],
  ['the largest keys first, old', rangeOf('k', 'l', { sortOrder: 2, revision: 300 })],
  ['the largest keys first, bounded', rangeOf('k', 'l', { sortOrder: 2, minModRevision: 50, limit: 9 })],
  ['a target without an order', rangeOf('k', 'l', { sortTarget: 3, limit: 20 })],
  ['an order that is none', rangeOf('k', 'l', { sortOrder: 1, sortTarget: 9 })],
  ['bounds', rangeOf('k', 'l', { maxModRevision: 100 })],
  ['bounds and a limit', rangeOf('k', 'l', { maxCreateRevision: 400, minCreateRevision: 30, limit: 100 })],
  ['the count of an old revision', rangeOf('k', 'l', { countOnly: true, revision: 200 })],
  ['keys alone', rangeOf('k', '\0', { keysOnly: true })],
  ['one key', rangeOf('k0007')],
  ['nothing', rangeOf('x', 'y')],
  ['only the count', rangeOf('k', 'l', { countOnly: true })],
  ['an old revision', rangeOf('k', 'l', { revision: 200 })],
])('the pieces are what the whole is: %s', async (_, request) => {
  const { mvcc, store } = await fresh();
  for (let i = 0; i < 500; i++) mvcc.put(putOf(`k${String((i * 7) % 500).padStart(4, '0')}`, String(i)));
  await flush(mvcc, store);
  for (let i = 0; i < 500; i += 3) mvcc.put(putOf(`k${String(i).padStart(4, '0')}`, String(i % 50)));
  const whole = ok(mvcc.range(request));
  const { cursor } = ok(mvcc.openRange(request));
  while (!cursor.prepare(30));
  expect([cursor.count, cursor.more]).toEqual([whole.count, whole.more]);
  const pieces = [];
  for (let kvs = cursor.next(50, 1e6); kvs.length > 0; kvs = cursor.next(50, 1e6)) pieces.push(...kvs);
  expect(pieces).toEqual(whole.kvs);
  cursor.close();
});

test('a walk for an order keeps its revision while keys come, change and go between its pieces', async () => {
  const { mvcc } = await fresh();
  for (let i = 0; i < 300; i++) mvcc.put(putOf(`k${String((i * 7) % 300).padStart(4, '0')}`, String(i)));
  const request = rangeOf('k', 'l', { sortOrder: 2, sortTarget: 3 });
  const whole = ok(mvcc.range(request));
  const { cursor } = ok(mvcc.openRange(request));
  for (let i = 0; !cursor.prepare(10); i++) {
    mvcc.put(putOf(`k${String(i * 7).padStart(4, '0')}`, 'changed'));
    mvcc.put(putOf(`k${String(i * 7).padStart(4, '0')}x`, 'new'));
    mvcc.deleteRange(deleteOf(`k${String(i * 11).padStart(4, '0')}`));
    mvcc.compact(mvcc.revision);
    drain(mvcc);
  }
  expect([cursor.count, cursor.next(1_000, 1e9)]).toEqual([whole.count, whole.kvs]);
  cursor.close();
});
