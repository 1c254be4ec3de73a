/**
 * The arithmetic of quorums. Slack is how many more voters may fall silent before the cluster stops: the number that no
 * repair may lower. A voter that is recovering answers and does not count: it neither votes nor acknowledges.
 */
import { type ClusterView, MemberRole, type MemberView, membersInRole } from './cluster-view.js';

/** The smallest majority of so many voters. */
export function quorumSize(voters: number): number {
  return Math.floor(voters / 2) + 1;
}

/** How many of so many voters may fail. */
export function toleranceOf(voters: number): number {
  return voters - quorumSize(voters);
}

/** It helps a quorum now. */
export function countsNow(member: Pick<MemberView, 'answers' | 'recovering'>): boolean {
  return member.answers && !member.recovering;
}

/** Voters that answer, less the quorum; negative when the quorum is lost. In a joint configuration, the lesser of both. */
export function slack(view: ClusterView): number {
  const voters = membersInRole(view, MemberRole.Voter).map(({ id }) => id);
  const incoming = slackWith(view, voters);
  return view.outgoingVoters.length === 0 ? incoming : Math.min(incoming, slackWith(view, view.outgoingVoters));
}

/** The slack that there would be if these were the voters. */
export function slackWith(view: ClusterView, voterIds: readonly number[]): number {
  const counting = new Set(view.members.filter(countsNow).map(({ id }) => id));
  return voterIds.filter((id) => counting.has(id)).length - quorumSize(voterIds.length);
}
