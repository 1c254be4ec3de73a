/**
 * Where the bytes of a version are: among the unflushed, in the cache, or in the store. What comes from the store is
 * compared with the checksum in the index, so a damaged, stale or misplaced record is never served.
 */
import type { Store } from '@understudy/store';
import type { KeyEntry } from './key-entry.js';
import { MvccError } from './mvcc-error.js';
import { RecordCache } from './record-cache.js';
import { revisionKey } from './record-key.js';
import type { Segment, UnflushedLog } from './unflushed-log.js';
import { checksumOf, faultOf } from './version-record.js';

export class RecordReader {
  private readonly cache: RecordCache;

  constructor(
    private readonly store: Store,
    private readonly prefix: number,
    private readonly log: UnflushedLog,
    cacheBytes: number,
  ) {
    this.cache = new RecordCache(cacheBytes);
  }

  /** To look at and let go: valid until the next call here. Throws MvccError `damaged-record`, StoreError. */
  peek(entry: KeyEntry, position: number): Uint8Array {
    return this.inMemory(entry, position) ?? this.stored(entry, position);
  }

  /** To keep and hand out. Throws MvccError `damaged-record`, StoreError. */
  copy(entry: KeyEntry, position: number): Uint8Array {
    const view = this.inMemory(entry, position);
    return view === null ? this.stored(entry, position) : Buffer.from(view);
  }

  /** Records of a segment were flushed: they leave memory, the newest of each key for the cache. */
  release(segment: Segment, from: number, to: number): void {
    for (let at = from; at < to; at++) {
      const entry = segment.entries[at] as KeyEntry;
      if (!entry.live || entry.main < segment.first || entry.main >= segment.end) continue;
      if (segment.startOf(entry.main) + (entry.mark >>> 1) !== at) continue;
      const view = segment.view(at);
      if (view !== null) this.cache.add(entry, view);
    }
  }

  private inMemory(entry: KeyEntry, position: number): Uint8Array | null {
    if (!entry.isNewest(position)) return this.log.view(entry.mainAt(position), entry.subAt(position));
    return entry.main >= this.log.first ? this.log.view(entry.main, entry.mark >>> 1) : this.cache.view(entry);
  }

  private stored(entry: KeyEntry, position: number): Uint8Array {
    const main = entry.mainAt(position);
    const sub = entry.subAt(position);
    const record = this.store.getSync(revisionKey(this.prefix, main, sub));
    if (record === undefined) throw new MvccError('damaged-record', `version ${main}.${sub} is missing in the store`);
    if (faultOf(record) !== null || checksumOf(record) !== entry.checksumAt(position)) {
      throw new MvccError('damaged-record', `version ${main}.${sub} in the store is not what was written`);
    }
    if (entry.isNewest(position)) this.cache.add(entry, record);
    return record;
  }
}
