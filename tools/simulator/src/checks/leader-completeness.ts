/** Whoever leads has every entry that was ever committed, and nobody replaces one. Dissertation, section 3.2. */
import type { LogWrite } from '@understudy/raft-node';
import type { Process } from '../process.js';
import { Violation } from '../violation.js';
import type { Check } from './check.js';
import type { Ledger } from './ledger.js';

export class LeaderCompleteness implements Check {
  readonly name = 'leader-completeness';

  constructor(private readonly ledger: Ledger) {}

  onLeader({ id, seen }: Process): void {
    const { commit, committed } = this.ledger;
    const last = committed[commit];
    const { queued } = this.ledger.member(id);
    if (last === undefined || last.term > seen.term || queued.holds(commit, last.term)) return;
    const here = `has term ${queued.term(commit)} there, and ends at ${queued.last}`;
    const what = `${commit} of term ${last.term} is committed; member ${id}, leader of term ${seen.term}, ${here}`;
    throw new Violation(this.name, what);
  }

  onAppend({ id }: Process, { entries }: LogWrite): void {
    const { queued } = this.ledger.member(id);
    for (const { index, term } of entries) {
      const committed = this.ledger.committed[index];
      if (committed === undefined) return;
      // A leader of before, who knows nothing of the commit yet, may put its own entries where others have it.
      if (committed.term === term || (term < committed.term && queued.term(index) !== committed.term)) continue;
      const what = `${index} of term ${committed.term} is committed; member ${id} puts term ${term} there`;
      throw new Violation(this.name, what);
    }
  }
}
