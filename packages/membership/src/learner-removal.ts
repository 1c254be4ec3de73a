/**
 * Learners and readers that go: drained or replaced ones, the automation's own that made no progress or are not needed any
 * more, and an operator's that never started or fell silent for `removeDelayMs`, which raise an alarm first. None of it
 * touches the quorum.
 */
import type { RemovalCause } from './action.js';
import { describeMember, type MemberView } from './cluster-view.js';
import { removalDueAt, stallDueAt } from './down-time.js';
import { formatDuration } from './duration.js';
import { holdMember, type Situation } from './situation.js';
import type { Post } from './staffing.js';
import { act, firstOf, hold, NOTHING, type Step, stamp } from './step.js';
import { holdWindow } from './voter-removal.js';

export function planLearnerRemoval(situation: Situation, posts: readonly Post[]): Step {
  const all = [...situation.learners, ...situation.readers].sort((a, b) => a.id - b.id);
  return firstOf(all.map((member) => planOne(situation, posts, member)));
}

function planOne(situation: Situation, posts: readonly Post[], member: MemberView): Step {
  const who = describeMember(member);
  if (member.draining) return remove(situation, member, 'drained', false, `remove ${who}: it is drained`);
  const successor = situation.voters.find(({ replaces }) => replaces === member.id);
  if (successor !== undefined) {
    const text = `remove ${who}: ${describeMember(successor)} votes in its place`;
    return remove(situation, member, 'replaced', false, text);
  }
  if (member.lost && !member.answers && situation.sized) {
    return remove(situation, member, 'lost', true, `remove ${who}: its machine is back without its data`);
  }
  return member.origin === 'automation' ? planOwn(situation, posts, member) : planOperators(situation, member);
}

function planOwn(situation: Situation, posts: readonly Post[], member: MemberView): Step {
  const { policy, nowMs } = situation;
  const who = describeMember(member);
  const stallMs = stallDueAt(member, policy);
  if (nowMs >= stallMs) {
    const since = formatDuration(policy.learnerStallMs);
    if (!member.started) {
      return remove(situation, member, 'never-started', true, `remove ${who}: it has not started for ${since}`);
    }
    return remove(situation, member, 'stalled', true, `remove ${who}: it has made no progress for ${since}`);
  }
  if (isSurplus(situation, posts, member)) {
    return remove(situation, member, 'surplus', true, `remove ${who}: no voter is missing any more`);
  }
  if (member.answers) return NOTHING;
  return hold(holdMember(member, 'silent-delay', `${who} is removed unless it makes progress`, stallMs));
}

/** Nobody is missing, and nobody looks as if he would be soon. */
function isSurplus(
  { sized, staying, voters, leaving }: Situation,
  posts: readonly Post[],
  member: MemberView,
): boolean {
  const steady = voters.every(({ answers, track }) => answers && track.silentSinceMs === null);
  return sized && steady && staying.length > 0 && leaving.length === 0 && posts.length === 0 && member.replaces === 0;
}

function planOperators(situation: Situation, member: MemberView): Step {
  const { policy, nowMs, view, sized } = situation;
  if (member.answers) return NOTHING;
  const who = describeMember(member);
  const what = member.started ? 'is silent' : 'has not started';
  if (!sized) {
    return hold(holdMember(member, 'size', `${who} ${what}, and is not removed for it while activeSize is auto`));
  }
  const delay = formatDuration(policy.removeDelayMs);
  const dueAtMs = member.started ? removalDueAt(member, policy) : member.addedAtMs + policy.removeDelayMs;
  if (dueAtMs === null || nowMs < dueAtMs) {
    const text = `${who} ${what}, and is removed when that has lasted ${delay}`;
    return hold(holdMember(member, 'silent-delay', text, dueAtMs));
  }
  // The alarm comes first: an operator is to hear of it before it happens.
  if (!view.alarms.some(({ memberId }) => memberId === member.id)) return NOTHING;
  if (member.started) return remove(situation, member, 'silent', true, `remove ${who}: silent for ${delay} or longer`);
  return remove(
    situation,
    member,
    'never-started',
    true,
    `remove ${who}: added ${delay} ago or earlier, and never started`,
  );
}

function remove(situation: Situation, member: MemberView, cause: RemovalCause, automatic: boolean, text: string): Step {
  const held = automatic ? holdWindow(situation, [member]) : undefined;
  if (held !== undefined) return hold(held);
  const memberIds = [member.id];
  return act({ type: 'remove', memberIds, cause, automatic, ...stamp(situation, text) }, memberIds);
}
