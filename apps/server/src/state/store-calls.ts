/** The store's callbacks as promises, for the places that are not on the apply path. */
import type { Store, StoreCursor, StoreRange, StoreRecord, StoreWrite } from '@understudy/store';

export function writeBatch(store: Store, writes: readonly StoreWrite[], sync: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    store.batch(writes, { sync }, (error) => (error === null ? resolve() : reject(error)));
  });
}

/** Once everything that is waiting has had its turn. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export function nextRecords(cursor: StoreCursor, maxRecords: number): Promise<readonly StoreRecord[]> {
  return new Promise((resolve, reject) => {
    cursor.next(maxRecords, (error, records) => (error === null ? resolve(records) : reject(error)));
  });
}

/** All records of a range, a bounded number at a time; closes the cursor. */
export async function* batchesOf(cursor: StoreCursor, maxRecords: number): AsyncGenerator<readonly StoreRecord[]> {
  try {
    for (;;) {
      const records = await nextRecords(cursor, maxRecords);
      if (records.length === 0) return;
      yield records;
    }
  } finally {
    cursor.close();
  }
}

export function reclaimSpace(store: Store, range: StoreRange): Promise<void> {
  return new Promise((resolve, reject) => {
    store.reclaim(range, (error) => (error === null ? resolve() : reject(error)));
  });
}

export function closeStore(store: Store): Promise<void> {
  return new Promise((resolve, reject) => {
    store.close((error) => (error === null ? resolve() : reject(error)));
  });
}
