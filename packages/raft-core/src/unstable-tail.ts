/**
 * The end of the log that the host has not yet said is durable: entries, and at most one snapshot that replaces
 * everything before them. Durable entries are dropped from the front without moving the rest.
 */
import { type Entry, EntryType } from './entry.js';
import { fail } from './raft-error.js';
import type { Snapshot } from './snapshot.js';

/** Front room that is worth a move of everything behind it. */
const MIN_WASTE = 1024;
const GONE: Entry = Object.freeze({ term: 0, index: 0, type: EntryType.Normal, data: new Uint8Array(0) });

export class UnstableTail {
  /** Not yet said to be durable; null for none. */
  snapshot: Snapshot | null = null;
  /** The snapshot is being written. */
  snapshotInProgress = false;
  /** Entries before this index are being written, or were. offset <= offsetInProgress <= end. */
  offsetInProgress: number;
  /** Entries at `buffer[head..]`; entry `offset` is at `head`. */
  private buffer: Entry[] = [];
  private head = 0;

  /** `offset`: index of the first entry held; every durable one is below it. */
  constructor(public offset: number) {
    this.offsetInProgress = offset;
  }

  /** One above the last entry held; `offset` where there is none. */
  get end(): number {
    return this.offset + this.buffer.length - this.head;
  }

  get length(): number {
    return this.buffer.length - this.head;
  }

  entry(index: number): Entry {
    return this.buffer[this.head + index - this.offset] as Entry;
  }

  /** The entries in [lo, hi). offset <= lo <= hi <= end. */
  slice(lo: number, hi: number): Entry[] {
    if (lo < this.offset || hi > this.end) fail(`slice [${lo}, ${hi}) of a tail [${this.offset}, ${this.end})`);
    const from = this.head + lo - this.offset;
    return this.buffer.slice(from, from + hi - lo);
  }

  /** The last index known here; 0 where only the durable log knows. */
  lastIndex(): number {
    if (this.length > 0) return this.end - 1;
    return this.snapshot === null ? 0 : this.snapshot.index;
  }

  /** -1 where only the durable log can know. */
  term(index: number): number {
    if (index >= this.offset) return index < this.end ? this.entry(index).term : -1;
    return this.snapshot !== null && this.snapshot.index === index ? this.snapshot.term : -1;
  }

  /** Appends entries; where they begin at or below the last one, they replace it and what follows. */
  append(entries: readonly Entry[], from: number): void {
    const first = (entries[from] as Entry).index;
    if (first > this.end) fail(`append at ${first} to a tail that ends at ${this.end}`);
    if (first <= this.offset) {
      this.buffer = [];
      this.head = 0;
      this.offset = first;
      this.offsetInProgress = first;
    } else {
      this.buffer.length = this.head + first - this.offset;
      this.offsetInProgress = Math.min(this.offsetInProgress, first);
    }
    for (let i = from; i < entries.length; i++) this.buffer.push(entries[i] as Entry);
  }

  /** The snapshot replaces the log. */
  restore(snapshot: Snapshot): void {
    this.buffer = [];
    this.head = 0;
    this.offset = snapshot.index + 1;
    this.offsetInProgress = this.offset;
    this.snapshot = snapshot;
    this.snapshotInProgress = false;
  }

  /** All that is here is given to the host to be written. */
  acceptInProgress(): void {
    this.offsetInProgress = this.end;
    if (this.snapshot !== null) this.snapshotInProgress = true;
  }

  /** Durable up to `index`, unless the entry there has been replaced since by one of another term. */
  stableTo(index: number, term: number): void {
    if (index < this.offset || index >= this.end || this.entry(index).term !== term) return;
    const from = this.head;
    this.head += index + 1 - this.offset;
    this.offset = index + 1;
    this.offsetInProgress = Math.max(this.offsetInProgress, this.offset);
    if (this.head === this.buffer.length) {
      this.buffer = [];
      this.head = 0;
    } else if (this.head >= MIN_WASTE && this.head * 2 >= this.buffer.length) {
      this.buffer = this.buffer.slice(this.head);
      this.head = 0;
    } else {
      // What is durable is let go at once, however large.
      this.buffer.fill(GONE, from, this.head);
    }
  }

  stableSnapshotTo(index: number): void {
    if (this.snapshot === null || this.snapshot.index !== index) return;
    this.snapshot = null;
    this.snapshotInProgress = false;
  }
}
