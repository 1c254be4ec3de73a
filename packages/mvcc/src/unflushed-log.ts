/**
 * The records that only memory has, in the order they were made. Revisions are dense, so a record is found by
 * arithmetic. Two segments: one grows, one is being written by the host; a change applied meanwhile is never in the
 * one that `endFlush` drops. Records are handed out as views, which are overwritten some time after that.
 */
import type { KeyEntry } from './key-entry.js';
import { MvccError } from './mvcc-error.js';
import { SlabPool } from './slab-pool.js';

/** In `slabOf`: compacted before it was written. */
const dropped = -1;

export class Segment {
  /** Of revision first + i: the position of its first record. */
  readonly starts: number[] = [];
  /** By position, in parallel. */
  readonly keys: string[] = [];
  readonly entries: KeyEntry[] = [];
  readonly slabOf: number[] = [];
  readonly offsets: number[] = [];
  readonly sizes: number[] = [];
  readonly slabs: Buffer[] = [];
  /** Of the records in it. */
  bytes = 0;

  constructor(readonly first: number) {}

  /** After the last revision in it. */
  get end(): number {
    return this.first + this.starts.length;
  }

  startOf(main: number): number {
    const start = this.starts[main - this.first];
    return start === undefined ? this.keys.length : start;
  }

  /** Null where it was compacted before it was written, or is not there. */
  view(position: number): Uint8Array | null {
    const slab = this.slabs[this.slabOf[position] ?? dropped];
    if (slab === undefined) return null;
    return new Uint8Array(slab.buffer, this.offsets[position] as number, this.sizes[position] as number);
  }
}

export class UnflushedLog {
  private growing: Segment;
  private flushing: Segment | null = null;
  private readonly pool = new SlabPool();
  /** Where the next record is written, after `reserve`: the growing segment's last slab, from here on. */
  slab: Buffer = Buffer.alloc(0);
  at = 0;

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
    return this.growing.keys.length + (this.flushing === null ? 0 : this.flushing.keys.length);
  }

  /** Makes room: the record is then written to `slab` from `at` on, and appended. */
  reserve(size: number): void {
    if (this.at + size <= this.slab.length) return;
    this.slab = this.pool.take(size);
    this.at = 0;
    this.growing.slabs.push(this.slab);
  }

  append(main: number, key: string, entry: KeyEntry, size: number): void {
    const segment = this.growing;
    if (main === segment.end) segment.starts.push(segment.keys.length);
    segment.keys.push(key);
    segment.entries.push(entry);
    segment.slabOf.push(segment.slabs.length - 1);
    segment.offsets.push(this.at);
    segment.sizes.push(size);
    segment.bytes += size;
    this.at += size;
  }

  /** The segment that holds `main`, which is not flushed. */
  segmentOf(main: number): Segment {
    return main < this.growing.first && this.flushing !== null ? this.flushing : this.growing;
  }

  /** Null where the store has it, or compaction has dropped it. */
  view(main: number, sub: number): Uint8Array | null {
    if (main < this.first) return null;
    const segment = this.segmentOf(main);
    return segment.view(segment.startOf(main) + sub);
  }

  /** Compacted. True where it will never be written; false where the store has it, or is about to. */
  drop(main: number, sub: number): boolean {
    const segment = this.growing;
    if (main < segment.first) return false;
    const position = segment.startOf(main) + sub;
    segment.bytes -= segment.sizes[position] as number;
    segment.slabOf[position] = dropped;
    return true;
  }

  /** What is to be written now. */
  beginFlush(): Segment {
    if (this.flushing !== null) throw new MvccError('misuse', 'collectFlush before the last batch was flushed');
    this.flushing = this.growing;
    this.growing = new Segment(this.flushing.end);
    this.slab = Buffer.alloc(0);
    this.at = 0;
    return this.flushing;
  }

  /** What is being written. */
  get written(): Segment {
    if (this.flushing === null) throw new MvccError('misuse', 'flushed without a batch from collectFlush');
    return this.flushing;
  }

  /** It is durable, and nobody reads it here any more. */
  endFlush(): void {
    const { written } = this;
    this.flushing = null;
    this.pool.giveBack(written.slabs);
  }
}
