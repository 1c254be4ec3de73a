/**
 * A vote, and an acknowledgement of entries, leaves only when term, vote and entries are durable here. Dissertation,
 * figure 3.1; design, section 4.
 */
import { type Message, MessageType } from '@understudy/raft-core';
import type { Process } from '../process.js';
import { Violation } from '../violation.js';
import type { Check } from './check.js';
import type { Ledger } from './ledger.js';

export class DurableBeforeSent implements Check {
  readonly name = 'durable-before-sent';

  constructor(private readonly ledger: Ledger) {}

  onSend({ id }: Process, message: Message): void {
    const { index, reject, term, to, type } = message;
    if (reject || (type !== MessageType.VoteResp && type !== MessageType.AppResp)) return;
    const { durable, durableHard } = this.ledger.member(id);
    if (durableHard.term < term) {
      const what = `member ${id} answers ${to} in term ${term}; durable is term ${durableHard.term}`;
      throw new Violation(this.name, what);
    }
    if (type === MessageType.VoteResp && durableHard.term === term && durableHard.vote !== to) {
      const what = `member ${id} votes for ${to} in term ${term}; durable is its vote for ${durableHard.vote}`;
      throw new Violation(this.name, what);
    }
    if (type === MessageType.AppResp && durable.last < index) {
      throw new Violation(this.name, `member ${id} acknowledges ${index} to ${to}; durable is ${durable.last}`);
    }
  }
}
