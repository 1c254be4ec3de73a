/**
 * Deletes the records that a durable compaction or snapshot left behind the log's beginning, a bounded range at a time
 * and without syncs: what a crash brings back is found at the next start and deleted then.
 */
import type { Store } from '@understudy/store';
import { entryKey } from './keys.js';

export class Reclaimer {
  readonly #store: Store;
  readonly #stepEntries: number;
  readonly #report: (error: Error) => void;
  // Nothing is left below it.
  #from = 0;
  // Records up to it are to go; always below the log's first index.
  #through = -1;
  #running = false;
  #stopped = false;

  constructor(store: Store, stepEntries: number, report: (error: Error) => void) {
    this.#store = store;
    this.#stepEntries = stepEntries;
    this.#report = report;
  }

  get pendingEntries(): number {
    return Math.max(0, this.#through - this.#from + 1);
  }

  /** Adds a range; ranges grow upwards. */
  add(from: number, through: number): void {
    if (through < from) return;
    if (this.pendingEntries === 0) this.#from = from;
    this.#through = Math.max(this.#through, through);
    if (this.#running) return;
    this.#running = true;
    this.#step();
  }

  stop(): void {
    this.#stopped = true;
  }

  #step(): void {
    if (this.#stopped || this.pendingEntries === 0) {
      this.#running = false;
      return;
    }
    const end = Math.min(this.#from + this.#stepEntries, this.#through + 1);
    this.#store.clear({ gte: entryKey(this.#from), lt: entryKey(end) }, (error) => {
      if (error !== null) {
        this.#running = false;
        if (!this.#stopped) this.#report(error);
        return;
      }
      this.#from = end;
      this.#step();
    });
  }
}
