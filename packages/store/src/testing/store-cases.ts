/**
 * What every store must do, as cases that any test runner can run:
 * `for (const { title, run } of storeCases) test(title, () => run(openStore))`.
 */
import assert from 'node:assert/strict';
import type { Store, StoreRecord, StoreWrite } from '../store.js';
import { completed, readAll, readRange, writeBatch } from './callbacks.js';

export interface StoreCase {
  readonly title: string;
  /** `open` gives a new, empty store each time it is called; the case closes it. */
  run(open: () => Promise<Store>): Promise<void>;
}

const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);
const put = (key: Uint8Array, value: Uint8Array): StoreWrite => ({ type: 'put', key, value });
const del = (key: Uint8Array): StoreWrite => ({ type: 'del', key });
const hex = (value: Uint8Array | undefined): string | undefined => value && Buffer.from(value).toString('hex');
const keysOf = (records: readonly StoreRecord[]): (string | undefined)[] => records.map(({ key }) => hex(key));

function storeCase(title: string, body: (store: Store) => Promise<void>): StoreCase {
  return {
    title,
    async run(open) {
      const store = await open();
      try {
        await body(store);
      } finally {
        await completed((done) => store.close(done));
      }
    },
  };
}

async function fill(store: Store, count: number): Promise<void> {
  await writeBatch(
    store,
    Array.from({ length: count }, (_, i) => put(bytes(i >>> 8, i & 0xff), bytes(i & 0xff))),
  );
}

