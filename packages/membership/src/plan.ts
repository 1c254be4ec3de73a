/**
 * The planner: one view, one policy and one moment in; at most one change of the configuration out, and for everything
 * that is not done the reason. It plans promotions: a learner that is marked, close, quick, stable and compatible becomes
 * a voter. It has no clock and no memory, and the same input in any order of members gives the same plan.
 */
import { type ClusterView, describeMember, lagOf, MemberRole, type MemberView, membersInRole } from './cluster-view.js';
import type { Policy } from './policy.js';
import type { Action, PromoteAction } from './action.js';
import type { Hold, HoldReason } from './hold.js';
import { holdLearner } from './promotion.js';
import { quorumSize, slack } from './quorum.js';

export interface Plan {
  /** None or one. */
  readonly actions: readonly Action[];
  /** Sorted by member; those of the whole plan first. */
  readonly holds: readonly Hold[];
  /** When to plan again though nothing happens, milliseconds; null when only a change of the view can matter. */
  readonly nextCheckAtMs: number | null;
  /** How many more voters may fall silent now; negative when the quorum is lost. */
  readonly slack: number;
  /** The plan in words, one line each: the state, the actions, the holds. */
  readonly explain: readonly string[];
}

export function plan(view: ClusterView, policy: Policy, nowMs: number): Plan {
  const learners = membersInRole(view, MemberRole.Learner);
  const holds: Hold[] = [];
  const ready: MemberView[] = [];
  for (const learner of learners) {
    const hold = holdLearner(view, learner, policy, nowMs);
    if (hold === undefined) ready.push(learner);
    else holds.push(hold);
  }
  const general = holdEverything(view, policy);
  if (general !== undefined) {
    holds.unshift(general);
    return finish(view, [], holds);
  }
  // The one that is closest goes first; equals stay in the order of their ids.
  ready.sort((a, b) => lagOf(view, a) - lagOf(view, b));
  const chosen = choose(view, policy, ready, holds);
  return finish(view, chosen.length === 0 ? [] : [promote(view, chosen)], holds);
}

/** What forbids every action, whatever the members are like. */
function holdEverything(view: ClusterView, policy: Policy): Hold | undefined {
  const hold = (reason: HoldReason, text: string): Hold => ({
    memberId: 0,
    registrationId: 0,
    reason,
    text,
    untilMs: null,
  });
  if (policy.paused) return hold('paused', 'automation is paused');
  if (!view.leadershipConfirmed) return hold('leadership-unconfirmed', 'no quorum has just answered this leader');
  if (!view.committedInTerm) return hold('nothing-committed', `nothing is committed in term ${view.term} yet`);
  if (view.configInFlight) return hold('config-in-flight', 'another change of the configuration is under way');
  return undefined;
}

/**
 * Which of the learners that are ready go now; the others get their holds. A learner that is ready answers, so this never
 * lowers the slack: the voters that answer grow by one each, and the quorum by at most as many.
 */
function choose(view: ClusterView, policy: Policy, ready: readonly MemberView[], holds: Hold[]): MemberView[] {
  const voters = membersInRole(view, MemberRole.Voter).map(({ id }) => id);
  const room = policy.activeSize === 'auto' ? Number.POSITIVE_INFINITY : policy.activeSize - voters.length;
  // One voter grows to three in one step, since two stop when either fails; unless two is what was asked for.
  const wanted = voters.length === 1 && policy.activeSize !== 2 ? 2 : 1;
  const chosen: MemberView[] = [];
  for (const learner of ready) {
    const who = describeMember(learner);
    const hold = (reason: HoldReason, text: string): void => {
      holds.push({ memberId: learner.id, registrationId: 0, reason, text, untilMs: null });
    };
    if (room < wanted) {
      hold('size', `${who} is ready; activeSize is ${policy.activeSize}, and there are ${voters.length} voters`);
    } else if (ready.length < wanted) {
      hold('two-voters', `${who} is ready, and waits for a second learner: two voters stop when either fails`);
    } else if (chosen.length === wanted) {
      hold('next', `${who} is ready, and waits for the change that goes first`);
    } else {
      chosen.push(learner);
    }
  }
  return chosen;
}

function promote(view: ClusterView, learners: readonly MemberView[]): PromoteAction {
  const who = learners.map((learner) => `${describeMember(learner)}, ${lagOf(view, learner)} entries behind`);
  return {
    type: 'promote',
    memberIds: learners.map(({ id }) => id).sort((a, b) => a - b),
    term: view.term,
    configIndex: view.configIndex,
    text: `promote ${who.join(' and ')}`,
  };
}

function finish(view: ClusterView, actions: readonly Action[], holds: readonly Hold[]): Plan {
  const sorted = [...holds].sort((a, b) => a.memberId - b.memberId);
  const whole = sorted[0]?.memberId === 0;
  const times = whole ? [] : sorted.map(({ untilMs }) => untilMs).filter((untilMs) => untilMs !== null);
  const voters = membersInRole(view, MemberRole.Voter);
  const answering = voters.filter(({ answers }) => answers).length;
  const spare = slack(view);
  const state = `${answering} of ${voters.length} voters answer; quorum ${quorumSize(voters.length)}, slack ${spare}`;
  return {
    actions,
    holds: sorted,
    nextCheckAtMs: times.length === 0 ? null : Math.min(...times),
    slack: spare,
    explain: [state, ...actions.map(({ text }) => text), ...sorted.map(({ text }) => `hold: ${text}`)],
  };
}
