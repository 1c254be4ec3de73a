/**
 * The planner: one view, one policy and one moment in; at most one change of the configuration out, and for everything
 * that is not done the reason. Repairs go before growth, growth before what shrinks. It has no clock and no memory, and
 * the same input in any order of members and standbys gives the same plan.
 */
import { type Action, changesConfig } from './action.js';
import { planAlarms } from './alarm-step.js';
import type { ClusterView } from './cluster-view.js';
import { planDeparture } from './departure.js';
import { planFixSize } from './fix-size.js';
import type { Hold, HoldReason } from './hold.js';
import { planLearnerRemoval } from './learner-removal.js';
import { planLongSilence } from './long-silence.js';
import { needsOf } from './need.js';
import { planOverSize } from './over-size.js';
import type { Policy } from './policy.js';
import { planPromotion } from './promote-step.js';
import { quorumSize, slack } from './quorum.js';
import { assess, holdMember, type Situation } from './situation.js';
import { readinessOf, staff } from './staffing.js';
import { planStandbys } from './standby-step.js';
import { firstOf } from './step.js';
import { planSwap } from './swap.js';

export interface Plan {
  /**
   * In the order in which they are to be carried out: alarms, changes of the registry and of the policy, then at most one
   * that changes the configuration, or a handing over.
   */
  readonly actions: readonly Action[];
  /** Sorted by member, then standby; those of the whole plan first. */
  readonly holds: readonly Hold[];
  /** When to plan again though nothing happens, milliseconds; null when only a change of the view can matter. */
  readonly nextCheckAtMs: number | null;
  /** How many more voters may fall silent now; negative when the quorum is lost. */
  readonly slack: number;
  /** The plan in words, one line each: the state, the actions, the holds. */
  readonly explain: readonly string[];
}

export function plan(view: ClusterView, policy: Policy, nowMs: number): Plan {
  const situation = assess(view, policy, nowMs);
  const { actions, holds, forgetAtMs } = decide(situation);
  const general = holdEverything(view, policy);
  if (general === undefined) return finish(situation, actions, holds, [], forgetAtMs);
  // What a pause keeps from happening is worth knowing before it ends; what an unconfirmed leader thinks is not.
  const dry = general.reason === 'paused' ? actions.map(({ text }) => `but for the pause: ${text}`) : [];
  return finish(situation, [], [general, ...holds], dry);
}

/** What would be done if nothing forbids everything. */
function decide(situation: Situation): {
  readonly actions: Action[];
  readonly holds: Hold[];
  readonly forgetAtMs: number | null;
} {
  const readiness = readinessOf(situation);
  const posts = staff(situation, needsOf(situation), readiness);
  const standbys = planStandbys(situation, posts);
  const size = planFixSize(situation);
  const { candidate, holds } = firstOf([
    planSwap(situation, posts, readiness),
    planPromotion(situation, posts, readiness),
    planDeparture(situation, posts, standbys.awaited),
    standbys.step,
    planLearnerRemoval(situation, posts),
    planOverSize(situation),
    planLongSilence(situation),
  ]);
  const main = candidate === null ? [] : [candidate.action];
  const actions = [...planAlarms(situation, standbys.unmet), ...standbys.registry, ...size.actions, ...main];
  return { actions, holds: [...size.holds, ...holds], forgetAtMs: standbys.forgetAtMs };
}

/** What forbids every action, whatever the members are like. */
function holdEverything(view: ClusterView, policy: Policy): Hold | undefined {
  const held = (reason: HoldReason, text: string): Hold => holdMember({ id: 0 }, reason, text);
  if (policy.paused) return held('paused', 'automation is paused');
  if (!view.leadershipConfirmed || slack(view) < 0) {
    return held('leadership-unconfirmed', 'no quorum has just answered this leader');
  }
  if (!view.committedInTerm) return held('nothing-committed', `nothing is committed in term ${view.term} yet`);
  if (view.configInFlight || view.outgoingVoters.length > 0) {
    return held('config-in-flight', 'another change of the configuration is under way');
  }
  return undefined;
}

function finish(
  situation: Situation,
  actions: readonly Action[],
  holds: readonly Hold[],
  dry: readonly string[],
  forgetAtMs: number | null = null,
): Plan {
  const { voters, slack: spare, nowMs } = situation;
  const sorted = distinct(holds, actions);
  const stopped = holds.some(({ reason }) => STOPPING.has(reason));
  const moments = stopped ? [] : [...sorted.map(({ untilMs }) => untilMs), forgetAtMs];
  const times = moments.flatMap((atMs) => (atMs === null || atMs <= nowMs ? [] : [atMs]));
  const answering = voters.filter(({ answers }) => answers).length;
  const state = `${answering} of ${voters.length} voters answer; quorum ${quorumSize(voters.length)}, slack ${spare}`;
  return {
    actions,
    holds: sorted,
    nextCheckAtMs: times.length === 0 ? null : Math.min(...times),
    slack: spare,
    explain: [state, ...actions.map(({ text }) => text), ...dry, ...sorted.map(({ text }) => `hold: ${text}`)],
  };
}

const STOPPING: ReadonlySet<HoldReason> = new Set<HoldReason>([
  'paused',
  'leadership-unconfirmed',
  'nothing-committed',
  'config-in-flight',
]);

/** Sorted; each reason once for each member, and none for a member that the plan moves. */
function distinct(holds: readonly Hold[], actions: readonly Action[]): Hold[] {
  const moved = new Set(actions.filter(changesConfig).flatMap(movedBy));
  const byKey = new Map<string, Hold>();
  for (const one of holds) {
    if (one.memberId !== 0 && moved.has(one.memberId)) continue;
    const key = `${one.memberId} ${one.registrationId} ${one.reason}`;
    if (!byKey.has(key)) byKey.set(key, one);
  }
  const order = (a: Hold, b: Hold): number =>
    a.memberId - b.memberId || a.registrationId - b.registrationId || (a.reason < b.reason ? -1 : 1);
  return [...byKey.values()].sort(order);
}

function movedBy(action: Action): readonly number[] {
  if (action.type === 'promote' || action.type === 'remove') return action.memberIds;
  return action.type === 'swap' ? [action.promoteId, action.demoteId] : [];
}
