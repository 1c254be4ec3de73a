/**
 * A store on a simulated disk: the in-memory store, with every batch taking its time, failing when the disk says so, and
 * known to the disk while it is on its way.
 */
import {
  type Done,
  type Store,
  type StoreBatch,
  type StoreCursor,
  StoreError,
  type StoreRange,
  type StoreSnapshot,
  type StoreWrite,
} from '@understudy/store';
import { type MemoryMedium, MemoryStore } from '@understudy/store/testing';
import type { Disk, InFlightBatch } from './disk.js';

/** Runs `work` at a time, if the process still lives then. */
export type Later = (atMs: number, work: () => void) => void;

export interface DiskStoreDeps {
  readonly disk: Disk;
  readonly medium: MemoryMedium;
  readonly now: () => number;
  readonly later: Later;
  /** After the current event, before anything from outside. */
  readonly defer: (work: () => void) => void;
}

const READ_MS = 0.05;

export class DiskStore implements Store {
  readonly medium: MemoryMedium;
  private readonly store: MemoryStore;
  // When the last batch is done: batches are done in order.
  private busyUntil = 0;

  constructor(
    private readonly deps: DiskStoreDeps,
    private readonly file: 'log' | 'state',
  ) {
    this.medium = deps.medium;
    this.store = new MemoryStore({ medium: deps.medium, dispatch: (step) => step() });
  }

  getSync(key: Uint8Array): Uint8Array | undefined {
    return this.store.getSync(key);
  }

  batch(writes: readonly StoreWrite[], options: { readonly sync: boolean }, done: Done): void {
    const { deps } = this;
    const { disk } = deps;
    const failure = disk.takeFailure(this.file);
    const inFlight: InFlightBatch = { medium: this.medium, writes };
    if (options.sync) disk.inFlight.push(inFlight);
    else if (failure === null) {
      // Without a sync it is the system's at once, and the disk's some day.
      this.store.batch(writes, options, () => {});
      this.wrote(writes, false);
      deps.defer(() => done(null));
      return;
    }
    this.busyUntil = Math.max(disk.doneAt(deps.now()), this.busyUntil);
    deps.later(this.busyUntil, () => {
      const at = disk.inFlight.indexOf(inFlight);
      if (at >= 0) disk.inFlight.splice(at, 1);
      if (failure !== null) {
        done(new StoreError(failure, failure === 'full' ? 'no space left on the disk' : 'the disk gave an error'));
        return;
      }
      this.wrote(writes, true);
      this.store.batch(writes, options, (error) => {
        if (disk.separatesAcknowledgement()) deps.later(deps.now() + 0.2, () => done(error));
        else done(error);
      });
    });
  }

  startBatch(): StoreBatch {
    const gathered: StoreWrite[] = [];
    return {
      add: (writes) => {
        for (const write of writes) gathered.push(structuredClone(write));
      },
      write: (options, done) => this.batch(gathered, options, done),
    };
  }

  /** Each step takes its time, so that whoever reads again and again does not stop all others. */
  cursor(range: StoreRange): StoreCursor {
    const cursor = this.store.cursor(range);
    return {
      next: (maxRecords, done) => {
        const { later, now } = this.deps;
        later(now() + READ_MS, () => cursor.next(maxRecords, done));
      },
      close: () => cursor.close(),
    };
  }

  snapshot(): StoreSnapshot {
    return this.store.snapshot();
  }

  reclaim(range: StoreRange, done: Done): void {
    this.store.reclaim(range, done);
  }

  clear({ gte, lt }: StoreRange, done: Done): void {
    const deletes: StoreWrite[] = [];
    for (const { key } of this.medium.view()) {
      const below = gte !== undefined && Buffer.compare(key, gte) < 0;
      const above = lt !== undefined && Buffer.compare(key, lt) >= 0;
      if (!below && !above) deletes.push({ type: 'del', key });
    }
    this.batch(deletes, { sync: false }, done);
  }

  close(done: Done): void {
    this.store.close(done);
  }

  private wrote(writes: readonly StoreWrite[], sync: boolean): void {
    this.deps.disk.written(this.medium, writes, sync ? 0 : this.medium.unsyncedBatches);
  }
}
