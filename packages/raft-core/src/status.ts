/** A member as seen from outside, for operators, planners and tests. A copy: it does not change afterwards. */
import type { ConfState } from './conf-state.js';
import { type Progress, ProgressState } from './progress.js';
import type { Raft } from './raft.js';
import { StateType } from './ready.js';
import { type RecoveryStatus, recoveryStatus } from './recovery.js';

const STATE_NAMES = {
  [ProgressState.Probe]: 'probe',
  [ProgressState.Replicate]: 'replicate',
  [ProgressState.Snapshot]: 'snapshot',
} as const;

/** What a leader knows of one member. match < next. */
export interface ProgressStatus {
  readonly id: number;
  readonly match: number;
  readonly next: number;
  readonly state: 'probe' | 'replicate' | 'snapshot';
  readonly isLearner: boolean;
  /** Heard from since the last check of the quorum (an election timeout at most). */
  readonly recentActive: boolean;
  /** Nothing is sent until an answer or a heartbeat's answer comes. */
  readonly paused: boolean;
  /** Index of the snapshot on its way; 0 for none. */
  readonly pendingSnapshot: number;
  readonly inflightMessages: number;
  readonly inflightBytes: number;
  readonly inflightFull: boolean;
  /** Replication session; 0 where sessions are off. */
  readonly session: number;
  /** It lost a part of its log and counts in no quorum. */
  readonly recovering: boolean;
}

export interface Status {
  readonly id: number;
  readonly term: number;
  readonly vote: number;
  readonly commit: number;
  readonly applied: number;
  readonly firstIndex: number;
  /** The last entry known here, durable or not. */
  readonly lastIndex: number;
  /** 0 when none is known. */
  readonly lead: number;
  readonly state: StateType;
  /** An entry of `term` is committed: on a leader, everything of former terms that could be, is committed. */
  readonly committedInTerm: boolean;
  /** The voter that leadership is being handed to; 0 for none. */
  readonly leadTransferee: number;
  readonly confState: ConfState;
  /** Nothing is applied until a snapshot is put into place: see `stateLost` of the options. */
  readonly stateLost: boolean;
  /** Null where this member does not recover. */
  readonly recovery: RecoveryStatus | null;
  /** Every member, ascending by id; empty on a member that does not lead. */
  readonly progress: readonly ProgressStatus[];
}

export function statusOf(raft: Raft): Status {
  const { log, tracker } = raft;
  return {
    id: raft.id,
    term: raft.term,
    vote: raft.vote,
    commit: log.committed,
    applied: log.applied,
    firstIndex: log.firstIndex(),
    lastIndex: log.lastIndex(),
    lead: raft.lead,
    state: raft.state,
    committedInTerm: raft.committedInTerm(),
    leadTransferee: raft.leadTransferee,
    confState: tracker.confState,
    stateLost: log.stateLost,
    recovery: recoveryStatus(raft),
    progress: raft.state === StateType.Leader ? tracker.members.map(progressStatus) : [],
  };
}

export function progressStatus(progress: Progress): ProgressStatus {
  return {
    id: progress.id,
    match: progress.match,
    next: progress.next,
    state: STATE_NAMES[progress.state],
    isLearner: progress.isLearner,
    recentActive: progress.recentActive,
    paused: progress.paused(),
    pendingSnapshot: progress.pendingSnapshot,
    inflightMessages: progress.inflights.count,
    inflightBytes: progress.inflights.bytes,
    inflightFull: progress.inflights.full(),
    session: progress.session,
    recovering: progress.recovering,
  };
}
