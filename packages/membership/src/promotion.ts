/**
 * The automation's own questions about one learner, beyond those that an operator's command must pass: may it be promoted
 * without one, has it been close for long enough, does it keep up, does it speak the cluster's protocol. The first answer
 * that is no is the reason to hold.
 */
import { describeMember, type MemberView, type PromoteTriggers } from './cluster-view.js';
import { formatDuration } from './duration.js';
import type { Hold } from './hold.js';
import type { Policy } from './policy.js';
import { checkPromote } from './promote-check.js';
import { holdMember, replacedBy, type Situation } from './situation.js';

const ALL: PromoteTriggers = { join: true, size: true, failover: true };
const NONE: PromoteTriggers = { join: false, size: false, failover: false };

/** When this learner may be promoted without a command. */
export function triggersOf(member: MemberView, policy: Policy): PromoteTriggers {
  if (member.promotion === 'join') return ALL;
  if (member.promotion === 'manual') return NONE;
  if (member.promotion === 'failover') return { ...NONE, failover: true };
  const triggers = { ...policy.autoPromote, ...member.triggers };
  // What the automation added, it added for a purpose: being in sync is none.
  return member.origin === 'automation' ? { ...triggers, join: false } : triggers;
}

/** It was added to vote, by an operator: it needs to be in sync, and not to have been so for long. */
function isAwaited(situation: Situation, learner: MemberView): boolean {
  return learner.promotion === 'join' || replacedBy(situation, learner) !== undefined;
}

/** Why this learner could not be promoted now; undefined when it is ready. Whether a voter is wanted is not asked here. */
export function holdLearner(situation: Situation, learner: MemberView): Hold | undefined {
  const { view, policy, nowMs } = situation;
  const who = describeMember(learner);
  const check = checkPromote(view, learner.id, policy);
  if (!check.ok) return holdMember(learner, check.reason, check.text);
  const unstable = isAwaited(situation, learner) ? undefined : holdUnstable(learner, who, policy, nowMs);
  if (unstable !== undefined) return unstable;
  const { lastRoundMs } = learner.track;
  if (lastRoundMs === null) return holdMember(learner, 'slow', `${who} has not finished a round of catching up yet`);
  if (lastRoundMs > view.electionTimeoutMs) {
    const limit = `an election timeout is ${view.electionTimeoutMs} ms`;
    return holdMember(learner, 'slow', `${who} took ${lastRoundMs} ms for its last round of catching up; ${limit}`);
  }
  if (learner.protocol === null) {
    return holdMember(learner, 'protocol', `${who} has not said which protocol versions it speaks`);
  }
  const { min, max } = learner.protocol;
  if (view.protocol < min || view.protocol > max) {
    const text = `${who} speaks protocol ${min} to ${max}, and the cluster uses ${view.protocol}`;
    return holdMember(learner, 'protocol', text);
  }
  return undefined;
}

function holdUnstable(learner: MemberView, who: string, policy: Policy, nowMs: number): Hold | undefined {
  const { closeSinceMs } = learner.track;
  if (closeSinceMs === null) {
    return holdMember(learner, 'not-stable', `${who} has not been seen close to the leader yet`);
  }
  const stableAtMs = closeSinceMs + policy.stabilizationTimeMs;
  if (nowMs >= stableAtMs) return undefined;
  const text = `${who} has been close for ${formatDuration(nowMs - closeSinceMs)} of ${formatDuration(policy.stabilizationTimeMs)}`;
  return holdMember(learner, 'not-stable', text, stableAtMs);
}
