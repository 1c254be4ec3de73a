/**
 * The arithmetic of quorums. Slack is how many more voters may fall silent before the cluster stops: the number that no
 * repair may lower.
 */
import { type ClusterView, MemberRole, membersInRole } from './cluster-view.js';

/** The smallest majority of so many voters. */
export function quorumSize(voters: number): number {
  return Math.floor(voters / 2) + 1;
}

/** Voters that answer, less the quorum; negative when the quorum is lost. In a joint configuration, the lesser of both. */
export function slack(view: ClusterView): number {
  const voters = membersInRole(view, MemberRole.Voter).map(({ id }) => id);
  const incoming = slackOf(view, voters);
  return view.outgoingVoters.length === 0 ? incoming : Math.min(incoming, slackOf(view, view.outgoingVoters));
}

function slackOf(view: ClusterView, voterIds: readonly number[]): number {
  const answering = new Set(view.members.filter(({ answers }) => answers).map(({ id }) => id));
  return voterIds.filter((id) => answering.has(id)).length - quorumSize(voterIds.length);
}
