/** Promises over the store's callbacks, for tests and for code that is not on a hot path. */
import type { Done, Store, StoreCursor, StoreRange, StoreRecord, StoreWrite } from '../store.js';

/** Resolves when `start`'s callback reports success, rejects with its error. */
export function completed(start: (done: Done) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error === null ? resolve() : reject(error)));
  });
}

export function writeBatch(store: Store, writes: readonly StoreWrite[], sync = false): Promise<void> {
  return completed((done) => store.batch(writes, { sync }, done));
}

/** Every record that is left in `cursor`, which is closed. */
export async function readAll(cursor: StoreCursor, stepRecords = 100): Promise<StoreRecord[]> {
  const all: StoreRecord[] = [];
  for (;;) {
    const records = await new Promise<readonly StoreRecord[]>((resolve, reject) => {
      cursor.next(stepRecords, (error, found) => (error === null ? resolve(found) : reject(error)));
    });
    if (records.length === 0) break;
    for (const record of records) all.push(record);
  }
  cursor.close();
  return all;
}

export function readRange(store: Store, range: StoreRange = {}): Promise<StoreRecord[]> {
  return readAll(store.cursor(range));
}
