/** What the decision logic does to the world outside: synchronous calls, each of which returns at once. */
import type { ConfChange, ConfState, SnapshotMeta, StateType } from '@understudy/raft-core';
import type { RaftNodeError } from './errors.js';
import type { StateSnapshot } from './state-machine.js';
import type { Lane, SendResult } from './transport.js';

export interface LeaderChange {
  /** 0 when there is none. */
  readonly leader: number;
  readonly term: number;
  readonly state: StateType;
}

export interface ConfChanged {
  readonly confState: ConfState;
  readonly index: number;
  /** Null when a snapshot brought the configuration, or when the change was refused at apply. */
  readonly change: ConfChange | null;
}

/** Of one stream. */
export interface SnapshotPace {
  /** So many bytes were handed to the transport; returns how long to wait before the next ones, milliseconds. */
  sent(bytes: number): number;
}

export interface NodeEffects {
  /** Call `NodeCore.turn()` soon: once everything that is waiting already has come in. Asked at most once a turn. */
  wake(): void;
  send(to: number, lane: Lane, frame: Uint8Array): SendResult;
  /** Starts a stream, at `pace`; `done` is called once, never before this returns. The returned function aborts. */
  streamSnapshot(
    to: number,
    header: Uint8Array,
    snapshot: StateSnapshot,
    done: (error: Error | null) => void,
    pace: SnapshotPace,
  ): () => void;
  leaderChanged(change: LeaderChange): void;
  confChanged(change: ConfChanged): void;
  snapshotInstalled(meta: SnapshotMeta): void;
  /** What the log had lost is refetched, and the log says so durably: this member votes and counts again. */
  recovered(): void;
  warn(text: string, error: Error): void;
  /** Nothing more is accepted or sent; called once. */
  failed(error: RaftNodeError): void;
}
