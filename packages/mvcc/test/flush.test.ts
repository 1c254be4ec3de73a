import { MemoryMedium, MemoryStore } from '@understudy/store/testing';
import { expect, test } from 'vitest';
import type { MvccError } from '../src/index.js';
import { deleteOf, drain, flush, fresh, ok, open, openOutcome, prefix, putOf, rangeOf, text } from './harness.js';

/** A state with some of everything, flushed and closed. */
async function written() {
  const { mvcc, store, medium } = await fresh();
  ok(mvcc.leaseGrant(7n, 60));
  for (let i = 0; i < 10; i++) mvcc.put(putOf(`k${i % 4}`, `v${i}`, { lease: i === 9 ? 7n : 0n }));
  mvcc.deleteRange(deleteOf('k3'));
  const sum = await flush(mvcc, store);
  store.close(() => {});
  return { mvcc, medium, sum };
}

const metaKey = Buffer.from([prefix, 1]);
const leaseKey = Buffer.from([prefix, 2, 0, 0, 0, 0, 0, 0, 0, 7]);
const versionKey = (main: number) => Buffer.from([prefix, 3, 0, 0, 0, 0, 0, 0, 0, main, 0, 0, 0, 0]);

test('a batch has what changed, once; a batch of nothing is empty', async () => {
  const { mvcc, store } = await fresh();
  mvcc.put(putOf('a', '1'));
  const first = mvcc.collectFlush();
  expect(first.writes.map(({ type, key }) => [type, key[1]])).toEqual([
    ['put', 3],
    ['put', 1],
  ]);
  expect(first.revision).toBe(2);
  await new Promise<void>((resolve) => store.batch(first.writes, { sync: true }, () => resolve()));
  mvcc.flushed();
  expect(mvcc.flushedRevision).toBe(2);
  const second = mvcc.collectFlush();
  expect(second).toMatchObject({ writes: [], sum: first.sum });
});

test('every key that is written begins with the host’s prefix', async () => {
  const { mvcc } = await fresh();
  ok(mvcc.leaseGrant(-1n, 60));
  mvcc.put(putOf('a', '1'));
  for (const { key } of mvcc.collectFlush().writes) expect(key[0]).toBe(prefix);
});

test('what is applied while a batch is being written is in the next one', async () => {
  const { mvcc, store, medium } = await fresh();
  mvcc.put(putOf('a', '1'));
  ok(mvcc.leaseGrant(1n, 60));
  const { writes } = mvcc.collectFlush();
  const hex = () => writes.map((write) => (write.type === 'put' ? Buffer.from(write.value).toString('hex') : 'del'));
  const before = hex();
  mvcc.put(putOf('a', '2'));
  ok(mvcc.leaseCheckpoint(1n, 9));
  expect(hex()).toEqual(before);
  expect(mvcc.stats().unflushedRecords).toBe(2);
  expect(ok(mvcc.range(rangeOf('a', '', { revision: 2 }))).count).toBe(1);
  await new Promise<void>((resolve) => store.batch(writes, { sync: true }, () => resolve()));
  mvcc.flushed();
  expect([mvcc.flushedRevision, mvcc.stats().unflushedRecords]).toEqual([2, 1]);
  expect(text(ok(mvcc.range(rangeOf('a'))).kvs[0]?.value as Uint8Array)).toBe('2');
  const sum = await flush(mvcc, store);
  store.close(() => {});
  const again = await open(new MemoryStore({ medium }), sum);
  expect(text(ok(again.range(rangeOf('a'))).kvs[0]?.value as Uint8Array)).toBe('2');
  expect(again.lease(1n)?.remainingTtl).toBe(9);
});

test('a version that was compacted before its flush is never written', async () => {
  const { mvcc, store } = await fresh();
  mvcc.put(putOf('a', '1'));
  mvcc.put(putOf('a', '2'));
  ok(mvcc.compact(3));
  drain(mvcc);
  const { writes, sum } = mvcc.collectFlush();
  expect(writes.map(({ type, key }) => [type, key[1]])).toEqual([
    ['put', 3],
    ['put', 1],
  ]);
  expect(sum.records).toBe(2);
  store.close(() => {});
});

