/** What an embedder may set. All are plain numbers; none of them changes what the state is, except `minLeaseTtl`. */

export interface MvccOptions {
  /**
   * The smallest time-to-live a lease gets, in seconds; a smaller request is raised to it, as etcd does. Default 1.
   * It is part of what a grant means: the same on every member. At least one and a half election timeouts, rounded up.
   */
  readonly minLeaseTtl?: number;
  /**
   * Bytes of flushed records kept in memory for reads of current values. Default 8 MiB; 0 keeps none. Raise it where
   * hot keys do not fit and reads reach the disk.
   */
  readonly cacheBytes?: number;
  /** Index entries that one `step` of compaction visits. Default 2,000: about a millisecond. */
  readonly compactionStepKeys?: number;
  /** Deletions that compaction leaves for the next flush before it waits for that flush. Default 20,000. */
  readonly maxPendingDeletes?: number;
  /** Records that one `step` reads from history for watches that are behind. Default 256. */
  readonly catchUpRecords?: number;
  /**
   * Bytes of records after which such a `step` ends, at the end of a revision. Default 1 MiB. Bounds what is read for a
   * watch of large values before it is told.
   */
  readonly catchUpBytes?: number;
  /** Records read at a time while opening. Default 1,024. */
  readonly openRecords?: number;
  /**
   * How often the time left of a long lease is to be stored, in milliseconds. Default 300,000, as etcd. Leases with
   * less than this left get no checkpoint.
   */
  readonly checkpointIntervalMs?: number;
}

export interface ResolvedOptions {
  readonly minLeaseTtl: number;
  readonly cacheBytes: number;
  readonly compactionStepKeys: number;
  readonly maxPendingDeletes: number;
  readonly catchUpRecords: number;
  readonly catchUpBytes: number;
  readonly openRecords: number;
  readonly checkpointIntervalMs: number;
}

/** The largest time-to-live that etcd accepts, in seconds. */
export const maxLeaseTtl = 9_000_000_000;

/** Throws a RangeError that names the field. */
export function resolveOptions(options: MvccOptions = {}): ResolvedOptions {
  return {
    minLeaseTtl: integer('minLeaseTtl', options.minLeaseTtl ?? 1, 1, maxLeaseTtl),
    cacheBytes: integer('cacheBytes', options.cacheBytes ?? 8 << 20, 0, 2 ** 40),
    compactionStepKeys: integer('compactionStepKeys', options.compactionStepKeys ?? 2_000, 1, 1_000_000),
    maxPendingDeletes: integer('maxPendingDeletes', options.maxPendingDeletes ?? 20_000, 1, 10_000_000),
    catchUpRecords: integer('catchUpRecords', options.catchUpRecords ?? 256, 1, 100_000),
    catchUpBytes: integer('catchUpBytes', options.catchUpBytes ?? 1 << 20, 1, 2 ** 40),
    openRecords: integer('openRecords', options.openRecords ?? 1_024, 1, 100_000),
    checkpointIntervalMs: integer('checkpointIntervalMs', options.checkpointIntervalMs ?? 300_000, 1_000, 2 ** 40),
  };
}

function integer(field: string, value: number, min: number, max: number): number {
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    throw new RangeError(`${field} must be an integer from ${min} to ${max}; it is ${value}`);
  }
  return value;
}
