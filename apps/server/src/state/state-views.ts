/**
 * Views of the state as a flush has just left it: a snapshot for a peer, and the records of the key-value state for a
 * file. To be opened in the very turn in which the flush is over; each holds disk space until it is closed.
 */
import type { RecordsSum } from '@understudy/mvcc';
import type { SnapshotMeta } from '@understudy/raft-core';
import type { StateSnapshot } from '@understudy/raft-node';
import type { StoreRecord } from '@understudy/store';
import { encodeRecords } from './snapshot-stream.js';
import type { StateDatabase } from './state-database.js';
import { batchesOf } from './store-calls.js';

/** Everything that a snapshot file holds. */
export interface StateExport {
  readonly index: number;
  readonly term: number;
  readonly revision: number;
  readonly sum: RecordsSum;
  /** Estimate of the bytes to come. */
  readonly sizeHint: number;
  batches(): AsyncIterable<readonly StoreRecord[]>;
  close(): void;
}

const EXPORT_RECORDS = 512;

/** `meta` is what the flush made durable. */
export function snapshotOf({ store, mvcc }: StateDatabase, meta: SnapshotMeta): StateSnapshot {
  const view = store.snapshot();
  return {
    meta,
    sizeHint: mvcc.stats().bytes,
    chunks: (signal) => encodeRecords(view.cursor({}), signal),
    close: () => view.close(),
  };
}

export function exportOf({ store, mvcc }: StateDatabase, { index, term }: SnapshotMeta): StateExport {
  const [range] = mvcc.recordRanges(1);
  const view = store.snapshot();
  return {
    index,
    term,
    revision: mvcc.flushedRevision,
    sum: mvcc.recordsSum,
    sizeHint: mvcc.stats().bytes,
    batches: () => batchesOf(view.cursor(range ?? {}), EXPORT_RECORDS),
    close: () => view.close(),
  };
}
