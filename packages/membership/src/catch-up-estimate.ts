/**
 * When will a learner be close enough? Told from the pace since the present way of catching up began; null where nothing
 * can be told yet, or where it does not come nearer.
 */
import { type ClusterView, lagOf, type MemberView } from './cluster-view.js';
import { formatDuration } from './duration.js';
import type { Policy } from './policy.js';

/** Milliseconds from the last look; a snapshot's estimate is until it is sent. */
export function estimateCatchUpMs(view: ClusterView, member: MemberView, policy: Policy): number | null {
  const { catchUp, lookedAtMs } = member.track;
  const passedMs = lookedAtMs - catchUp.sinceMs;
  if (member.replication === 'snapshot') {
    if (member.snapshot === null || member.snapshot.totalBytes === null) return null;
    const { sentBytes, totalBytes } = member.snapshot;
    return timeLeft(totalBytes - sentBytes, sentBytes - catchUp.sentBytes, passedMs);
  }
  const lag = lagOf(view, member);
  return timeLeft(lag - policy.promoteMaxLag, catchUp.lag - lag, passedMs);
}

function timeLeft(left: number, done: number, passedMs: number): number | null {
  if (left <= 0) return 0;
  return done > 0 && passedMs > 0 ? Math.ceil((left / done) * passedMs) : null;
}

/** As the end of a sentence about a member that is behind. */
export function describeEstimate(view: ClusterView, member: MemberView, policy: Policy): string {
  const leftMs = estimateCatchUpMs(view, member, policy);
  if (leftMs === null) return 'it cannot be told yet when it will be ready';
  // Whole seconds: the figure is not more exact than that.
  const left = formatDuration(Math.max(1, Math.ceil(leftMs / 1_000)) * 1_000);
  return member.replication === 'snapshot' ? `about ${left} more, then the entries since` : `about ${left} more`;
}

const MIB = 1_048_576;

/** How far the snapshot is, for an operator. */
export function describeSnapshot(member: MemberView): string {
  if (member.snapshot === null) return 'nothing is known of how far it is';
  const { sentBytes, totalBytes } = member.snapshot;
  const sent = (sentBytes / MIB).toFixed(1);
  if (totalBytes === null || totalBytes === 0) return `${sent} MiB are sent`;
  const share = Math.floor((100 * sentBytes) / totalBytes);
  return `${sent} of ${(totalBytes / MIB).toFixed(1)} MiB are sent (${share}%)`;
}
