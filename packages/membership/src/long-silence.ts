/**
 * A voter that has been silent for `removeDelayMs` is removed, once `activeSize` is set. Before that it is only swapped,
 * so that one that comes back finds its place, or a learner's, and its own log. Removing it never lowers the slack.
 *
 * One whose machine came back without its data has nothing to come back with: it is removed after `failoverAfterMs`, which
 * lets the machine register and be activated under a new id.
 */
import { describeMember, type MemberView } from './cluster-view.js';
import { failoverDueAt, flappingUntil, removalDueAt } from './down-time.js';
import { formatDuration } from './duration.js';
import { worstFirst } from './over-size.js';
import { holdMember, type Situation } from './situation.js';
import { firstOf, hold, type Step } from './step.js';
import { removeVoters } from './voter-removal.js';

export function planLongSilence(situation: Situation): Step {
  const silent = situation.staying.filter(({ answers }) => !answers);
  return firstOf(worstFirst(situation, silent).map((voter) => planOne(situation, voter)));
}

function planOne(situation: Situation, voter: MemberView): Step {
  const { policy, nowMs, sized } = situation;
  const who = describeMember(voter);
  if (voter.lost && sized) return removeLost(situation, voter);
  const flapsUntilMs = flappingUntil(voter, policy, nowMs);
  if (flapsUntilMs !== null) {
    const text = `${who} falls silent again and again, and is neither swapped nor removed for it`;
    return hold(holdMember(voter, 'flapping', text, flapsUntilMs));
  }
  if (!sized) {
    return hold(holdMember(voter, 'size', `${who} is silent, and not removed for it while activeSize is auto`));
  }
  const dueAtMs = removalDueAt(voter, policy);
  if (dueAtMs === null || nowMs < dueAtMs) {
    const text = `${who} is silent, and removed when that has lasted ${formatDuration(policy.removeDelayMs)}`;
    return hold(holdMember(voter, 'silent-delay', text, dueAtMs));
  }
  const text = `remove ${who}: it has been silent for ${formatDuration(policy.removeDelayMs)} or longer`;
  return removeVoters(situation, { members: [voter], cause: 'silent', automatic: true, slackFloor: 0, text });
}

function removeLost(situation: Situation, voter: MemberView): Step {
  const { policy, nowMs } = situation;
  const why = `the machine of ${describeMember(voter)} is back without its data`;
  const dueAtMs = failoverDueAt(voter, policy);
  if (dueAtMs === null || nowMs < dueAtMs) {
    const text = `${why}; it is removed when it has been silent for ${formatDuration(policy.failoverAfterMs)}`;
    return hold(holdMember(voter, 'silent-delay', text, dueAtMs));
  }
  return removeVoters(situation, {
    ...{ members: [voter], cause: 'lost', automatic: true, slackFloor: 0 },
    text: `remove ${describeMember(voter)}: its machine is back without its data`,
  });
}
