/** Brings entries that left memory back into it, for a reader that lags. */
import type { Done, Store } from '@understudy/store';
import { type ReadOutcome, readEntries } from './entry-reader.js';
import type { Scheduler } from './high-water-device.js';
import type { LogIndex } from './log-index.js';
import type { LogCounts } from './log-statistics.js';
import { damagedError, toWalError } from './wal-error.js';

export interface EntryFetcherDeps {
  readonly store: Store;
  readonly scheduler: Scheduler;
  readonly index: LogIndex;
  readonly counts: LogCounts;
}

export interface EntryFetcherOptions {
  /** For messages. */
  readonly name: string;
  /** A run that fills the cache by itself would push out what other readers are about to read. */
  readonly maxRunBytes: number;
  /** Whether a batch is on its way: the store may show parts of the log that are not durable yet. */
  readonly isWriting: () => boolean;
}

export class EntryFetcher {
  readonly #deps: EntryFetcherDeps;
  readonly #options: EntryFetcherOptions;

  constructor(deps: EntryFetcherDeps, options: EntryFetcherOptions) {
    this.#deps = deps;
    this.#options = options;
  }

  /** Where nothing is to be read, because it is in memory or gone, `done` is called without error all the same. */
  fetch(lo: number, hi: number, maxBytes: number, done: Done): void {
    const { index, store, scheduler } = this.#deps;
    const end = Math.min(hi, index.tailIndex);
    if (lo < index.firstIndex || lo >= end || index.cache.has(lo)) {
      scheduler.defer(() => done(null));
      return;
    }
    const { epoch } = index;
    const limit = Math.max(1, Math.min(maxBytes, this.#options.maxRunBytes));
    try {
      readEntries(store, { lo, hi: end, maxBytes: limit }, (outcome) => this.#take(outcome, lo, epoch, done));
    } catch (error) {
      scheduler.defer(() => done(toWalError(error, `fetch from ${this.#options.name}`)));
    }
  }

  #take(outcome: ReadOutcome, lo: number, epoch: number, done: Done): void {
    const { index, counts } = this.#deps;
    if (outcome.kind === 'failed') {
      done(toWalError(outcome.error, `fetch from ${this.#options.name}`));
      return;
    }
    // Replaced or dropped meanwhile: there is nothing to keep, and the reader's next call tells.
    const moved = epoch !== index.epoch || lo < index.firstIndex || this.#options.isWriting();
    if (outcome.kind === 'damaged') {
      done(moved ? null : damagedError(this.#options.name, outcome.damage));
      return;
    }
    const last = outcome.entries[outcome.entries.length - 1];
    if (epoch === index.epoch && last !== undefined && index.term(last.index) === last.term) {
      counts.fetchedEntries += outcome.entries.length;
      index.cache.add(outcome.entries);
    }
    done(null);
  }
}
