/** At most one leader a term. Dissertation, section 3.2: election safety. */
import type { Process } from '../process.js';
import { Violation } from '../violation.js';
import type { Check } from './check.js';

export class OneLeaderATerm implements Check {
  readonly name = 'one-leader-a-term';
  private readonly leaders = new Map<number, number>();

  onLeader({ id, seen }: Process): void {
    const other = this.leaders.get(seen.term);
    if (other !== undefined && other !== id) {
      throw new Violation(this.name, `members ${other} and ${id} both lead in term ${seen.term}`);
    }
    this.leaders.set(seen.term, id);
  }
}
