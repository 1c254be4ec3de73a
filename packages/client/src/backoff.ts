// How long to wait before something is tried again: exponential, with full jitter, so that clients that lost one
// server do not come back in step. Pure: randomness is an argument.

export interface BackoffPolicy {
  /** The ceiling of the first wait. */
  readonly baseMs: number;
  /** No wait is longer. */
  readonly maxMs: number;
}

/**
 * The wait before attempt `failures + 1`, in milliseconds: evenly between half and all of `base * 2^(failures - 1)`,
 * which is capped at `max`. No failures, no wait.
 * @param random in [0, 1)
 */
export function backoffMs(failures: number, policy: BackoffPolicy, random: number): number {
  if (failures <= 0) return 0;
  // Beyond 30 doublings the ceiling is long reached; the bound keeps the power finite.
  const ceiling = Math.min(policy.maxMs, policy.baseMs * 2 ** Math.min(failures - 1, 30));
  return ceiling / 2 + (ceiling / 2) * random;
}
