/**
 * The core's apply thread: takes committed entries to the state machine, in order, a bounded run each turn, so that a
 * long replay never keeps heartbeats waiting. The core hands out only entries that the local log has made durable;
 * this is asserted here, because the state must never hold what the log could lose (design, section 6).
 */
import assert from 'node:assert/strict';
import {
  type ConfChange,
  type ConfState,
  ConfChangeTransition,
  ConfChangeType,
  decodeConfChange,
  type Entry,
  EntryType,
  type Message,
} from '@understudy/raft-core';
import type { PendingProposal, PendingProposals } from './pending-proposals.js';
import { isProposal, proposalData } from './proposal-header.js';
import type { RaftLog } from './raft-log.js';
import { LongApply, type StateMachine } from './state-machine.js';

export interface ApplyBudget {
  readonly applyTurnEntries: number;
  readonly applyTurnBytes: number;
  readonly applyTurnMs: number;
}

export interface ApplierDeps<Result, Local> {
  readonly log: RaftLog;
  readonly stateMachine: StateMachine<Result, Local>;
  readonly proposals: PendingProposals<Result, Local>;
  readonly applyConfChange: (change: ConfChange) => ConfState;
  readonly validateConfChange: ((change: ConfChange, confState: ConfState) => string | null) | null;
  /** Milliseconds, monotonic: only for the time budget. */
  readonly now: () => number;
}

export interface ApplierSink {
  /** All entries of this StorageApply message are applied. */
  onMessageApplied(message: Message): void;
  /** A run ended; `bytes` and `entries` are its size. */
  onApplied(index: number, entries: number, bytes: number): void;
  /** `refused` is the host's reason; `change` is null then. */
  onConfApplied(entry: Entry, change: ConfChange | null, refused: string | null, confState: ConfState): void;
  /** The first entry of a later term than the ones before. */
  onTermApplied(term: number): void;
}

/** A change that changes nothing: member 0 is ignored. */
const NULL_CHANGE: ConfChange = Object.freeze({
  transition: ConfChangeTransition.Auto,
  changes: Object.freeze([Object.freeze({ type: ConfChangeType.AddNode, nodeId: 0 })]),
  context: new Uint8Array(0),
});

/** Entries between two looks at the clock. */
const CLOCK_STRIDE = 64;

export class Applier<Result, Local> {
  // Index of the last entry given to the state machine; applied <= last durable index of the log.
  applied: number;
  // The term of that entry.
  appliedTerm: number;
  // The configuration as of `applied`.
  confState: ConfState;
  // Index of the entry that `confState` comes from, or of the state or snapshot that brought it. confIndex <= applied
  confIndex: number;
  // StorageApply messages with entries left to apply, oldest first.
  #queue: Message[] = [];
  // Position in the first of them.
  #position = 0;
  // The entry at `position` is being applied in steps, one a turn.
  #long: LongApply<Result> | null = null;
  // Callers to be told once the state machine was told the end of the run.
  #answered: PendingProposal<Result, Local>[] = [];
  #results: Result[] = [];

  constructor(
    private readonly deps: ApplierDeps<Result, Local>,
    private readonly budget: ApplyBudget,
    private readonly sink: ApplierSink,
    start: { readonly index: number; readonly term: number; readonly confState: ConfState },
  ) {
    this.applied = start.index;
    this.appliedTerm = start.term;
    this.confState = start.confState;
    this.confIndex = start.index;
  }

  get idle(): boolean {
    return this.#queue.length === 0;
  }

