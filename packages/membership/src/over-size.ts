/**
 * More voters than `activeSize`: one after another goes, the worst first and the leader last; a healthy one only while the
 * slack stays what the wanted size gives. From three to one it is one joint step, as from one to three.
 */
import { describeMember, lagOf, type MemberView } from './cluster-view.js';
import { countsNow, toleranceOf } from './quorum.js';
import type { Situation } from './situation.js';
import { NOTHING, type Step } from './step.js';
import { removeVoters } from './voter-removal.js';
import { crowding } from './zone-spread.js';

export function planOverSize(situation: Situation): Step {
  const { sized, excess, staying, voters, target } = situation;
  if (!sized || excess === 0) return NOTHING;
  const removable = worstFirst(
    situation,
    staying.filter(({ pinned }) => !pinned),
  );
  const [worst, second] = removable;
  if (worst === undefined) return NOTHING;
  const both = second !== undefined && target === 1 && voters.length === 3 && excess === 2 && worst.answers;
  const members: [MemberView, ...MemberView[]] = both ? [worst, second] : [worst];
  const text = `remove ${members.map(describeMember).join(' and ')}: ${staying.length} voters, and activeSize is ${target}`;
  const slackFloor = toleranceOf(target);
  return removeVoters(situation, { members, cause: 'over-size', automatic: true, slackFloor, text });
}

/** Those of least use first: silent, recovering, in the most crowded zone, furthest behind, newest; the leader last. */
export function worstFirst(situation: Situation, voters: readonly MemberView[]): MemberView[] {
  const { view } = situation;
  const rank = (voter: MemberView): number[] => [
    voter.id === view.leaderId ? 1 : 0,
    voter.answers ? 1 : 0,
    countsNow(voter) ? 1 : 0,
    voter.answers ? 0 : (voter.track.silentSinceMs ?? 0),
    -crowding(situation, voter.zone),
    -lagOf(view, voter),
    -voter.id,
  ];
  return [...voters].sort((a, b) => compareRanks(rank(a), rank(b)));
}

/** The lesser in the first place in which they differ goes first. */
export function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (const [place, value] of a.entries()) {
    const difference = value - (b[place] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
