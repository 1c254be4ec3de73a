/**
 * The readable side of the log: where it begins and ends, every term, and the entries that are in memory. It shows only
 * what is durable; the writer moves it on when a batch is.
 */
import type { Entry, LogReadFailure } from '@understudy/raft-core';
import type { BatchPlan } from './batch-plan.js';
import type { LogState } from './log-state.js';
import type { ResolvedLogOptions } from './options.js';
import { ReadCache } from './read-cache.js';
import type { Tail } from './tail.js';
import type { TermTable } from './term-table.js';

export class LogIndex {
  readonly cache: ReadCache;
  readonly #tail: Tail;
  readonly #terms: TermTable;
  #state: LogState;
  // Grows whenever entries were replaced or dropped: what was read from disk before may be of the past.
  #epoch = 0;

  constructor(options: ResolvedLogOptions, loaded: { state: LogState; tail: Tail; terms: TermTable }) {
    this.#state = loaded.state;
    this.#tail = loaded.tail;
    this.#terms = loaded.terms;
    this.cache = new ReadCache(options.readCacheBytes);
  }

  get state(): LogState {
    return this.#state;
  }

  get epoch(): number {
    return this.#epoch;
  }

  get tailBytes(): number {
    return this.#tail.bytes;
  }

  get cacheBytes(): number {
    return this.cache.bytes;
  }

  get firstIndex(): number {
    return this.#state.anchor.index + 1;
  }

  get lastIndex(): number {
    return this.#state.last.index;
  }

  /** Where the entries in memory begin; one past the end where there are none. */
  get tailIndex(): number {
    return Math.min(this.#tail.firstIndex, this.lastIndex + 1);
  }

  term(index: number): number | 'compacted' | 'unavailable' {
    const { anchor, last } = this.#state;
    if (index > last.index) return 'unavailable';
    if (index <= anchor.index) return index === anchor.index ? anchor.term : 'compacted';
    return this.#terms.at(index);
  }

  entries(lo: number, hi: number, maxBytes: number): readonly Entry[] | LogReadFailure {
    if (lo < this.firstIndex) return 'compacted';
    if (lo >= hi || hi > this.lastIndex + 1) return 'unavailable';
    if (lo >= this.#tail.firstIndex) return this.#tail.slice(lo, hi, maxBytes);
    const cached = this.cache.slice(lo, hi, maxBytes);
    return cached.length > 0 ? cached : 'pending';
  }

  /** The plan is durable, and the log is at `state`. */
  apply(plan: BatchPlan, state: LogState): void {
    const { snapshot, entries } = plan;
    const first = entries[0];
    if (snapshot !== null) this.#restart();
    else if (first !== undefined && first.index <= this.lastIndex) this.#truncateFrom(first.index);
    for (const entry of entries) {
      this.#tail.append(entry);
      this.#terms.append(entry.index, entry.term);
    }
    if (state.anchor.index > this.#state.anchor.index && snapshot === null) this.#dropThrough(state.anchor.index);
    this.#state = state;
  }

  /** The commit index moved in memory only; `state` is what the next batch starts from. */
  replaceState(state: LogState): void {
    this.#state = state;
  }

  #restart(): void {
    this.#epoch += 1;
    this.#tail.clear();
    this.#terms.clear();
    this.cache.clear();
  }

  #truncateFrom(index: number): void {
    this.#epoch += 1;
    this.#tail.truncateFrom(index);
    this.#terms.truncateFrom(index);
    this.cache.truncateFrom(index);
  }

  #dropThrough(index: number): void {
    this.#tail.dropThrough(index);
    this.#terms.dropThrough(index);
    this.cache.dropThrough(index);
  }
}
