// A lock that one client of the cluster holds at a time, and loses when it can no longer be reached.
import { FirstPlace } from './first-place.js';

/**
 * Held until `release`, or until its lease is lost. A holder that was paused may believe in a lock that others have by
 * now: send `fencingToken` with what the lock protects, and have that refuse a lower one than it has seen.
 */
export class Lock extends FirstPlace {
  /** The next in line has it then. */
  release(): Promise<void> {
    return this.claim.leave();
  }
}