export const storeCases: readonly StoreCase[] = [
  storeCase('an absent key reads as undefined, and an empty value as empty', async (store) => {
    await writeBatch(store, [put(bytes(1), bytes())]);
    assert.equal(store.getSync(bytes(2)), undefined);
    assert.equal(store.getSync(bytes(1))?.length, 0);
  }),

  storeCase('in one batch a later write to a key wins', async (store) => {
    await writeBatch(store, [put(bytes(1), bytes(1)), del(bytes(1)), put(bytes(2), bytes(1)), put(bytes(2), bytes(2))]);
    await writeBatch(store, [put(bytes(3), bytes(3)), del(bytes(3))], true);
    assert.deepEqual(keysOf(await readRange(store)), ['02']);
    assert.equal(hex(store.getSync(bytes(2))), '02');
  }),

  storeCase('keys and values may be reused as soon as batch returns, Buffers too', async (store) => {
    for (const [key, value] of [
      [bytes(1), bytes(1)],
      [Buffer.from([2]), Buffer.from([1])],
    ] as const) {
      const at = bytes(...key);
      const written = writeBatch(store, [put(key, value)], true);
      key[0] = 9;
      value[0] = 9;
      await written;
      assert.equal(hex(store.getSync(at)), '01');
      assert.equal(store.getSync(bytes(9)), undefined);
    }
  }),

  storeCase('what was read belongs to the reader', async (store) => {
    await writeBatch(store, [put(bytes(1), bytes(1))]);
    store.getSync(bytes(1))?.fill(9);
    for (const record of await readRange(store)) record.value.fill(9);
    assert.equal(hex(store.getSync(bytes(1))), '01');
  }),

  storeCase('batches take effect in the order they were given', async (store) => {
    // Many rounds: where batches race, the last one still wins most of the time.
    for (let round = 0; round < 50; round += 1) {
      await Promise.all([0, 1, 2, 3].map((i) => writeBatch(store, [put(bytes(1), bytes(i))], i % 2 === 0)));
      assert.equal(hex(store.getSync(bytes(1))), '03');
    }
  }),

  storeCase('a batch put together in pieces is one batch, and nothing before it is written', async (store) => {
    const batch = store.startBatch();
    const value = bytes(1);
    batch.add([put(bytes(1), value), put(bytes(2), bytes(2))]);
    value[0] = 9;
    await writeBatch(store, [put(bytes(3), bytes(1))], true);
    assert.deepEqual(keysOf(await readRange(store)), ['03']);
    batch.add([del(bytes(2)), put(bytes(3), bytes(2))]);
    const written = completed((done) => batch.write({ sync: true }, done));
    const later = writeBatch(store, [put(bytes(4), bytes(4))], true);
    await Promise.all([written, later]);
    assert.deepEqual(keysOf(await readRange(store)), ['01', '03', '04']);
    assert.equal(hex(store.getSync(bytes(1))), '01');
    assert.equal(hex(store.getSync(bytes(3))), '02');
  }),

  storeCase('a batch put together in pieces fails with code closed after close', async (store) => {
    const batch = store.startBatch();
    batch.add([put(bytes(1), bytes(1))]);
    await completed((done) => store.close(done));
    const closed = { name: 'StoreError', code: 'closed' };
    assert.throws(() => batch.add([put(bytes(2), bytes(1))]), closed);
    assert.throws(() => store.startBatch(), closed);
    await assert.rejects(
      completed((done) => batch.write({ sync: true }, done)),
      closed,
    );
  }),

  storeCase('an empty batch is done without error', async (store) => {
    await writeBatch(store, [], true);
  }),

  storeCase('a cursor gives keys in unsigned byte order, a prefix first', async (store) => {
    const keys = [bytes(0xff), bytes(0x7f, 1), bytes(0x80), bytes(0x7f), bytes(0), bytes(0x7f, 0)];
    await writeBatch(
      store,
      keys.map((key) => put(key, key)),
    );
    assert.deepEqual(keysOf(await readRange(store)), ['00', '7f', '7f00', '7f01', '80', 'ff']);
  }),

  storeCase('a range includes gte and excludes lt, in both directions', async (store) => {
    await fill(store, 6);
    const range = { gte: bytes(0, 1), lt: bytes(0, 4) };
    assert.deepEqual(keysOf(await readRange(store, range)), ['0001', '0002', '0003']);
    assert.deepEqual(keysOf(await readRange(store, { ...range, reverse: true })), ['0003', '0002', '0001']);
    assert.deepEqual(keysOf(await readRange(store, { gte: bytes(0, 4), lt: bytes(0, 1) })), []);
  }),

  storeCase('a cursor steps through a long range without loss or repetition', async (store) => {
    await fill(store, 2500);
    const records = await readAll(store.cursor({}), 700);
    assert.equal(records.length, 2500);
    assert.equal(new Set(keysOf(records)).size, 2500);
  }),

  storeCase('a cursor keeps the view of its creation', async (store) => {
    await fill(store, 10);
    const cursor = store.cursor({});
    await writeBatch(store, [del(bytes(0, 3)), put(bytes(0, 4), bytes(99)), put(bytes(9), bytes(9))]);
    const records = await readAll(cursor, 3);
    assert.equal(records.length, 10);
    assert.equal(hex(records[4]?.value), '04');
  }),

  storeCase('a snapshot keeps its view for every cursor, whatever is written', async (store) => {
    await fill(store, 10);
    const snapshot = store.snapshot();
    await completed((done) => store.clear({}, done));
    assert.equal((await readAll(snapshot.cursor({ gte: bytes(0, 5) }))).length, 5);
    assert.equal((await readAll(snapshot.cursor({}))).length, 10);
    snapshot.close();
    assert.equal((await readRange(store)).length, 0);
  }),

  storeCase('reclaim changes no record, in a range and in all of them', async (store) => {
    await writeBatch(store, [
      { type: 'put', key: bytes(1), value: bytes(1) },
      { type: 'put', key: bytes(2), value: bytes(2) },
      { type: 'del', key: bytes(1) },
    ]);
    await completed((done) => store.reclaim({ gte: bytes(0), lt: bytes(9) }, done));
    await completed((done) => store.reclaim({}, done));
    assert.deepEqual(keysOf(await readRange(store)), keysOf([{ key: bytes(2), value: bytes(2) }]));
  }),

  storeCase('clear deletes its range and nothing else', async (store) => {
    await fill(store, 3000);
    await completed((done) => store.clear({ gte: bytes(0, 10), lt: bytes(11, 0) }, done));
    const keys = keysOf(await readRange(store));
    assert.equal(keys.length, 10 + 3000 - 11 * 256);
    assert.deepEqual(keys.slice(9, 11), ['0009', '0b00']);
  }),

  storeCase('a closed store answers with code closed', async (store) => {
    await fill(store, 1);
    const cursor = store.cursor({});
    await completed((done) => store.close(done));
    const closed = { name: 'StoreError', code: 'closed' };
    assert.throws(() => store.getSync(bytes(1)), closed);
    assert.throws(() => store.cursor({}), closed);
    assert.throws(() => store.snapshot(), closed);
    await assert.rejects(writeBatch(store, [put(bytes(1), bytes(1))]), closed);
    await assert.rejects(
      completed((done) => store.clear({}, done)),
      closed,
    );
    await assert.rejects(readAll(cursor), closed);
    await completed((done) => store.close(done));
  }),

  storeCase('close waits for a batch that is under way', async (store) => {
    let written = false;
    const batch = writeBatch(store, [put(bytes(1), bytes(1))], true).then(() => {
      written = true;
    });
    await completed((done) => store.close(done));
    await batch;
    assert.equal(written, true);
  }),
];
