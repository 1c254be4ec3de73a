/** Peer URLs are what members find each other by: no two members may share one. They are compared as written. */
import { type ClusterView, describeMember } from './cluster-view.js';
import { ALLOWED, type CheckResult, refuse } from './member-check.js';

/** `ownId` is the member that may keep its own URLs; 0 for none. */
export function checkPeerUrls(view: ClusterView, peerUrls: readonly string[], ownId: number): CheckResult {
  if (peerUrls.length === 0) return refuse('peer-urls-invalid', 'a member needs at least one peer URL');
  if (new Set(peerUrls).size < peerUrls.length) {
    return refuse('peer-urls-invalid', `a peer URL is given twice: ${peerUrls.join(', ')}`);
  }
  for (const member of view.members) {
    if (member.id === ownId) continue;
    const taken = member.peerUrls.find((url) => peerUrls.includes(url));
    if (taken !== undefined) return refuse('peer-url-exists', `${taken} is a peer URL of ${describeMember(member)}`);
  }
  return ALLOWED;
}
