/**
 * When leases expire. Volatile and only on the leader: after an election the new one promotes, which extends every
 * lease, so that none expires earlier than its holder believes. Time is a monotonic clock in milliseconds, given.
 */
import type { Outcome } from './outcome.js';

export declare class Lessor {
  readonly primary: boolean;
  /** Every lease gets what it has left plus `extendMs` (an election timeout). */
  promote(nowMs: number, extendMs: number): void;
  demote(): void;
  /**
   * A fresh time-to-live. `clearCheckpoint`: the lease carries a checkpoint; propose one with 0. Refused where the
   * lease does not exist or has expired already.
   */
  renew(id: bigint, nowMs: number): Outcome<{ readonly ttl: number; readonly clearCheckpoint: boolean }>;
  /** Seconds left, rounded down as etcd; negative where overdue, -1 where not primary; undefined where no such lease. */
  remaining(id: bigint, nowMs: number): number | undefined;
  /** At most `limit` leases that are due, to be revoked through the log. Offered again some seconds later. */
  expired(nowMs: number, limit: number): bigint[];
  /** Checkpoints of long leases that are due. */
  checkpoints(nowMs: number, limit: number): { readonly id: bigint; readonly remainingTtl: number }[];
  /** The earliest time at which `expired` can have something; Infinity: never. */
  nextExpiryMs(nowMs: number): number;
}
