/**
 * The records that only memory has, in the order they were made. Revisions are dense, so a record is found by
 * arithmetic. Two segments: one grows, one is being written by the host; a change applied meanwhile is never in the
 * one that `flushed` drops.
 */
import type { KeyEntry } from './key-entry.js';
import { MvccError } from './mvcc-error.js';

export class Segment {
  /** Of revision first + i: the position of its first record. */
  readonly starts: number[] = [];
  /** null: compacted before it was written. The three lists run in parallel. */
  readonly records: (Uint8Array | null)[] = [];
  readonly keys: string[] = [];
  readonly entries: KeyEntry[] = [];
  /** Of the records. */
  bytes = 0;

  constructor(readonly first: number) {}

  /** After the last revision in it. */
  get end(): number {
    return this.first + this.starts.length;
  }

  startOf(main: number): number {
    const start = this.starts[main - this.first];
    return start === undefined ? this.records.length : start;
  }
}

export class UnflushedLog {
  private growing: Segment;
  private flushing: Segment | null = null;

  /** `revision` is what the store has. */
  constructor(revision: number) {
    this.growing = new Segment(revision + 1);
  }

  /** At opening: `revision` is what the store turned out to have. */
  startAfter(revision: number): void {
    this.growing = new Segment(revision + 1);
  }

  /** The first revision that is not in the store. */
  get first(): number {
    return this.flushing === null ? this.growing.first : this.flushing.first;
  }

  get bytes(): number {
    return this.growing.bytes + (this.flushing === null ? 0 : this.flushing.bytes);
  }

  get records(): number {
    return this.growing.records.length + (this.flushing === null ? 0 : this.flushing.records.length);
  }

  append(main: number, key: string, entry: KeyEntry, record: Uint8Array): void {
    const segment = this.growing;
    if (main === segment.end) segment.starts.push(segment.records.length);
    segment.records.push(record);
    segment.keys.push(key);
    segment.entries.push(entry);
    segment.bytes += record.length;
  }

  /** The segment that holds `main`, which is not flushed. */
  segmentOf(main: number): Segment {
    return main < this.growing.first && this.flushing !== null ? this.flushing : this.growing;
  }

  /** Undefined where the store has it, or compaction has dropped it. */
  record(main: number, sub: number): Uint8Array | undefined {
    if (main < this.first) return undefined;
    const segment = this.segmentOf(main);
    return segment.records[segment.startOf(main) + sub] ?? undefined;
  }

  /** Compacted. True where it will never be written; false where the store has it, or is about to. */
  drop(main: number, sub: number): boolean {
    const segment = this.growing;
    if (main < segment.first) return false;
    const at = segment.startOf(main) + sub;
    segment.bytes -= (segment.records[at] as Uint8Array).length;
    segment.records[at] = null;
    return true;
  }

  /** What is to be written now. */
  beginFlush(): Segment {
    if (this.flushing !== null) throw new MvccError('misuse', 'collectFlush before the last batch was flushed');
    this.flushing = this.growing;
    this.growing = new Segment(this.flushing.end);
    return this.flushing;
  }

  /** It is durable; returns what was written. */
  endFlush(): Segment {
    const written = this.flushing;
    if (written === null) throw new MvccError('misuse', 'flushed without a batch from collectFlush');
    this.flushing = null;
    return written;
  }
}