  get queued(): number {
    let count = -this.#position;
    for (const message of this.#queue) count += message.entries.length;
    return count;
  }

  add(message: Message): void {
    const { entries } = message;
    if (entries.length === 0) {
      this.sink.onMessageApplied(message);
      return;
    }
    const last = (entries[entries.length - 1] as Entry).index;
    const durable = this.deps.log.lastIndex();
    assert(last <= durable, `entry ${last} is to be applied; the log is durable to ${durable}`);
    this.#queue.push(message);
  }

  /** Applies within the budget of a turn. */
  run(): void {
    const { now, stateMachine } = this.deps;
    const { applyTurnEntries, applyTurnBytes, applyTurnMs } = this.budget;
    const until = now() + applyTurnMs;
    let count = 0;
    let bytes = 0;
    while (this.#queue.length > 0) {
      const message = this.#queue[0] as Message;
      const { entries } = message;
      while (this.#position < entries.length && count < applyTurnEntries && bytes < applyTurnBytes) {
        const entry = entries[this.#position] as Entry;
        if (!this.#apply(entry)) break;
        this.#position++;
        bytes += entry.data.length;
        if (++count % CLOCK_STRIDE === 0 && now() >= until) bytes = applyTurnBytes;
      }
      if (this.#position < entries.length) break;
      this.#queue.shift();
      this.#position = 0;
      stateMachine.appliedTo(this.applied, this.appliedTerm);
      this.sink.onMessageApplied(message);
    }
    if (count === 0) return;
    if (this.#position > 0) stateMachine.appliedTo(this.applied, this.appliedTerm);
    this.#answer();
    this.sink.onApplied(this.applied, count, bytes);
  }

  /** A snapshot took the place of everything before it. */
  restored(at: { readonly index: number; readonly term: number; readonly confState: ConfState }): void {
    assert(this.idle, `${this.queued} entries are left to apply before the snapshot at ${at.index}`);
    this.applied = at.index;
    this.appliedTerm = at.term;
    this.confState = at.confState;
    this.confIndex = at.index;
  }

  /** False where it needs another turn. */
  #apply(entry: Entry): boolean {
    assert(entry.index === this.applied + 1, `entry ${entry.index} is to be applied after ${this.applied}`);
    if (entry.term !== this.appliedTerm && this.#long === null) this.sink.onTermApplied(entry.term);
    switch (entry.type) {
      case EntryType.Normal:
        if (entry.data.length > 0 && !this.#applyCommand(entry)) return false;
        break;
      case EntryType.ConfChange:
      case EntryType.ConfChangeV2:
        this.#applyConfChange(entry);
        break;
      default:
        assert.fail(`entry ${entry.index} has type ${entry.type as number}, which is not known here`);
    }
    this.applied = entry.index;
    this.appliedTerm = entry.term;
    return true;
  }

  #applyCommand(entry: Entry): boolean {
    assert(isProposal(entry.data), `entry ${entry.index} has a payload of version ${entry.data[0]}, not known here`);
    const { proposals, stateMachine } = this.deps;
    const proposal = proposals.find(entry.data);
    let result: Result;
    if (this.#long === null) {
      const begun = stateMachine.apply({
        index: entry.index,
        term: entry.term,
        data: proposalData(entry.data),
        local: proposal === null ? undefined : proposal.local,
      });
      if (begun instanceof LongApply) {
        this.#long = begun as LongApply<Result>;
        return false;
      }
      result = begun;
    } else {
      const done = this.#long.step();
      if (done === null) return false;
      this.#long = null;
      result = done.result;
    }
    if (proposal === null) return true;
    proposals.remove(proposal);
    this.#answered.push(proposal);
    this.#results.push(result);
    return true;
  }

  #applyConfChange(entry: Entry): void {
    const { validateConfChange, applyConfChange, stateMachine } = this.deps;
    const change = decodeConfChange(entry);
    // Leaving a joint configuration is never refused: its members were accepted when it was entered.
    const leaves = change.changes.length === 0;
    const refused = leaves || validateConfChange === null ? null : validateConfChange(change, this.confState);
    this.confState = applyConfChange(refused === null ? change : NULL_CHANGE);
    this.confIndex = entry.index;
    const applied = refused === null ? change : null;
    stateMachine.applyConfChange(applied, { index: entry.index, term: entry.term, confState: this.confState });
    this.sink.onConfApplied(entry, applied, refused, this.confState);
  }

  #answer(): void {
    const answered = this.#answered;
    if (answered.length === 0) return;
    const results = this.#results;
    this.#answered = [];
    this.#results = [];
    for (let i = 0; i < answered.length; i++) {
      (answered[i] as PendingProposal<Result, Local>).done(null, results[i] as Result);
    }
  }
}
