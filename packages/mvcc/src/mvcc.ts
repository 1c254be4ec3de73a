/**
 * The state machine's face: revisions of keys, leases and watches over one prefix of a store. Applying is synchronous
 * and deterministic: the same calls in the same order give the same state on every member. No clock, no timers, no
 * promises: time is an argument, background work is done in `step`, and what is to be made durable is handed out by
 * `collectFlush`.
 */
import type { Store, StoreWrite } from '@understudy/store';
import type { LeaseView } from './lease-table.js';
import type { Lessor } from './lessor.js';
import type { Damage } from './mvcc-error.js';
import type { MvccOptions } from './options.js';
import type { Outcome } from './outcome.js';
import type { RecordsSum } from './records-sum.js';
import type { DeleteRangeRequest, PutRequest, RangeRequest, TxnRequest } from './request.js';
import type { DeleteRangeResponse, PutResponse, RangeResponse, TxnResponse } from './response.js';
import type { RangeCursor } from './range-cursor.js';
import type { Watch, WatchRequest, WatchSink } from './watcher.js';

export interface MvccDeps {
  readonly store: Store;
  /** The first byte of every key this state writes; all other keys of the store are the host's. */
  readonly prefix: number;
  /**
   * The sum that the host stored with its last applied record; null where it stored none, and the prefix must then be
   * empty.
   */
  readonly expectedSum: RecordsSum | null;
  /** There is work for `step` where there was none. Called from any method; only schedule in it. */
  readonly onWork?: (() => void) | undefined;
}

export type OpenOutcome = { readonly ok: true; readonly mvcc: Mvcc } | { readonly ok: false; readonly damage: Damage };

export interface FlushBatch {
  /** One batch, together with the host's applied record, `sync: true`. */
  readonly writes: readonly StoreWrite[];
  /** The sum over all records once the batch is written: part of the host's applied record. */
  readonly sum: RecordsSum;
  /** The revision that the batch brings the store to. */
  readonly revision: number;
}

export interface MvccStats {
  /** Keys that exist now. */
  readonly keys: number;
  /** Stored versions and tombstones, older ones included. */
  readonly records: number;
  /** Bytes of all records, flushed or not, before the store's own compression and overhead. */
  readonly bytes: number;
  /** Bytes of the records that only memory has. What the host's flush policy looks at. */
  readonly unflushedBytes: number;
  readonly unflushedRecords: number;
  readonly pendingDeletes: number;
  /** Compaction is scrubbing, or waits for a flush, a range cursor or a hash. */
  readonly compacting: boolean;
  readonly leases: number;
  readonly watches: number;
  /** Watches that read history. */
  readonly watchesBehind: number;
  /** Watches whose receiver did not take a batch. */
  readonly watchesBlocked: number;
}

export interface KvHash {
  /** uint32 */
  readonly hash: number;
  readonly revision: number;
  /** -1 before the first compaction. */
  readonly compactRevision: number;
}

export declare class Mvcc {
  /** `done` gets an error where the store failed; damage is an outcome. */
  static open(
    deps: MvccDeps,
    options: MvccOptions,
    done: (error: Error | null, outcome: OpenOutcome | null) => void,
  ): void;

  /** Starts at 1; one more with each request that changed keys. */
  readonly revision: number;
  /** -1 before the first compaction. */
  readonly compactedRevision: number;
  /** flushedRevision <= revision */
  readonly flushedRevision: number;
  /** After the last `collectFlush`, or as opened. */
  readonly recordsSum: RecordsSum;
  /** When leases expire: volatile, the leader's. */
  readonly lessor: Lessor;

  put(request: PutRequest): Outcome<PutResponse>;
  range(request: RangeRequest): Outcome<RangeResponse>;
  /** The same read in pieces, in key order, for ranges too large for one turn. Close it: compaction waits for it. */
  openRange(request: RangeRequest): Outcome<{ readonly cursor: RangeCursor }>;
  deleteRange(request: DeleteRangeRequest): Outcome<DeleteRangeResponse>;
  txn(request: TxnRequest): Outcome<TxnResponse>;
  /** Forgets the history before `revision`, except what is live at it. The records go in the background, see `step`. */
  compact(revision: number): Outcome<{ readonly revision: number }>;

  leaseGrant(id: bigint, ttl: number): Outcome<{ readonly id: bigint; readonly ttl: number }>;
  /** Deletes the lease's keys, in key order, in one revision. */
  leaseRevoke(id: bigint): Outcome<{ readonly revision: number }>;
  /** Stores what is left of a long lease, so that a new leader does not start over; 0 forgets it. Seconds. */
  leaseCheckpoint(id: bigint, remainingTtl: number): Outcome<{ readonly remainingTtl: number }>;
  lease(id: bigint): LeaseView | undefined;
  /** Ascending. */
  leaseIds(): bigint[];

  /** Once per run of applied requests: tells the watches. */
  endApply(): void;
  watch(request: WatchRequest, sink: WatchSink): Outcome<{ readonly watch: Watch }>;
  /** Moves every watch to another state of the same cluster, as after an installed snapshot. This one is then done. */
  moveWatchesTo(next: Mvcc): void;

  /** A bounded piece of background work: compaction, watches that catch up. True: there is more to do now. */
  step(): boolean;

  /** What changed since the last call. The next `collectFlush` comes after `flushed`. */
  collectFlush(): FlushBatch;
  /** The batch is durable. */
  flushed(): void;

  /** Over the live history up to `revision`; 0: now. The same on every member at the same compacted revision. */
  hashKv(revision: number): Outcome<KvHash>;

  stats(): MvccStats;
}
