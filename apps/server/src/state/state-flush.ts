/**
 * What changed since the last flush, on disk as one synced batch with the index that it stands for. A large one is put
 * together in pieces, over many turns of the event loop; it is one batch all the same. Flushes run one at a time.
 */
import type { SnapshotMeta } from '@understudy/raft-core';
import type { StoreBatch, StoreWrite } from '@understudy/store';
import { APPLIED_KEY, encodeAppliedRecord } from './applied-record.js';
import type { StateDatabase } from './state-database.js';
import { nextTurn, writeBatch } from './store-calls.js';

/** Records that are gathered, copied or let go of in one turn: a few milliseconds. */
const RECORDS_A_TURN = 2000;

export interface Flushed {
  readonly durable: SnapshotMeta;
  /** From the call on, milliseconds. */
  readonly tookMs: number;
}

/** `at` is what is applied at the moment of the call. */
export async function flushDatabase(database: StateDatabase, at: SnapshotMeta): Promise<Flushed> {
  const beganMs = performance.now();
  const { store, mvcc, members, ladder, standbys, tablesSum } = database;
  // All in this turn: what is applied from here on belongs to the next flush.
  const versions = mvcc.beginFlush();
  const tables = members.takeWrites().concat(ladder.takeWrites(), standbys.takeWrites());
  tablesSum.apply(tables);
  const rest = (): readonly StoreWrite[] => {
    const applied = encodeAppliedRecord({ ...at, recordsSum: versions.sum, tablesSum: tablesSum.value() });
    return tables.concat([{ type: 'put', key: APPLIED_KEY, value: applied }]);
  };
  const first = versions.next(RECORDS_A_TURN);
  const second = versions.next(RECORDS_A_TURN);
  if (second.length === 0) await writeBatch(store, first.concat(rest()), true);
  else {
    const batch = store.startBatch();
    batch.add(first);
    for (let piece = second; piece.length > 0; piece = versions.next(RECORDS_A_TURN)) {
      await nextTurn();
      batch.add(piece);
    }
    batch.add(rest());
    await written(batch);
  }
  while (!mvcc.flushed(RECORDS_A_TURN)) await nextTurn();
  return { durable: at, tookMs: performance.now() - beganMs };
}

function written(batch: StoreBatch): Promise<void> {
  return new Promise((resolve, reject) => {
    batch.write({ sync: true }, (error) => (error === null ? resolve() : reject(error)));
  });
}
