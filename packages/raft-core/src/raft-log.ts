/**
 * The replicated log as one: the durable part, read through the host's `LogReader`, and the unstable tail. Keeps the
 * indexes of what is committed, handed out and applied, and paces what is handed out.
 *
 * applied <= applying <= committed <= last. Nothing at or below `committed` is ever replaced.
 */
import { type Entry, entriesSize, entrySize } from './entry.js';
import type { LogReader, LogReadFailure } from './log-reader.js';
import { NO_ENTRIES } from './message.js';
import { fail } from './raft-error.js';
import type { Snapshot } from './snapshot.js';
import { UnstableTail } from './unstable-tail.js';

/** The log cannot say the term of an entry. Terms of entries are at least 1, and that of index 0 is 0. */
export const UNKNOWN_TERM = -1;

export class RaftLog {
  readonly unstable: UnstableTail;
  /** The highest index known to be on a quorum. */
  committed: number;
  /** The highest index handed to the host to be applied. */
  applying: number;
  /** The highest index that the host said it has applied. */
  applied: number;
  /** Nothing more is handed out for now. */
  holdApplying = false;
  /** There is no state that could take an entry: nothing is handed out until there is. */
  stateLost = false;
  /** Bytes handed out and not applied yet. */
  private applyingBytes = 0;
  /** Enough is handed out; wait for the host. */
  private applyingPaused = false;
  /** The next entries to apply are being read from disk. */
  private awaitingApply = false;
  /** The last slice that was read: followers that stand alike are sent the same one. */
  private cachedSlice: readonly Entry[] = NO_ENTRIES;
  private cachedLow = 0;
  private cachedHigh = 0;
  private cachedLimit = 0;

  constructor(
    private readonly storage: LogReader,
    private readonly maxApplyingBytes: number,
  ) {
    const first = storage.firstIndex();
    const last = storage.lastIndex();
    if (last < first - 1) fail(`durable log ends at ${last} before it begins at ${first}`);
    this.unstable = new UnstableTail(last + 1);
    this.committed = first - 1;
    this.applying = first - 1;
    this.applied = first - 1;
  }

  firstIndex(): number {
    const { snapshot } = this.unstable;
    return snapshot === null ? this.storage.firstIndex() : snapshot.index + 1;
  }

  lastIndex(): number {
    const last = this.unstable.lastIndex();
    return last === 0 ? this.storage.lastIndex() : last;
  }

  lastTerm(): number {
    const last = this.lastIndex();
    const term = this.term(last);
    return term === UNKNOWN_TERM
      ? fail(`no term of the last entry, ${last}; the log begins at ${this.firstIndex()}`)
      : term;
  }

  /** `UNKNOWN_TERM` where the entry is compacted or beyond the end. */
  term(index: number): number {
    const unstable = this.unstable.term(index);
    if (unstable >= 0) return unstable;
    if (index < this.firstIndex() - 1 || index > this.lastIndex()) return UNKNOWN_TERM;
    const durable = this.storage.term(index);
    return typeof durable === 'number' ? durable : UNKNOWN_TERM;
  }

  matches(index: number, term: number): boolean {
    return this.term(index) === term;
  }

  /** Whether a log that ends so may lead one that ends as this. Dissertation, section 3.6.1. */
  isUpToDate(lastIndex: number, lastTerm: number): boolean {
    const ours = this.lastTerm();
    return lastTerm > ours || (lastTerm === ours && lastIndex >= this.lastIndex());
  }

  /** A leader's own entries. */
  append(entries: readonly Entry[]): void {
    this.replaceFrom(entries, 0);
  }

