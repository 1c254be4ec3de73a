/**
 * The store on LevelDB, by way of `level`. It hands records through as they are: what LevelDB fails to notice (a flipped
 * bit in a table, a batch lost from the middle of its log) it does not notice either, and it never calls `repair()`,
 * which would make such a loss look like a healthy store.
 */
import { Level } from 'level';
import { findLevelFault, findManifestFault } from './level-files/verify.js';
import { toStoreError } from './level-errors.js';
import { type LevelStoreOptions, type ResolvedLevelStoreOptions, resolveLevelStoreOptions } from './level-options.js';
import type {
  Done,
  Store,
  StoreBatch,
  StoreCursor,
  StoreRange,
  StoreRecord,
  StoreSnapshot,
  StoreWrite,
} from './store.js';
import { StoreError } from './store-error.js';

type Iterator = ReturnType<RawLevel['iterator']>;
type Snapshot = ReturnType<RawLevel['snapshot']>;

const FIRST = Uint8Array.of(0);
/** No key of ours begins with so many bytes of 255. */
const BEHIND_ALL = new Uint8Array(64).fill(0xff);
const NO_RECORDS: readonly StoreRecord[] = Object.freeze([]);

/**
 * The public `batch` copies every write into a new object with all options spread into it, which costs six times what
 * the native call does (0.45 ms against 0.07 ms for 64 writes). Keys and values are bytes already, so the copy has
 * nothing to do here and the implementation's own hook is called directly.
 */
class RawLevel extends Level<Uint8Array, Uint8Array> {
  writeBatch(writes: readonly StoreWrite[], options: { readonly sync: boolean }): Promise<void> {
    const hook = this as unknown as { _batch(writes: readonly StoreWrite[], options: object): Promise<void> };
    return hook._batch(writes, options);
  }

  /** Only LevelDB on disk has `compactRange`. */
  async reclaim({ gte = FIRST, lt = BEHIND_ALL }: StoreRange): Promise<void> {
    const native = this as unknown as { compactRange(start: Uint8Array, end: Uint8Array): Promise<void> };
    await native.compactRange(gte, lt);
  }

  /** The writes, copied now, to be written later. Dearer than `writeBatch`. */
  copyBatch(writes: readonly StoreWrite[]): CopiedBatch {
    const copy = this.batch();
    addTo(copy, writes);
    return copy;
  }
}

type ChainedBatch = ReturnType<RawLevel['batch']>;

interface CopiedBatch {
  write(options: { readonly sync: boolean }): Promise<void>;
}

function addTo(batch: ChainedBatch, writes: readonly StoreWrite[]): void {
  for (const write of writes) {
    if (write.type === 'put') batch.put(write.key, write.value);
    else batch.del(write.key);
  }
}

/**
 * Opens the LevelDB at `directory`, and makes it there unless told otherwise.
 * Rejects with StoreError: `locked` when it is open elsewhere, `corrupted`, `full`, `io`, `invalid-argument`.
 */
export async function openLevelStore(directory: string, options: LevelStoreOptions = {}): Promise<LevelStore> {
  const resolved = resolveLevelStoreOptions(options);
  try {
    const fault = resolved.verifyTables ? await findLevelFault(directory) : null;
    if (fault !== null) throw new StoreError('corrupted', `open ${directory}: ${fault}`);
    // Only now: once made, it begins to open by itself.
    const level = new RawLevel(directory, { keyEncoding: 'view', valueEncoding: 'view' });
    await level.open({
      createIfMissing: resolved.createIfMissing,
      writeBufferSize: resolved.writeBufferBytes,
      cacheSize: resolved.cacheBytes,
      maxOpenFiles: resolved.maxOpenFiles,
      compression: resolved.compression,
    });
    return new LevelStore(level, directory, resolved);
  } catch (error) {
    const refused = toStoreError(error, `open ${directory}`);
    const fault = refused.code === 'corrupted' ? await findManifestFault(directory).catch(() => null) : null;
    if (fault === null) throw refused;
    throw new StoreError('corrupted', `${refused.message} (${fault})`, { cause: error });
  }
}

/** A store on LevelDB; made by `openLevelStore`. */
export class LevelStore implements Store {
  readonly #level: RawLevel;
  readonly #directory: string;
  readonly #options: ResolvedLevelStoreOptions;
  // Set before LevelDB begins to close: the native batch must not be reached after that.
  #closed = false;
  // Batches that are being written or wait for those; settles, never rejects, when the last of them is over.
  #batches = 0;
  #lastBatch: Promise<void> = Promise.resolve();

  constructor(level: RawLevel, directory: string, options: ResolvedLevelStoreOptions) {
    this.#level = level;
    this.#directory = directory;
    this.#options = options;
  }

  getSync(key: Uint8Array): Uint8Array | undefined {
    this.#assertOpen('get');
    try {
      return this.#level.getSync(key);
    } catch (error) {
      throw toStoreError(error, `get from ${this.#directory}`);
    }
  }

