/**
 * What an embedder replicates. Applying is synchronous and deterministic: the same commands in the same order give the
 * same state on every member. Durability is the state machine's own, behind the log: `durable` says up to where.
 */
import type { ConfChange, ConfState, SnapshotMeta } from '@understudy/raft-core';

export interface Command<Local> {
  readonly index: number;
  readonly term: number;
  /** The bytes that were proposed. */
  readonly data: Uint8Array;
  /** What the proposer attached, on the member that proposed it, so that nothing is decoded twice; else undefined. */
  readonly local: Local | undefined;
}

/**
 * A command whose work is too long for one turn. It is applied in steps, one a turn, so that heartbeats go on; nothing
 * else is applied before the last of them, and nobody is told the command's index as applied. Meanwhile the state
 * machine is still asked for flushes and snapshots: it answers those when it is whole again.
 */
export class LongApply<Result> {
  /** `step` gives null as long as there is more to do. A throw stops the process. */
  constructor(readonly step: () => { readonly result: Result } | null) {}
}

/**
 * A consistent view of the state, to be streamed to a peer. Always closed; when a snapshot is about to be installed,
 * its streams are aborted first, and it is closed as soon as they have ended.
 */
export interface StateSnapshot {
  readonly meta: SnapshotMeta;
  /** Estimate of the bytes to come, for progress. */
  readonly sizeHint: number;
  /** A chunk is valid until the next is asked for: its memory may then be used again. */
  chunks(signal: AbortSignal): AsyncIterable<Uint8Array>;
  close(): void;
}

/** A received snapshot, complete and verified on disk, not yet in use. */
export interface StagedSnapshot {
  readonly meta: SnapshotMeta;
  /** Hex. */
  readonly hash: string;
}

export interface StateMachine<Result = unknown, Local = unknown> {
  /**
   * The last point that survives a crash; index 0, without a configuration, where there is no state yet, or none that is
   * usable: a damaged one is thrown away at open, and built again from the local log where that goes back to index 1,
   * else from a peer's snapshot. durable.index <= applied, and the log is never compacted past it.
   */
  readonly durable: SnapshotMeta;
  /** Never throws on a bad command: that is a result. A throw stops the process. */
  apply(command: Command<Local>): Result | LongApply<Result>;
  /**
   * A committed configuration change, already given to the core. Also called for a change that the host's own
   * `validateConfChange` refused at apply, with `change` null, so that `index` and `confState` stay true.
   */
  applyConfChange(change: ConfChange | null, at: { index: number; term: number; confState: ConfState }): void;
  /** The last of a run of applied entries; empty entries only show here. */
  appliedTo(index: number, term: number): void;
  /** Makes durable everything applied before the call; `done` is given the point reached, which `durable` then shows. */
  flush(done: (error: Error | null, durable: SnapshotMeta | null) => void): void;
  /** A consistent snapshot at the applied index of the call (or later). */
  openSnapshot(done: (error: Error | null, snapshot: StateSnapshot | null) => void): void;
  /** Writes an incoming snapshot aside and verifies it. */
  stageSnapshot(meta: SnapshotMeta, chunks: AsyncIterable<Uint8Array>): Promise<StagedSnapshot>;
  /** What is staged on disk, found at start. */
  stagedSnapshot(): StagedSnapshot | null;
  /** Moves the staged snapshot into place and serves from it. Idempotent: a start may call it again. */
  installSnapshot(staged: StagedSnapshot, done: (error: Error | null) => void): void;
  discardStaged(): void;
  close(): Promise<void>;
}
