/**
 * No acknowledged write is lost, none is done twice, and none of which the client was told that it will never be done is
 * done. Design, section 9.
 */
import type { ClientOutcome, ClientRequest } from '../clients/request.js';
import type { Operation } from '../state/operation.js';
import { Violation } from '../violation.js';
import type { Check } from './check.js';
import type { Carried, History } from './history.js';

export class AcknowledgedWrites implements Check {
  readonly name = 'acknowledged-writes';
  private readonly denied = new Set<number>();

  constructor(private readonly history: History) {
    history.listeners.push((operation, carried) => this.onCarried(operation, carried));
  }

  onOutcome({ operation }: ClientRequest, outcome: ClientOutcome): void {
    if (operation === null) return;
    const carried = this.history.carried.get(operation.op);
    if (outcome.kind === 'not-applied') {
      this.denied.add(operation.op);
      if (carried !== undefined) this.fail(operation, carried);
      return;
    }
    if (outcome.kind !== 'done') return;
    const { revision } = outcome;
    if (carried === undefined) {
      throw new Violation(this.name, `operation ${operation.op} is acknowledged at revision ${revision} and not done`);
    }
    if (carried.result.revision === revision) return;
    const what = `acknowledged at revision ${revision} and done at ${carried.result.revision}`;
    throw new Violation(this.name, `operation ${operation.op} is ${what}`);
  }

  private onCarried(operation: Operation, carried: Carried): void {
    if (this.denied.has(operation.op)) this.fail(operation, carried);
  }

  private fail(operation: Operation, { index }: Carried): never {
    throw new Violation(this.name, `operation ${operation.op} is done at ${index}; its client was told that it is not`);
  }
}
