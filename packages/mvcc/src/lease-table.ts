/** Leases as replicated state: who exists, how long they were granted, which keys hang on them. Knows no time. */

export interface LeaseView {
  readonly id: bigint;
  /** Seconds. */
  readonly grantedTtl: number;
  /** Seconds left at the last checkpoint; 0 where there is none. */
  readonly remainingTtl: number;
  /** Ascending. */
  readonly keys: readonly Uint8Array[];
}
