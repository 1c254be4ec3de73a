/**
 * A member that lost entries it may have acknowledged neither votes nor leads until it has them again, and under its id
 * never again where its vote is not proven. That nothing it refetches is counted is the business of `commit-quorum`.
 * Design, section 5.
 */
import { type Message, MessageType } from '@understudy/raft-core';
import type { Process } from '../process.js';
import { Violation } from '../violation.js';
import type { Check, LoadedFacts } from './check.js';
import type { Ledger } from './ledger.js';

interface Lost {
  /** Committed when it began: what others may rely on its having had. */
  commit: number;
  voteProven: boolean;
  /** It had everything again, and its log was asked to say so: the next start may find it whole. */
  ending: boolean;
}

export class Recovering implements Check {
  readonly name = 'recovering';
  private readonly lost = new Map<number, Lost>();

  constructor(private readonly ledger: Ledger) {}

  onLoaded({ id }: Process, { recovering }: LoadedFacts): void {
    const earlier = this.lost.get(id);
    if (recovering === null) {
      if (earlier?.ending === false) throw new Violation(this.name, `member ${id} has forgotten that it lost entries`);
      this.lost.delete(id);
      return;
    }
    const voteProven = recovering.voteProven && earlier?.voteProven !== false;
    if (voteProven !== recovering.voteProven) {
      throw new Violation(this.name, `member ${id} finds a proof of the vote that it had lost`);
    }
    this.lost.set(id, { commit: this.ledger.commit, voteProven, ending: false });
  }

  onRecoveryEnding({ id }: Process): void {
    const lost = this.lost.get(id);
    if (lost === undefined) return;
    if (!lost.voteProven) throw new Violation(this.name, `member ${id} is to count again; its vote is not proven`);
    const { durable } = this.ledger.member(id);
    const term = this.ledger.committed[lost.commit]?.term ?? 0;
    if (!durable.holds(lost.commit, term)) {
      const what = `${lost.commit} was committed when it began, and it ends at ${durable.last}`;
      throw new Violation(this.name, `member ${id} is to count again: ${what}`);
    }
    lost.ending = true;
  }

  onRecovered({ id }: Process): void {
    if (this.lost.get(id)?.ending === false)
      throw new Violation(this.name, `member ${id} counts again, and its log was not asked to forget the loss`);
    this.lost.delete(id);
  }

  onSend({ id }: Process, { reject, to, type }: Message): void {
    const votes = type === MessageType.VoteResp || type === MessageType.PreVoteResp;
    const asks = type === MessageType.Vote || type === MessageType.PreVote;
    if (!this.lost.has(id) || !(asks || (votes && !reject))) return;
    throw new Violation(this.name, `member ${id} ${asks ? 'asks' : 'votes for'} ${to} while it recovers`);
  }

  onLeader({ id, seen }: Process): void {
    if (!this.lost.has(id)) return;
    throw new Violation(this.name, `member ${id} leads term ${seen.term} while it recovers`);
  }
}
