/**
 * What was written to a medium, batch by batch, as far back as a damage reaches: LevelDB loses whole batches, from the
 * end or out of the middle, and an older copy of its files is what it was some batches ago.
 */
import type { StoreWrite } from '@understudy/store';
import { MemoryMedium } from '@understudy/store/testing';

const MAX_BATCHES = 200;

export class BatchHistory {
  // Oldest first.
  private batches: (readonly StoreWrite[])[] = [];

  /** `base`: everything before the first batch; it becomes the history's own. */
  constructor(private readonly base = new MemoryMedium()) {}

  get length(): number {
    return this.batches.length;
  }

  /** `unsynced`: how many are not synced, with this one. Those stay apart. */
  add(writes: readonly StoreWrite[], unsynced: number): void {
    // Their owner uses the memory again.
    this.batches.push(writes.map(copyOf));
    if (this.batches.length <= MAX_BATCHES || unsynced > MAX_BATCHES / 2) return;
    const old = this.batches.splice(0, MAX_BATCHES / 2);
    for (const batch of old) this.base.apply(batch, true);
  }

  /** The newest batches are not synced: only these of them are on the disk. */
  keepUnsynced(keeps: readonly boolean[]): MemoryMedium {
    const synced = this.batches.length - keeps.length;
    return this.keep((at) => at < synced || keeps[at - synced] === true);
  }

  /** By position, oldest first. */
  keep(keeps: (at: number) => boolean): MemoryMedium {
    this.batches = this.batches.filter((_, at) => keeps(at));
    const medium = this.base.clone();
    for (const batch of this.batches) medium.apply(batch, true);
    return medium;
  }
}

function copyOf(write: StoreWrite): StoreWrite {
  const key = write.key.slice();
  return write.type === 'put' ? { type: 'put', key, value: write.value.slice() } : { type: 'del', key };
}
