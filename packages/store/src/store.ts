/**
 * The ordered store beneath the log and the state: bytes to bytes, keys in byte order. Callbacks rather than promises,
 * so that a simulated backend can run it on virtual time. LevelDB is a container, not a guard: whoever stores records
 * checks them.
 *
 * Errors are `StoreError`s. A call on a closed store fails with code `closed`: `getSync`, `startBatch`, `cursor`
 * and `snapshot` throw it, the others pass it to their callback.
 */

/** The first argument is null on success. After an error the outcome of a synchronous write is unknown. */
export type Done = (error: Error | null) => void;

export type StoreWrite =
  | { readonly type: 'put'; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: Uint8Array };

export interface StoreRange {
  /** Inclusive; the beginning when absent. */
  readonly gte?: Uint8Array;
  /** Exclusive; the end when absent. */
  readonly lt?: Uint8Array;
  readonly reverse?: boolean;
}

export interface StoreRecord {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** A position in a range; reads a consistent view as of its creation. */
export interface StoreCursor {
  /**
   * The next records, at most `maxRecords` and possibly fewer; an empty list is the end. One call at a time. The bytes
   * belong to the caller.
   */
  next(maxRecords: number, done: (error: Error | null, records: readonly StoreRecord[]) => void): void;
  close(): void;
}

/** A consistent view of the whole store; holds disk space until closed. */
export interface StoreSnapshot {
  cursor(range: StoreRange): StoreCursor;
  close(): void;
}

/** A batch that is put together in pieces, so that a large one need not be in one turn. As `batch` otherwise. */
export interface StoreBatch {
  /** Keys and values are copied before the call returns. */
  add(writes: readonly StoreWrite[]): void;
  /** Once; nothing is written before. Its place in the order of batches is that of this call. */
  write(options: { readonly sync: boolean }, done: Done): void;
}

export interface Store {
  /** Undefined when absent. Throws StoreError. The bytes belong to the caller. */
  getSync(key: Uint8Array): Uint8Array | undefined;
  /**
   * Atomic, in the order given: a later write to a key wins. With `sync`, on disk when done, and so is every batch
   * before it. Keys are not empty. Keys and values are copied before the call returns, so their memory may be reused.
   */
  batch(writes: readonly StoreWrite[], options: { readonly sync: boolean }, done: Done): void;
  startBatch(): StoreBatch;
  cursor(range: StoreRange): StoreCursor;
  snapshot(): StoreSnapshot;
  /** Deletes a range in bounded steps; not atomic, not synced. */
  clear(range: StoreRange, done: Done): void;
  /**
   * Gives back the disk space of what was deleted or overwritten in a range. Changes no record; may take long, and holds
   * no other call up.
   */
  reclaim(range: StoreRange, done: Done): void;
  /** Waits for what is under way. Closing twice is no error. */
  close(done: Done): void;
}
