/**
 * What is to be made durable: the versions made since the last flush, the deletions that compaction left, changed
 * leases, users, roles and alarms, and the meta record, as one batch. Also keeps the sum over all stored records true.
 */
import type { StoreWrite } from '@understudy/store';
import type { Compaction } from './compaction.js';
import type { KvState } from './kv-state.js';
import { metaKey, revisionKey } from './record-key.js';
import { type RecordsSum, RecordKind, type RunningSum } from './records-sum.js';
import { encodeMeta, type Meta, stateChecksumOf } from './state-record.js';
import type { Segment } from './unflushed-log.js';
import { checksumOf } from './version-record.js';

export interface FlushBatch {
  /**
   * One batch, together with the host's applied record, `sync: true`. The bytes are valid until `flushed`: their memory
   * is then used again.
   */
  readonly writes: readonly StoreWrite[];
  /** The sum over all records once the batch is written: part of the host's applied record. */
  readonly sum: RecordsSum;
  /** The revision that the batch brings the store to. */
  readonly revision: number;
}

export class Flush {
  /** The revision that the store has. */
  revision: number;

  constructor(
    private readonly state: KvState,
    private readonly compaction: Compaction,
    private readonly prefix: number,
    /** Over the stored records, the batch that is being written included. */
    private readonly running: RunningSum,
    /** Checksum of the stored meta record; null where there is none. */
    private storedMeta: number | null,
  ) {
    this.revision = state.revision;
  }

  get sum(): RecordsSum {
    return this.running.value();
  }

  collect(): FlushBatch {
    const writes: StoreWrite[] = [];
    this.collectVersions(this.state.log.beginFlush(), writes);
    this.collectDeletes(writes);
    this.state.leases.collect(this.prefix, writes, this.running);
    for (const table of this.state.tables.values()) table.collect(this.prefix, writes, this.running);
    this.collectMeta(writes);
    return { writes, sum: this.sum, revision: this.state.revision };
  }

  /** The batch is durable: memory lets go of what the store has now. */
  finish(): void {
    this.state.log.endFlush((segment) => {
      this.revision = segment.end - 1;
      this.state.reader.release(segment);
    });
  }

  private collectVersions(segment: Segment, writes: StoreWrite[]): void {
    for (let main = segment.first; main < segment.end; main++) {
      const start = segment.startOf(main);
      const end = segment.startOf(main + 1);
      for (let at = start; at < end; at++) {
        const value = segment.view(at);
        if (value === null) continue;
        writes.push({ type: 'put', key: revisionKey(this.prefix, main, at - start), value });
        this.running.add(RecordKind.revision, main, at - start, checksumOf(value));
      }
    }
  }

  private collectDeletes(writes: StoreWrite[]): void {
    const deletes = this.compaction.takeDeletes();
    for (let i = 0; i < deletes.length; i += 3) {
      // The casts are sound: deletions come in threes.
      const main = deletes[i] as number;
      const sub = deletes[i + 1] as number;
      writes.push({ type: 'del', key: revisionKey(this.prefix, main, sub) });
      this.running.subtract(RecordKind.revision, main, sub, deletes[i + 2] as number);
    }
  }

  private collectMeta(writes: StoreWrite[]): void {
    const { revision, compacted } = this.state;
    const meta: Meta = { revision, compacted, scrubbed: this.compaction.scrubbed };
    const value = encodeMeta(meta);
    const checksum = stateChecksumOf(value);
    if (checksum === this.storedMeta) return;
    if (this.storedMeta !== null) this.running.subtract(RecordKind.meta, 0, 0, this.storedMeta);
    this.running.add(RecordKind.meta, 0, 0, checksum);
    this.storedMeta = checksum;
    writes.push({ type: 'put', key: metaKey(this.prefix), value });
  }
}
