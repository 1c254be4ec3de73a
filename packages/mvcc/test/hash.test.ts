import { expect, test } from 'vitest';
import { deleteOf, drain, fresh, ok, putOf } from './harness.js';

test('the hash of a revision does not change when more is written', async () => {
  const { mvcc } = await fresh();
  mvcc.put(putOf('a', '1'));
  mvcc.put(putOf('b', '1'));
  const at3 = ok(mvcc.hashKv(3));
  expect(ok(mvcc.hashKv(0))).toEqual(at3);
  mvcc.put(putOf('a', '2'));
  mvcc.deleteRange(deleteOf('b'));
  expect(ok(mvcc.hashKv(3))).toEqual(at3);
  expect(ok(mvcc.hashKv(0)).hash).not.toBe(at3.hash);
  expect(ok(mvcc.hashKv(5))).toMatchObject({ revision: 5, compactRevision: -1 });
});

test('states that differ in one value, lease, key or order differ in their hash', async () => {
  const hashes = new Set<number>();
  const histories = [
    [putOf('a', '1'), putOf('b', '1')],
    [putOf('b', '1'), putOf('a', '1')],
    [putOf('a', '1'), putOf('b', '2')],
    [putOf('a', '1'), putOf('c', '1')],
    [putOf('a', '1'), putOf('b', '1', { lease: 1n })],
    [putOf('a', '1'), putOf('a', '1')],
  ];
  for (const history of histories) {
    const { mvcc } = await fresh();
    ok(mvcc.leaseGrant(1n, 10));
    for (const request of history) ok(mvcc.put(request));
    hashes.add(ok(mvcc.hashKv(0)).hash);
  }
  expect(hashes.size).toBe(histories.length);
});

test('revisions that cannot be read cannot be hashed; the compacted one can', async () => {
  const { mvcc } = await fresh();
  for (let i = 0; i < 4; i++) mvcc.put(putOf('a', String(i)));
  ok(mvcc.compact(3));
  expect(mvcc.hashKv(2)).toEqual({ ok: false, reason: 'compacted' });
  expect(mvcc.hashKv(6)).toEqual({ ok: false, reason: 'future-revision' });
  const before = ok(mvcc.hashKv(3));
  drain(mvcc);
  expect(ok(mvcc.hashKv(3))).toEqual(before);
});

test('the hash in steps is the hash at once, whatever is written and compacted meanwhile', async () => {
  const { mvcc } = await fresh();
  for (let i = 0; i < 40; i++) mvcc.put(putOf(`k${i % 13}`, String(i)));
  mvcc.compact(20);
  const whole = mvcc.hashKv(0);
  const { walk } = ok(mvcc.openHash(0));
  expect(walk.step(5)).toBeNull();
  for (let i = 0; i < 20; i++) mvcc.put(putOf(`a${i}`, 'new'));
  mvcc.deleteRange(deleteOf('k1'));
  mvcc.compact(mvcc.revision);
  drain(mvcc);
  expect(mvcc.stats().compacting).toBe(true);
  let found = walk.step(5);
  while (found === null) found = walk.step(5);
  expect({ ok: true, ...found }).toEqual(whole);
  walk.close();
  drain(mvcc);
  expect(mvcc.stats().compacting).toBe(false);
});
