/**
 * What every part of the planner asks about the same view: who votes, who of them is to stay, how many are wanted. Made
 * once for each plan.
 */
import { type ClusterView, findMember, MemberRole, type MemberView, membersInRole } from './cluster-view.js';
import type { Hold, HoldReason } from './hold.js';
import type { Policy } from './policy.js';
import { slack } from './quorum.js';

export interface Situation {
  readonly view: ClusterView;
  readonly policy: Policy;
  readonly nowMs: number;
  /** By ascending id, as all lists of members here. */
  readonly voters: readonly MemberView[];
  /** Voters that are drained, or whose replacement votes. */
  readonly leaving: readonly MemberView[];
  readonly staying: readonly MemberView[];
  readonly learners: readonly MemberView[];
  readonly readers: readonly MemberView[];
  /** How many voters are to stay: `activeSize`, or as many as stay anyway while it is `auto`. */
  readonly target: number;
  /** `activeSize` is set. */
  readonly sized: boolean;
  /** How many voters are more than wanted, those aside that an operator added beyond it. */
  readonly excess: number;
  readonly slack: number;
}

export function assess(view: ClusterView, policy: Policy, nowMs: number): Situation {
  const voters = membersInRole(view, MemberRole.Voter);
  const replaced = new Set(voters.map(({ replaces }) => replaces));
  const leaving = voters.filter(({ id, draining }) => draining || replaced.has(id));
  const staying = voters.filter((voter) => !leaving.includes(voter));
  const sized = policy.activeSize !== 'auto';
  const target = policy.activeSize === 'auto' ? staying.length : policy.activeSize;
  const pinned = staying.filter((voter) => voter.pinned).length;
  return {
    ...{ view, policy, nowMs, voters, leaving, staying, sized, target },
    learners: membersInRole(view, MemberRole.Learner),
    readers: membersInRole(view, MemberRole.Reader),
    excess: Math.max(0, staying.length - pinned - target),
    slack: slack(view),
  };
}

/** The voter that this learner is to replace; undefined for none, or when that one is gone. */
export function replacedBy(situation: Situation, learner: MemberView): MemberView | undefined {
  if (learner.replaces === 0) return undefined;
  const old = findMember(situation.view, learner.replaces);
  return old?.role === MemberRole.Voter ? old : undefined;
}

export function holdMember(
  member: { readonly id: number },
  reason: HoldReason,
  text: string,
  untilMs: number | null = null,
): Hold {
  return { memberId: member.id, registrationId: 0, reason, text, untilMs };
}
