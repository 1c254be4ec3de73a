/**
 * Whether a member knows less than was seen of it (design, section 5): an older copy of its whole data directory was put
 * back, which no check of the directory itself can notice. Only facts that were durable at the member before anybody
 * could see them are evidence. Pure.
 *
 * - Each open of a directory is counted, durably, before the member greets anybody. So a count below one that was seen is
 *   of the past; and so is the same count in another run.
 * - Who acknowledges to a leader has the leader's term and the entries on disk. Opened again, its log has no lower term;
 *   and while its term is that leader's, nobody can have had it cut off what it acknowledged. What is committed is never
 *   cut off.
 */
import type { DirectoryIdentity } from '@understudy/wal-level';
import type { LifeClaim } from '@understudy/transport-ws';
import type { ClusterReport } from '../bootstrap/discovery.js';
import { formatId } from '../bootstrap/member-id.js';
import type { PublishedLife as Life } from '../state/member-record.js';

/** What a leader knows to be durable at a member, from runs before the one that is judged. */
export interface Acknowledged {
  /** The leader's. */
  readonly term: number;
  readonly match: number;
  readonly commit: number;
}

export interface Seen {
  /** The highest of the runs that were seen; null for none. */
  readonly life: Life | null;
  /** Null where nothing was acknowledged. */
  readonly acknowledged: Acknowledged | null;
}

type Claim = LifeClaim & Pick<Life, 'bootCount'>;

/** In words, what is missing; null where nothing is. */
export function whatIsForgotten(claim: Claim, { life, acknowledged }: Seen): string | null {
  // It votes no more, and counts for nothing: there is nothing left to forget.
  if (claim.voteLost) return null;
  if (life !== null && isOfThePast(claim, life)) return forgottenRuns(claim, life);
  if (acknowledged === null || claim.lifeId === 0) return null;
  const { commit, match, term } = acknowledged;
  if (claim.openedTerm < term) return `it acknowledged in term ${term}, and its log opened in term ${claim.openedTerm}`;
  // What it lost it knows, and refetches.
  if (claim.recovering) return null;
  const kept = claim.openedTerm === term ? match : Math.min(match, commit);
  if (claim.openedIndex >= kept) return null;
  return `it acknowledged up to index ${kept}, and its log opened with ${claim.openedIndex}`;
}

/** What the others say of a member that is about to start, and is in none of their runs yet. */
export function whatReportsRemember(
  identity: Pick<DirectoryIdentity, 'memberId' | 'clusterId' | 'directoryId' | 'bootCount'>,
  reports: readonly ClusterReport[],
): string | null {
  for (const { clusterId, members } of reports) {
    if (clusterId !== formatId(identity.clusterId)) continue;
    const own = members.find(({ id }) => id === formatId(identity.memberId));
    if (own === undefined || own.directoryId !== identity.directoryId) continue;
    const { life = null } = own;
    if (life !== null && life.bootCount >= identity.bootCount) return forgottenRuns(identity, life);
  }
  return null;
}

function isOfThePast(claim: Claim, seen: Life): boolean {
  if (claim.bootCount !== seen.bootCount) return claim.bootCount < seen.bootCount;
  return claim.lifeId !== seen.lifeId && claim.lifeId !== 0 && seen.lifeId !== 0;
}

function forgottenRuns(own: Pick<Life, 'bootCount'>, seen: Life): string {
  return `its data directory was opened ${own.bootCount} times as it says, and another run of it was the ${ordinal(seen.bootCount)}`;
}

function ordinal(count: number): string {
  const suffix = count % 100 > 10 && count % 100 < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][count % 10] ?? 'th');
  return `${count}${suffix}`;
}
