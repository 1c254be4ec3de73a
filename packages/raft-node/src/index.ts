export type { InstallIntent, LogWrite, RaftLog } from './raft-log.js';
export type { Command, StagedSnapshot, StateMachine, StateSnapshot } from './state-machine.js';
export type {
  DisconnectCause,
  Lane,
  PeerAddress,
  PeerStatus,
  SendResult,
  Transport,
  TransportHandlers,
} from './transport.js';
