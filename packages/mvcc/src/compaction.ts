/**
 * Takes the versions that a compaction made unreadable out of index and store, some keys at a time. The compacted
 * revision itself moves at once, when the request is applied; how far this lags behind cannot be seen from outside. A
 * key's versions all go in one step and so in one flush: a tombstone never leaves before what it hides.
 */
import type { KeyEntry } from './key-entry.js';
import { KeyCursor } from './key-cursor.js';
import { endOfKeys } from './key-bytes.js';
import type { KvState } from './kv-state.js';

export interface CompactionLimits {
  readonly compactionStepKeys: number;
  readonly maxPendingDeletes: number;
}

export class Compaction {
  /** Every version that a compaction at this revision drops is gone. scrubbed <= state.compacted */
  scrubbed: number;
  /** The round under way: at which revision, and the first key it has not visited. */
  private target = -1;
  private resumeAt: string | null = null;
  /** Stored versions to delete with the next flush: main, sub, checksum of each. */
  private deletes: number[] = [];

  constructor(
    private readonly state: KvState,
    private readonly limits: CompactionLimits,
    scrubbed: number,
  ) {
    this.scrubbed = scrubbed;
  }

  get pending(): boolean {
    return this.scrubbed < this.state.compacted;
  }

  /** There is something to do that need not wait for a flush or a reader. */
  get ready(): boolean {
    return this.pending && this.state.pins === 0 && this.pendingDeletes < this.limits.maxPendingDeletes;
  }

  get pendingDeletes(): number {
    return this.deletes.length / 3;
  }

  step(): void {
    if (!this.ready) return;
    if (this.resumeAt === null) {
      this.target = this.state.compacted;
      this.resumeAt = '';
    }
    const cursor = new KeyCursor(this.state.index, this.resumeAt, endOfKeys);
    const emptied: string[] = [];
    let last: string | null = null;
    for (let visited = 0; visited < this.limits.compactionStepKeys; visited++) {
      const entry = cursor.next();
      if (entry === null) {
        last = null;
        break;
      }
      last = cursor.key;
      if (this.compactKey(entry)) emptied.push(cursor.key);
      if (this.pendingDeletes >= this.limits.maxPendingDeletes) break;
    }
    // Only after the walk: a cursor does not outlive a removal.
    for (const key of emptied) this.state.index.remove(key);
    this.resumeAt = last === null ? null : `${last}\0`;
    if (this.resumeAt === null) this.scrubbed = this.target;
  }

  /** The deletions for this flush, in threes: main, sub, checksum. */
  takeDeletes(): readonly number[] {
    const taken = this.deletes;
    this.deletes = [];
    return taken;
  }

  /** True where nothing is left of the key. */
  private compactKey(entry: KeyEntry): boolean {
    const dropped = entry.countDroppedBy(this.target);
    if (dropped === 0) return false;
    for (let position = 0; position < dropped; position++) {
      const main = entry.mainAt(position);
      const sub = entry.subAt(position);
      if (!this.state.log.drop(main, sub)) this.deletes.push(main, sub, entry.checksumAt(position));
      this.state.records--;
      this.state.bytes -= entry.sizeAt(position);
    }
    if (dropped === entry.count) return true;
    entry.dropOldest(dropped);
    return false;
  }
}
