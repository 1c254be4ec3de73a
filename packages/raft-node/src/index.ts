export { type Clock, systemClock } from './clock.js';
export { RaftNodeError, type RaftNodeErrorCode } from './errors.js';
export { type FileState, FileStateMachine, type FileStateMachineOptions } from './file-state-machine.js';
export type { ConfChanged, LeaderChange } from './node-effects.js';
export type { BootstrapMember, RaftNodeOptions } from './options.js';
export type { InstallIntent, LogRecovery, LogWrite, RaftLog } from './raft-log.js';
export {
  type CallOptions,
  type Logger,
  type ProposeOptions,
  RaftNode,
  type RaftNodeDeps,
  type RaftNodeEvents,
} from './raft-node.js';
export {
  type Command,
  LongApply,
  type StagedSnapshot,
  type StateMachine,
  type StateSnapshot,
} from './state-machine.js';
export type { SnapshotProgress } from './snapshot-sender.js';
export type { PeerProgress, RaftNodeStatus, RecoveryStatus, ReplicationState } from './status.js';
export type {
  DisconnectCause,
  Lane,
  PeerAddress,
  PeerStatus,
  SendResult,
  Transport,
  TransportHandlers,
} from './transport.js';
