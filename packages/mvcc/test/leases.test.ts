import { MemoryStore } from '@understudy/store/testing';
import { expect, test } from 'vitest';
import {
  deleteOf,
  flush,
  fresh,
  ok,
  opDelete,
  opPut,
  open,
  putOf,
  Recorder,
  rangeOf,
  text,
  watchOf,
} from './harness.js';

const keysOf = (mvcc: Awaited<ReturnType<typeof fresh>>['mvcc'], id: bigint) => mvcc.lease(id)?.keys.map(text);

test('a lease is granted once, raised to the least time-to-live, and bounded', async () => {
  const { mvcc } = await fresh({ minLeaseTtl: 5 });
  expect(mvcc.leaseGrant(1n, 2)).toEqual({ ok: true, id: 1n, ttl: 5 });
  expect(mvcc.leaseGrant(1n, 60)).toEqual({ ok: false, reason: 'lease-exists' });
  expect(mvcc.leaseGrant(2n, 60)).toEqual({ ok: true, id: 2n, ttl: 60 });
  expect(mvcc.leaseGrant(3n, -1)).toEqual({ ok: true, id: 3n, ttl: 5 });
  expect(mvcc.leaseGrant(-4n, 9_000_000_000)).toMatchObject({ ok: true });
  expect(mvcc.leaseGrant(5n, 9_000_000_001)).toEqual({ ok: false, reason: 'lease-ttl-too-large' });
  expect(mvcc.leaseGrant(0n, 10)).toEqual({ ok: false, reason: 'lease-not-found' });
  expect(mvcc.leaseIds()).toEqual([-4n, 1n, 2n, 3n]);
  expect(mvcc.revision).toBe(1);
});

test('a key hangs on the lease of its last put, and on none after deletion', async () => {
  const { mvcc } = await fresh();
  ok(mvcc.leaseGrant(1n, 10));
  ok(mvcc.leaseGrant(2n, 10));
  mvcc.put(putOf('b', '', { lease: 1n }));
  mvcc.put(putOf('a', '', { lease: 1n }));
  mvcc.put(putOf('c', '', { lease: 1n }));
  expect(keysOf(mvcc, 1n)).toEqual(['a', 'b', 'c']);
  mvcc.put(putOf('a', '', { lease: 2n }));
  mvcc.put(putOf('b', ''));
  mvcc.deleteRange(deleteOf('c'));
  expect([keysOf(mvcc, 1n), keysOf(mvcc, 2n)]).toEqual([[], ['a']]);
});

test('a revoked lease deletes its keys in one revision, in key order', async () => {
  const { mvcc } = await fresh();
  ok(mvcc.leaseGrant(1n, 10));
  for (const key of ['c', 'a', 'b']) mvcc.put(putOf(key, key, { lease: 1n }));
  mvcc.put(putOf('d', 'd'));
  const sink = new Recorder();
  mvcc.watch(watchOf('a', 'z'), sink);
  expect(ok(mvcc.leaseRevoke(1n)).revision).toBe(6);
  mvcc.endApply();
  expect(sink.told).toEqual(['del a@6', 'del b@6', 'del c@6']);
  expect(mvcc.leaseRevoke(1n)).toEqual({ ok: false, reason: 'lease-not-found' });
  expect(mvcc.lease(1n)).toBeUndefined();
  expect(ok(mvcc.range(rangeOf('a', 'z'))).count).toBe(1);
});

test('a revoked lease without keys makes no revision', async () => {
  const { mvcc } = await fresh();
  ok(mvcc.leaseGrant(1n, 10));
  expect(ok(mvcc.leaseRevoke(1n)).revision).toBe(1);
});

test('leases, checkpoints and what hangs on them are there after a restart', async () => {
  const { mvcc, store, medium } = await fresh();
  for (const id of [1n, 2n, 3n, -9n]) ok(mvcc.leaseGrant(id, 100));
  mvcc.put(putOf('a', '', { lease: 1n }));
  mvcc.put(putOf('b', '', { lease: 1n }));
  ok(mvcc.txn({ compare: [], success: [opPut('b', '', { lease: -9n }), opPut('c', '', { lease: 2n })], failure: [] }));
  await flush(mvcc, store);
  ok(mvcc.txn({ compare: [], success: [opDelete('a')], failure: [] }));
  ok(mvcc.leaseCheckpoint(2n, 42));
  expect(mvcc.leaseCheckpoint(8n, 1)).toEqual({ ok: false, reason: 'lease-not-found' });
  ok(mvcc.leaseRevoke(3n));
  ok(mvcc.leaseGrant(3n, 7));
  ok(mvcc.leaseGrant(4n, 7));
  ok(mvcc.leaseRevoke(4n));
  const sum = await flush(mvcc, store);
  store.close(() => {});
  const again = await open(new MemoryStore({ medium }), sum);
  expect(again.leaseIds()).toEqual([-9n, 1n, 2n, 3n]);
  for (const id of again.leaseIds()) expect(again.lease(id)).toEqual(mvcc.lease(id));
  expect(again.lease(2n)).toMatchObject({ grantedTtl: 100, remainingTtl: 42 });
  expect(again.lease(3n)).toMatchObject({ grantedTtl: 7 });
  expect(keysOf(again, -9n)).toEqual(['b']);
  expect(ok(again.leaseRevoke(-9n)).revision).toBe(6);
});
