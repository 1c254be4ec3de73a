/**
 * The rules that every removal of voters by the automation obeys, whatever its cause: the slack, no rest at two voters,
 * the leader hands over first, and so many in a window. Rules 1, 3, 6 and 7 of the planner.
 */
import type { RemovalCause } from './action.js';
import { describeMember, type MemberView } from './cluster-view.js';
import type { Hold } from './hold.js';
import { countsNow, slackWith } from './quorum.js';
import { holdMember, type Situation } from './situation.js';
import { act, hold, type Step, stamp } from './step.js';
import { pickTransferTarget } from './transfer-target.js';

export interface VoterRemoval {
  /** One, or two in a joint step. */
  readonly members: readonly [MemberView, ...MemberView[]];
  readonly cause: RemovalCause;
  /** It was not asked for by an operator: it counts within the window. */
  readonly automatic: boolean;
  /** The slack that a removal may lower to; one that does not lower it is not bound by this. */
  readonly slackFloor: number;
  readonly text: string;
}

export function removeVoters(situation: Situation, removal: VoterRemoval): Step {
  const held =
    holdSlack(situation, removal) ?? (removal.automatic ? holdWindow(situation, removal.members) : undefined);
  if (held !== undefined) return hold(held);
  const memberIds = removal.members.map(({ id }) => id).sort((a, b) => a - b);
  if (memberIds.includes(situation.view.leaderId)) return handOver(situation, memberIds);
  const { cause, automatic, text } = removal;
  return act({ type: 'remove', memberIds, cause, automatic, ...stamp(situation, text) }, memberIds);
}

function holdSlack(situation: Situation, { members, slackFloor, cause }: VoterRemoval): Hold | undefined {
  const [first] = members;
  const rest = situation.voters.filter((voter) => !members.includes(voter));
  const who = members.map(describeMember).join(' and ');
  const after = slackWith(
    situation.view,
    rest.map(({ id }) => id),
  );
  const refused = (text: string): Hold => holdMember(first, 'slack', text);
  // The one that would be left has to carry the cluster alone.
  if (after < 0) return refused(`without ${who} the voters that are left would be no quorum`);
  const lowers = after < situation.slack;
  if (lowers && after < slackFloor) {
    return refused(
      `without ${who} the slack would fall from ${situation.slack} to ${after}; at least ${slackFloor} is to stay`,
    );
  }
  if (members.some(({ answers }) => answers) && after < 1 && rest.length > 1) {
    return refused(`${who} answers, and without it no voter more could fail`);
  }
  // Unless two, or one by way of two, is what was asked for. Of three, one that is lost for good is no third: the two that
  // are left were all that could be a quorum, and without it its machine may come back as another.
  if (cause !== 'lost' && rest.length === 2 && !(situation.sized && situation.target <= 2)) {
    return holdMember(first, 'two-voters', `without ${who} two voters would be left, and two stop when either fails`);
  }
  return undefined;
}

/** Undefined when one more automatic removal is allowed now. */
export function holdWindow(situation: Situation, members: readonly [MemberView, ...MemberView[]]): Hold | undefined {
  const { policy, nowMs, view } = situation;
  const recent = view.removals
    .map(({ atMs }) => atMs)
    .filter((atMs) => nowMs - atMs < policy.removalWindowMs)
    .sort((a, b) => a - b);
  if (recent.length < policy.maxAutoRemovals) return undefined;
  const who = members.map(describeMember).join(' and ');
  const text = `${who} could be removed; ${recent.length} automatic removals are done, and maxAutoRemovals is ${policy.maxAutoRemovals}`;
  const next = recent[recent.length - policy.maxAutoRemovals];
  // With 0, no time changes it.
  const untilMs = next === undefined ? null : next + policy.removalWindowMs;
  return holdMember(members[0], 'removal-limit', text, untilMs);
}

function handOver(situation: Situation, leavingIds: readonly number[]): Step {
  const { view } = situation;
  const leader = { id: view.leaderId, name: situation.voters.find(({ id }) => id === view.leaderId)?.name ?? '' };
  const target = pickTransferTarget(view, leavingIds);
  const who = describeMember(leader);
  if (!target.ok) return hold(holdMember(leader, 'no-successor', `${who} leads and is to be removed; ${target.text}`));
  const to = describeMember(situation.voters.find(({ id }) => id === target.id) ?? { id: target.id, name: '' });
  const text = `hand over to ${to}, since ${who} leads and is to be removed`;
  return act({ type: 'transfer-leadership', toId: target.id, ...stamp(situation, text) }, leavingIds);
}

/** The least slack that a removal of this voter for the operator's sake may leave: rule 3. */
export function leastSlackFor(member: MemberView): number {
  return countsNow(member) ? 1 : 0;
}
