/** Options of a LevelDB store. The defaults keep two stores in one process small rather than fast at bulk loads. */
import { StoreError } from './store-error.js';

const KIB = 1024;
const MIB = 1024 * KIB;

export interface LevelStoreOptions {
  /**
   * Bytes of writes gathered in memory before they become a table; up to two such buffers are held. Larger writes
   * fewer tables and takes longer to open. Default 4 MiB, 64 KiB to 256 MiB.
   */
  readonly writeBufferBytes?: number;
  /** Bytes of table blocks kept in memory. Size it to the keys that are read again. Default 8 MiB, 0 to 4,095 MiB. */
  readonly cacheBytes?: number;
  /**
   * Table files held open, each mapped into memory. Default 256, 74 to 50,000; at 2 MiB a table, 256 cover 512 MiB of
   * data without reopening.
   */
  readonly maxOpenFiles?: number;
  /** Snappy on table blocks. Turn it off where values do not compress or are rarely read. Default true. */
  readonly compression?: boolean;
  /** Bytes a cursor reads ahead in one step. Larger is faster over long ranges. Default 128 KiB, 1 KiB to 16 MiB. */
  readonly readAheadBytes?: number;
  /**
   * Check every block of every table when opening, about a second for each GiB. Without it LevelDB parses damaged blocks
   * as they are, and may end the process. Default true.
   */
  readonly verifyTables?: boolean;
  /** Make the store where there is none. Default true; when false, a missing store fails with code `io`. */
  readonly createIfMissing?: boolean;
}

export type ResolvedLevelStoreOptions = Required<LevelStoreOptions>;

/** Throws StoreError `invalid-argument`, naming the field. */
export function resolveLevelStoreOptions(options: LevelStoreOptions): ResolvedLevelStoreOptions {
  return {
    writeBufferBytes: inRange('writeBufferBytes', options.writeBufferBytes ?? 4 * MIB, 64 * KIB, 256 * MIB),
    cacheBytes: inRange('cacheBytes', options.cacheBytes ?? 8 * MIB, 0, 4095 * MIB),
    maxOpenFiles: inRange('maxOpenFiles', options.maxOpenFiles ?? 256, 74, 50_000),
    compression: options.compression ?? true,
    readAheadBytes: inRange('readAheadBytes', options.readAheadBytes ?? 128 * KIB, KIB, 16 * MIB),
    verifyTables: options.verifyTables ?? true,
    createIfMissing: options.createIfMissing ?? true,
  };
}

function inRange(field: string, value: number, min: number, max: number): number {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw new StoreError('invalid-argument', `${field} is ${value}; it must be an integer from ${min} to ${max}`);
}
