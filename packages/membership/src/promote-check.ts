/**
 * May this learner become a voter now? The operator's command and the automation ask the same questions here; the
 * automation asks further ones of its own (promotion.ts). A voter that lags would count in the quorum and not help it.
 */
import { type ClusterView, describeMember, findMember, lagOf, MemberRole, membersInRole } from './cluster-view.js';
import { describeEstimate, describeSnapshot } from './catch-up-estimate.js';
import { ALLOWED, type CheckOptions, type CheckResult, refuse, STRICT } from './member-check.js';
import type { Policy } from './policy.js';
import { quorumSize } from './quorum.js';

export function checkPromote(
  view: ClusterView,
  id: number,
  policy: Policy,
  options: CheckOptions = STRICT,
): CheckResult {
  const member = findMember(view, id);
  if (member === undefined) return refuse('not-found', `no ${describeMember({ id, name: '' })}`);
  const who = describeMember(member);
  if (member.role !== MemberRole.Learner) {
    return refuse('not-learner', `${who} is a ${member.role}; only learners can be promoted`);
  }
  if (!member.answers) return refuse('silent', `${who} has not answered within an election timeout`);
  if (member.recovering) return refuse('recovering', `${who} lost a part of its log and is fetching it again`);
  if (member.replication === 'snapshot') {
    const progress = `${describeSnapshot(member)}; ${describeEstimate(view, member, policy)}`;
    return refuse('in-snapshot', `${who} is still being sent a snapshot: ${progress}`);
  }
  if (member.replication === 'probe') return refuse('probing', `it is not known yet where the log of ${who} ends`);
  const lag = lagOf(view, member);
  if (lag > policy.promoteMaxLag) {
    const where = `at ${member.match} of ${view.lastIndex}`;
    const limit = `at most ${policy.promoteMaxLag} are allowed`;
    const when = describeEstimate(view, member, policy);
    return refuse('lagging', `${who} is ${lag} entries behind (${where}); ${limit}; ${when}`);
  }
  return options.strict ? checkStarted(view) : ALLOWED;
}

/** etcd's strict check; the learner itself counts as started, since it replicates. */
function checkStarted(view: ClusterView): CheckResult {
  const voters = membersInRole(view, MemberRole.Voter);
  const started = voters.filter((voter) => voter.started).length + 1;
  const quorum = quorumSize(voters.length + 1);
  if (started >= quorum) return ALLOWED;
  return refuse(
    'not-enough-started',
    `${started} of ${voters.length + 1} voters would have started; the quorum would be ${quorum}`,
  );
}
