// A lock that one client of the cluster holds at a time, and loses when it can no longer be reached.
import type { Claim } from './claim.js';

/**
 * Held until `release`, or until its lease is lost. A holder that was paused may believe in a lock that others have by
 * now: send `fencingToken` with what the lock protects, and have that refuse a lower one than it has seen.
 */
export class Lock implements AsyncDisposable {
  private readonly claim: Claim;

  /** For `Client.lock`. */
  constructor(claim: Claim) {
    this.claim = claim;
  }

  /** It exists as long as the lock is held. */
  get key(): string {
    return this.claim.key;
  }

  get lease(): bigint {
    return this.claim.lease;
  }

  /** Greater than that of every holder before. */
  get fencingToken(): number {
    return this.claim.createRevision;
  }

  /** Aborted when the lock is lost: pass it to what must not go on without. */
  get lostSignal(): AbortSignal {
    return this.claim.lostSignal;
  }

  /** The next in line has it then. */
  release(): Promise<void> {
    return this.claim.leave();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }
}
