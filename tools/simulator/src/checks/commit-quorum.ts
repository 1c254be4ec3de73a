/**
 * An entry commits when a quorum of the voters in force holds it durably, and it is of the leader's own term; what came
 * before it commits with it. Learners, standbys and what a recovering member refetches never count. Dissertation, sections
 * 3.6.2 and 4.3; design, section 5.
 */
import type { Process } from '../process.js';
import { Violation } from '../violation.js';
import type { Check } from './check.js';
import type { Ledger } from './ledger.js';

export class CommitQuorum implements Check {
  readonly name = 'commit-quorum';

  constructor(private readonly ledger: Ledger) {}

  onFirstCommit(process: Process, index: number): void {
    const { core, id, seen } = process;
    if (core === null) return;
    const term = this.ledger.member(id).queued.term(index);
    if (core.isLeader && term !== seen.term) {
      const what = `member ${id}, leader of term ${seen.term}, commits ${index} of term ${term} by counting`;
      throw new Violation(this.name, what);
    }
    // A change that is applied in the same event takes effect only after the commit.
    const { confState } = core;
    const confBefore = process.confBefore ?? confState;
    const holders = (member: number): boolean => this.ledger.member(member).counts(index, term);
    if (this.ledger.isQuorum(confState, holders) || this.ledger.isQuorum(confBefore, holders)) return;
    const { voters, votersOutgoing } = confState;
    const has = voters.filter(holders).join(' ');
    const of = `[${voters.join(' ')}]${votersOutgoing.length > 0 ? ` and [${votersOutgoing.join(' ')}]` : ''}`;
    throw new Violation(
      this.name,
      `member ${id} commits ${index} of term ${term}; of ${of} only [${has}] has it durably`,
    );
  }
}
