/** A log on memory whose steps the test takes, and the entries and writes that tests put into logs. */
import { type Entry, EntryType, type HardState, type SnapshotMeta } from '@understudy/raft-core';
import type { LogWrite } from '@understudy/raft-node';
import type { Store } from '@understudy/store';
import { MemoryMedium, MemoryStore, StepQueue } from '@understudy/store/testing';
import type { Scheduler } from '../src/high-water-device.js';
import type { MemberIdentity } from '../src/identity.js';
import { type LoadedLog, type LogOptions, loadLog, resolveLogOptions, StoreLog, type WalError } from '../src/index.js';
import { HighWaterMedium, MemoryHighWater } from '../src/testing/index.js';

export const MEMBER: MemberIdentity = { memberId: 0x1_0000_0005, clusterId: 7 };
export const SYSTEM_BOOT = 'ab'.repeat(16);
const OTHER_BOOT = 'cd'.repeat(16);

export function entryAt(index: number, term = 1, size = 20): Entry {
  const data = new Uint8Array(size);
  for (let i = 0; i < size; i++) data[i] = index * 31 + term * 7 + i;
  return { term, index, type: EntryType.Normal, data };
}

export function entriesFrom(first: number, count: number, term = 1, size = 20): Entry[] {
  return Array.from({ length: count }, (_, i) => entryAt(first + i, term, size));
}

export function writeOf(write: Partial<LogWrite>): LogWrite {
  return { hardState: null, entries: [], snapshot: null, mustSync: true, ...write };
}

export function appendOf(first: number, count: number, term = 1): LogWrite {
  return writeOf({ entries: entriesFrom(first, count, term) });
}

export function hardStateOf(term: number, vote: number, commit: number): HardState {
  return { term, vote, commit };
}

export function snapshotAt(index: number, term: number): SnapshotMeta {
  const confState = {
    voters: [1, 2, 0x1_0000_0005],
    votersOutgoing: [1],
    learners: [9],
    learnersNext: [3],
    autoLeave: true,
  };
  return { index, term, confState };
}

export class MemoryDisk {
  readonly medium = new MemoryMedium();
  readonly highWater = new HighWaterMedium();
}

/** A process with a log on a disk. Time stands still unless moved. */
export class MemoryProcess {
  readonly queue = new StepQueue();
  nowMs = 1000;
  readonly #disk: { medium: MemoryMedium; highWater: HighWaterMedium };
  log!: StoreLog;
  loaded: LoadedLog | null = null;
  error: WalError | null = null;
  store: Store;

  constructor(disk: { medium: MemoryMedium; highWater: HighWaterMedium }, wrap: (store: Store) => Store = (s) => s) {
    this.#disk = disk;
    this.store = wrap(new MemoryStore({ medium: disk.medium, dispatch: this.queue.dispatch }));
  }

  open(options: LogOptions & { readonly rebooted?: boolean; readonly member?: MemberIdentity } = {}): this {
    const { rebooted, member, ...given } = options;
    const log = resolveLogOptions(given);
    const systemBootId = rebooted === true ? OTHER_BOOT : SYSTEM_BOOT;
    const highWater = new MemoryHighWater(this.#disk.highWater, this.queue.dispatch);
    const scheduler: Scheduler = {
      now: () => this.nowMs,
      defer: (task) => this.queue.dispatch(task),
      after: () => () => {},
    };
    const expected = member ?? MEMBER;
    const shared = { log, name: 'log', systemBootId };
    const options2 = { ...shared, identityFile: null, expected, newDirectoryId: '0f'.repeat(16) };
    loadLog({ store: this.store, highWater }, options2, (error, loaded) => {
      this.error = error;
      this.loaded = loaded;
      if (loaded !== null) this.log = new StoreLog({ store: this.store, highWater, scheduler }, shared, loaded);
    });
    this.queue.drain();
    return this;
  }

  /** The process is gone; what its disk was doing is not done. */
  kill(): void {
    this.queue.clear();
    this.#disk.medium.inUse = false;
  }

  /** Queues a write and lets the disk finish everything. */
  append(write: LogWrite): Error | null | undefined {
    let outcome: Error | null | undefined;
    this.log.append(write, (error) => {
      outcome = error;
    });
    this.queue.drain();
    return outcome;
  }
}

/** Every entry of the log, fetched where it is not in memory. */
export function readWhole(process: MemoryProcess): Entry[] {
  const { log, queue } = process;
  const all: Entry[] = [];
  for (let next = log.firstIndex(); next <= log.lastIndex(); ) {
    const found = log.entries(next, log.lastIndex() + 1, 1 << 20);
    if (found === 'pending') {
      log.fetch(next, log.lastIndex() + 1, 1 << 20, (error) => {
        if (error !== null) throw error;
      });
      queue.drain();
      continue;
    }
    if (typeof found === 'string') throw new Error(`${found} at ${next}`);
    all.push(...found);
    next += found.length;
  }
  return all;
}
