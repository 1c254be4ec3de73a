/**
 * The window of append messages on their way to one peer, bounded by messages and by payload bytes. A ring buffer that
 * grows on demand: windows are large, and few are ever full.
 */
import { fail } from './raft-error.js';

const FIRST_CAPACITY = 16;

export class Inflights {
  /** Messages on their way. count <= maxMessages. */
  count = 0;
  /** Payload bytes on their way. May pass maxBytes by one message, so that a large entry can travel at all. */
  bytes = 0;
  private start = 0;
  /** Of each message, the index of its last entry, ascending; and its payload bytes. A power of two long. */
  private lastIndexes: number[] = [];
  private sizes: number[] = [];

  constructor(
    readonly maxMessages: number,
    readonly maxBytes: number,
  ) {}

  full(): boolean {
    return this.count === this.maxMessages || this.bytes >= this.maxBytes;
  }

  /** Notes a message whose last entry is `lastIndex`. Must not be full. */
  add(lastIndex: number, bytes: number): void {
    if (this.full())
      fail(`window of ${this.maxMessages} messages is full at ${this.count} messages, ${this.bytes} bytes`);
    if (this.count === this.lastIndexes.length) this.grow();
    const at = (this.start + this.count) & (this.lastIndexes.length - 1);
    this.lastIndexes[at] = lastIndex;
    this.sizes[at] = bytes;
    this.count++;
    this.bytes += bytes;
  }

  /** The peer has everything up to `index`. */
  freeTo(index: number): void {
    const mask = this.lastIndexes.length - 1;
    while (this.count > 0 && (this.lastIndexes[this.start] as number) <= index) {
      this.bytes -= this.sizes[this.start] as number;
      this.start = (this.start + 1) & mask;
      this.count--;
    }
  }

  reset(): void {
    this.count = 0;
    this.bytes = 0;
    this.start = 0;
  }

  private grow(): void {
    const capacity = this.lastIndexes.length === 0 ? FIRST_CAPACITY : this.lastIndexes.length * 2;
    const lastIndexes = new Array<number>(capacity).fill(0);
    const sizes = new Array<number>(capacity).fill(0);
    const mask = this.lastIndexes.length - 1;
    for (let i = 0; i < this.count; i++) {
      lastIndexes[i] = this.lastIndexes[(this.start + i) & mask] as number;
      sizes[i] = this.sizes[(this.start + i) & mask] as number;
    }
    this.lastIndexes = lastIndexes;
    this.sizes = sizes;
    this.start = 0;
  }
}
