/**
 * A voter that has been silent for `failoverAfterMs` and a learner that is ready change places in one joint step (rule 6):
 * the number of voters stays, one more of them answers, and the silent one, once it is back, catches up from its own log.
 */
import { describeMember, findMember } from './cluster-view.js';
import { formatDuration } from './duration.js';
import { holdMember, type Situation } from './situation.js';
import type { Post, Readiness } from './staffing.js';
import { act, firstOf, hold, NOTHING, type Step, stamp } from './step.js';

export function planSwap(situation: Situation, posts: readonly Post[], readiness: Readiness): Step {
  return firstOf(posts.map((post) => planOne(situation, post, readiness)));
}

function planOne(situation: Situation, { need, learner }: Post, readiness: Readiness): Step {
  const voter = findMember(situation.view, need.forMemberId);
  if (need.purpose !== 'failover' || voter === undefined) return NOTHING;
  const who = describeMember(voter);
  if (!need.due) {
    const text = `${who} is silent, and not yet for ${formatDuration(situation.policy.failoverAfterMs)}`;
    return hold(holdMember(voter, 'suspect', text, need.dueAtMs));
  }
  if (learner === undefined) return NOTHING;
  if (readiness.get(learner.id) !== undefined) {
    return hold(holdMember(voter, 'replacing', `${who} is silent; ${describeMember(learner)} is to take its place`));
  }
  const text = `swap: ${describeMember(learner)} becomes a voter in the place of ${who}, which is silent`;
  const ids = { promoteId: learner.id, demoteId: voter.id };
  return act({ type: 'swap', ...ids, ...stamp(situation, text) }, [learner.id, voter.id]);
}
