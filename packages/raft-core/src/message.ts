/**
 * The one message shape of the protocol. Every message, local or remote, is an instance of this class with every field
 * set, so that V8 sees a single hidden class on the hot path.
 */
import type { Entry } from './entry.js';
import type { Snapshot } from './snapshot.js';

export const MessageType = {
  Hup: 0,
  Beat: 1,
  Prop: 2,
  App: 3,
  AppResp: 4,
  Vote: 5,
  VoteResp: 6,
  Snap: 7,
  Heartbeat: 8,
  HeartbeatResp: 9,
  Unreachable: 10,
  SnapStatus: 11,
  CheckQuorum: 12,
  TransferLeader: 13,
  TimeoutNow: 14,
  ReadIndex: 15,
  ReadIndexResp: 16,
  PreVote: 17,
  PreVoteResp: 18,
  StorageAppend: 19,
  StorageAppendResp: 20,
  StorageApply: 21,
  StorageApplyResp: 22,
  ForgetLeader: 23,
  /** A member recovers. Not in etcd-io/raft. */
  Recovering: 24,
  /** A member has lost its state, and not its log. Not in etcd-io/raft. */
  SnapshotRequest: 25,
} as const;
export type MessageType = (typeof MessageType)[keyof typeof MessageType];

export const NO_ENTRIES: readonly Entry[] = Object.freeze([]);
export const NO_MESSAGES: readonly Message[] = Object.freeze([]);

export class Message {
  /** Member ids; 0 is nobody. The local storage threads are `LOCAL_APPEND_THREAD` and `LOCAL_APPLY_THREAD`. */
  from = 0;
  to = 0;
  /** 0 for messages of local origin, and for proposals and read requests that are forwarded. */
  term = 0;
  /** Term of the entry at `index`. */
  logTerm = 0;
  index = 0;
  commit = 0;
  /** Vote of the hard state; only in StorageAppend. */
  vote = 0;
  reject = false;
  /** The rejecting follower's guess of the last index the logs could agree on. */
  rejectHint = 0;
  /**
   * Vote, PreVote: 1 when the campaign is a leadership transfer. ReadIndex, ReadIndexResp: the asker's own request
   * number. Heartbeat, HeartbeatResp: the leader-generated sequence number of the read round it confirms; 0 for none.
   */
  context = 0;
  /** Replication session, echoed in answers (design, section 3); 0 is unstamped. Never printed. */
  session = 0;
  /**
   * AppResp, HeartbeatResp, Recovering: the number of this life of a member that recovers and counts in no quorum; 0 of
   * one that does not recover.
   */
  recovery = 0;
  entries: readonly Entry[] = NO_ENTRIES;
  snapshot: Snapshot | null = null;
  /** StorageAppend, StorageApply: what to deliver once the work is done. */
  responses: readonly Message[] = NO_MESSAGES;

  constructor(
    public type: MessageType,
    to = 0,
    from = 0,
    term = 0,
  ) {
    this.to = to;
    this.from = from;
    this.term = term;
  }
}

/** Addresses of the host's own log writer and applier, in asynchronous storage writes. */
export const LOCAL_APPEND_THREAD = Number.MAX_SAFE_INTEGER;
export const LOCAL_APPLY_THREAD = Number.MAX_SAFE_INTEGER - 1;
