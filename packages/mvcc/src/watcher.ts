/** What a watch asks for, what it is told, and how it holds back a sender that is faster than its receiver. */
import type { Event } from './key-value.js';

export interface WatchRequest {
  readonly key: Uint8Array;
  /** As in a range. */
  readonly rangeEnd: Uint8Array;
  /** The first revision wanted; 0 and below: from now on. Past: history is caught up first. Future: waits for it. */
  readonly startRevision: number;
  readonly prevKv: boolean;
  /** Leave out puts. */
  readonly noPut: boolean;
  /** Leave out deletions. */
  readonly noDelete: boolean;
}

export interface WatchBatch {
  /** Everything of this watch up to and including this revision has now been told. */
  readonly revision: number;
  /** In the order in which they happened; a revision is never split over two batches. Never empty. */
  readonly events: readonly Event[];
}

/** Where a watch tells. Called synchronously; must not call back into the state machine's writes. */
export interface WatchSink {
  /**
   * False: not taken. The batch is kept and offered again after `Watch.resume()`; nothing else of this watch is
   * buffered meanwhile, the rest is read from history later.
   */
  events(batch: WatchBatch): boolean;
  /** The needed history is compacted; the watch has ended. Always taken. */
  compacted(compactRevision: number): void;
}

export interface Watch {
  /** Not ended by `cancel` or by compaction. */
  readonly active: boolean;
  /**
   * The revision up to which this watch has been told everything, where it is up to date; else null. For progress
   * notifications: nothing at or before it will be told any more.
   */
  progress(): number | null;
  /** The sink can take batches again. */
  resume(): void;
  cancel(): void;
}
