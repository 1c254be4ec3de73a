/**
 * The durable log that raft-node drives. Reads are answered from memory; writes are group commits, done in order.
 * Callbacks rather than promises, so that the same code runs on the simulator's virtual time.
 */
import type { Entry, HardState, LogReadFailure, SnapshotMeta } from '@understudy/raft-core';

/** One Raft write: durable as a whole or not at all. */
export interface LogWrite {
  readonly hardState: HardState | null;
  /** Contiguous; where they begin at or below the last index, they replace the log from there on. */
  readonly entries: readonly Entry[];
  /** Drop every entry and begin after this snapshot; ends the install that `beginInstall` announced. */
  readonly snapshot: SnapshotMeta | null;
  /** False where only the commit index moved: such a write may ride with the next one. */
  readonly mustSync: boolean;
}

/** Announced before a snapshot replaces the state, so that a start can finish or undo it. */
export interface InstallIntent extends SnapshotMeta {
  /** Hash of the snapshot's bytes, hex. */
  readonly hash: string;
}

export interface RaftLog {
  readonly hardState: HardState;
  /** Set at open when a crash interrupted a snapshot install. */
  readonly pendingInstall: InstallIntent | null;
  firstIndex(): number;
  lastIndex(): number;
  term(index: number): number | 'compacted' | 'unavailable';
  entries(lo: number, hi: number, maxBytes: number): readonly Entry[] | LogReadFailure;
  /** Brings [lo, hi) (up to `maxBytes`) from disk into memory, so that the next `entries` call finds it. */
  fetch(lo: number, hi: number, maxBytes: number, done: (error: Error | null) => void): void;
  /**
   * Queues one write. Writes become durable in order; everything queued while a sync runs goes into the next batch.
   * After an error the outcome is unknown and the log accepts nothing more: the process must stop.
   */
  append(write: LogWrite, done: (error: Error | null) => void): void;
  /** Durable intent to install a snapshot. */
  beginInstall(intent: InstallIntent, done: (error: Error | null) => void): void;
  /** Forgets an intent whose snapshot was never moved into place. */
  abandonInstall(done: (error: Error | null) => void): void;
  /** Drops entries up to and including `index`, in bounded steps behind the scenes. index <= last index. */
  compact(index: number, done: (error: Error | null) => void): void;
  close(done: (error: Error | null) => void): void;
}