  batch(writes: readonly StoreWrite[], options: { readonly sync: boolean }, done: Done): void {
    const doing = `batch of ${writes.length} writes to ${this.#directory}`;
    if (this.#closed) {
      settle(Promise.reject(this.#closedError('batch')), doing, done);
      return;
    }
    const work = this.#batches === 0 ? this.#level.writeBatch(writes, options) : this.#writeNext(writes, options);
    this.#follow(work, doing, done);
  }

  /** Two batches at once would race for LevelDB's lock on threads of their own, and the later one could be first. */
  #writeNext(writes: readonly StoreWrite[], options: { readonly sync: boolean }): Promise<void> {
    const copy = this.#level.copyBatch(writes);
    return this.#lastBatch.then(() => copy.write(options));
  }

  /** `work` is the last batch now. */
  #follow(work: Promise<void>, doing: string, done: Done): void {
    const over = (): void => {
      this.#batches -= 1;
    };
    this.#batches += 1;
    this.#lastBatch = work.then(over, over);
    settle(work, doing, done);
  }

  startBatch(): StoreBatch {
    this.#assertOpen('batch');
    const batch = this.#level.batch();
    return {
      add: (writes) => {
        this.#assertOpen('batch');
        addTo(batch, writes);
      },
      write: (options, done) => {
        const doing = `batch of ${batch.length} writes to ${this.#directory}`;
        if (this.#closed) settle(Promise.reject(this.#closedError('batch')), doing, done);
        else
          this.#follow(
            this.#lastBatch.then(() => batch.write(options)),
            doing,
            done,
          );
      },
    };
  }

  cursor(range: StoreRange): StoreCursor {
    return this.#openCursor(range, undefined);
  }

  snapshot(): StoreSnapshot {
    this.#assertOpen('snapshot');
    const snapshot = this.#level.snapshot();
    return {
      cursor: (range) => this.#openCursor(range, snapshot),
      close: () => release(snapshot),
    };
  }

  clear(range: StoreRange, done: Done): void {
    const doing = `clear in ${this.#directory}`;
    settle(this.#closed ? Promise.reject(this.#closedError('clear')) : this.#level.clear(bounds(range)), doing, done);
  }

  reclaim(range: StoreRange, done: Done): void {
    const doing = `reclaim space in ${this.#directory}`;
    settle(this.#closed ? Promise.reject(this.#closedError('reclaim')) : this.#level.reclaim(range), doing, done);
  }

  close(done: Done): void {
    this.#closed = true;
    const closed = this.#lastBatch.then(() => this.#level.close());
    settle(closed, `close ${this.#directory}`, done);
  }

  #openCursor(range: StoreRange, snapshot: Snapshot | undefined): StoreCursor {
    this.#assertOpen('cursor');
    const options = { ...bounds(range), highWaterMarkBytes: this.#options.readAheadBytes, fillCache: false };
    try {
      const iterator = this.#level.iterator(snapshot === undefined ? options : { ...options, snapshot });
      return new LevelCursor(iterator, this.#directory);
    } catch (error) {
      throw toStoreError(error, `cursor in ${this.#directory}`);
    }
  }

  #assertOpen(what: string): void {
    if (this.#closed) throw this.#closedError(what);
  }

  #closedError(what: string): StoreError {
    return new StoreError('closed', `${what} on the closed store ${this.#directory}`);
  }
}

class LevelCursor implements StoreCursor {
  readonly #iterator: Iterator;
  readonly #directory: string;

  constructor(iterator: Iterator, directory: string) {
    this.#iterator = iterator;
    this.#directory = directory;
  }

  next(maxRecords: number, done: (error: Error | null, records: readonly StoreRecord[]) => void): void {
    this.#iterator.nextv(maxRecords).then(
      (entries) => {
        const records = new Array<StoreRecord>(entries.length);
        for (let i = 0; i < entries.length; i++) {
          const entry = entries[i] as [Uint8Array, Uint8Array];
          records[i] = { key: entry[0], value: entry[1] };
        }
        done(null, records);
      },
      (error: unknown) => done(toStoreError(error, `read from ${this.#directory}`), NO_RECORDS),
    );
  }

  close(): void {
    release(this.#iterator);
  }
}

function bounds(range: StoreRange): { gte?: Uint8Array; lt?: Uint8Array; reverse: boolean } {
  const result: { gte?: Uint8Array; lt?: Uint8Array; reverse: boolean } = { reverse: range.reverse ?? false };
  if (range.gte !== undefined) result.gte = range.gte;
  if (range.lt !== undefined) result.lt = range.lt;
  return result;
}

/** An error thrown by `done` itself is the owner's, and ends up as an unhandled rejection, not in `done` again. */
function settle(promise: Promise<void>, doing: string, done: Done): void {
  promise.then(
    () => done(null),
    (error: unknown) => done(toStoreError(error, doing)),
  );
}

/** Closing a cursor or snapshot frees memory; a failure has nobody to go to, and closing the store reports it. */
function release(resource: { close(): Promise<void> }): void {
  resource.close().catch(() => {});
}
