/**
 * Whether the cluster has made this machine a member. Only a committed configuration says so: the record in it names the
 * registration, or, where an operator added it by hand, the machine's peer URLs.
 */
import type { ClusterReport } from '../bootstrap/discovery.js';
import type { MemberView } from '../state/member-view.js';

export interface OwnMachine {
  readonly registration: string;
  readonly peerUrls: readonly string[];
  /** Ids that it had before: a member that is behind may still list one. */
  readonly formerIds: readonly string[];
}

/** Null where it is no member. */
export function findOwnRecord({ members }: ClusterReport, own: OwnMachine): MemberView | null {
  const candidates = members.filter(({ id, directoryId }) => directoryId === '' && !own.formerIds.includes(id));
  return (
    candidates.find(({ registration }) => registration === own.registration) ??
    candidates.find(({ registration, peerUrls }) => registration === '' && sameUrls(peerUrls, own.peerUrls)) ??
    null
  );
}

function sameUrls(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((url) => b.includes(url));
}
