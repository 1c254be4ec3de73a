/**
 * Which of the learners that are ready become voters now: those that a place waits for, those that replace a voter by an
 * operator's command, and, while `activeSize` is `auto`, those that are to vote as soon as they are in sync. One at a time;
 * from one voter to three in one joint step, so that the cluster never rests at two, which stop when either fails.
 */
import { describeMember, lagOf, type MemberView } from './cluster-view.js';
import type { Hold } from './hold.js';
import { triggersOf } from './promotion.js';
import { holdMember, replacedBy, type Situation } from './situation.js';
import type { Post, Readiness } from './staffing.js';
import { act, type Step, stamp } from './step.js';

export function planPromotion(situation: Situation, posts: readonly Post[], readiness: Readiness): Step {
  const holds: Hold[] = [];
  const ready: MemberView[] = [];
  for (const learner of situation.learners) {
    const notReady = learner.draining ? undefined : (holdManual(situation, learner) ?? readiness.get(learner.id));
    if (notReady !== undefined) holds.push(notReady);
    else if (!learner.draining) ready.push(learner);
  }
  const wanted = inOrder(situation, posts, ready);
  for (const learner of ready) {
    if (!wanted.includes(learner)) holds.push(...holdUnwanted(situation, posts, learner));
  }
  const chosen = wanted.slice(0, stepSize(situation, wanted.length));
  for (const learner of wanted.slice(chosen.length)) {
    const who = describeMember(learner);
    holds.push(
      chosen.length > 0
        ? holdMember(learner, 'next', `${who} is ready, and waits for the change that goes first`)
        : holdMember(
            learner,
            'two-voters',
            `${who} is ready, and waits for a second learner: two voters stop when either fails`,
          ),
    );
  }
  if (chosen.length === 0) return { candidate: null, holds };
  const ids = chosen.map(({ id }) => id).sort((a, b) => a - b);
  const who = chosen.map((learner) => `${describeMember(learner)}, ${lagOf(situation.view, learner)} entries behind`);
  return act({ type: 'promote', memberIds: ids, ...stamp(situation, `promote ${who.join(' and ')}`) }, ids, holds);
}

function holdManual(situation: Situation, learner: MemberView): Hold | undefined {
  const { join, size, failover } = triggersOf(learner, situation.policy);
  if (join || size || failover || replacedBy(situation, learner) !== undefined) return undefined;
  const who = describeMember(learner);
  if (learner.promotion === 'manual') return holdMember(learner, 'manual', `${who} is promoted by command only`);
  return holdMember(learner, 'trigger-off', `${who} is not promoted by itself: all of its triggers are off`);
}

/** Those that may become voters now, the first to go first. */
function inOrder(situation: Situation, posts: readonly Post[], ready: readonly MemberView[]): MemberView[] {
  const { view, policy, sized } = situation;
  const posted = posts
    .filter(({ need }) => need.purpose !== 'failover')
    .flatMap(({ learner }) => (learner !== undefined && ready.includes(learner) ? [learner] : []));
  const busy = new Set(posts.map(({ learner }) => learner?.id));
  const byLag = (a: MemberView, b: MemberView): number => lagOf(view, a) - lagOf(view, b) || a.id - b.id;
  const others = ready.filter(({ id }) => !busy.has(id));
  const replacing = others.filter((learner) => replacedBy(situation, learner) !== undefined).sort(byLag);
  const joining = others
    .filter((learner) => !sized && !replacing.includes(learner) && triggersOf(learner, policy).join)
    .sort(byLag);
  return [...posted, ...replacing, ...joining];
}

/** How many of so many go in one step: 0, 1 or 2. */
function stepSize({ voters, staying, target, sized }: Situation, available: number): number {
  if (available === 0) return 0;
  const makesTwo = voters.length === 1;
  // Two is what was asked for, or one of the two is to leave and one remains.
  const mayMakeTwo = (sized && target === 2) || staying.length === 0;
  if (!makesTwo || mayMakeTwo) return 1;
  return available >= 2 ? 2 : 0;
}

function holdUnwanted(situation: Situation, posts: readonly Post[], learner: MemberView): Hold[] {
  const { sized, target, staying, policy } = situation;
  const who = describeMember(learner);
  const post = posts.find((candidate) => candidate.learner?.id === learner.id);
  if (post !== undefined) {
    // Where its time has come, the swap speaks for it.
    if (post.need.due) return [];
    return [
      holdMember(
        learner,
        'suspect',
        `${who} is ready to take the place if ${post.need.text} for longer`,
        post.need.dueAtMs,
      ),
    ];
  }
  const { join, size, failover } = triggersOf(learner, policy);
  if (failover && !join && !size)
    return [holdMember(learner, 'spare', `${who} is ready, and kept for a voter that falls silent`)];
  const voting = `there are ${staying.length} voters`;
  if (sized) return [holdMember(learner, 'size', `${who} is ready; activeSize is ${target}, and ${voting}`)];
  return [holdMember(learner, 'size', `${who} is ready; activeSize is auto, so none is missing, and ${voting}`)];
}
