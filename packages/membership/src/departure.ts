/**
 * Voters that an operator wants away: drained ones, and those whose replacement votes. A live voter is replaced by promote,
 * then remove; whoever leads hands over first. While a place can still be filled, its voter stays until it is.
 */
import { describeMember, MemberRole, type MemberView } from './cluster-view.js';
import { compareRanks } from './over-size.js';
import { countsNow } from './quorum.js';
import { holdMember, type Situation } from './situation.js';
import type { Post } from './staffing.js';
import { firstOf, hold, type Step } from './step.js';
import { leastSlackFor, removeVoters } from './voter-removal.js';

/** `awaited`: the voters for whose places a standby is there or on its way. */
export function planDeparture(situation: Situation, posts: readonly Post[], awaited: ReadonlySet<number>): Step {
  const { view, leaving, voters, target, sized } = situation;
  const order = (voter: MemberView): number[] => [
    voter.id === view.leaderId ? 1 : 0,
    countsNow(voter) ? 1 : 0,
    voter.id,
  ];
  const ordered = [...leaving].sort((a, b) => compareRanks(order(a), order(b)));
  const single = firstOf(ordered.map((voter) => depart(situation, voter, posts, awaited)));
  const downToOne = sized && target === 1 && voters.length === 3 && leaving.length === 2;
  if (single.candidate !== null || !downToOne) return single;
  // Down to the one voter that is wanted: both at once, since two would be less safe than either.
  const both = removeVoters(situation, {
    members: ordered as [MemberView, MemberView],
    cause: 'drained',
    automatic: false,
    slackFloor: 0,
    text: `remove ${ordered.map(describeMember).join(' and ')}: they are drained`,
  });
  return both.candidate === null ? single : { candidate: both.candidate, holds: single.holds };
}

function depart(situation: Situation, voter: MemberView, posts: readonly Post[], awaited: ReadonlySet<number>): Step {
  const who = describeMember(voter);
  const comers = [...situation.voters, ...situation.learners]
    .filter(({ id, replaces }) => replaces === voter.id && id !== voter.id)
    .sort((a, b) => a.id - b.id);
  const replacement = comers.find((comer) => comer.role === MemberRole.Voter && countsNow(comer));
  const [comer] = comers;
  if (replacement === undefined && comer !== undefined) {
    return hold(holdMember(voter, 'replacing', `${who} leaves when ${describeMember(comer)} votes in its place`));
  }
  const post = posts.find(({ need }) => need.purpose === 'drain' && need.forMemberId === voter.id);
  if (post?.learner !== undefined) {
    return hold(
      holdMember(voter, 'replacing', `${who} leaves when ${describeMember(post.learner)} votes in its place`),
    );
  }
  if (post !== undefined && awaited.has(voter.id)) {
    return hold(holdMember(voter, 'replacing', `${who} leaves when a standby votes in its place`));
  }
  const cause = replacement === undefined ? 'drained' : 'replaced';
  const why = replacement === undefined ? 'it is drained' : `${describeMember(replacement)} votes in its place`;
  const text = `remove ${who}: ${why}`;
  return removeVoters(situation, { members: [voter], cause, automatic: false, slackFloor: leastSlackFor(voter), text });
}