  /**
   * A leader's entries behind `index`, which has `term` in its log. False where this log differs there. What is here
   * already stays; what conflicts gives way, with all that follows it.
   */
  appendBehind(index: number, term: number, entries: readonly Entry[], commit: number): boolean {
    if (!this.matches(index, term)) return false;
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i] as Entry;
      if (this.matches(entry.index, entry.term)) continue;
      this.replaceFrom(entries, i);
      break;
    }
    this.commitTo(Math.min(commit, index + entries.length));
    return true;
  }

  /**
   * The highest index at or below `index` whose term is at or below `term`: up to there the logs may agree. An entry
   * that cannot be read may agree too.
   */
  findConflict(index: number, term: number): number {
    for (let at = index; at > 0; at--) if (this.term(at) <= term) return at;
    return 0;
  }

  commitTo(index: number): void {
    if (index <= this.committed) return;
    const last = this.lastIndex();
    if (index > last) fail(`commit index ${index} is beyond the last entry, ${last}; was the log damaged or lost?`);
    this.committed = index;
  }

  /**
   * The entries in [lo, hi), at least one, cut at `maxBytes`. Never `unavailable`: that is a broken log.
   */
  slice(lo: number, hi: number, maxBytes: number): readonly Entry[] | LogReadFailure {
    if (lo >= hi) return NO_ENTRIES;
    if (lo === this.cachedLow && hi === this.cachedHigh && maxBytes === this.cachedLimit) return this.cachedSlice;
    if (lo < this.firstIndex()) return 'compacted';
    if (hi > this.lastIndex() + 1) fail(`read [${lo}, ${hi}) of a log that ends at ${this.lastIndex()}`);
    const { offset } = this.unstable;
    if (lo >= offset) return this.keep(lo, hi, maxBytes, this.cutTail(lo, hi, maxBytes));
    const cut = Math.min(hi, offset);
    const durable = this.storage.entries(lo, cut, maxBytes);
    if (durable === 'unavailable') fail(`durable entries [${lo}, ${cut}) are missing; the log ends at ${offset - 1}`);
    if (typeof durable === 'string' || cut === hi || durable.length < cut - lo) return durable;
    const room = maxBytes - entriesSize(durable);
    if (room <= 0) return durable;
    const tail = this.cutTail(offset, hi, room);
    if (tail.length === 1 && entrySize(tail[0] as Entry) > room) return durable;
    return durable.concat(tail);
  }

  /** Entries to be written, in order, that were not handed out yet. */
  nextUnstable(): readonly Entry[] {
    const { end, offsetInProgress } = this.unstable;
    if (offsetInProgress === end) return NO_ENTRIES;
    const entries = this.slice(offsetInProgress, end, Number.MAX_SAFE_INTEGER);
    return typeof entries === 'string' ? fail(`tail [${offsetInProgress}, ${end}) is ${entries}`) : entries;
  }

  hasNextUnstable(): boolean {
    return this.unstable.offsetInProgress < this.unstable.end;
  }

  hasUnstable(): boolean {
    return this.unstable.length > 0;
  }

  hasNextCommitted(allowUnstable: boolean): boolean {
    if (this.applyingPaused || this.awaitingApply || this.holdApplying) return false;
    if (this.stateLost || this.unstable.snapshot !== null) return false;
    return this.applying < this.appliable(allowUnstable);
  }

  /** Committed entries to be applied; durable ones only, unless the caller writes before it applies. */
  nextCommitted(allowUnstable: boolean): readonly Entry[] {
    if (!this.hasNextCommitted(allowUnstable)) return NO_ENTRIES;
    const room = this.maxApplyingBytes - this.applyingBytes;
    const entries = this.slice(this.applying + 1, this.appliable(allowUnstable) + 1, room);
    if (entries === 'pending') {
      this.awaitingApply = true;
      return NO_ENTRIES;
    }
    if (typeof entries === 'string') {
      fail(`entry ${this.applying + 1} is to be applied and ${entries}; the log begins at ${this.firstIndex()}`);
    }
    return entries;
  }

  acceptApplying(entries: readonly Entry[], allowUnstable: boolean): void {
    const { index } = entries[entries.length - 1] as Entry;
    if (index > this.committed) fail(`applying ${index} beyond the commit index, ${this.committed}`);
    this.applying = index;
    this.applyingBytes += entriesSize(entries);
    // A cut slice means that the next entry did not fit.
    this.applyingPaused = this.applyingBytes >= this.maxApplyingBytes || index < this.appliable(allowUnstable);
  }

  appliedTo(index: number, bytes: number): void {
    if (index > this.committed) fail(`applied ${index} beyond the commit index, ${this.committed}`);
    if (index < this.applied) fail(`applied ${index} after ${this.applied}`);
    this.applied = index;
    this.applying = Math.max(this.applying, index);
    this.applyingBytes = Math.max(0, this.applyingBytes - bytes);
    this.applyingPaused = this.applyingBytes >= this.maxApplyingBytes;
  }

  entriesFetched(): void {
    this.awaitingApply = false;
  }

  snapshot(to: number): Snapshot | 'unavailable' {
    return this.unstable.snapshot ?? this.storage.snapshot(to);
  }

  restore(snapshot: Snapshot): void {
    this.dropCache();
    this.committed = snapshot.index;
    this.stateLost = false;
    this.unstable.restore(snapshot);
  }

  private appliable(allowUnstable: boolean): number {
    return allowUnstable ? this.committed : Math.min(this.committed, this.unstable.offset - 1);
  }

  private replaceFrom(entries: readonly Entry[], from: number): void {
    if (from === entries.length) return;
    const first = (entries[from] as Entry).index;
    if (first <= this.committed) fail(`entry ${first} would replace a committed one; committed is ${this.committed}`);
    this.dropCache();
    this.unstable.append(entries, from);
  }

  private cutTail(lo: number, hi: number, maxBytes: number): readonly Entry[] {
    if (maxBytes === Number.MAX_SAFE_INTEGER) return this.unstable.slice(lo, hi);
    let bytes = entrySize(this.unstable.entry(lo));
    let end = lo + 1;
    while (end < hi) {
      bytes += entrySize(this.unstable.entry(end));
      if (bytes > maxBytes) break;
      end++;
    }
    return this.unstable.slice(lo, end);
  }

  private keep(lo: number, hi: number, maxBytes: number, entries: readonly Entry[]): readonly Entry[] {
    this.cachedSlice = entries;
    this.cachedLow = lo;
    this.cachedHigh = hi;
    this.cachedLimit = maxBytes;
    return entries;
  }

  private dropCache(): void {
    this.keep(0, 0, 0, NO_ENTRIES);
  }
}
