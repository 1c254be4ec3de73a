/**
 * Every member applies the committed entries, in order, and comes to the answers that the reference comes to: so one
 * revision more for each operation that changes keys, and none for others. Dissertation, section 3.2; design, section 9.
 */
import type { Command } from '@understudy/raft-node';
import { PROPOSAL_HEADER_BYTES } from '../state/proposal-header.js';
import type { Process } from '../process.js';
import type { Operation, OperationResult } from '../state/operation.js';
import { decodeOperation } from '../state/operation.js';
import { Violation } from '../violation.js';
import type { Check } from './check.js';
import type { Ledger } from './ledger.js';
import { sameBytes } from './log-matching.js';
import type { History } from './history.js';

export class StateMachineSafety implements Check {
  readonly name = 'state-machine-safety';

  constructor(
    private readonly ledger: Ledger,
    private readonly history: History,
  ) {}

  onApply({ id }: Process, command: Command<Operation>, _operation: Operation, result: OperationResult): void {
    const { data, index, term } = command;
    const committed = this.ledger.committed[index];
    if (committed === undefined) {
      throw new Violation(this.name, `member ${id} applies ${index}; committed is ${this.ledger.commit}`);
    }
    const same = committed.term === term && sameBytes(committed.data.subarray(PROPOSAL_HEADER_BYTES), data);
    if (!same) {
      const what = `of term ${term}, which is not the committed one, of term ${committed.term}`;
      throw new Violation(this.name, `member ${id} applies ${index} ${what}`);
    }
    const expected = this.history.resultAt(index) ?? this.history.apply(index, term, decodeOperation(data));
    const { detail, ok, revision } = expected;
    if (result.ok === ok && result.revision === revision && result.detail === detail) return;
    const [got, wanted] = [JSON.stringify(result), JSON.stringify(expected)];
    throw new Violation(this.name, `member ${id} answers ${got} at ${index}; the reference answers ${wanted}`);
  }
}
