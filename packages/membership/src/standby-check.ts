/**
 * When a standby checks in next. The leader says it, so that many standbys do not cost it more than a few: one that is
 * reserved is asked often, since its turn may come at once; the others the more rarely the more there are.
 */
import type { Policy } from './policy.js';
import type { StandbyView } from './standby-view.js';

/** So many standbys check in at the interval of the policy; twice as many at twice that interval. */
const STANDBYS_AT_FULL_PACE = 10;
const RESERVED_SPEEDUP = 5;

/** Milliseconds; `standbys` is how many are registered. Never longer than a third of `removeDelayMs`: it would be forgotten. */
export function standbyCheckIntervalMs(standby: StandbyView, standbys: number, policy: Policy): number {
  const { standbySyncIntervalMs, removeDelayMs } = policy;
  if (standby.reservation !== null) return Math.ceil(standbySyncIntervalMs / RESERVED_SPEEDUP);
  const crowd = Math.max(1, Math.ceil(standbys / STANDBYS_AT_FULL_PACE));
  return Math.min(standbySyncIntervalMs * crowd, Math.floor(removeDelayMs / 3));
}
