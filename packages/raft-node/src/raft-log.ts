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

/**
 * Entries that this member may have acknowledged are lost or damaged (design, section 5). What survived is an ordinary
 * log: `firstIndex()` to `lastIndex()` are whole and chained, empty (from 1) where nothing can be trusted, and
 * `hardState.commit` is not beyond it.
 */
export interface LogRecovery {
  /** What was found, for operators: what, where, how much. */
  readonly reason: string;
  /** The highest index that this member may have acknowledged; at least `lastIndex()` as it was opened. */
  readonly highWaterIndex: number;
  /** Its term when that was damaged: no acknowledgement is of a later one. Means nothing where the vote is not proven. */
  readonly highWaterTerm: number;
  /**
   * `hardState` holds the highest term that this member ever answered in, and its vote in it. False where that cannot be
   * proven: the member then never votes, nor counts for a commit, under its id again.
   */
  readonly voteProven: boolean;
}

export interface RaftLog {
  readonly hardState: HardState;
  /**
   * Set by an open that found damage, and durable before that open answers: every later open says it again, with the
   * higher index and term and the weaker proof where it finds more, until `endRecovery`. Null on a healthy log.
   */
  readonly recovering: LogRecovery | null;
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
  /**
   * All that was lost is refetched: `recovering` is null, durably, once `done` is called. In order with the writes before
   * it. Never called where the vote is not proven.
   */
  endRecovery(done: (error: Error | null) => void): void;
  /** Drops entries up to and including `index`, in bounded steps behind the scenes. index <= last index. */
  compact(index: number, done: (error: Error | null) => void): void;
  close(done: (error: Error | null) => void): void;
}
