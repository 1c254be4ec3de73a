/**
 * What only a leader does when asked: change the configuration, and hand leadership over. One of each at a time.
 * Dissertation, sections 4.1 and 3.10. A change is checked before it is proposed, so that a refusal costs nothing; its
 * outcome is told when its index is applied, whatever stands there by then.
 */
import {
  type ConfChange,
  ConfChangeType,
  type ConfState,
  type Entry,
  type ProposeResult,
  type RawNode,
  StateType,
} from '@understudy/raft-core';
import { type DeadlineWheel, Waiter } from './deadline-wheel.js';
import { RaftNodeError, type RaftNodeErrorCode } from './errors.js';
import { checkConfChange } from './membership-check.js';
import { transferTarget } from './transfer-target.js';

type Refusal = Extract<ProposeResult, { ok: false }>['reason'];

export const REFUSAL_CODES: Readonly<Record<Refusal, RaftNodeErrorCode>> = {
  'no-leader': 'no-leader',
  'forwarding-disabled': 'not-leader',
  transferring: 'transferring',
  'uncommitted-limit': 'overloaded',
  'not-member': 'not-member',
  'empty-proposal': 'invalid-change',
  'conf-change-format': 'invalid-change',
  'conf-change-pending': 'conf-change-pending',
  joint: 'conf-change-pending',
  'not-joint': 'invalid-change',
  'no-own-term-commit': 'not-ready',
  'invalid-conf-change': 'invalid-change',
};

export type ConfChangeDone = (error: RaftNodeError | null, confState: ConfState | undefined) => void;
export type TransferDone = (error: RaftNodeError | null, leader: number) => void;

class PendingChange extends Waiter {
  constructor(
    private readonly requests: LeaderRequests,
    /** Where it stands in the log; 0 once a snapshot has hidden what became of it. */
    public index: number,
    readonly term: number,
    /** Those whom it removes. */
    readonly leaving: readonly number[],
    readonly done: ConfChangeDone,
  ) {
    super();
  }

  override end(code: RaftNodeErrorCode, why: string, cause?: unknown): void {
    if (this.requests.takeChange(this))
      this.done(new RaftNodeError(code, why, { outcome: 'unknown', cause }), undefined);
  }
}

class PendingTransfer extends Waiter {
  constructor(
    private readonly requests: LeaderRequests,
    readonly done: TransferDone,
  ) {
    super();
  }

  override end(code: RaftNodeErrorCode, why: string, cause?: unknown): void {
    if (this.requests.takeTransfer(this)) this.done(new RaftNodeError(code, why, { outcome: 'unknown', cause }), 0);
  }
}

export interface LeaderRequestsDeps {
  readonly self: number;
  readonly raw: RawNode;
  readonly wheel: DeadlineWheel;
  /** Heard within an election timeout. */
  readonly isLive: (id: number) => boolean;
  /** Term of the last applied entry: equal to the core's term once an entry of it is committed. */
  readonly appliedTerm: () => number;
}

export class LeaderRequests {
  #change: PendingChange | null = null;
  #transfer: PendingTransfer | null = null;

  constructor(private readonly deps: LeaderRequestsDeps) {}