test('values that were handed out stay what they were', async () => {
  const { mvcc, store } = await fresh({ cacheBytes: 4_000 });
  mvcc.put(putOf('a', 'first'));
  const unflushed = ok(mvcc.range(rangeOf('a'))).kvs;
  await flush(mvcc, store);
  const cached = ok(mvcc.range(rangeOf('a'))).kvs;
  for (let i = 0; i < 300; i++) mvcc.put(putOf(`k${i}`, 'x'.repeat(50)));
  await flush(mvcc, store);
  for (let i = 0; i < 300; i++) mvcc.put(putOf(`k${i}`, 'y'.repeat(50)));
  expect([...unflushed, ...cached].map((kv) => text(kv.key) + text(kv.value))).toEqual(['afirst', 'afirst']);
});

test('calls out of order are refused', async () => {
  const { mvcc } = await fresh();
  expect(() => mvcc.flushed()).toThrow(/without a batch/);
  mvcc.collectFlush();
  expect(() => mvcc.collectFlush()).toThrow(expect.objectContaining({ code: 'misuse' }));
});

test('a crash before the batch, or after it and before its news, leaves a whole state', async () => {
  const { mvcc, medium, sum } = await written();
  const store = new MemoryStore({ medium });
  const before = await open(store, sum);
  expect(before.hashKv(0)).toEqual(mvcc.hashKv(0));
  before.put(putOf('lost', 'x'));
  before.collectFlush();
  medium.crash();
  const same = await open(new MemoryStore({ medium }), sum);
  expect([same.revision, same.hashKv(0)]).toEqual([12, mvcc.hashKv(0)]);
  same.put(putOf('kept', 'x'));
  const batch = same.collectFlush();
  medium.apply(batch.writes, true);
  medium.crash();
  const later = await open(new MemoryStore({ medium }), batch.sum);
  expect([later.revision, later.hashKv(0)]).toEqual([13, same.hashKv(0)]);
});

test('a state that is opened again is what it was, down to old revisions', async () => {
  const { medium, sum } = await written();
  const mvcc = await open(new MemoryStore({ medium: medium.clone() }), sum);
  const again = await open(new MemoryStore({ medium }), sum, { options: { openRecords: 3 } });
  expect(again.stats()).toMatchObject({ keys: 3, records: 11, unflushedRecords: 0, leases: 1 });
  expect(again.recordsSum).toEqual(sum);
  for (let revision = 1; revision <= 12; revision++) {
    const request = rangeOf('\0', '\0', { revision });
    const { kvs, count } = ok(again.range(request));
    expect(kvs).toEqual(ok(mvcc.range(request)).kvs);
    expect(count).toBe(revision === 12 ? 3 : Math.min(4, revision - 1));
  }
});

test.each([
  ['a version is lost', versionKey(5), () => null, 'wrong-sum'],
  ['the lease is lost', leaseKey, () => null, 'wrong-sum'],
  ['the meta record is lost', metaKey, () => null, 'misplaced-record'],
  ['a bit of a value is flipped', versionKey(5), flip(-1), 'bad-record'],
  ['a bit of a checksum is flipped', versionKey(5), flip(2), 'bad-record'],
  ['the flags are flipped', versionKey(5), flip(5), 'bad-record'],
  ['a key length is absurd', versionKey(5), flip(42), 'bad-record'],
  ['a version is cut short', versionKey(5), (record: Buffer) => record.subarray(0, 20), 'bad-record'],
  ['a version is empty', versionKey(5), () => Buffer.alloc(0), 'bad-record'],
  ['a format of the future', versionKey(5), flip(0), 'unknown-version'],
  ['the lease is flipped', leaseKey, flip(8), 'bad-record'],
  ['the meta record is flipped', metaKey, flip(-1), 'bad-record'],
  ['the meta record has a format of the future', metaKey, flip(0), 'unknown-version'],
] as const)('damage is found at opening: %s', async (_, key, change, kind) => {
  const { medium, sum } = await written();
  medium.damage(key, change(Buffer.from(medium.get(key) as Uint8Array)));
  const outcome = await openOutcome(new MemoryStore({ medium }), sum);
  expect(outcome).toMatchObject({ ok: false, damage: { kind } });
});

