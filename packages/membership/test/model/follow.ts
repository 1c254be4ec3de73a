// Follows the planner: carries out what it plans until it plans nothing, then lets everybody get well and follows again.
// What is broken on the way, an action without end, or a place left empty though somebody is there for it, is reported.
import { MemberRole, type Plan, plan } from '../../src/index.js';
import { NOW_MS } from '../views.js';
import { type Cluster, carryOut } from './carry-out.js';
import { healed } from './every-cluster.js';
import { brokenRules } from './rules.js';

export type Planner = typeof plan;

const MAX_STEPS = 60;
const LATER_MS = NOW_MS + 3_600_000;

export interface Followed {
  readonly broken: readonly string[];
  readonly plans: number;
}

/** `heal`: also what comes after everybody got well. */
export function follow(start: Cluster, planner: Planner = plan, heal = true): Followed {
  const first = toRest(start, NOW_MS, false, planner);
  if (first.broken.length > 0 || !heal) return first;
  const second = toRest({ ...first.cluster, view: healed(first.cluster.view, LATER_MS) }, LATER_MS, true, planner);
  const plans = first.plans + second.plans;
  if (second.broken.length > 0) return { broken: second.broken, plans };
  return { broken: unfinished(second.cluster, second.last), plans };
}

interface Rest {
  readonly cluster: Cluster;
  readonly last: Plan;
  readonly broken: readonly string[];
  readonly plans: number;
}

function toRest(start: Cluster, nowMs: number, heal: boolean, planner: Planner): Rest {
  let cluster = start;
  const trail: string[] = [];
  for (let plans = 1; ; plans++) {
    const { view, policy } = cluster;
    const last = planner(view, policy, nowMs);
    const broken = brokenRules({ view, policy, nowMs, plan: last });
    if (broken.length > 0 || last.actions.length === 0) return { cluster, last, broken, plans };
    if (plans === MAX_STEPS) return { cluster, last, broken: [`comes to rest: ${trail.slice(-6).join('; ')}`], plans };
    for (const action of last.actions) {
      cluster = carryOut(cluster, action, nowMs, { returns: heal });
      trail.push(action.text);
    }
    if (heal) cluster = { ...cluster, view: healed(cluster.view, nowMs) };
  }
}

/** With everybody well, what could still be done and is not. */
function unfinished({ view, policy }: Cluster, last: Plan): string[] {
  const inRole = (role: MemberRole) => view.members.filter((member) => member.role === role);
  const voters = inRole(MemberRole.Voter);
  const reasons = new Set(last.holds.map(({ reason }) => reason));
  const left: string[] = [];
  if (voters.some(({ draining }) => draining) && !reasons.has('slack') && !reasons.has('no-successor')) {
    left.push('finishes: a voter is still draining');
  }
  if (policy.activeSize === 'auto') return left;
  if (view.members.some(({ lost }) => lost) && !reasons.has('slack') && !reasons.has('leadership-unconfirmed')) {
    left.push('finishes: one that lost its data is still a member');
  }
  const staying = voters.filter(({ draining }) => !draining).length;
  const takers = view.standbys.filter(({ standbyOnly, drained }) => !standbyOnly && !drained).length;
  const able = inRole(MemberRole.Learner).filter(
    ({ promotion, draining }) => !draining && (promotion === 'auto' || promotion === 'join'),
  ).length;
  if (staying < policy.activeSize && takers + able > 0 && !(voters.length === 1 && takers + able === 1)) {
    left.push(
      `finishes: ${staying} voters of ${policy.activeSize}, though ${takers} standbys and ${able} learners are there`,
    );
  }
  if (staying > policy.activeSize && !reasons.has('slack'))
    left.push(`finishes: ${staying} voters of ${policy.activeSize}`);
  return left;
}
