/**
 * The newest flushed records, in one block of memory that is written round and round: a bound that holds to the byte,
 * and no garbage. Each entry knows where its record lies; whoever reads gets a view that the next additions overwrite.
 */
import type { KeyEntry } from './key-entry.js';

/** A record larger than this share of the block would push out too much. */
const largestShare = 16;
/** Evicted slots at the front of the queue before it is moved together. */
const slackSlots = 4_096;

export class RecordCache {
  private block: Uint8Array | null = null;
  /** Where the next record goes. */
  private head = 0;
  /** What lies in the block, oldest first, from `oldest` on: whose it is, and where. Two lists in parallel. */
  private entries: KeyEntry[] = [];
  private offsets: number[] = [];
  private oldest = 0;

  constructor(private readonly bytes: number) {}

  /** Null where it is not cached. */
  view(entry: KeyEntry): Uint8Array | null {
    const at = entry.cachedAt;
    return at < 0 || this.block === null ? null : new Uint8Array(this.block.buffer, at, entry.size);
  }

  /** Of the entry's newest version. */
  add(entry: KeyEntry, record: Uint8Array): void {
    if (record.length * largestShare > this.bytes) return;
    this.block ??= new Uint8Array(this.bytes);
    if (this.head + record.length > this.bytes) {
      this.evict(this.head, this.bytes);
      this.head = 0;
    }
    const end = this.head + record.length;
    this.evict(this.head, end);
    this.block.set(record, this.head);
    entry.cachedAt = this.head;
    this.entries.push(entry);
    this.offsets.push(this.head);
    this.head = end;
  }

  /** Makes room in [from, to): what lies there is the oldest. */
  private evict(from: number, to: number): void {
    while (this.oldest < this.entries.length) {
      const offset = this.offsets[this.oldest] as number;
      if (offset < from || offset >= to) break;
      const entry = this.entries[this.oldest] as KeyEntry;
      if (entry.cachedAt === offset) entry.cachedAt = -1;
      this.oldest++;
    }
    if (this.oldest > slackSlots && this.oldest > this.entries.length / 2) {
      this.entries = this.entries.slice(this.oldest);
      this.offsets = this.offsets.slice(this.oldest);
      this.oldest = 0;
    }
  }
}