test.each([
  ['a version under another’s key', versionKey(5), versionKey(6), 'misplaced-record'],
  ['a version after the last one', versionKey(5), versionKey(99), 'misplaced-record'],
  ['a lease under another id', leaseKey, Buffer.concat([leaseKey.subarray(0, 9), Buffer.of(8)]), 'misplaced-record'],
  ['a key of nobody', leaseKey, Buffer.of(prefix, 9, 9), 'misplaced-record'],
] as const)('a record in the wrong place is damage: %s', async (_, from, to, kind) => {
  const { medium, sum } = await written();
  medium.damage(to, medium.get(from) as Uint8Array);
  expect(await openOutcome(new MemoryStore({ medium }), sum)).toMatchObject({ ok: false, damage: { kind } });
});

test('an old record that comes back is damage, though it is sound', async () => {
  const { medium, sum } = await written();
  const old = Buffer.from(medium.get(versionKey(2)) as Uint8Array);
  const store = new MemoryStore({ medium });
  const mvcc = await open(store, sum);
  ok(mvcc.compact(12));
  drain(mvcc);
  const compacted = await flush(mvcc, store);
  store.close(() => {});
  medium.damage(versionKey(2), old);
  const outcome = await openOutcome(new MemoryStore({ medium }), compacted);
  expect(outcome).toMatchObject({ ok: false, damage: { kind: 'wrong-sum' } });
});

test('records without a sum, and a sum without records, are damage', async () => {
  const { medium, sum } = await written();
  expect(await openOutcome(new MemoryStore({ medium }), null)).toMatchObject({ ok: false });
  expect(await openOutcome(new MemoryStore({ medium: new MemoryMedium() }), sum)).toMatchObject({ ok: false });
});

test('a record that went bad after opening is never served', async () => {
  const { medium, sum } = await written();
  const mvcc = await open(new MemoryStore({ medium }), sum);
  const record = Buffer.from(medium.get(versionKey(10)) as Uint8Array);
  medium.damage(versionKey(10), flip(-1)(Buffer.from(record)));
  const damaged = expect.objectContaining<Partial<MvccError>>({ code: 'damaged-record' });
  expect(() => mvcc.range(rangeOf('k0', 'k9'))).toThrow(damaged);
  medium.damage(versionKey(10), null);
  expect(() => mvcc.range(rangeOf('k0', 'k9'))).toThrow(/missing/);
  medium.damage(versionKey(10), medium.get(versionKey(8)) as Uint8Array);
  expect(() => mvcc.range(rangeOf('k0', 'k9'))).toThrow(damaged);
  medium.damage(versionKey(10), record);
  expect(ok(mvcc.range(rangeOf('k0', 'k9'))).count).toBe(3);
});

test('a store that fails while opening is an error', async () => {
  const medium = new MemoryMedium();
  const store = new MemoryStore({ medium });
  store.close(() => {});
  await expect(openOutcome(store, null)).rejects.toMatchObject({ code: 'closed' });
});

test('an option out of range, or a prefix that is no byte, is named', async () => {
  const store = new MemoryStore();
  await expect(openOutcome(store, null, { options: { cacheBytes: -1 } })).rejects.toThrow(/cacheBytes/);
  await expect(openOutcome(store, null, { options: { catchUpRecords: 0.5 } })).rejects.toThrow(/catchUpRecords/);
  await expect(openOutcome(store, null, { prefix: 256 })).rejects.toThrow(/prefix/);
});

function flip(at: number): (record: Buffer) => Buffer {
  return (record) => {
    const index = at < 0 ? record.length + at : at;
    record[index] = (record[index] as number) ^ 0x41;
    return record;
  };
}
