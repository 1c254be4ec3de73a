import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LeaseHeap } from '../src/lease-heap.js';
import { fresh, ok } from './harness.js';

test('a lease expires its time-to-live after it was granted, and is offered until it is revoked', async () => {
  const { mvcc } = await fresh();
  const { lessor } = mvcc;
  lessor.promote(0, 500);
  ok(mvcc.leaseGrant(1n, 10));
  expect(lessor.remaining(1n, 1_000)).toBe(10);
  expect(lessor.nextExpiryMs(1_000)).toBe(11_000);
  expect(lessor.expired(10_999, 10)).toEqual([]);
  expect(lessor.expired(11_000, 10)).toEqual([1n]);
  expect(lessor.expired(11_001, 10)).toEqual([]);
  expect(lessor.remaining(1n, 12_500)).toBe(-1);
  expect(lessor.expired(14_000, 10)).toEqual([1n]);
  ok(mvcc.leaseRevoke(1n));
  expect(lessor.expired(60_000, 10)).toEqual([]);
  expect(lessor.nextExpiryMs(60_000)).toBe(Number.POSITIVE_INFINITY);
});

test('a renewed lease lives on; one that is overdue, or not there, cannot be renewed', async () => {
  const { mvcc } = await fresh();
  const { lessor } = mvcc;
  lessor.promote(0, 0);
  ok(mvcc.leaseGrant(1n, 10));
  expect(lessor.renew(1n, 0)).toEqual({ ok: true, ttl: 10, clearCheckpoint: false });
  expect(lessor.renew(1n, 9_000)).toMatchObject({ ok: true });
  expect(lessor.expired(10_000, 10)).toEqual([]);
  expect(lessor.remaining(1n, 10_000)).toBe(9);
  expect(lessor.renew(1n, 19_000)).toEqual({ ok: false, reason: 'lease-not-found' });
  expect(lessor.expired(19_000, 10)).toEqual([1n]);
  expect(lessor.renew(2n, 0)).toEqual({ ok: false, reason: 'lease-not-found' });
});

test('only a primary lets leases expire; a new one gives each its time again, and an extension', async () => {
  const { mvcc } = await fresh();
  const { lessor } = mvcc;
  ok(mvcc.leaseGrant(1n, 10));
  expect(lessor.expired(1e9, 10)).toEqual([]);
  expect(lessor.remaining(1n, 0)).toBeUndefined();
  lessor.promote(1_000, 2_000);
  expect(lessor.nextExpiryMs(1_000)).toBe(13_000);
  lessor.demote();
  expect(lessor.expired(1e9, 10)).toEqual([]);
});

test('a checkpoint shortens what a new primary gives, and a renewal asks to clear it', async () => {
  const { mvcc } = await fresh({ checkpointIntervalMs: 60_000 });
  const { lessor } = mvcc;
  lessor.promote(0, 0);
  ok(mvcc.leaseGrant(1n, 600));
  ok(mvcc.leaseGrant(2n, 30));
  expect(lessor.checkpoints(0, 10)).toEqual([]);
  expect(lessor.checkpoints(60_000, 10)).toEqual([{ id: 1n, remainingTtl: 540 }]);
  ok(mvcc.leaseCheckpoint(1n, 540));
  expect(lessor.checkpoints(60_001, 10)).toEqual([]);
  expect(lessor.checkpoints(120_500, 10)).toEqual([{ id: 1n, remainingTtl: 480 }]);
  lessor.promote(200_000, 1_000);
  expect(lessor.nextExpiryMs(200_000)).toBe(200_000 + 31_000);
  expect(lessor.remaining(1n, 200_000)).toBe(541);
  expect(lessor.renew(1n, 200_000)).toEqual({ ok: true, ttl: 600, clearCheckpoint: true });
  ok(mvcc.leaseCheckpoint(1n, 0));
  expect(lessor.renew(1n, 200_000)).toEqual({ ok: true, ttl: 600, clearCheckpoint: false });
});

test('leases that would all expire in one second are spread out by a promotion, never shortened', async () => {
  const { mvcc } = await fresh();
  for (let id = 1n; id <= 2_000n; id++) ok(mvcc.leaseGrant(id, 10));
  mvcc.lessor.promote(0, 0);
  expect(mvcc.lessor.expired(9_999, 5_000)).toEqual([]);
  expect(mvcc.lessor.expired(10_999, 5_000)).toHaveLength(750);
  for (const id of mvcc.leaseIds().slice(0, 750)) ok(mvcc.leaseRevoke(id));
  expect(mvcc.lessor.expired(11_000, 5_000)).toHaveLength(750);
  expect(mvcc.lessor.expired(12_000, 100)).toHaveLength(100);
});

test('the heap gives the earliest first', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1_000), { maxLength: 200, size: 'max' }), (times) => {
      const heap = new LeaseHeap();
      times.forEach((time, i) => {
        heap.push(time, BigInt(i));
      });
      const taken: number[] = [];
      while (heap.size > 0) {
        const earliest = heap.earliestMs;
        expect(times[Number(heap.pop())]).toBe(earliest);
        taken.push(earliest);
      }
      expect(taken).toEqual(times.sort((a, b) => a - b));
      expect(heap.earliestMs).toBe(Number.POSITIVE_INFINITY);
    }),
  );
});
