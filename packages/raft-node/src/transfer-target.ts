/** Whom leadership may be handed to: a voter that answers, the most caught-up one when nobody is named. */
import type { ProgressStatus, Status } from '@understudy/raft-core';

/** The member's id, or why there is none. */
export function transferTarget(status: Status, to: number | 'any', isLive: (id: number) => boolean): number | string {
  const { votersOutgoing, voters } = status.confState;
  // In a joint configuration only a voter of both halves is sure to be one afterwards.
  const electable = (peer: ProgressStatus): boolean =>
    !peer.isLearner && voters.includes(peer.id) && (votersOutgoing.length === 0 || votersOutgoing.includes(peer.id));
  if (to !== 'any') {
    const peer = status.progress.find((candidate) => candidate.id === to);
    if (peer === undefined) return `member ${to} is not in the configuration`;
    if (peer.recovering) return `member ${to} recovers what its log lost`;
    return electable(peer) ? to : `member ${to} is not a voter`;
  }
  let best: ProgressStatus | null = null;
  for (const peer of status.progress) {
    if (peer.id === status.id || peer.recovering || !electable(peer) || !isLive(peer.id) || peer.state === 'snapshot')
      continue;
    if (best === null || peer.match > best.match) best = peer;
  }
  return best === null ? 'no other voter answers' : best.id;
}
