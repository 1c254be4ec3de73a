/**
 * A hash over the live history up to a revision: every version at or before it that the compaction at the compacted
 * revision keeps, whether or not the rest is scrubbed already. Built from the checksums in the index, which every read
 * is held against, so it costs no disk. Members with the same compacted revision have the same hash, or have diverged.
 */
import { endOfKeys } from './key-bytes.js';
import { KeyCursor } from './key-cursor.js';
import type { KvState } from './kv-state.js';
import { RecordKind, RunningSum } from './records-sum.js';

export interface KvHash {
  /** uint32 */
  readonly hash: number;
  /** The last revision in it. */
  readonly revision: number;
  /** -1 before the first compaction. */
  readonly compactRevision: number;
}

export function hashState(state: KvState, revision: number): KvHash {
  const sum = new RunningSum();
  const compactRevision = state.compacted;
  const cursor = new KeyCursor(state.index, '', endOfKeys);
  for (let entry = cursor.next(); entry !== null; entry = cursor.next()) {
    const end = entry.positionAt(revision) + 1;
    for (let position = entry.countDroppedBy(compactRevision); position < end; position++) {
      const minor = entry.subAt(position) * 2 + (entry.liveAt(position) ? 0 : 1);
      sum.add(RecordKind.revision, entry.mainAt(position), minor, entry.checksumAt(position));
    }
  }
  return { hash: sum.fold(), revision, compactRevision };
}
