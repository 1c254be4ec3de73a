/** Reads older entries back from the store. Each record is checked again, and its link to the one before it. */
import { type Entry, entrySize } from '@understudy/raft-core';
import type { Store, StoreCursor } from '@understudy/store';
import { RollingChain } from './chain.js';
import type { Damage } from './damage.js';
import { entryKey, indexOfKey } from './keys.js';
import type { LogPoint } from './log-state.js';
import { readEntry } from './record.js';

const STEP_RECORDS = 256;

export type ReadOutcome =
  | { readonly kind: 'read'; readonly entries: readonly Entry[] }
  | { readonly kind: 'damaged'; readonly damage: Damage }
  | { readonly kind: 'failed'; readonly error: Error };

/** The point of one durable entry. */
export function readPoint(store: Store, index: number): LogPoint | Damage {
  const bytes = store.getSync(entryKey(index));
  if (bytes === undefined) return { what: 'missing', where: 'entry', index, detail: 'the record is gone' };
  const read = readEntry(index, bytes);
  if (!read.ok) return unreadable(index, read.reason);
  const { entry, chainHi, chainLo } = read.value;
  return { index, term: entry.term, chain: { hi: chainHi, lo: chainLo } };
}

/** Entries of [lo, hi), at least one, up to about `maxBytes`. */
export function readEntries(
  store: Store,
  range: { readonly lo: number; readonly hi: number; readonly maxBytes: number },
  done: (outcome: ReadOutcome) => void,
): void {
  const cursor = store.cursor({ gte: entryKey(range.lo), lt: entryKey(range.hi) });
  new EntryReader(cursor, range, done).step();
}

class EntryReader {
  readonly #cursor: StoreCursor;
  readonly #hi: number;
  readonly #maxBytes: number;
  readonly #done: (outcome: ReadOutcome) => void;
  readonly #entries: Entry[] = [];
  readonly #chain = new RollingChain({ hi: 0, lo: 0 });
  #next: number;
  #bytes = 0;

  constructor(
    cursor: StoreCursor,
    range: { readonly lo: number; readonly hi: number; readonly maxBytes: number },
    done: (outcome: ReadOutcome) => void,
  ) {
    this.#cursor = cursor;
    this.#next = range.lo;
    this.#hi = range.hi;
    this.#maxBytes = range.maxBytes;
    this.#done = done;
  }

  step(): void {
    this.#cursor.next(Math.min(STEP_RECORDS, this.#hi - this.#next), (error, records) => {
      if (error !== null) {
        this.#finish({ kind: 'failed', error });
        return;
      }
      for (const { key, value } of records) {
        const damage = this.#accept(indexOfKey(key), value);
        if (damage !== null) {
          this.#finish({ kind: 'damaged', damage });
          return;
        }
        if (this.#bytes >= this.#maxBytes) break;
      }
      if (this.#bytes >= this.#maxBytes || this.#next >= this.#hi) {
        this.#finish({ kind: 'read', entries: this.#entries });
      } else if (records.length === 0) {
        this.#finish({ kind: 'damaged', damage: this.#missing() });
      } else {
        this.step();
      }
    });
  }

  #accept(index: number | null, bytes: Uint8Array): Damage | null {
    if (index !== this.#next) return this.#missing();
    const read = readEntry(index, bytes);
    if (!read.ok) return unreadable(index, read.reason);
    const { entry, dataCrc, chainHi, chainLo } = read.value;
    if (this.#entries.length > 0) {
      this.#chain.extend(entry.type, entry.data.length, index, entry.term, dataCrc);
      if (this.#chain.hi !== chainHi || this.#chain.lo !== chainLo) {
        return { what: 'broken-chain', where: 'entry', index, detail: `term ${entry.term} does not follow` };
      }
    } else {
      this.#chain.moveTo(chainHi, chainLo);
    }
    this.#entries.push(entry);
    this.#bytes += entrySize(entry);
    this.#next += 1;
    return null;
  }

  #missing(): Damage {
    return { what: 'missing', where: 'entry', index: this.#next, detail: 'the record is gone' };
  }

  #finish(outcome: ReadOutcome): void {
    this.#cursor.close();
    this.#done(outcome);
  }
}

function unreadable(index: number, reason: string): Damage {
  return { what: 'unreadable', where: 'entry', index, detail: `the record has a wrong ${reason}` };
}
