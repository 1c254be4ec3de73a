/**
 * A RaftLog in memory, for tests and the simulator: writes become durable when the given `defer` lets them, in order,
 * and a crash loses what was not durable. It keeps the contract to the letter, and checks its caller by it.
 */
import assert from 'node:assert/strict';
import {
  EMPTY_HARD_STATE,
  type Entry,
  entrySize,
  type HardState,
  type LogReadFailure,
  type SnapshotMeta,
} from '@understudy/raft-core';
import type { InstallIntent, LogRecovery, LogWrite, RaftLog } from '../raft-log.js';

type Done = (error: Error | null) => void;

/** What is on the disk; it outlives the MemoryLog that wrote it. */
export class MemoryDisk {
  hardState: HardState = EMPTY_HARD_STATE;
  snapshot: SnapshotMeta | null = null;
  /** Index and term of the entry before the first. */
  offset = { index: 0, term: 0 };
  entries: Entry[] = [];
  intent: InstallIntent | null = null;
  recovering: LogRecovery | null = null;

  /**
   * Loses every entry above `last`, as an open finds it that was shown damage. `voteProven` false loses term and vote
   * too. Only while no MemoryLog is open on the disk.
   */
  damage(last: number, voteProven = true): void {
    const highWaterIndex = Math.max(this.recovering?.highWaterIndex ?? 0, this.offset.index + this.entries.length);
    if (last < this.offset.index) {
      this.offset = { index: 0, term: 0 };
      this.snapshot = null;
      this.entries = [];
    } else {
      this.entries.length = Math.min(this.entries.length, last - this.offset.index);
    }
    const { term, vote, commit } = this.hardState;
    const kept = this.offset.index + this.entries.length;
    const lastTerm = this.entries.at(-1)?.term ?? this.offset.term;
    this.hardState = {
      term: voteProven ? term : lastTerm,
      vote: voteProven ? vote : 0,
      commit: Math.min(commit, kept),
    };
    this.recovering = {
      reason: `entries ${kept + 1} to ${highWaterIndex} are lost`,
      highWaterIndex,
      highWaterTerm: Math.max(this.recovering?.highWaterTerm ?? 0, term),
      voteProven: voteProven && (this.recovering?.voteProven ?? true),
    };
  }
}

export interface MemoryLogOptions {
  /** Lets a disk operation finish later. */
  readonly defer: (run: () => void) => void;
  /** Entries this far behind the last must be fetched before they can be read. Default: none. */
  readonly cachedEntries?: number;
}

export class MemoryLog implements RaftLog {
  /** Set to make every later write fail. */
  failure: Error | null = null;
  /** Syncs done: one for each group of writes of which one had to be synced. */
  syncs = 0;
  #queue: { readonly apply: () => void; readonly sync: boolean; readonly done: Done }[] = [];
  #writing = false;
  #closed = false;
  // The last index when everything queued is done: entries must follow it.
  #plannedLast: number;
  // Entries from here on were fetched.
  #fetchedFrom = Number.POSITIVE_INFINITY;

  constructor(
    readonly disk: MemoryDisk,
    private readonly options: MemoryLogOptions,
  ) {
    this.#plannedLast = this.lastIndex();
  }

  get hardState(): HardState {
    return this.disk.hardState;
  }

  get pendingInstall(): InstallIntent | null {
    return this.disk.intent;
  }

  get recovering(): LogRecovery | null {
    return this.disk.recovering;
  }

  firstIndex(): number {
    return this.disk.offset.index + 1;
  }

  lastIndex(): number {
    return this.disk.offset.index + this.disk.entries.length;
  }

  term(index: number): number | 'compacted' | 'unavailable' {
    const { offset, entries } = this.disk;
    if (index < offset.index) return 'compacted';
    if (index === offset.index) return offset.term;
    return entries[index - offset.index - 1]?.term ?? 'unavailable';
  }

