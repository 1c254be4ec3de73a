/**
 * The shape of an invariant: a name, and what it wants to be told of. Each lives in a file of its own and keeps only what
 * it needs; all of them are told after every event, so each does as little as it can. A broken one throws a Violation.
 */
import type { Message, SnapshotMeta } from '@understudy/raft-core';
import type { Command, LogRecovery, LogWrite } from '@understudy/raft-node';
import type { StartState } from '@understudy/raft-node/testing';
import type { Process } from '../process.js';
import type { Operation, OperationResult } from '../state/operation.js';
import type { ClientOutcome, ClientRequest } from '../clients/request.js';

export interface LoadedFacts {
  readonly term: number;
  readonly vote: number;
  readonly commit: number;
  readonly first: number;
  readonly last: number;
  readonly termAt: (index: number) => number | 'compacted' | 'unavailable';
  /** Null where the log is whole. */
  readonly recovering: LogRecovery | null;
}

export interface Check {
  readonly name: string;
  /** A log was opened; before anything runs on it. */
  onLoaded?(process: Process, log: LoadedFacts): void;
  /** It has again what its log had lost, and asks the log to forget the loss: that is durable at some time from now on. */
  onRecoveryEnding?(process: Process): void;
  /** The log has forgotten it, and it counts again. */
  onRecovered?(process: Process): void;
  onStart?(process: Process, start: StartState): void;
  /** Given to the log; the ledger does not have it yet. */
  onAppend?(process: Process, write: LogWrite): void;
  /** Acknowledged by the log; the ledger has it. */
  onDurable?(process: Process, write: LogWrite): void;
  onCompact?(process: Process, index: number): void;
  onSend?(process: Process, message: Message): void;
  /** It became leader of its term. */
  onLeader?(process: Process): void;
  onTerm?(process: Process, before: number): void;
  onCommit?(process: Process, before: number): void;
  /** Nobody had claimed it committed before. */
  onFirstCommit?(process: Process, index: number): void;
  onApplied?(process: Process, before: number): void;
  onApply?(process: Process, command: Command<Operation>, operation: Operation, result: OperationResult): void;
  onStateDurable?(process: Process, meta: SnapshotMeta): void;
  /** The state is another one: after a start or an installed snapshot. */
  onStateReplaced?(process: Process): void;
  onInvoke?(request: ClientRequest): void;
  onOutcome?(request: ClientRequest, outcome: ClientOutcome): void;
  onPromote?(process: Process, learner: number): void;
}
