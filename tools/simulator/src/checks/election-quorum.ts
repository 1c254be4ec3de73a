/**
 * A leader has the durable votes of a quorum of voters, and is one itself; nobody votes for two in one term. Learners
 * and standbys never count and never lead. Dissertation, sections 3.4 and 4.2.1.
 */
import { type ConfState, type Message, MessageType } from '@understudy/raft-core';
import type { LogWrite } from '@understudy/raft-node';
import type { Process } from '../process.js';
import { Violation } from '../violation.js';
import type { Check } from './check.js';
import type { Ledger } from './ledger.js';

export class ElectionQuorum implements Check {
  readonly name = 'election-quorum';

  constructor(private readonly ledger: Ledger) {}

  onSend({ id }: Process, message: Message): void {
    const { term, to, type } = message;
    if (type !== MessageType.VoteResp || message.reject) return;
    this.voted(term, id, to);
    // Granted and outlived within one turn: what is durable is a later term, in which it can vote for nobody else in this
    // one any more.
    if (this.ledger.member(id).durableHard.term > term) this.ledger.recordVote(term, id, to);
  }

  onAppend({ id }: Process, { hardState }: LogWrite): void {
    if (hardState !== null && hardState.vote !== 0) this.voted(hardState.term, id, hardState.vote);
  }

  onLeader({ core, id, seen }: Process): void {
    if (core === null) return;
    const { confState } = core;
    if (!isVoter(confState, id)) throw new Violation(this.name, `member ${id} leads term ${seen.term} and is no voter`);
    const votes = this.ledger.votes.get(seen.term);
    const granted = (voter: number): boolean => votes?.get(voter) === id;
    if (this.ledger.isQuorum(confState, granted)) return;
    const of = `[${confState.voters.join(' ')}] and [${confState.votersOutgoing.join(' ')}]`;
    const has = [...this.ledger.members.keys()].filter(granted).join(' ');
    throw new Violation(this.name, `member ${id} leads term ${seen.term} of ${of} with the durable votes of [${has}]`);
  }

  private voted(term: number, voter: number, candidate: number): void {
    const before = this.ledger.votes.get(term)?.get(voter);
    if (before === undefined || before === candidate) return;
    throw new Violation(this.name, `member ${voter} votes for ${before} and for ${candidate} in term ${term}`);
  }
}

function isVoter({ voters, votersOutgoing }: ConfState, id: number): boolean {
  return voters.includes(id) || votersOutgoing.includes(id);
}
