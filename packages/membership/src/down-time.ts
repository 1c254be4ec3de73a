/**
 * What a silence means. A swap goes by the silence that is unbroken now, a removal by the down-time, which short answers
 * do not end; and a member that falls silent again and again gets neither, since each would come too late or too soon.
 */
import type { MemberView } from './cluster-view.js';
import type { Policy } from './policy.js';

/** Falling silent so often within the window is flapping. */
const FLAPPING_FALLS = 3;
/** The window in stabilization times; a minute at the least, so that a short stabilization does not hide the flapping. */
const WINDOW_STABILIZATIONS = 6;
const MIN_WINDOW_MS = 60_000;

/** The moment at which it is no longer flapping if it falls no more; null when it is not flapping. */
export function flappingUntil(member: MemberView, policy: Policy, nowMs: number): number | null {
  const windowMs = Math.max(MIN_WINDOW_MS, policy.stabilizationTimeMs * WINDOW_STABILIZATIONS);
  const recent = member.track.falls.filter((fallMs) => nowMs - fallMs < windowMs);
  const oldestThatCounts = recent.at(-FLAPPING_FALLS);
  return oldestThatCounts === undefined ? null : oldestThatCounts + windowMs;
}

/** When it will have been silent, unbroken, for `failoverAfterMs`; null while it answers. */
export function failoverDueAt(member: MemberView, policy: Policy): number | null {
  if (member.answers || member.track.quietSinceMs === null) return null;
  return member.track.quietSinceMs + policy.failoverAfterMs;
}

/** When its down-time will have lasted `removeDelayMs`, and its present silence `failoverAfterMs`; null while it answers. */
export function removalDueAt(member: MemberView, policy: Policy): number | null {
  const failoverMs = failoverDueAt(member, policy);
  if (failoverMs === null) return null;
  const silentSinceMs = member.track.silentSinceMs ?? failoverMs - policy.failoverAfterMs;
  return Math.max(failoverMs, silentSinceMs + policy.removeDelayMs);
}

/** When a learner or reader will have made no progress for `learnerStallMs`. */
export function stallDueAt(member: MemberView, policy: Policy): number {
  return Math.max(member.track.progressAtMs, member.addedAtMs) + policy.learnerStallMs;
}
