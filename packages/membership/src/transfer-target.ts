/**
 * Whom the leader hands over to: the voter that answers and has most of the log, the lowest id among equals; one that is
 * being drained only when there is no other. Never a learner or a reader: they cannot lead. Never one that is recovering.
 */
import { type ClusterView, MemberRole, type MemberView, membersInRole } from './cluster-view.js';

export type TransferTarget = { readonly ok: true; readonly id: number } | { readonly ok: false; readonly text: string };

/** `notIds`: voters that are about to leave too. */
export function pickTransferTarget(view: ClusterView, notIds: readonly number[] = []): TransferTarget {
  const able = membersInRole(view, MemberRole.Voter).filter(
    ({ id, answers, recovering, replication }) =>
      id !== view.leaderId && !notIds.includes(id) && answers && !recovering && replication === 'replicate',
  );
  const best = able.reduce<MemberView | undefined>((chosen, voter) => {
    if (chosen === undefined || (chosen.draining && !voter.draining)) return voter;
    return chosen.draining === voter.draining && voter.match > chosen.match ? voter : chosen;
  }, undefined);
  return best === undefined ? { ok: false, text: 'no other voter answers and replicates' } : { ok: true, id: best.id };
}
