/** May an operator give this member other peer URLs? Yes, unless another member has one of them. */
import { type ClusterView, describeMember, findMember } from './cluster-view.js';
import { type CheckResult, refuse } from './member-check.js';
import { checkPeerUrls } from './peer-urls.js';

export function checkUpdate(view: ClusterView, id: number, peerUrls: readonly string[]): CheckResult {
  if (findMember(view, id) === undefined) return refuse('not-found', `no ${describeMember({ id, name: '' })}`);
  return checkPeerUrls(view, peerUrls, id);
}
