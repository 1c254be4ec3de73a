/**
 * May an operator add this member? A learner or a reader always, within their number, also while voters are down: it
 * cannot hurt the quorum. A voter by etcd's strict check: enough voters have started for the quorum that follows, and
 * all of them answer.
 */
import { type ClusterView, describeMember, findMember, MemberRole, membersInRole } from './cluster-view.js';
import { ALLOWED, type CheckOptions, type CheckResult, refuse, STRICT } from './member-check.js';
import { checkPeerUrls } from './peer-urls.js';
import type { Policy } from './policy.js';
import { countsNow, quorumSize } from './quorum.js';

export interface AddRequest {
  /** The new member's id. That it was not used by a member that is gone is the caller's to know. */
  readonly id: number;
  /** `join`: a learner that is to vote as soon as it is in sync; etcd's `is_learner=false`. `voter`: at once. */
  readonly role: 'voter' | 'join' | 'learner' | 'reader';
  readonly peerUrls: readonly string[];
}

export function checkAddMember(
  view: ClusterView,
  request: AddRequest,
  policy: Policy,
  options: CheckOptions = STRICT,
): CheckResult {
  const known = findMember(view, request.id);
  if (known !== undefined) return refuse('id-exists', `${describeMember(known)} exists already`);
  const urls = checkPeerUrls(view, request.peerUrls, 0);
  if (!urls.ok) return urls;
  if (request.role === MemberRole.Learner || request.role === 'join') return checkLearners(view, policy);
  if (request.role === MemberRole.Reader) return checkReaders(view, policy);
  return options.strict ? checkNewVoter(view) : ALLOWED;
}

function checkLearners(view: ClusterView, policy: Policy): CheckResult {
  const count = membersInRole(view, MemberRole.Learner).length;
  if (count < policy.maxLearners) return ALLOWED;
  return refuse('too-many-learners', `there are ${count} learners, and maxLearners is ${policy.maxLearners}`);
}

function checkReaders(view: ClusterView, policy: Policy): CheckResult {
  const count = membersInRole(view, MemberRole.Reader).length;
  if (count < policy.maxReaders) return ALLOWED;
  return refuse('too-many-readers', `there are ${count} readers, and maxReaders is ${policy.maxReaders}`);
}

function checkNewVoter(view: ClusterView): CheckResult {
  const voters = membersInRole(view, MemberRole.Voter);
  const started = voters.filter((voter) => voter.started).length;
  const quorum = quorumSize(voters.length + 1);
  // A single member may always grow to two: there is no other way to leave a cluster of one by adding voters.
  const fromOne = voters.length === 1 && started === 1;
  if (started < quorum && !fromOne) {
    return refuse(
      'not-enough-started',
      `${started} of ${voters.length} voters have started; with one more voter the quorum is ${quorum}`,
    );
  }
  const silent = voters.filter((voter) => !countsNow(voter));
  if (silent.length > 0) {
    return refuse('unhealthy', `voters that do not answer: ${silent.map(describeMember).join(', ')}`);
  }
  return ALLOWED;
}
