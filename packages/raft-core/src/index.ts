export { type Entry, EntryType, entriesSize, entrySize, payloadSize } from './entry.js';
export { LOCAL_APPEND_THREAD, LOCAL_APPLY_THREAD, Message, MessageType, NO_ENTRIES, NO_MESSAGES } from './message.js';
export { type ConfChangeOutcome, isJoint, isMember, memberIds, nextConfState } from './changer.js';
export { EMPTY_CONF_STATE, type ConfState } from './conf-state.js';
export type { Snapshot, SnapshotMeta } from './snapshot.js';
export { type ConfChange, type ConfChangeSingle, ConfChangeTransition, ConfChangeType } from './conf-change.js';
export { decodeConfChange, encodeConfChange, isConfChange, LEAVE_JOINT } from './conf-change-codec.js';
export { EMPTY_HARD_STATE, type HardState } from './hard-state.js';
export type { LogReader, LogReadFailure } from './log-reader.js';
export { type Ready, type ReadState, type SoftState, StateType } from './ready.js';
export {
  type MemberRecovery,
  NO_LIMIT,
  type RaftOptions,
  type ResolvedRaftOptions,
  resolveOptions,
} from './options.js';
export { RaftError, type RaftErrorCode } from './raft-error.js';
export { RawNode, type RawNodeDeps } from './raw-node.js';
export type { RecoveryStatus } from './recovery.js';
export type {
  ConfChangeRefusal,
  ProposalRefusal,
  ProposeResult,
  ReadIndexResult,
  StepRefusal,
  StepResult,
} from './results.js';
export type { ProgressStatus, Status } from './status.js';
