/**
 * A Raft log in memory, for tests and simulators: what the host's durable log would hold. Does what it is told and
 * nothing of its own accord; in particular it never compacts by itself.
 */
import { EMPTY_CONF_STATE, type ConfState } from '../conf-state.js';
import { type Entry, entrySize } from '../entry.js';
import { EMPTY_HARD_STATE, type HardState } from '../hard-state.js';
import type { LogReader, LogReadFailure } from '../log-reader.js';
import { RaftError } from '../raft-error.js';
import type { Snapshot } from '../snapshot.js';

const NO_DATA = new Uint8Array(0);

export class MemoryLog implements LogReader {
  hardState: HardState = EMPTY_HARD_STATE;
  /** The configuration that a start finds; the host keeps it up to date as it applies. */
  confState: ConfState = EMPTY_CONF_STATE;
  /** What `snapshot()` answers. By default the last installed snapshot, or none. */
  snapshotSource: () => Snapshot | 'unavailable' = () => this.installed ?? 'unavailable';
  private installed: Snapshot | null = null;
  /** Index and term of the entry before the first. */
  private baseIndex = 0;
  private baseTerm = 0;
  private log: Entry[] = [];
  /** Entries up to here answer `pending`. */
  private evictedTo = 0;

  initialState(): { hardState: HardState; confState: ConfState } {
    return { hardState: this.hardState, confState: this.confState };
  }

  firstIndex(): number {
    return this.baseIndex + 1;
  }

  lastIndex(): number {
    return this.baseIndex + this.log.length;
  }

  term(index: number): number | 'compacted' | 'unavailable' {
    if (index < this.baseIndex) return 'compacted';
    if (index === this.baseIndex) return this.baseTerm;
    return this.log[index - this.baseIndex - 1]?.term ?? 'unavailable';
  }

  entries(lo: number, hi: number, maxBytes: number): readonly Entry[] | LogReadFailure {
    if (lo <= this.baseIndex) return 'compacted';
    if (hi > this.lastIndex() + 1) return 'unavailable';
    if (lo <= this.evictedTo) return 'pending';
    const from = lo - this.baseIndex - 1;
    const to = hi - this.baseIndex - 1;
    let bytes = 0;
    let end = from;
    while (end < to) {
      bytes += entrySize(this.log[end] as Entry);
      if (bytes > maxBytes && end > from) break;
      end++;
    }
    return this.log.slice(from, end);
  }

  snapshot(): Snapshot | 'unavailable' {
    return this.snapshotSource();
  }

  /** Contiguous entries; where they begin at or below the last index, they replace the log from there on. */
  append(entries: readonly Entry[]): void {
    const first = entries[0];
    if (first === undefined) return;
    const at = first.index - this.baseIndex - 1;
    if (at < 0 || at > this.log.length) {
      throw outOfRange(`append at ${first.index} to a log of [${this.firstIndex()}, ${this.lastIndex()}]`);
    }
    this.log.length = at;
    for (const entry of entries) this.log.push(entry);
  }

  /** The snapshot replaces the whole log. */
  install(snapshot: Snapshot): void {
    this.installed = snapshot;
    this.confState = snapshot.confState;
    this.baseIndex = snapshot.index;
    this.baseTerm = snapshot.term;
    this.log = [];
    this.evictedTo = 0;
  }

  /** Drops entries up to and including `index`. */
  compact(index: number): void {
    const term = this.term(index);
    if (typeof term !== 'number') {
      throw outOfRange(`compaction at ${index} of a log of [${this.firstIndex()}, ${this.lastIndex()}]`);
    }
    this.log = this.log.slice(index - this.baseIndex);
    this.baseIndex = index;
    this.baseTerm = term;
  }

  /** Loses the entries after `index`, as damage does; none are left where that is before the first. */
  truncate(index: number): void {
    this.log.length = Math.min(this.log.length, Math.max(0, index - this.baseIndex));
  }

  /** Entries up to and including `index` are on disk only, until `fetch()`. */
  evict(index: number): void {
    this.evictedTo = index;
  }

  fetch(): void {
    this.evictedTo = 0;
  }
}

/** A log that begins behind a snapshot: how a member that is no blank one starts in a test. */
export function bootstrappedLog(confState: ConfState, index: number, term: number): MemoryLog {
  const log = new MemoryLog();
  log.install({ index, term, confState, data: NO_DATA });
  return log;
}

function outOfRange(text: string): RaftError {
  return new RaftError('broken-invariant', text);
}
