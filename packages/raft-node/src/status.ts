/** What a node tells about itself: for operators, metrics and the membership planner. */
import type { ConfState, ProgressStatus, StateType, Status } from '@understudy/raft-core';
import type { NodeParts } from './node-parts.js';
import type { LogRecovery, RaftLog } from './raft-log.js';
import type { SnapshotProgress } from './snapshot-sender.js';

/** How the leader sends to a peer. Dissertation, section 10.2.1; etcd's progress states. */
export type ReplicationState = 'probe' | 'replicate' | 'snapshot';

/** The leader's view of one member. */
export interface PeerProgress {
  readonly id: number;
  /** The last index known to be durable there. */
  readonly match: number;
  readonly next: number;
  readonly state: ReplicationState;
  /** Milliseconds since anything was heard of it, in whole heartbeat intervals; null when never. 0 for this member. */
  readonly silentMs: number | null;
  /** Heard within an election timeout. */
  readonly recentActive: boolean;
  readonly isLearner: boolean;
  /** Index of the snapshot on its way there; 0 for none. */
  readonly pendingSnapshot: number;
  /** How far that has come; null where none is being sent. */
  readonly snapshot: SnapshotProgress | null;
  /** Entries behind this member's last index. */
  readonly lag: number;
  /** Milliseconds since it last answered an append or a heartbeat, in whole intervals; null when never. 0 for this member. */
  readonly answeredMs: number | null;
  /** Replication session: another one after the member was made anew or lost entries. */
  readonly session: number;
  /** It lost entries and counts in no quorum until it has them again. Never to be promoted or handed leadership. */
  readonly recovering: boolean;
}

/** What a member lost that recovers, and what it has again. */
export interface RecoveryStatus extends LogRecovery {
  /** A commit index that a quorum without this member has confirmed; 0 while there is none. */
  readonly confirmed: number;
  /** Everything is here again. With an unproven vote this member counts in no quorum all the same. */
  readonly refetched: boolean;
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
  /** Index of the entry that `confState` comes from, or of the state or snapshot that brought it. */
  readonly confIndex: number;
  /** An entry of `term` is committed. */
  readonly committedInTerm: boolean;
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
  /** What the log lost; null where this member does not recover. */
  readonly recovering: RecoveryStatus | null;
  /** There is no usable state; a peer's snapshot is awaited. Nothing is applied. */
  readonly stateLost: boolean;
  /** Snapshot streams that are being sent. */
  readonly sendingSnapshots: number;
}

export interface RaftNodeStatus extends NodeCoreStatus {
  /** How late the last tick came, milliseconds: how long the event loop was held up. */
  readonly loopLagMs: number;
  /** The largest `loopLagMs` since the previous call of `status()`. */
  readonly maxLoopLagMs: number;
}

interface StatusParts extends Pick<NodeParts<unknown, unknown>, 'raw' | 'reads' | 'receiver' | 'sender' | 'traffic'> {
  readonly applier: { readonly applied: number; readonly confState: ConfState; readonly confIndex: number };
  readonly proposals: { readonly count: number; readonly bytes: number };
}

export function statusOf(parts: StatusParts, log: RaftLog, durable: number, intervalMs: number): NodeCoreStatus {
  const { applier, proposals, reads, receiver, sender } = parts;
  const status = parts.raw.status();
  return {
    id: status.id,
    term: status.term,
    leader: status.lead,
    state: status.state,
    commit: status.commit,
    applied: applier.applied,
    durable,
    firstIndex: log.firstIndex(),
    lastIndex: log.lastIndex(),
    confState: applier.confState,
    confIndex: applier.confIndex,
    committedInTerm: status.committedInTerm,
    peers: status.progress.map((progress) => peerProgress(progress, status, parts, intervalMs)),
    applyLag: status.commit - applier.applied,
    transferee: status.leadTransferee,
    pendingProposals: proposals.count,
    pendingProposalBytes: proposals.bytes,
    pendingReads: reads.count,
    installing: receiver.busy,
    recovering: recoveryStatus(status, log),
    stateLost: status.stateLost,
    sendingSnapshots: sender.streams,
  };
}

function recoveryStatus({ recovery }: Status, { recovering }: RaftLog): RecoveryStatus | null {
  if (recovery === null || recovering === null) return null;
  const { confirmed, refetched } = recovery;
  return { ...recovering, confirmed, refetched };
}

function peerProgress(
  progress: ProgressStatus,
  status: Status,
  { sender, traffic }: StatusParts,
  intervalMs: number,
): PeerProgress {
  const { id, match, next, state, isLearner, pendingSnapshot, recovering, session } = progress;
  const inMs = (ticks: number): number | null => (Number.isFinite(ticks) ? ticks * intervalMs : null);
  return {
    id,
    match,
    next,
    state,
    silentMs: inMs(traffic.silence(id)),
    recentActive: traffic.isLive(id),
    isLearner,
    pendingSnapshot,
    snapshot: sender.progress(id),
    lag: status.lastIndex - match,
    answeredMs: inMs(traffic.unanswered(id)),
    session,
    recovering,
  };
}
