import { readAll } from '@understudy/store/testing';
import { expect, test } from 'vitest';
import { AlarmType, readSnapshot, writeSnapshot } from '../src/index.js';
import { deleteOf, flush, fresh, prefix, putOf } from './harness.js';

async function* one<T>(item: T): AsyncGenerator<T> {
  yield item;
}

/** A state with keys, a deletion, a lease, a user and an alarm, as a file and as its records. */
async function file() {
  const { mvcc, store } = await fresh();
  mvcc.leaseGrant(7n, 60);
  for (let i = 0; i < 50; i++) mvcc.put(putOf(`key${i}`, 'v'.repeat(i), { lease: i === 3 ? 7n : 0n }));
  mvcc.deleteRange(deleteOf('key9'));
  mvcc.auth.addUser('u', 'hash', false);
  mvcc.alarms.raise(1, AlarmType.noSpace);
  const sum = await flush(mvcc, store);
  const records = await readAll(store.cursor({}));
  const header = { clusterId: 'c', memberId: 'm', index: 5, term: 2, revision: mvcc.revision, sum };
  const chunks: Uint8Array[] = [];
  for await (const chunk of writeSnapshot(header, one(records))) chunks.push(chunk);
  return { bytes: Buffer.concat(chunks), records, header };
}

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

test('what is written is read back, whatever the pieces it comes in, and described', async () => {
  const { bytes, records, header } = await file();
  for (const size of [1, 7, 512, bytes.length]) {
    const read: { key: Uint8Array; value: Uint8Array }[] = [];
    const status = await readSnapshot(inPieces(bytes, size), prefix, { records: (some) => void read.push(...some) });
    expect(status).toMatchObject({ ...header, bytes: bytes.length, records: records.length, keys: 49, leases: 1 });
    expect(read.map(({ key, value }) => [Buffer.from(key), Buffer.from(value)])).toEqual(
      records.map(({ key, value }) => [Buffer.from(key), Buffer.from(value)]),
    );
  }
});

test('it ends with its SHA-256, after whole blocks of 512 bytes', async () => {
  const { bytes } = await file();
  expect(bytes.length % 512).toBe(32);
  const status = await readSnapshot(one(bytes), prefix);
  expect(status.hash).toBe(bytes.subarray(-32).toString('hex'));
});

test('a cut file is damage, wherever it is cut', async () => {
  const { bytes } = await file();
  for (let length = 0; length < bytes.length; length += 61) {
    await expect(readSnapshot(one(bytes.subarray(0, length)), prefix)).rejects.toMatchObject({
      code: 'damaged-snapshot',
    });
  }
  const longer = Buffer.concat([bytes, Buffer.from('x')]);
  await expect(readSnapshot(one(longer), prefix)).rejects.toMatchObject({ code: 'damaged-snapshot' });
});

test('a flipped bit is damage, wherever it is', async () => {
  const { bytes } = await file();
  for (let at = 0; at < bytes.length; at += 17) {
    const flipped = Buffer.from(bytes);
    flipped[at] = (flipped[at] as number) ^ 4;
    await expect(readSnapshot(one(flipped), prefix), `at ${at}`).rejects.toMatchObject({ code: 'damaged-snapshot' });
  }
});

test('a header that names other records than there are is damage, though every hash is right', async () => {
  const { records, header } = await file();
  const rewritten = async (more: object, kept = records): Promise<Buffer> => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of writeSnapshot({ ...header, ...more }, one(kept))) chunks.push(chunk);
    return Buffer.concat(chunks);
  };
  await readSnapshot(one(await rewritten({})), prefix);
  for (const wrong of [await rewritten({ revision: 3 }), await rewritten({}, records.slice(0, -1))]) {
    await expect(readSnapshot(one(wrong), prefix)).rejects.toMatchObject({ code: 'damaged-snapshot' });
  }
});