  entries(lo: number, hi: number, maxBytes: number): readonly Entry[] | LogReadFailure {
    const { offset, entries } = this.disk;
    if (lo <= offset.index) return 'compacted';
    if (hi > this.lastIndex() + 1) return 'unavailable';
    const cachedFrom = this.lastIndex() - (this.options.cachedEntries ?? Number.POSITIVE_INFINITY);
    if (lo < cachedFrom && lo < this.#fetchedFrom) return 'pending';
    const found = entries.slice(lo - offset.index - 1, hi - offset.index - 1);
    let size = 0;
    for (let count = 0; count < found.length; count++) {
      size += entrySize(found[count] as Entry);
      if (size > maxBytes && count > 0) return found.slice(0, count);
    }
    return found;
  }

  fetch(lo: number, _hi: number, _maxBytes: number, done: Done): void {
    this.options.defer(() => {
      if (this.#closed) return;
      this.#fetchedFrom = lo;
      done(null);
    });
  }

  append(write: LogWrite, done: Done): void {
    const { hardState, entries, snapshot } = write;
    if (snapshot !== null) this.#plannedLast = snapshot.index;
    entries.forEach((entry, position) => {
      const expected =
        position === 0 ? Math.min(entry.index, this.#plannedLast + 1) : (entries[0] as Entry).index + position;
      assert.equal(entry.index, expected, `entry ${entry.index} leaves a gap after ${this.#plannedLast}`);
    });
    const last = entries.at(-1);
    if (last !== undefined) this.#plannedLast = last.index;
    if (hardState !== null)
      assert(hardState.commit <= this.#plannedLast, `commit ${hardState.commit} > ${this.#plannedLast}`);
    this.#enqueue(() => this.#apply(write), write.mustSync, done);
  }

  beginInstall(intent: InstallIntent, done: Done): void {
    this.#enqueue(() => this.#setIntent(intent), true, done);
  }

  abandonInstall(done: Done): void {
    this.#enqueue(() => this.#setIntent(null), true, done);
  }

  endRecovery(done: Done): void {
    assert(this.recovering?.voteProven ?? true, 'a recovery without a proven vote has no end');
    const end = () => {
      this.disk.recovering = null;
    };
    this.#enqueue(end, true, done);
  }

  compact(index: number, done: Done): void {
    assert(index <= this.lastIndex(), `compaction to ${index}, past the last index ${this.lastIndex()}`);
    const compact = () => {
      const term = this.term(index);
      if (typeof term !== 'number' || index <= this.disk.offset.index) return;
      this.disk.entries = this.disk.entries.slice(index - this.disk.offset.index);
      this.disk.offset = { index, term };
    };
    this.#enqueue(compact, false, done);
  }

  close(done: Done): void {
    const close = () => {
      this.#closed = true;
    };
    this.#enqueue(close, false, done);
  }

  /** The process is gone: nothing queued becomes durable, nobody is called back. */
  crash(): void {
    this.#closed = true;
    this.#queue = [];
  }

  #setIntent(intent: InstallIntent | null): void {
    this.disk.intent = intent;
  }

  #apply({ hardState, entries, snapshot }: LogWrite): void {
    const { disk } = this;
    if (snapshot !== null) {
      disk.snapshot = snapshot;
      disk.offset = { index: snapshot.index, term: snapshot.term };
      disk.entries = [];
      disk.intent = null;
    }
    const first = entries[0];
    if (first !== undefined) {
      disk.entries.length = first.index - disk.offset.index - 1;
      for (const entry of entries) disk.entries.push(entry);
    }
    if (hardState !== null) {
      assert(hardState.term >= disk.hardState.term, `term goes back from ${disk.hardState.term} to ${hardState.term}`);
      disk.hardState = hardState;
    }
  }

  #enqueue(apply: () => void, sync: boolean, done: Done): void {
    assert(!this.#closed, 'the log is closed');
    this.#queue.push({ apply, sync, done });
    this.#write();
  }

  /** One group commit at a time: everything queued when it begins. */
  #write(): void {
    if (this.#writing || this.#queue.length === 0) return;
    this.#writing = true;
    const group = this.#queue;
    this.#queue = [];
    this.options.defer(() => {
      if (this.#closed) return;
      this.#writing = false;
      if (group.some((operation) => operation.sync)) this.syncs++;
      for (const { apply, done } of group) {
        if (this.failure === null) apply();
        done(this.failure);
      }
      this.#write();
    });
  }
}