  changeMembership(change: ConfChange, ticks: number, done: ConfChangeDone): Waiter | null {
    const refuse = (code: RaftNodeErrorCode, why: string): null => {
      done(new RaftNodeError(code, why), undefined);
      return null;
    };
    const { raw } = this.deps;
    if (raw.state !== StateType.Leader) return refuse('not-leader', `the leader is ${raw.lead}`);
    if (raw.leadTransferee !== 0) return refuse('transferring', `leadership goes to member ${raw.leadTransferee}`);
    if (this.#change !== null)
      return refuse('conf-change-pending', `the change at ${this.#change.index} is not applied yet`);
    if (this.deps.appliedTerm() !== raw.term) return refuse('not-ready', `no entry of term ${raw.term} is applied yet`);
    const { confState, progress } = raw.status();
    const recovers = (id: number): boolean => progress.some((peer) => peer.id === id && peer.recovering);
    const problem = checkConfChange(change, confState, recovers);
    if (problem !== null) return refuse('invalid-change', problem);
    const result = raw.proposeConfChange(change);
    if (!result.ok) return refuse(REFUSAL_CODES[result.reason], `the change was refused: ${result.reason}`);
    const leaving = change.changes.flatMap(({ type, nodeId }) => (type === ConfChangeType.RemoveNode ? [nodeId] : []));
    const pending = new PendingChange(this, result.index, result.term, leaving, done);
    this.#change = pending;
    this.deps.wheel.add(pending, ticks);
    return pending;
  }

  /** This leader has proposed to remove it: what it proposes from now on comes after, and it would never see it applied. */
  isLeaving(id: number): boolean {
    return this.#change?.leaving.includes(id) === true;
  }

  transferLeadership(to: number | 'any', ticks: number, done: TransferDone): Waiter | null {
    const refuse = (code: RaftNodeErrorCode, why: string): null => {
      done(new RaftNodeError(code, why), 0);
      return null;
    };
    const { raw } = this.deps;
    if (raw.state !== StateType.Leader) return refuse('not-leader', `the leader is ${raw.lead}`);
    if (this.#transfer !== null || raw.leadTransferee !== 0) {
      return refuse('transferring', `leadership goes to member ${raw.leadTransferee}`);
    }
    const target = transferTarget(raw.status(), to, this.deps.isLive);
    if (typeof target === 'string') return refuse('invalid-target', target);
    if (target === this.deps.self) {
      done(null, this.deps.self);
      return null;
    }
    const pending = new PendingTransfer(this, done);
    this.#transfer = pending;
    this.deps.wheel.add(pending, ticks);
    raw.transferLeadership(target);
    return pending;
  }

  onConfApplied(entry: Entry, refused: string | null, confState: ConfState): void {
    const pending = this.#change;
    if (pending === null || pending.index !== entry.index || pending.term !== entry.term) return;
    this.takeChange(pending);
    if (refused === null) pending.done(null, confState);
    else pending.done(new RaftNodeError('change-refused', refused), undefined);
  }

  /** After every run: a change whose index is applied and that was not found there has been overwritten. */
  onApplied(index: number): void {
    const pending = this.#change;
    if (pending === null || pending.index === 0 || pending.index > index) return;
    this.takeChange(pending);
    pending.done(
      new RaftNodeError('lost', `the change at ${pending.index} of term ${pending.term} was overwritten`),
      undefined,
    );
  }

  onSnapshotInstalled(): void {
    if (this.#change !== null) this.#change.index = 0;
  }

  onLeader(leader: number): void {
    const pending = this.#transfer;
    if (pending === null || leader === 0 || leader === this.deps.self) return;
    this.takeTransfer(pending);
    pending.done(null, leader);
  }

  /** The core gives a transfer up after an election timeout, and goes on leading. */
  tick(): void {
    const pending = this.#transfer;
    if (pending === null || this.deps.raw.state !== StateType.Leader || this.deps.raw.leadTransferee !== 0) return;
    this.takeTransfer(pending);
    pending.done(new RaftNodeError('timeout', 'the member did not take over within an election timeout'), 0);
  }

  endAll(code: RaftNodeErrorCode, why: string, cause?: unknown): void {
    this.#change?.end(code, why, cause);
    this.#transfer?.end(code, why, cause);
  }

  takeChange(pending: PendingChange): boolean {
    if (this.#change !== pending) return false;
    this.#change = null;
    this.deps.wheel.remove(pending);
    return true;
  }

  takeTransfer(pending: PendingTransfer): boolean {
    if (this.#transfer !== pending) return false;
    this.#transfer = null;
    this.deps.wheel.remove(pending);
    return true;
  }
}
