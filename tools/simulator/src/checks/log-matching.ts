/**
 * Two logs that have an entry of the same index and term are the same up to there. Dissertation, section 3.2. By
 * induction it is enough that such entries are equal and follow entries of the same term.
 */
import type { Entry } from '@understudy/raft-core';
import type { LogWrite } from '@understudy/raft-node';
import type { Process } from '../process.js';
import { Violation } from '../violation.js';
import type { Check } from './check.js';
import type { Ledger } from './ledger.js';

export class LogMatching implements Check {
  readonly name = 'log-matching';

  constructor(private readonly ledger: Ledger) {}

  onAppend({ id }: Process, { entries, snapshot }: LogWrite): void {
    const first = entries[0];
    if (first === undefined) return;
    const { queued } = this.ledger.member(id);
    const base = snapshot !== null && snapshot.index === first.index - 1;
    let previousTerm = base ? snapshot.term : queued.term(first.index - 1);
    if (!base && first.index > queued.last + 1) {
      throw new Violation(this.name, `member ${id} appends ${first.index} to a log that ends at ${queued.last}`);
    }
    for (const entry of entries) {
      this.see(id, entry, previousTerm);
      previousTerm = entry.term;
    }
  }

  private see(id: number, entry: Entry, previousTerm: number): void {
    const { index, term } = entry;
    if (term < previousTerm) {
      throw new Violation(this.name, `member ${id} appends ${index} of term ${term} after term ${previousTerm}`);
    }
    const known = this.ledger.known(index, term);
    if (known === undefined) {
      this.ledger.add({ entry, previousTerm });
      return;
    }
    if (known.previousTerm !== previousTerm) {
      const terms = `${previousTerm}, elsewhere after term ${known.previousTerm}`;
      throw new Violation(this.name, `member ${id} has ${index} of term ${term} after term ${terms}`);
    }
    if (!sameEntry(known.entry, entry)) {
      throw new Violation(this.name, `member ${id} has other bytes in ${index} of term ${term} than another member`);
    }
  }
}

export function sameEntry(a: Entry, b: Entry): boolean {
  return a === b || (a.term === b.term && a.type === b.type && sameBytes(a.data, b.data));
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a === b || (a.length === b.length && Buffer.compare(a, b) === 0);
}
