/**
 * The truth of a run, put together from outside: what each member has written and what of it is durable, every entry
 * that ever entered a log, what is committed, who voted for whom. Invariants read it; nothing under test does.
 */
import type { ConfState, Entry } from '@understudy/raft-core';
import type { LogWrite } from '@understudy/raft-node';
import { ShadowLog } from './shadow-log.js';

export interface HardFacts {
  term: number;
  vote: number;
}

/** Of one member id, over all lives of its process. It stays when the member is wiped: what it said, it said. */
export class MemberLedger {
  /** As given to the log. */
  readonly queued = new ShadowLog();
  /** As acknowledged by the log. */
  readonly durable = new ShadowLog();
  /**
   * While it recovers from lost entries: what it had acknowledged in its former life. A leader may count that for a while,
   * and nothing that came since.
   */
  before: ShadowLog | null = null;
  /** Given and not acknowledged, oldest first. */
  pending: LogWrite[] = [];
  readonly queuedHard: HardFacts = { term: 0, vote: 0 };
  readonly durableHard: HardFacts = { term: 0, vote: 0 };
  /** The state's last durable point; it goes back where the state is thrown away, or is an older copy. */
  stateIndex = 0;

  constructor(readonly id: number) {}

  /** Whether a leader may count on its having the entry. */
  counts(index: number, term: number): boolean {
    return (this.before ?? this.durable).holds(index, term);
  }
}

export interface KnownEntry {
  readonly entry: Entry;
  /** Term of the entry before it. */
  readonly previousTerm: number;
}

export class Ledger {
  readonly members = new Map<number, MemberLedger>();
  /** Every entry seen, by index; a few terms each. */
  private readonly entries: KnownEntry[][] = [];
  /** committed[i] is at index i; nothing at 0. */
  readonly committed: Entry[] = [{ term: 0, index: 0, type: 0, data: new Uint8Array(0) }];
  /** Who is durably known to have voted for whom: term, then voter, then candidate. */
  readonly votes = new Map<number, Map<number, number>>();

  get commit(): number {
    return this.committed.length - 1;
  }

  member(id: number): MemberLedger {
    let member = this.members.get(id);
    if (member === undefined) {
      member = new MemberLedger(id);
      this.members.set(id, member);
    }
    return member;
  }

  /** The entry of that index and term, if any log ever had it. */
  known(index: number, term: number): KnownEntry | undefined {
    return this.entries[index]?.find(({ entry }) => entry.term === term);
  }

  add(known: KnownEntry): void {
    const { index } = known.entry;
    const same = this.entries[index];
    if (same === undefined) this.entries[index] = [known];
    else same.push(known);
  }

  queue(id: number, write: LogWrite): void {
    const member = this.member(id);
    member.queued.apply(write);
    member.pending.push(write);
    if (write.hardState === null) return;
    member.queuedHard.term = write.hardState.term;
    member.queuedHard.vote = write.hardState.vote;
  }

  acknowledge(id: number, write: LogWrite): void {
    const member = this.member(id);
    member.durable.apply(write);
    const at = member.pending.indexOf(write);
    if (at >= 0) member.pending.splice(at, 1);
    if (write.hardState === null || !write.mustSync) return;
    const { term, vote } = write.hardState;
    member.durableHard.term = term;
    member.durableHard.vote = vote;
    if (vote !== 0) this.recordVote(term, id, vote);
  }

  recordVote(term: number, voter: number, candidate: number): void {
    let votes = this.votes.get(term);
    if (votes === undefined) {
      votes = new Map();
      this.votes.set(term, votes);
    }
    votes.set(voter, candidate);
  }

  /** Whether both halves of a configuration have a majority of voters that `holds`. */
  isQuorum(conf: ConfState, holds: (id: number) => boolean): boolean {
    return majority(conf.voters, holds) && (conf.votersOutgoing.length === 0 || majority(conf.votersOutgoing, holds));
  }
}

function majority(voters: readonly number[], holds: (id: number) => boolean): boolean {
  let count = 0;
  for (const id of voters) if (holds(id)) count++;
  return 2 * count > voters.length;
}
