/**
 * May an operator remove this member? Whoever does not vote, always. A voter by etcd's strict check: the voters that are
 * left and have started are a quorum, and, when it is a live one, those that still answer are too. The last voter never.
 *
 * A learner that was added to vote counts as the voter that its operator believes it to be: while it is pending, it is one
 * more voter that does not answer yet. So nobody adds a member, removes the last healthy one beside it, and is left with
 * neither.
 */
import {
  type ClusterView,
  describeMember,
  findMember,
  MemberRole,
  type MemberView,
  membersInRole,
} from './cluster-view.js';
import { ALLOWED, type CheckOptions, type CheckResult, refuse, STRICT } from './member-check.js';
import { countsNow, quorumSize } from './quorum.js';

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
  return checkAnswering(view, member, rest);
}

function checkAnswering(view: ClusterView, member: MemberView, rest: readonly MemberView[]): CheckResult {
  const pending = membersInRole(view, MemberRole.Learner).filter(({ promotion }) => promotion === 'join');
  const voters = rest.length + pending.length;
  const quorum = quorumSize(voters);
  const answering = rest.filter(countsNow).length;
  if (answering >= quorum) return ALLOWED;
  const without = `without ${describeMember(member)}, ${answering} of ${voters} voters answer`;
  const joining =
    pending.length === 0 ? '' : `, counting those that are joining (${pending.map(describeMember).join(', ')})`;
  return refuse('unhealthy', `${without}${joining}; the quorum is ${quorum}`);
}
