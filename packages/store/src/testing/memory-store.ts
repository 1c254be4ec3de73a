/**
 * A store in memory: no timers, no promises. Every piece of work is a step given to `dispatch`; a batch takes two, one
 * that puts it on the medium and one that calls back, so that a crash can fall between them. Faults go around it: wrap
 * it in another `Store`, or damage its medium.
 */
import type {
  Done,
  Store,
  StoreBatch,
  StoreCursor,
  StoreRange,
  StoreRecord,
  StoreSnapshot,
  StoreWrite,
} from '../store.js';
import { StoreError } from '../store-error.js';
import { type Dispatch, runNow } from './dispatch.js';
import { copyOfBytes, MemoryMedium, selectRange } from './memory-medium.js';

const NO_RECORDS: readonly StoreRecord[] = Object.freeze([]);
const CLEAR_STEP_RECORDS = 1000;

export interface MemoryStoreDeps {
  /** What the store is kept on; a new one when absent. */
  readonly medium?: MemoryMedium;
  /** At once when absent. */
  readonly dispatch?: Dispatch;
}

export class MemoryStore implements Store {
  readonly medium: MemoryMedium;
  readonly #dispatch: Dispatch;
  #closed = false;

  /** Throws StoreError `locked` when another store is open on the medium. */
  constructor(deps: MemoryStoreDeps = {}) {
    this.medium = deps.medium ?? new MemoryMedium();
    this.#dispatch = deps.dispatch ?? runNow;
    if (this.medium.inUse) throw new StoreError('locked', 'open: the medium is in use by another store');
    this.medium.inUse = true;
  }

  getSync(key: Uint8Array): Uint8Array | undefined {
    this.#assertOpen('get');
    const value = this.medium.get(key);
    return value === undefined ? undefined : copyOfBytes(value);
  }

  batch(writes: readonly StoreWrite[], options: { readonly sync: boolean }, done: Done): void {
    if (this.#closed) {
      this.#refuse('batch', done);
      return;
    }
    const copies = writes.map(copyOf);
    const { sync } = options;
    this.#dispatch(() => {
      this.medium.apply(copies, sync);
      this.#dispatch(() => done(null));
    });
  }

  startBatch(): StoreBatch {
    this.#assertOpen('batch');
    const copies: StoreWrite[] = [];
    return {
      add: (writes) => {
        this.#assertOpen('batch');
        for (const write of writes) copies.push(copyOf(write));
      },
      write: (options, done) => this.batch(copies, options, done),
    };
  }

  cursor(range: StoreRange): StoreCursor {
    this.#assertOpen('cursor');
    return this.#cursorOver(selectRange(this.medium.view(), range));
  }

  snapshot(): StoreSnapshot {
    this.#assertOpen('snapshot');
    const records = this.medium.view();
    return {
      cursor: (range) => {
        this.#assertOpen('cursor');
        return this.#cursorOver(selectRange(records, range));
      },
      close: () => {},
    };
  }

  reclaim(_range: StoreRange, done: Done): void {
    if (this.#closed) this.#refuse('reclaim', done);
    else this.#dispatch(() => done(null));
  }

  clear(range: StoreRange, done: Done): void {
    if (this.#closed) {
      this.#refuse('clear', done);
      return;
    }
    const records = selectRange(this.medium.view(), range);
    const step = (from: number): void => {
      const keys = records.slice(from, from + CLEAR_STEP_RECORDS);
      if (keys.length === 0) {
        done(null);
        return;
      }
      this.medium.apply(
        keys.map(({ key }) => ({ type: 'del', key })),
        false,
      );
      this.#dispatch(() => step(from + keys.length));
    };
    this.#dispatch(() => step(0));
  }

  close(done: Done): void {
    const first = !this.#closed;
    this.#closed = true;
    this.#dispatch(() => {
      if (first) this.medium.inUse = false;
      done(null);
    });
  }

  #cursorOver(records: readonly StoreRecord[]): StoreCursor {
    let next = 0;
    return {
      next: (maxRecords, done) => {
        this.#dispatch(() => {
          if (this.#closed) {
            done(closedError('read'), NO_RECORDS);
            return;
          }
          const found = records.slice(next, next + maxRecords);
          next += found.length;
          done(null, found.map(cloneRecord));
        });
      },
      close: () => {},
    };
  }

  #assertOpen(what: string): void {
    if (this.#closed) throw closedError(what);
  }

  #refuse(what: string, done: Done): void {
    this.#dispatch(() => done(closedError(what)));
  }
}

function closedError(what: string): StoreError {
  return new StoreError('closed', `${what} on a closed store`);
}

function copyOf(write: StoreWrite): StoreWrite {
  if (write.type === 'del') return { type: 'del', key: copyOfBytes(write.key) };
  return { type: 'put', key: copyOfBytes(write.key), value: copyOfBytes(write.value) };
}

function cloneRecord(record: StoreRecord): StoreRecord {
  return { key: copyOfBytes(record.key), value: copyOfBytes(record.value) };
}
