/**
 * Whom the leader hands over to: the voter that answers and has most of the log, the lowest id among equals. Never a
 * learner or a reader: they cannot lead.
 */
import { type ClusterView, MemberRole, membersInRole } from './cluster-view.js';

export type TransferTarget = { readonly ok: true; readonly id: number } | { readonly ok: false; readonly text: string };

export function pickTransferTarget(view: ClusterView): TransferTarget {
  let best: { readonly id: number; readonly match: number } | undefined;
  for (const voter of membersInRole(view, MemberRole.Voter)) {
    if (voter.id === view.leaderId || !voter.answers || voter.replication !== 'replicate') continue;
    if (best === undefined || voter.match > best.match) best = voter;
  }
  if (best === undefined) return { ok: false, text: 'no other voter answers and replicates' };
  return { ok: true, id: best.id };
}
