/**
 * When a standby is to report again. One that may be activated any moment is watched closely; for the rest the leader's
 * load is bounded, however many there are: the more, the slower each.
 */

export interface CheckLoad {
  readonly reserved: boolean;
  /** Registered at the leader. */
  readonly standbys: number;
  /** Of the policy, milliseconds. */
  readonly intervalMs: number;
}

/** Reports that a leader answers in a second, of all standbys that are not reserved. */
const REPORTS_A_SECOND = 20;
const RESERVED_FASTER = 5;
const FASTEST_MS = 100;

export function nextCheckMs({ reserved, standbys, intervalMs }: CheckLoad): number {
  if (reserved) return Math.max(FASTEST_MS, Math.floor(intervalMs / RESERVED_FASTER));
  return Math.max(intervalMs, Math.ceil((standbys * 1000) / REPORTS_A_SECOND));
}
