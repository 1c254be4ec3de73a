/** The newest entries, in memory, bounded in bytes: what a leader sends and what is applied next is nearly always here. */
import { EntryType, type Entry } from '@understudy/raft-core';
import { endOfRun, memoryBytes } from './entry-run.js';

const EVICTED: Entry = Object.freeze({ term: 0, index: 0, type: EntryType.Normal, data: new Uint8Array(0) });
const MIN_SLOTS_TO_SHRINK = 1024;

export class Tail {
  readonly #maxBytes: number;
  // Contiguous from #head on; slots before it are evicted.
  #entries: Entry[] = [];
  #head = 0;
  // Index of #entries[#head]; meaningless while empty.
  #firstIndex = 0;
  // bytes <= maxBytes, unless a single entry is larger
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get length(): number {
    return this.#entries.length - this.#head;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The lowest index held; infinite while empty. */
  get firstIndex(): number {
    return this.length === 0 ? Number.POSITIVE_INFINITY : this.#firstIndex;
  }

  /** `entry` follows the last one; where there is none, it may be any. */
  append(entry: Entry): void {
    if (this.length === 0) this.#firstIndex = entry.index;
    this.#entries.push(entry);
    this.#bytes += memoryBytes(entry);
    while (this.#bytes > this.#maxBytes && this.length > 1) this.#evictOldest();
  }

  /** Entries of [lo, hi) that fit; lo is held, hi at most one past the end. */
  slice(lo: number, hi: number, maxBytes: number): readonly Entry[] {
    const from = this.#head + (lo - this.#firstIndex);
    return this.#entries.slice(from, endOfRun(this.#entries, from, from + (hi - lo), maxBytes));
  }

  truncateFrom(index: number): void {
    while (this.length > 0 && this.#firstIndex + this.length - 1 >= index) {
      this.#bytes -= memoryBytes(this.#entries.pop() as Entry);
    }
    if (this.length === 0) this.clear();
  }

  dropThrough(index: number): void {
    while (this.length > 0 && this.#firstIndex <= index) this.#evictOldest();
  }

  clear(): void {
    this.#entries = [];
    this.#head = 0;
    this.#bytes = 0;
  }

  #evictOldest(): void {
    this.#bytes -= memoryBytes(this.#entries[this.#head] as Entry);
    this.#entries[this.#head] = EVICTED;
    this.#head += 1;
    this.#firstIndex += 1;
    if (this.#head < MIN_SLOTS_TO_SHRINK || this.#head * 2 < this.#entries.length) return;
    this.#entries = this.#entries.slice(this.#head);
    this.#head = 0;
  }
}
