/** Older entries that were fetched from disk for a follower that lags, or for a replay: a few runs, bounded in bytes. */
import type { Entry } from '@understudy/raft-core';
import { endOfRun, memoryBytes } from './entry-run.js';

interface Run {
  readonly firstIndex: number;
  // Contiguous, not empty.
  readonly entries: readonly Entry[];
  readonly bytes: number;
  lastUse: number;
}

const NO_ENTRIES: readonly Entry[] = Object.freeze([]);

export class ReadCache {
  readonly #maxBytes: number;
  #runs: Run[] = [];
  // bytes <= maxBytes, unless a single run is larger
  #bytes = 0;
  #uses = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Keeps a run; the ones that were not used for longest make room. */
  add(entries: readonly Entry[]): void {
    const first = entries[0];
    if (first === undefined) return;
    let bytes = 0;
    for (const entry of entries) bytes += memoryBytes(entry);
    this.#uses += 1;
    this.#runs.push({ firstIndex: first.index, entries, bytes, lastUse: this.#uses });
    this.#bytes += bytes;
    while (this.#bytes > this.#maxBytes && this.#runs.length > 1) this.#evictOne();
  }

  /** Entries of [lo, hi) that are in one run and fit; empty where `lo` is not held. */
  slice(lo: number, hi: number, maxBytes: number): readonly Entry[] {
    const run = this.#find(lo);
    if (run === undefined) return NO_ENTRIES;
    this.#uses += 1;
    run.lastUse = this.#uses;
    const from = lo - run.firstIndex;
    const to = Math.min(from + (hi - lo), run.entries.length);
    return run.entries.slice(from, endOfRun(run.entries, from, to, maxBytes));
  }

  has(index: number): boolean {
    return this.#find(index) !== undefined;
  }

  /** Drops every run that reaches `index` or beyond. */
  truncateFrom(index: number): void {
    this.#keep((run) => run.firstIndex + run.entries.length <= index);
  }

  /** Drops runs that end at or before `index`. */
  dropThrough(index: number): void {
    this.#keep((run) => run.firstIndex + run.entries.length > index + 1);
  }

  clear(): void {
    this.#keep(() => false);
  }

  #find(index: number): Run | undefined {
    return this.#runs.find(({ firstIndex, entries }) => index >= firstIndex && index < firstIndex + entries.length);
  }

  #evictOne(): void {
    let oldest = this.#runs[0] as Run;
    for (const run of this.#runs) if (run.lastUse < oldest.lastUse) oldest = run;
    this.#keep((run) => run !== oldest);
  }

  #keep(wanted: (run: Run) => boolean): void {
    this.#runs = this.#runs.filter(wanted);
    this.#bytes = this.#runs.reduce((bytes, run) => bytes + run.bytes, 0);
  }
}
