/**
 * Proposals of this member whose callers wait. A proposal ends when its entry is applied here, when it is known never
 * to be applied (refused, not sent, overwritten), or at its deadline, when nobody can tell. Never more than the limits.
 */
import { type DeadlineWheel, Waiter } from './deadline-wheel.js';
import { RaftNodeError, type RaftNodeErrorCode } from './errors.js';
import { PROPOSAL_HEADER_BYTES, ProposalHeader } from './proposal-header.js';

export type ProposalDone<Result> = (error: RaftNodeError | null, result: Result | undefined) => void;

export class PendingProposal<Result, Local> extends Waiter {
  /** The term in which this member appended it as leader; 0 while it is queued, or when it was forwarded. */
  term = 0;
  /** Given to the core; before, nobody else can have seen it. */
  submitted = false;

  constructor(
    private readonly table: PendingProposals<Result, Local>,
    readonly sequence: number,
    readonly payload: Uint8Array,
    readonly local: Local | undefined,
    readonly done: ProposalDone<Result>,
  ) {
    super();
  }

  override end(code: RaftNodeErrorCode, why: string, cause?: unknown): void {
    this.table.giveUp(this, code, why, cause);
  }
}

export interface ProposalLimits {
  readonly maxProposalBytes: number;
  readonly maxPendingProposals: number;
  readonly maxPendingProposalBytes: number;
}

export class PendingProposals<Result, Local> {
  readonly header: ProposalHeader;
  // Everything submitted or queued and not ended, by sequence.
  readonly #bySequence = new Map<number, PendingProposal<Result, Local>>();
  // Not given to the core yet; those that ended meanwhile are skipped when it is taken.
  #queue: PendingProposal<Result, Local>[] = [];
  #sequence = 0;
  // Sum of the payloads in `bySequence`.
  #bytes = 0;

  constructor(
    proposer: number,
    run: number,
    private readonly wheel: DeadlineWheel,
    private readonly limits: ProposalLimits,
  ) {
    this.header = new ProposalHeader(proposer, run);
  }

  get count(): number {
    return this.#bySequence.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get hasQueued(): boolean {
    return this.#queue.length > 0;
  }

  /** Null when a limit refused it; `done` has been told. */
  add(
    data: Uint8Array,
    local: Local | undefined,
    ticks: number,
    done: ProposalDone<Result>,
  ): PendingProposal<Result, Local> | null {
    const { maxProposalBytes, maxPendingProposals, maxPendingProposalBytes } = this.limits;
    const size = data.length + PROPOSAL_HEADER_BYTES;
    if (data.length > maxProposalBytes) {
      done(
        new RaftNodeError('too-large', `proposal of ${data.length} bytes; the limit is ${maxProposalBytes}`),
        undefined,
      );
      return null;
    }
    if (this.#bySequence.size >= maxPendingProposals || this.#bytes + size > maxPendingProposalBytes) {
      const what = `${this.#bySequence.size} proposals of ${this.#bytes} bytes are waiting`;
      done(new RaftNodeError('overloaded', what), undefined);
      return null;
    }
    const sequence = ++this.#sequence;
    const proposal = new PendingProposal(this, sequence, this.header.encode(sequence, data), local, done);
    this.#bySequence.set(sequence, proposal);
    this.#bytes += size;
    this.#queue.push(proposal);
    this.wheel.add(proposal, ticks);
    return proposal;
  }

  /** Everything queued and still wanted, in order. */
  takeQueue(): PendingProposal<Result, Local>[] {
    const queue = this.#queue;
    this.#queue = [];
    for (let i = 0; i < queue.length; i++) {
      if (!this.#bySequence.has((queue[i] as PendingProposal<Result, Local>).sequence)) {
        return queue.filter((proposal) => this.#bySequence.has(proposal.sequence));
      }
    }
    return queue;
  }

  /** The proposal that the entry with this payload answers; null for anybody else's, and for one that has ended. */
  find(payload: Uint8Array): PendingProposal<Result, Local> | null {
    const sequence = this.header.ownSequence(payload);
    return sequence === 0 ? null : (this.#bySequence.get(sequence) ?? null);
  }

  /** Certain never to be applied. */
  refuse(proposal: PendingProposal<Result, Local>, code: RaftNodeErrorCode, why: string): void {
    if (!this.remove(proposal)) return;
    proposal.done(new RaftNodeError(code, why, { outcome: 'not-applied' }), undefined);
  }

  refuseSequence(sequence: number, code: RaftNodeErrorCode, why: string): void {
    const proposal = this.#bySequence.get(sequence);
    if (proposal !== undefined) this.refuse(proposal, code, why);
  }

  /** No longer waited for; the outcome is unknown once it was submitted. */
  giveUp(proposal: PendingProposal<Result, Local>, code: RaftNodeErrorCode, why: string, cause?: unknown): void {
    if (!this.remove(proposal)) return;
    const outcome = proposal.submitted ? 'unknown' : 'not-applied';
    proposal.done(new RaftNodeError(code, why, { outcome, cause }), undefined);
  }

  giveUpAll(code: RaftNodeErrorCode, why: string, cause?: unknown): void {
    for (const proposal of [...this.#bySequence.values()]) this.giveUp(proposal, code, why, cause);
    this.#queue = [];
  }

  /**
   * The first entry of `term` is applied: whatever this member appended as leader of an earlier term and is not applied
   * by now has been overwritten, since entries of an earlier term never follow. Dissertation, section 3.6.
   */
  refuseOverwritten(term: number): void {
    for (const proposal of [...this.#bySequence.values()]) {
      if (proposal.term !== 0 && proposal.term < term) {
        this.refuse(proposal, 'lost', `appended in term ${proposal.term}, overwritten in term ${term}`);
      }
    }
  }

  /** A snapshot took the place of entries: those proposals may be in it, so nothing can be concluded any more. */
  forgetTerms(): void {
    for (const proposal of this.#bySequence.values()) proposal.term = 0;
  }

  /** False when it has ended already. */
  remove(proposal: PendingProposal<Result, Local>): boolean {
    if (!this.#bySequence.delete(proposal.sequence)) return false;
    this.#bytes -= proposal.payload.length;
    this.wheel.remove(proposal);
    return true;
  }
}
