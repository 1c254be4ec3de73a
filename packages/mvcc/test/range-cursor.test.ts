import { expect, test } from 'vitest';
import { deleteOf, drain, flush, fresh, ok, putOf, rangeOf, text } from './harness.js';

test('a range that is read in pieces keeps its revision while writes and compaction go on', async () => {
  const { mvcc, store } = await fresh();
  for (let i = 0; i < 500; i++) mvcc.put(putOf(`k${String(i).padStart(4, '0')}`, 'old'));
  await flush(mvcc, store);
  const { cursor } = ok(mvcc.openRange(rangeOf('k', 'l')));
  expect([cursor.count, cursor.more, cursor.revision]).toEqual([500, false, 501]);
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
  ['bounds', rangeOf('k', 'l', { maxModRevision: 100 })],
  ['keys alone', rangeOf('k', '\0', { keysOnly: true })],
  ['one key', rangeOf('k0007')],
  ['nothing', rangeOf('x', 'y')],
  ['only the count', rangeOf('k', 'l', { countOnly: true })],
  ['an old revision', rangeOf('k', 'l', { revision: 200 })],
])('the pieces are what the whole is: %s', async (_, request) => {
  const { mvcc, store } = await fresh();
  for (let i = 0; i < 500; i++) mvcc.put(putOf(`k${String((i * 7) % 500).padStart(4, '0')}`, String(i)));
  await flush(mvcc, store);
  const whole = ok(mvcc.range(request));
  const { cursor } = ok(mvcc.openRange(request));
  expect([cursor.count, cursor.more]).toEqual([whole.count, whole.more]);
  const pieces = [];
  for (let kvs = cursor.next(50, 1e6); kvs.length > 0; kvs = cursor.next(50, 1e6)) pieces.push(...kvs);
  expect(pieces).toEqual(whole.kvs);
  cursor.close();
});
