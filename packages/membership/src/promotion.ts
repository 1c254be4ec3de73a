/**
 * The automation's own questions about one learner, beyond those that an operator's command must pass: is it marked, has
 * it been close for long enough, does it keep up, does it speak the cluster's protocol. The first answer that is no is
 * the reason to hold.
 */
import { type ClusterView, describeMember, type MemberView } from './cluster-view.js';
import type { Hold, HoldReason } from './hold.js';
import type { Policy } from './policy.js';
import { checkPromote } from './promote-check.js';

/** Why this learner is not to be promoted now; undefined when it is ready. */
export function holdLearner(view: ClusterView, learner: MemberView, policy: Policy, nowMs: number): Hold | undefined {
  const who = describeMember(learner);
  const hold = (reason: HoldReason, text: string, untilMs: number | null = null): Hold => ({
    memberId: learner.id,
    registrationId: 0,
    reason,
    text,
    untilMs,
  });
  if (learner.promotion === 'manual') return hold('manual', `${who} is promoted by command only`);
  const check = checkPromote(view, learner.id, policy);
  if (!check.ok) return hold(check.reason, check.text);
  const { closeSinceMs, lastRoundMs } = learner.track;
  if (closeSinceMs === null) return hold('not-stable', `${who} has not been seen close to the leader yet`);
  const stableAtMs = closeSinceMs + policy.stabilizationTimeMs;
  if (nowMs < stableAtMs) {
    const text = `${who} has been close for ${nowMs - closeSinceMs} ms of ${policy.stabilizationTimeMs} ms`;
    return hold('not-stable', text, stableAtMs);
  }
  if (lastRoundMs === null) return hold('slow', `${who} has not finished a round of catching up yet`);
  if (lastRoundMs > view.electionTimeoutMs) {
    const limit = `an election timeout is ${view.electionTimeoutMs} ms`;
    return hold('slow', `${who} took ${lastRoundMs} ms for its last round of catching up; ${limit}`);
  }
  if (learner.protocol === null) return hold('protocol', `${who} has not said which protocol versions it speaks`);
  const { min, max } = learner.protocol;
  if (view.protocol < min || view.protocol > max) {
    return hold('protocol', `${who} speaks protocol ${min} to ${max}, and the cluster uses ${view.protocol}`);
  }
  return undefined;
}
