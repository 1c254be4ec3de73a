/**
 * Tells the invariants what happens. The ledger moves in between, at the point that each hook documents. Ends the run at
 * the first violation: it is kept, since code under test may swallow what is thrown through it.
 */
import type { Message, SnapshotMeta } from '@understudy/raft-core';
import type { Command, LogWrite } from '@understudy/raft-node';
import type { StartState } from '@understudy/raft-node/testing';
import type { ClientOutcome, ClientRequest } from '../clients/request.js';
import type { Process } from '../process.js';
import type { Operation, OperationResult } from '../state/operation.js';
import { Violation } from '../violation.js';
import type { Check, LoadedFacts } from './check.js';
import type { Ledger } from './ledger.js';

type Hook = Exclude<keyof Check, 'name'>;
type Listening<H extends Hook> = readonly (Check & Required<Pick<Check, H>>)[];

export class Checks {
  violation: Violation | null = null;
  /** How often an invariant was asked. */
  asked = 0;
  private readonly append: Listening<'onAppend'>;
  private readonly durable: Listening<'onDurable'>;
  private readonly send: Listening<'onSend'>;
  private readonly apply: Listening<'onApply'>;
  private readonly commit: Listening<'onCommit'>;

  constructor(
    private readonly ledger: Ledger,
    private readonly all: readonly Check[],
  ) {
    this.append = this.listening('onAppend');
    this.durable = this.listening('onDurable');
    this.send = this.listening('onSend');
    this.apply = this.listening('onApply');
    this.commit = this.listening('onCommit');
  }

  /** Runs checks; what they throw ends the run. */
  guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (error instanceof Violation) this.violation ??= error;
      throw error;
    }
  }

  fail(invariant: string, text: string): never {
    this.violation ??= new Violation(invariant, text);
    throw this.violation;
  }

  onLoaded(process: Process, log: LoadedFacts): void {
    this.tell('onLoaded', (check) => check.onLoaded(process, log));
  }

  onStart(process: Process, start: StartState): void {
    this.tell('onStart', (check) => check.onStart(process, start));
    // The first entries of a cluster are committed by being the first.
    this.note(process, process.seen.commit);
  }

  onRecoveryEnding(process: Process): void {
    this.tell('onRecoveryEnding', (check) => check.onRecoveryEnding(process));
  }

  onRecovered(process: Process): void {
    this.tell('onRecovered', (check) => check.onRecovered(process));
    this.ledger.member(process.id).before = null;
  }

  onAppend(process: Process, write: LogWrite): void {
    this.asked += this.append.length;
    this.guard(() => {
      for (const check of this.append) check.onAppend(process, write);
    });
    this.ledger.queue(process.id, write);
  }

  onDurable(process: Process, write: LogWrite): void {
    this.ledger.acknowledge(process.id, write);
    this.asked += this.durable.length;
    this.guard(() => {
      for (const check of this.durable) check.onDurable(process, write);
    });
  }

  onCompact(process: Process, index: number): void {
    this.tell('onCompact', (check) => check.onCompact(process, index));
  }

  onSend(process: Process, message: Message): void {
    this.asked += this.send.length;
    this.guard(() => {
      for (const check of this.send) check.onSend(process, message);
    });
  }

  onApply(process: Process, command: Command<Operation>, operation: Operation, result: OperationResult): void {
    // What commits in this very event is applied in it, too.
    if (process.core !== null && process.core.commit !== process.seen.commit)
      this.onCommit(process, process.core.commit);
    this.asked += this.apply.length;
    this.guard(() => {
      for (const check of this.apply) check.onApply(process, command, operation, result);
    });
  }

  onStateDurable(process: Process, meta: SnapshotMeta): void {
    this.ledger.member(process.id).stateIndex = meta.index;
    this.tell('onStateDurable', (check) => check.onStateDurable(process, meta));
  }

  onStateReplaced(process: Process): void {
    if (process.state !== null) this.ledger.member(process.id).stateIndex = process.state.durable.index;
    this.tell('onStateReplaced', (check) => check.onStateReplaced(process));
  }

  onInvoke(request: ClientRequest): void {
    this.tell('onInvoke', (check) => check.onInvoke(request));
  }

  onOutcome(request: ClientRequest, outcome: ClientOutcome): void {
    this.tell('onOutcome', (check) => check.onOutcome(request, outcome));
  }

  onPromote(process: Process, learner: number): void {
    this.tell('onPromote', (check) => check.onPromote(process, learner));
  }

  /** After each event of a process: what moved is looked at, once. */
  afterEvent(process: Process): void {
    const { core, seen } = process;
    if (core === null || process.failure !== null) return;
    this.asked++;
    const { term, commit, applied } = core;
    if (term !== seen.term) {
      const before = seen.term;
      seen.term = term;
      this.tell('onTerm', (check) => check.onTerm(process, before));
    }
    if (core.isLeader && seen.leaderTerm !== term) {
      seen.leaderTerm = term;
      this.tell('onLeader', (check) => check.onLeader(process));
    }
    if (commit !== seen.commit) this.onCommit(process, commit);
    if (applied !== seen.applied) {
      const before = seen.applied;
      seen.applied = applied;
      this.tell('onApplied', (check) => check.onApplied(process, before));
    }
  }

  private onCommit(process: Process, commit: number): void {
    const before = process.seen.commit;
    process.seen.commit = commit;
    this.asked += this.commit.length;
    this.guard(() => {
      for (const check of this.commit) check.onCommit(process, before);
    });
    if (commit <= this.ledger.commit) return;
    this.tell('onFirstCommit', (check) => check.onFirstCommit(process, commit));
    this.note(process, commit);
  }

  private note(process: Process, commit: number): void {
    const { queued } = this.ledger.member(process.id);
    for (let index = this.ledger.commit + 1; index <= commit; index++) {
      const known = this.ledger.known(index, queued.term(index));
      if (known === undefined) {
        this.fail('commit-quorum', `member ${process.id} commits ${index}; no log was ever given that entry`);
      }
      this.ledger.committed.push(known.entry);
    }
  }

  private tell<H extends Hook>(hook: H, call: (check: Check & Required<Pick<Check, H>>) => void): void {
    const listening = this.listening(hook);
    this.asked += listening.length;
    this.guard(() => {
      for (const check of listening) call(check);
    });
  }

  private readonly byHook = new Map<Hook, readonly Check[]>();

  private listening<H extends Hook>(hook: H): Listening<H> {
    let found = this.byHook.get(hook);
    if (found === undefined) {
      found = this.all.filter((check) => check[hook] !== undefined);
      this.byHook.set(hook, found);
    }
    return found as Listening<H>;
  }
}
