/**
 * Where the bytes of a version are: with its entry, among the unflushed, or in the store. What comes from the store is
 * compared with the checksum in the index, so a damaged, stale or misplaced record is never served. The newest flushed
 * records stay with their entries, first in, first out, up to a number of bytes.
 */
import type { Store } from '@understudy/store';
import type { KeyEntry } from './key-entry.js';
import { MvccError } from './mvcc-error.js';
import { revisionKey } from './record-key.js';
import type { Segment, UnflushedLog } from './unflushed-log.js';
import { checksumOf, faultOf } from './version-record.js';

/** Evicted slots at the front of the queue before it is moved together. */
const slackSlots = 4_096;

export class RecordReader {
  /** The cached, oldest first, from `head` on. Two lists in parallel. */
  private entries: KeyEntry[] = [];
  private records: Uint8Array[] = [];
  private head = 0;
  /** Of the records in the queue, those included that their entries have replaced since. bytes <= cacheBytes */
  private bytes = 0;

  constructor(
    private readonly store: Store,
    private readonly prefix: number,
    private readonly log: UnflushedLog,
    private readonly cacheBytes: number,
  ) {}

  /** Throws MvccError `damaged-record`, StoreError. */
  newest(entry: KeyEntry): Uint8Array {
    if (entry.record !== null) return entry.record;
    const record = this.read(entry.main, entry.mark >>> 1, entry.checksum);
    this.cache(entry, record);
    return record;
  }

  /** Throws MvccError `damaged-record`, StoreError. */
  at(entry: KeyEntry, position: number): Uint8Array {
    if (entry.isNewest(position)) return this.newest(entry);
    const main = entry.mainAt(position);
    const sub = entry.subAt(position);
    return this.log.record(main, sub) ?? this.read(main, sub, entry.checksumAt(position));
  }

  /** A segment was flushed: its records may leave memory. */
  release(segment: Segment): void {
    for (let i = 0; i < segment.records.length; i++) {
      const entry = segment.entries[i] as KeyEntry;
      const record = segment.records[i];
      if (record === null || record === undefined || entry.record !== record) continue;
      entry.record = null;
      this.cache(entry, record);
    }
  }

  private read(main: number, sub: number, checksum: number): Uint8Array {
    const record = this.store.getSync(revisionKey(this.prefix, main, sub));
    if (record === undefined) throw new MvccError('damaged-record', `version ${main}.${sub} is missing in the store`);
    if (faultOf(record) !== null || checksumOf(record) !== checksum) {
      throw new MvccError('damaged-record', `version ${main}.${sub} in the store is not what was written`);
    }
    return record;
  }

  private cache(entry: KeyEntry, record: Uint8Array): void {
    if (record.length > this.cacheBytes) return;
    entry.record = record;
    this.entries.push(entry);
    this.records.push(record);
    this.bytes += record.length;
    while (this.bytes > this.cacheBytes) this.evictOldest();
    if (this.head > slackSlots && this.head > this.entries.length / 2) {
      this.entries = this.entries.slice(this.head);
      this.records = this.records.slice(this.head);
      this.head = 0;
    }
  }

  private evictOldest(): void {
    // The casts are sound: bytes > 0, so the queue is not empty.
    const entry = this.entries[this.head] as KeyEntry;
    const record = this.records[this.head] as Uint8Array;
    if (entry.record === record) entry.record = null;
    this.bytes -= record.length;
    this.head++;
  }
}
