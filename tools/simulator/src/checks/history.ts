/** What the committed operations mean, in the order of the log, and where each client's operation stands in it. */
import type { Operation, OperationResult } from '../state/operation.js';
import { Reference } from '../state/reference.js';
import { Violation } from '../violation.js';

export interface Carried {
  readonly index: number;
  readonly result: OperationResult;
}

export class History {
  readonly reference = new Reference();
  private readonly results = new Map<number, OperationResult>();
  /** By the operation's own number. */
  readonly carried = new Map<number, Carried>();
  /** The reference's revision after each applied index; sparse. */
  private readonly revisions: number[] = [1];
  private lastIndex = 0;
  /** Told of each operation, once, when the first member applies it. */
  readonly listeners: ((operation: Operation, carried: Carried) => void)[] = [];

  resultAt(index: number): OperationResult | undefined {
    return this.results.get(index);
  }

  apply(index: number, term: number, operation: Operation): OperationResult {
    if (index <= this.lastIndex) {
      throw new Violation('state-machine-safety', `operation ${operation.op} at ${index} was not applied in order`);
    }
    const result = this.reference.apply(operation, term);
    for (let at = this.lastIndex + 1; at < index; at++) this.revisions[at] = this.revisions[at - 1] as number;
    this.revisions[index] = result.revision;
    this.lastIndex = index;
    this.results.set(index, result);
    const twice = this.carried.get(operation.op);
    if (twice !== undefined) {
      const what = `operation ${operation.op} is carried out at ${twice.index} and at ${index}`;
      throw new Violation('acknowledged-writes', what);
    }
    const carried = { index, result };
    this.carried.set(operation.op, carried);
    for (const listener of this.listeners) listener(operation, carried);
    return result;
  }

  /** The revision that a state at `index` has. */
  revisionAt(index: number): number {
    return this.revisions[Math.min(index, this.revisions.length - 1)] as number;
  }
}
