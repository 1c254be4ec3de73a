/**
 * Where a standby sends a client: the leader that it knows, else the first member that it remembers, else nowhere. Never
 * to itself.
 */
import type { ClusterReport } from '../bootstrap/discovery.js';
import type { MemberView } from '../state/member-view.js';

/**
 * Client URLs in the order in which they are to be tried, one a member; empty where nobody is known. Any voter serves, so
 * the others are there for when the leader is gone and nobody has told.
 */
export function clientTargets(cluster: ClusterReport | null, ownClientUrls: readonly string[]): string[] {
  if (cluster === null) return [];
  const rank = ({ id, isLearner }: MemberView): number => (id === cluster.leaderId ? 0 : isLearner ? 2 : 1);
  return [...cluster.members]
    .sort((a, b) => rank(a) - rank(b))
    .flatMap(({ clientUrls }) => clientUrls.find((url) => !ownClientUrls.includes(url)) ?? []);
}
