/** What a node tells about itself: for operators, metrics and the membership planner. */
import type { ConfState, ProgressStatus, StateType, Status } from '@understudy/raft-core';

/** How the leader sends to a peer. Dissertation, section 10.2.1; etcd's progress states. */
export type ReplicationState = 'probe' | 'replicate' | 'snapshot';

/** The leader's view of one member. */
export interface PeerProgress {
  readonly id: number;
  /** The last index known to be durable there. */
  readonly match: number;
  readonly next: number;
  readonly state: ReplicationState;
  /** Heard from within the last election timeout. */
  readonly recentActive: boolean;
  readonly isLearner: boolean;
  /** Index of the snapshot on its way there; 0 for none. */
  readonly pendingSnapshot: number;
  /** Entries behind this member's last index. */
  readonly lag: number;
}

/** What the decision logic knows; the shell adds what it measures. */
export interface NodeCoreStatus {
  readonly id: number;
  readonly term: number;
  /** 0 when none is known. */
  readonly leader: number;
  readonly state: StateType;
  readonly commit: number;
  readonly applied: number;
  /** The last index whose effect on the state survives a crash. */
  readonly durable: number;
  readonly firstIndex: number;
  /** The last index that is durable in the local log. */
  readonly lastIndex: number;
  readonly confState: ConfState;
  /** Empty except on the leader. Includes the leader itself. */
  readonly peers: readonly PeerProgress[];
  /** Committed entries that are not applied yet. */
  readonly applyLag: number;
  /** Member that leadership is being handed to; 0 for none. */
  readonly transferee: number;
  readonly pendingProposals: number;
  readonly pendingProposalBytes: number;
  readonly pendingReads: number;
  /** A snapshot is being received or put into place. */
  readonly installing: boolean;
  /** Snapshot streams that are being sent. */
  readonly sendingSnapshots: number;
}

export interface RaftNodeStatus extends NodeCoreStatus {
  /** How late the last tick came, milliseconds: how long the event loop was held up. */
  readonly loopLagMs: number;
  /** The largest `loopLagMs` since the previous call of `status()`. */
  readonly maxLoopLagMs: number;
}

export function peerProgress(progress: ProgressStatus, status: Status, recentActive: boolean): PeerProgress {
  const { id, match, next, state, isLearner, pendingSnapshot } = progress;
  return { id, match, next, state, recentActive, isLearner, pendingSnapshot, lag: status.lastIndex - match };
}
