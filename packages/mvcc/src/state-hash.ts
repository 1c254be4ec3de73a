/**
 * A hash over the live history up to a revision: every version at or before it that the compaction at the compacted
 * revision keeps, whether or not the rest is scrubbed already. Built from the checksums in the index, which every read
 * is held against, so it costs no disk. Members with the same compacted revision have the same hash, or have diverged.
 * In pieces: it pins the state until it is closed, and what is written meanwhile is of later revisions.
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

export class HashWalk {
  private readonly sum = new RunningSum();
  private readonly compactRevision: number;
  /** The first key that was not visited; null: all were. */
  private resumeAt: string | null = '';
  private closed = false;

  constructor(
    private readonly state: KvState,
    private readonly revision: number,
    private readonly released: () => void,
  ) {
    this.compactRevision = state.compacted;
    state.pins++;
  }

  /** Visits at most so many keys. Null: there are more. */
  step(maxKeys: number): KvHash | null {
    if (this.resumeAt !== null) this.visit(this.resumeAt, maxKeys);
    if (this.resumeAt !== null) return null;
    return { hash: this.sum.fold(), revision: this.revision, compactRevision: this.compactRevision };
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.state.pins--;
    this.released();
  }

  private visit(from: string, maxKeys: number): void {
    const cursor = new KeyCursor(this.state.index, from, endOfKeys);
    for (let visited = 0; visited < maxKeys; visited++) {
      const entry = cursor.next();
      if (entry === null) {
        this.resumeAt = null;
        return;
      }
      const end = entry.positionAt(this.revision) + 1;
      for (let position = entry.countDroppedBy(this.compactRevision); position < end; position++) {
        const minor = entry.subAt(position) * 2 + (entry.liveAt(position) ? 0 : 1);
        this.sum.add(RecordKind.revision, entry.mainAt(position), minor, entry.checksumAt(position));
      }
      this.resumeAt = `${cursor.key}\0`;
    }
  }
}
