/**
 * May an operator have this voter replaced by a new member, or drained? Both only begin something that the planner finishes
 * under its own rules, so that little is asked here: that it makes sense at all.
 */
import { checkAddMember } from './add-check.js';
import {
  type ClusterView,
  describeMember,
  findMember,
  MemberRole,
  type MemberView,
  type PromoteTriggers,
} from './cluster-view.js';
import { ALLOWED, type CheckResult, refuse } from './member-check.js';
import type { Policy } from './policy.js';
import { triggersOf } from './promotion.js';
import { describeUnfit, unfit } from './standby-choice.js';

export interface ReplaceRequest {
  /** The new member's id. */
  readonly id: number;
  readonly peerUrls: readonly string[];
  /** The voter in whose place it comes. */
  readonly replaces: number;
}

/** The new member is added as a learner, so this is allowed while voters are down too. */
export function checkReplace(view: ClusterView, request: ReplaceRequest, policy: Policy): CheckResult {
  const replaceable = checkReplaceable(view, request.replaces);
  if (!replaceable.ok) return replaceable;
  return checkAddMember(view, { id: request.id, role: 'learner', peerUrls: request.peerUrls }, policy);
}

/**
 * Without a machine that is named to come, one that is there must be able to: a standby, or a learner that may be promoted
 * without a command. Else this would be a drain, which may end in one voter less.
 */
export function checkReplaceByStandby(view: ClusterView, id: number, policy: Policy): CheckResult {
  const replaceable = checkReplaceable(view, id);
  if (!replaceable.ok) return replaceable;
  const comes = ({ role, draining, replaces }: MemberView, { join, size }: PromoteTriggers): boolean =>
    role === MemberRole.Learner && !draining && replaces === 0 && (join || size);
  if (view.members.some((member) => comes(member, triggersOf(member, policy)))) return ALLOWED;
  if (view.standbys.some((standby) => unfit({ view }, standby) === undefined)) return ALLOWED;
  const who = describeMember({ id, name: findMember(view, id)?.name ?? '' });
  return refuse(
    'no-standby',
    `${who} has nobody to take its place: ${describeUnfit({ view })}; name the peer URLs of the machine that is to come`,
  );
}

function checkReplaceable(view: ClusterView, id: number): CheckResult {
  const old = findMember(view, id);
  if (old === undefined) return refuse('not-found', `no ${describeMember({ id, name: '' })}`);
  const who = describeMember(old);
  if (old.role !== MemberRole.Voter) return refuse('not-voter', `${who} is a ${old.role}; only voters are replaced`);
  const other = view.members.find(({ replaces }) => replaces === old.id);
  if (other === undefined) return ALLOWED;
  return refuse('replacing', `${describeMember(other)} comes in the place of ${who} already`);
}

/** Whether and when a draining member can leave is the planner's to say, and may change; it is in the holds of its plans. */
export function checkDrain(view: ClusterView, id: number): CheckResult {
  const member = findMember(view, id);
  if (member === undefined) return refuse('not-found', `no ${describeMember({ id, name: '' })}`);
  const stays = view.members.some((other) => other.id !== id && other.role === MemberRole.Voter && !other.draining);
  const hope = view.standbys.length > 0 || view.members.some(({ role }) => role === MemberRole.Learner);
  if (member.role !== MemberRole.Voter || stays || hope) return ALLOWED;
  return refuse(
    'last-voter',
    `${describeMember(member)} is the last voter that is not drained, and nobody could replace it`,
  );
}
