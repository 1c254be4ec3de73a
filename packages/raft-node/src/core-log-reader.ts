/**
 * What the core reads: the durable log, the configuration as of the flushed state, and snapshots from the sender.
 * Entries that are on disk but not in memory are fetched behind the scenes; the core is told when they are there.
 */
import type { ConfState, Entry, HardState, LogReader, LogReadFailure, Snapshot } from '@understudy/raft-core';
import type { RaftLog } from './raft-log.js';

/** Reads from disk at a time; beyond it the core simply asks again. */
const MAX_FETCHES = 8;

export interface CoreLogReaderDeps {
  readonly log: RaftLog;
  readonly hardState: HardState;
  readonly confState: ConfState;
  readonly snapshot: (to: number) => Snapshot | 'unavailable';
  readonly fetched: () => void;
  readonly fail: (error: Error) => void;
}

export class CoreLogReader implements LogReader {
  // The first index of each fetch that runs.
  readonly #fetching = new Set<number>();

  constructor(private readonly deps: CoreLogReaderDeps) {}

  initialState(): { readonly hardState: HardState; readonly confState: ConfState } {
    return { hardState: this.deps.hardState, confState: this.deps.confState };
  }

  firstIndex(): number {
    return this.deps.log.firstIndex();
  }

  lastIndex(): number {
    return this.deps.log.lastIndex();
  }

  term(index: number): number | 'compacted' | 'unavailable' {
    return this.deps.log.term(index);
  }

  entries(lo: number, hi: number, maxBytes: number): readonly Entry[] | LogReadFailure {
    const entries = this.deps.log.entries(lo, hi, maxBytes);
    if (entries === 'pending') this.#fetch(lo, hi, maxBytes);
    return entries;
  }

  snapshot(to: number): Snapshot | 'unavailable' {
    return this.deps.snapshot(to);
  }

  #fetch(lo: number, hi: number, maxBytes: number): void {
    if (this.#fetching.has(lo) || this.#fetching.size >= MAX_FETCHES) return;
    this.#fetching.add(lo);
    this.deps.log.fetch(lo, hi, maxBytes, (error) => {
      this.#fetching.delete(lo);
      if (error === null) this.deps.fetched();
      else this.deps.fail(error);
    });
  }
}
