/**
 * What the host must do next. In asynchronous mode (`asyncStorageWrites`) the storage work of a Ready is found in its
 * StorageAppend and StorageApply messages, whose `responses` are delivered when the work is done; in synchronous mode
 * the host does it and calls `advance()`. One mechanism, two ways to drive it.
 */
import type { Entry } from './entry.js';
import type { HardState } from './hard-state.js';
import type { Message } from './message.js';
import type { Snapshot } from './snapshot.js';

export const StateType = { Follower: 0, Candidate: 1, Leader: 2, PreCandidate: 3 } as const;
export type StateType = (typeof StateType)[keyof typeof StateType];

export interface SoftState {
  /** 0 when there is none known. */
  readonly lead: number;
  readonly state: StateType;
}

export interface ReadState {
  /** Reads may be answered from state applied at least to here. */
  readonly index: number;
  /** The number that the asker gave to `readIndex`. */
  readonly context: number;
}

export interface Ready {
  /** Set when it changed. */
  readonly softState: SoftState | null;
  /** Set when it changed; to be durable before `messages` leave. */
  readonly hardState: HardState | null;
  readonly readStates: readonly ReadState[];
  /** To be appended to the log before `messages` leave. */
  readonly entries: readonly Entry[];
  readonly snapshot: Snapshot | null;
  /** To be applied; durable here already. */
  readonly committedEntries: readonly Entry[];
  readonly messages: readonly Message[];
  /** As the reference prints it; not the host's durability rule. */
  readonly mustSync: boolean;
}
