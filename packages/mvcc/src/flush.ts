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

/** A flush that is being handed out. */
export class FlushWalk {
  private at = 0;
  /** The revision that the next record may be of, at the earliest. */
  private main: number;

  constructor(
    private readonly segment: Segment,
    /** What is not a version; handed out last. */
    private rest: readonly StoreWrite[],
    private readonly prefix: number,
    private readonly running: RunningSum,
    /** As a `FlushBatch` has it. */
    readonly revision: number,
  ) {
    this.main = segment.first;
  }

  /** As a `FlushBatch` has it; only once everything is handed out. */
  get sum(): RecordsSum {
    return this.running.value();
  }

  /** The next writes: at most so many versions. An empty list is the end. */
  next(maxRecords: number): readonly StoreWrite[] {
    const { segment, prefix } = this;
    const writes: StoreWrite[] = [];
    for (; this.at < segment.keys.length && writes.length < maxRecords; this.at++) {
      while (segment.startOf(this.main + 1) <= this.at) this.main++;
      const value = segment.view(this.at);
      if (value === null) continue;
      const sub = this.at - segment.startOf(this.main);
      writes.push({ type: 'put', key: revisionKey(prefix, this.main, sub), value });
      this.running.add(RecordKind.revision, this.main, sub, checksumOf(value));
    }
    if (this.at < segment.keys.length) return writes;
    const rest = this.rest;
    this.rest = [];
    for (const write of rest) writes.push(write);
    return writes;
  }
}

export class Flush {
  /** The revision that the store has. */
  revision: number;

  /** Records of the segment that is being written that memory has let go of already. */
  private released = 0;

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

  /** Everything applied before the call is in it, and nothing that is applied later. */
  begin(): FlushWalk {
    const segment = this.state.log.beginFlush();
    const rest: StoreWrite[] = [];
    this.collectDeletes(rest);
    this.state.leases.collect(this.prefix, rest, this.running);
    for (const table of this.state.tables.values()) table.collect(this.prefix, rest, this.running);
    this.collectMeta(rest);
    return new FlushWalk(segment, rest, this.prefix, this.running, this.state.revision);
  }

  /**
   * The batch is durable: memory lets go of what the store has now, at most so many records at a time. True: of all of
   * it.
   */
  finish(maxRecords: number): boolean {
    const { log, reader } = this.state;
    const { written } = log;
    const end = Math.min(written.keys.length, this.released + maxRecords);
    reader.release(written, this.released, end);
    this.released = end;
    if (end < written.keys.length) return false;
    this.released = 0;
    this.revision = written.end - 1;
    log.endFlush();
    return true;
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
