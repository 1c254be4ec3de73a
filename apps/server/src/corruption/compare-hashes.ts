/**
 * Which member's keys are not those of the others, judged as etcd's leader does: a member may be behind its leader, in
 * revisions and in compactions, but never ahead, and where both have compacted as far their hashes are equal. Pure.
 */

export interface MemberHash {
  readonly member: number;
  /** uint32 */
  readonly hash: number;
  /** The last revision in the hash. */
  readonly hashRevision: number;
  readonly compactRevision: number;
  /** Of the member itself when it answered. */
  readonly revision: number;
}

export interface Mismatch {
  readonly member: number;
  /** What differs, and by how much. */
  readonly why: string;
}

/** `before` is what the peers were asked to compare with; `after` was made once they had answered. Both the leader's. */
export function findMismatch(before: MemberHash, after: MemberHash, peers: readonly MemberHash[]): Mismatch | null {
  const sameSpan = before.hashRevision === after.hashRevision && before.compactRevision === after.compactRevision;
  if (sameSpan && before.hash !== after.hash) {
    return { member: after.member, why: `two hashes of revision ${after.hashRevision}: ${both(before, after)}` };
  }
  for (const peer of peers) {
    const why = differenceOf(before, after, peer);
    if (why !== null) return { member: peer.member, why };
  }
  return null;
}

/** Null where nothing speaks against it. */
export function differenceOf(before: MemberHash, after: MemberHash, peer: MemberHash): string | null {
  if (peer.revision > after.revision) return `revision ${peer.revision}, ahead of the leader's ${after.revision}`;
  if (peer.compactRevision > after.compactRevision) {
    return `compacted at ${peer.compactRevision}, ahead of the leader's ${after.compactRevision}`;
  }
  return unequalHash(before, peer);
}

/** Hashes of one revision, where both have compacted as far; others cannot be compared. */
export function unequalHash(own: MemberHash, peer: MemberHash): string | null {
  if (peer.compactRevision !== own.compactRevision || peer.hashRevision !== own.hashRevision) return null;
  return peer.hash === own.hash ? null : `hash of revision ${own.hashRevision}: ${both(own, peer)}`;
}

function both(own: MemberHash, other: MemberHash): string {
  return `${own.hash.toString(16)} and ${other.hash.toString(16)}`;
}
