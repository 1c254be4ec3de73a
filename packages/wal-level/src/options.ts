/** Options of the log. */
import { WalError } from './wal-error.js';

const KIB = 1024;
const MIB = 1024 * KIB;

export interface LogOptions {
  /**
   * Bytes of the newest entries kept in memory. Larger than what followers usually lag by, else their reads go to disk.
   * Default 16 MiB, 64 KiB to 1 GiB.
   */
  readonly tailBytes?: number;
  /** Bytes of older entries kept once they were fetched, for all readers together. Default 8 MiB, 64 KiB to 1 GiB. */
  readonly readCacheBytes?: number;
  /**
   * Bytes of entries in one batch. Writes that wait together beyond it become several batches; a larger single write
   * is one batch all the same. Default 8 MiB, 64 KiB to 256 MiB.
   */
  readonly maxBatchBytes?: number;
  /** Entries deleted in one step after a compaction. Smaller disturbs writes less. Default 4,096, 16 to 1,000,000. */
  readonly reclaimStepEntries?: number;
  /**
   * Milliseconds by which the high-water record on disk may lag what was acknowledged. Shorter hides less after a power
   * cut together with damage, and costs more syncs. Default 100, 1 to 10,000; without effect when `paranoid`.
   */
  readonly highWaterLagMs?: number;
  /** Sync the high-water record with each batch. Doubles the syncs of a write. Default false. */
  readonly paranoid?: boolean;
  /**
   * Open a damaged log all the same, cut to what passed every check and `recovering`. Only for a member that has peers
   * to refetch the rest from. Default false: a damaged log is refused and left as it is.
   */
  readonly recover?: boolean;
  /**
   * Make the log one of this cluster, by force: what it may have lost is given up, it recovers no more, and no member of
   * the cluster that it was of knows it again. 1 to 2^53 - 1. Default null: the log stays in its cluster.
   */
  readonly newClusterId?: number | null;
}

export type ResolvedLogOptions = Required<LogOptions>;

/** Throws WalError `invalid-argument`, naming the field. */
export function resolveLogOptions(options: LogOptions): ResolvedLogOptions {
  return {
    tailBytes: inRange('tailBytes', options.tailBytes ?? 16 * MIB, 64 * KIB, 1024 * MIB),
    readCacheBytes: inRange('readCacheBytes', options.readCacheBytes ?? 8 * MIB, 64 * KIB, 1024 * MIB),
    maxBatchBytes: inRange('maxBatchBytes', options.maxBatchBytes ?? 8 * MIB, 64 * KIB, 256 * MIB),
    reclaimStepEntries: inRange('reclaimStepEntries', options.reclaimStepEntries ?? 4096, 16, 1_000_000),
    highWaterLagMs: inRange('highWaterLagMs', options.highWaterLagMs ?? 100, 1, 10_000),
    paranoid: options.paranoid ?? false,
    recover: options.recover ?? false,
    newClusterId:
      (options.newClusterId ?? null) === null
        ? null
        : inRange('newClusterId', options.newClusterId as number, 1, Number.MAX_SAFE_INTEGER),
  };
}

function inRange(field: string, value: number, min: number, max: number): number {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw new WalError('invalid-argument', `${field} is ${value}; it must be an integer from ${min} to ${max}`);
}
