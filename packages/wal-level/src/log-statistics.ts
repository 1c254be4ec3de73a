/** What the log counts, for metrics. */

/** Counts since the opening, and sizes as of now. */
export interface LogStatistics {
  readonly batches: number;
  /** Calls that were served; writes / batches is how well commits are grouped. */
  readonly writes: number;
  readonly entries: number;
  /** Of records written. */
  readonly bytes: number;
  readonly lastSyncMs: number;
  readonly totalSyncMs: number;
  /** Entries read back from disk. */
  readonly fetchedEntries: number;
  readonly queuedWrites: number;
  readonly queuedBytes: number;
  readonly tailBytes: number;
  readonly readCacheBytes: number;
  /** Entries whose records are still to be deleted. */
  readonly unreclaimedEntries: number;
}

export class LogCounts {
  batches = 0;
  writes = 0;
  entries = 0;
  bytes = 0;
  lastSyncMs = 0;
  totalSyncMs = 0;
  fetchedEntries = 0;

  /** `lastSyncMs` is this batch's. */
  addBatch(entries: number, bytes: number): void {
    this.batches += 1;
    this.entries += entries;
    this.bytes += bytes;
    this.totalSyncMs += this.lastSyncMs;
  }
}
