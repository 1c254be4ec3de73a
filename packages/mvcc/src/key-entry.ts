/**
 * What the index knows of one key: where each stored version lies, newest apart and older ones in one flat list of
 * numbers. Generations are not separate objects: a tombstone ends one, the next version begins the next.
 *
 * Versions are addressed by position, 0 the oldest stored. Positions stay as they are while versions are added;
 * compaction moves them.
 */
import type { Lease } from './lease-table.js';

/** Numbers of one older version: main, mark, checksum, size. */
const stride = 4;
/** Lists up to this length are grown to measure: most keys have few versions, and memory is what an index costs. */
const exactLength = 8 * stride;

export class KeyEntry {
  /** Revision of the newest version. Versions ascend by (main, sub); several of one main only within a transaction. */
  main: number;
  /** 2 * sub + 1 where it is a tombstone. */
  mark: number;
  /** Of the newest version; 0 in a tombstone. */
  createRevision: number;
  version: number;
  /** CRC32C of the newest version's record, as an int32. */
  checksum: number;
  /** Bytes of the newest version's record. */
  size: number;
  /** The older versions, oldest first, `stride` numbers each. */
  history: number[] | null = null;
  /** Where the cache has the newest version's record; -1 where it has not. */
  cachedAt = -1;
  /** The lease that holds the key. null in a tombstone. */
  lease: Lease | null = null;

  constructor(main: number, mark: number, createRevision: number, version: number, checksum: number, size: number) {
    this.main = main;
    this.mark = mark;
    this.createRevision = createRevision;
    this.version = version;
    this.checksum = checksum;
    this.size = size;
  }

  /** The key exists now. */
  get live(): boolean {
    return (this.mark & 1) === 0;
  }

  /** Position of the newest version. */
  get newest(): number {
    return this.count - 1;
  }

  get count(): number {
    return this.history === null ? 1 : this.history.length / stride + 1;
  }

  /** The next version becomes the newest. */
  advance(main: number, mark: number, createRevision: number, version: number, checksum: number, size: number): void {
    this.history = extend(this.history, this.main, this.mark, this.checksum, this.size);
    this.main = main;
    this.mark = mark;
    this.createRevision = createRevision;
    this.version = version;
    this.checksum = checksum;
    this.size = size;
    this.cachedAt = -1;
  }

  isNewest(position: number): boolean {
    return position === this.count - 1;
  }

  mainAt(position: number): number {
    return this.isNewest(position) ? this.main : this.older(position, 0);
  }

  subAt(position: number): number {
    return (this.isNewest(position) ? this.mark : this.older(position, 1)) >>> 1;
  }

  liveAt(position: number): boolean {
    return ((this.isNewest(position) ? this.mark : this.older(position, 1)) & 1) === 0;
  }

  checksumAt(position: number): number {
    return this.isNewest(position) ? this.checksum : this.older(position, 2);
  }

  sizeAt(position: number): number {
    return this.isNewest(position) ? this.size : this.older(position, 3);
  }

  /** Position of the newest version at or before `revision`; -1 where there is none. It may be a tombstone. */
  positionAt(revision: number): number {
    if (this.main <= revision) return this.count - 1;
    return this.countBefore(revision + 1) - 1;
  }

  /** How many versions are older than `revision`. */
  countBefore(revision: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.mainAt(middle) < revision) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * How many of the oldest versions a compaction at `revision` drops. It keeps everything from `revision` on, for
   * watches, and what is live at it, for reads.
   */
  countDroppedBy(revision: number): number {
    const before = this.countBefore(revision);
    if (before === 0) return 0;
    const replacedAtRevision = before < this.count && this.mainAt(before) === revision;
    return replacedAtRevision || !this.liveAt(before - 1) ? before : before - 1;
  }

  /** Forgets the `dropped` oldest versions, not the newest. */
  dropOldest(dropped: number): void {
    const left = this.history === null ? null : this.history.slice(dropped * stride);
    this.history = left === null || left.length === 0 ? null : left;
  }

  // The cast is sound: callers pass positions of this key.
  private older(position: number, field: number): number {
    return (this.history as number[])[position * stride + field] as number;
  }
}

function extend(history: number[] | null, main: number, mark: number, checksum: number, size: number): number[] {
  if (history === null) return [main, mark, checksum, size];
  if (history.length >= exactLength) {
    history.push(main, mark, checksum, size);
    return history;
  }
  const longer = new Array<number>(history.length + stride);
  for (let i = 0; i < history.length; i++) longer[i] = history[i] as number;
  longer[history.length] = main;
  longer[history.length + 1] = mark;
  longer[history.length + 2] = checksum;
  longer[history.length + 3] = size;
  return longer;
}
