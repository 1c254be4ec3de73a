/**
 * May an operator remove this member? Whoever does not vote, always. A voter by etcd's strict check: the voters that are
 * left and have started are a quorum, and, when it is a live one, those that still answer are too. The last voter never.
 */
import { type ClusterView, describeMember, findMember, MemberRole, membersInRole } from './cluster-view.js';
import { ALLOWED, type CheckOptions, type CheckResult, refuse, STRICT } from './member-check.js';
import { quorumSize } from './quorum.js';

export function checkRemoveMember(view: ClusterView, id: number, options: CheckOptions = STRICT): CheckResult {
  const member = findMember(view, id);
  if (member === undefined) return refuse('not-found', `no ${describeMember({ id, name: '' })}`);
  if (member.role !== MemberRole.Voter) return ALLOWED;
  const rest = membersInRole(view, MemberRole.Voter).filter((voter) => voter.id !== id);
  if (rest.length === 0) return refuse('last-voter', `${describeMember(member)} is the only voter`);
  if (!options.strict) return ALLOWED;
  const quorum = quorumSize(rest.length);
  const started = rest.filter((voter) => voter.started).length;
  if (started < quorum) {
    return refuse(
      'not-enough-started',
      `without ${describeMember(member)}, ${started} of ${rest.length} voters have started; the quorum is ${quorum}`,
    );
  }
  // A voter that is down anyway takes nothing with it.
  if (!member.answers) return ALLOWED;
  const answering = rest.filter((voter) => voter.answers).length;
  if (answering < quorum) {
    return refuse(
      'unhealthy',
      `without ${describeMember(member)}, ${answering} of ${rest.length} voters answer; the quorum is ${quorum}`,
    );
  }
  return ALLOWED;
}
