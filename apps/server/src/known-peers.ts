/**
 * Whom a member takes for its peers. Its own state says so, once that has the member itself: one that has just joined
 * builds its state from the beginning of the log, and whoever leads by now may be known to its start alone.
 */
import type { PeerAddress } from '@understudy/raft-node';
import type { MemberPlan } from './bootstrap/start-plan.js';
import type { MemberTable } from './state/member-table.js';

export function knownPeers(
  { memberId, contacts }: Pick<MemberPlan, 'memberId' | 'contacts'>,
  table: Pick<MemberTable, 'get' | 'list' | 'wasRemoved'>,
): PeerAddress[] {
  const isBehind = table.get(memberId) === undefined;
  const told = isBehind ? contacts.filter(({ id }) => table.get(id) === undefined && !table.wasRemoved(id)) : [];
  return [...table.list(), ...told].map(({ id, peerUrls }) => ({ id, urls: peerUrls }));
}
