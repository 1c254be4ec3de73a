/**
 * Group commit: many queued writes become one, as if each had been done in turn. Where entries overlap, the later write
 * wins and what it replaced is never written. Pure.
 */
import assert from 'node:assert/strict';
import type { Entry, HardState, SnapshotMeta } from '@understudy/raft-core';
import type { InstallIntent, LogWrite } from '@understudy/raft-node';
import type { StoredRecovery } from './log-state.js';

export type InstallChange =
  | { readonly kind: 'none' }
  | { readonly kind: 'begin'; readonly intent: InstallIntent }
  | { readonly kind: 'end' };

const NO_CHANGE: InstallChange = Object.freeze({ kind: 'none' });

export class BatchPlan {
  /** Contiguous; each was the last written at its index. */
  readonly entries: Entry[] = [];
  hardState: HardState | null = null;
  snapshot: SnapshotMeta | null = null;
  install: InstallChange = NO_CHANGE;
  /** Undefined where it stays as it is. */
  recovery: StoredRecovery | null | undefined = undefined;
  /** Entries up to here are to go; 0 for none. */
  compactThrough = 0;
  // Where the log ends without `entries`.
  #baseIndex: number;
  // Nothing at or below it is replaced.
  #floorIndex: number;

  /** `anchorIndex` and `lastIndex` are those of the log that the plan is applied to. */
  constructor(anchorIndex: number, lastIndex: number) {
    this.#floorIndex = anchorIndex;
    this.#baseIndex = lastIndex;
  }

  get lastIndex(): number {
    return this.entries[this.entries.length - 1]?.index ?? this.#baseIndex;
  }

  write(write: LogWrite): void {
    if (write.hardState !== null) this.hardState = write.hardState;
    if (write.snapshot !== null) this.#restart(write.snapshot);
    const first = write.entries[0];
    if (first === undefined) return;
    this.#cutAt(first.index);
    for (const entry of write.entries) this.entries.push(entry);
  }

  beginInstall(intent: InstallIntent): void {
    this.install = { kind: 'begin', intent };
  }

  abandonInstall(): void {
    this.install = { kind: 'end' };
  }

  compact(index: number): void {
    if (index <= this.#floorIndex) return;
    const firstNew = this.entries[0]?.index ?? this.#baseIndex + 1;
    assert(index < firstNew, `compaction at ${index}, but entries from ${firstNew} on are not durable yet`);
    this.compactThrough = index;
    this.#floorIndex = index;
  }

  #restart(snapshot: SnapshotMeta): void {
    assert(
      snapshot.index >= this.#floorIndex,
      `snapshot at ${snapshot.index}, but the log begins after ${this.#floorIndex}`,
    );
    this.entries.length = 0;
    this.snapshot = snapshot;
    this.install = { kind: 'end' };
    this.compactThrough = 0;
    this.#baseIndex = snapshot.index;
    this.#floorIndex = snapshot.index;
  }

  /** Makes `index` the next one to append at. */
  #cutAt(index: number): void {
    assert(index > this.#floorIndex, `entry ${index} to append, but the log begins after ${this.#floorIndex}`);
    assert(index <= this.lastIndex + 1, `entry ${index} to append, but the log ends at ${this.lastIndex}`);
    const planned = this.entries[0]?.index;
    if (planned !== undefined) this.entries.length = Math.max(0, index - planned);
  }
}
