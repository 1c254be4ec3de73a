// The first place in a line, for who has it: what a lock and a leadership have in common.
import type { Claim } from './claim.js';

export abstract class FirstPlace implements AsyncDisposable {
  protected readonly claim: Claim;

  /** For `Client`. */
  constructor(claim: Claim) {
    this.claim = claim;
  }

  /** It exists as long as the place is held. */
  get key(): string {
    return this.claim.key;
  }

  get lease(): bigint {
    return this.claim.lease;
  }

  /** Greater than that of everybody who had the place before. */
  get fencingToken(): number {
    return this.claim.createRevision;
  }

  /** Aborted when the place is lost: pass it to what must not go on without. */
  get lostSignal(): AbortSignal {
    return this.claim.lostSignal;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.claim.leave();
  }
}
