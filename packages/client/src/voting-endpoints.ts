// Which members of a cluster take traffic: voters that have started. A learner is behind and refuses most requests, and
// a member without client urls is not there yet; a standby is in no member list at all.
import type { Member } from '@understudy/protocol';

/** The client urls of the members that vote, in the order of the list, each once. */
export function votingEndpoints(members: readonly Pick<Member, 'clientUrls' | 'isLearner'>[]): string[] {
  return startedEndpoints(members.filter(({ isLearner }) => !isLearner));
}

/** As `votingEndpoints`, with those that do not vote. */
export function startedEndpoints(members: readonly Pick<Member, 'clientUrls'>[]): string[] {
  return [...new Set(members.flatMap(({ clientUrls }) => clientUrls))];
}
