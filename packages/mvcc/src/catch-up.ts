/**
 * Reads history for the watchers that are behind, a bounded number of records and bytes at a time, whole revisions only. Single
 * keys go by the index, straight to their versions. Ranges go through history in order, and everybody who is behind
 * and in the same stretch reads along. Who has had a turn waits for the others.
 */
import type { Store, StoreRecord } from '@understudy/store';
import { Change } from './change.js';
import { keyOf } from './key-bytes.js';
import { firstRevision, type KvState } from './kv-state.js';
import { MvccError } from './mvcc-error.js';
import { revisionRange } from './record-key.js';
import { faultOf, keyBytesOf, mainOf, subOf } from './version-record.js';
import type { WatchHub } from './watch-hub.js';
import type { Watcher } from './watcher.js';

export interface CatchUpDeps {
  readonly store: Store;
  readonly state: KvState;
  readonly hub: WatchHub;
  /** A read is over: there may be more to do. */
  readonly onReady: () => void;
  /** Reading failed: StoreError, or MvccError `damaged-record`. */
  readonly onFailure: (error: Error) => void;
}

export class CatchUp {
  /** A read of the store is under way. */
  private reading = false;
  private closed = false;
  /** Read in this turn; everybody who is looked after counts as a record. */
  private records = 0;
  private bytes = 0;

  constructor(
    private readonly deps: CatchUpDeps,
    private readonly prefix: number,
    private readonly maxRecords: number,
    private readonly maxBytes: number,
  ) {}

  get ready(): boolean {
    return !this.reading && !this.closed && this.deps.hub.behind.size > 0;
  }

  close(): void {
    this.closed = true;
  }

  step(): void {
    this.records = 0;
    this.bytes = 0;
    while (!this.full && this.ready) {
      const watcher = this.deps.hub.behind.first() as Watcher;
      this.records++;
      if (this.deps.hub.endIfCompacted(watcher)) continue;
      const first = watcher.minRevision;
      if (watcher.to === null) this.followKey(watcher);
      else if (first >= this.deps.state.log.first) this.advanceFrom(first, this.gatherMemory(first, first));
      else this.followStore(first);
    }
  }

  private get full(): boolean {
    return this.records >= this.maxRecords || this.bytes >= this.maxBytes;
  }

  private followKey(watcher: Watcher): void {
    const { hub, state } = this.deps;
    const entry = state.index.get(watcher.from);
    let last = hub.notified;
    if (entry !== undefined) {
      let previous = 0;
      for (let position = entry.countBefore(watcher.minRevision); position < entry.count; position++) {
        const main = entry.mainAt(position);
        if (main > hub.notified) break;
        if (this.full && main !== previous && previous !== 0) {
          last = previous;
          break;
        }
        previous = main;
        if (entry.liveAt(position) ? watcher.request.noPut : watcher.request.noDelete) continue;
        this.records++;
        this.bytes += entry.sizeAt(position);
        hub.gatherFor(watcher, new Change(state, watcher.from, state.reader.copy(entry, position)));
      }
    }
    hub.advance([watcher], last);
  }

  /**
   * Unflushed history from revision `begin` on, for those who needed nothing before `first`, until this turn has read
   * enough. Returns its last revision; begin - 1 where there was no room.
   */
  private gatherMemory(begin: number, first: number): number {
    const { hub, state } = this.deps;
    let main = begin;
    for (; main <= hub.notified && !this.full; main++) {
      const segment = state.log.segmentOf(main);
      const end = segment.startOf(main + 1);
      for (let at = segment.startOf(main); at < end; at++) {
        this.records++;
        this.bytes += segment.sizes[at] as number;
        hub.gatherUnflushed(hub.behind, segment, at, main, first);
      }
    }
    return main - 1;
  }

  /** Flushed history, from revision `first` on, at least one whole revision. */
  private followStore(first: number): void {
    const flushed = this.deps.state.log.first - 1;
    const cursor = this.deps.store.cursor(revisionRange(this.prefix, first, flushed));
    const found: Uint8Array[] = [];
    let bytes = 0;
    this.reading = true;
    const read = (): void => cursor.next(this.maxRecords, take);
    const take = (error: Error | null, records: readonly StoreRecord[]): void => {
      if (this.closed) {
        cursor.close();
        return;
      }
      const failure = error ?? append(found, records, first);
      if (failure !== null) {
        cursor.close();
        this.deps.onFailure(failure);
        return;
      }
      for (const { value } of records) bytes += value.length;
      const newest = found[found.length - 1];
      const ended = records.length === 0;
      // Whether a revision is whole shows with the next one.
      const last = ended || newest === undefined ? flushed : mainOf(newest) - 1;
      if (!ended && (last < first || (found.length < this.maxRecords && bytes < this.maxBytes))) {
        read();
        return;
      }
      cursor.close();
      this.reading = false;
      this.records = found.length;
      this.bytes = bytes;
      this.finish(found, first, last);
      this.deps.onReady();
    };
    read();
  }

  /**
   * What was found in the store, up to revision `last`, and what memory has after it: where a flush has cut history is
   * nobody's business.
   */
  private finish(found: readonly Uint8Array[], first: number, last: number): void {
    const { hub, state } = this.deps;
    for (const record of found) {
      const main = mainOf(record);
      if (main > last) break;
      hub.gather(hub.behind, keyOf(keyBytesOf(record)), record, main, first);
    }
    // Neither after another flush, nor where compaction has meanwhile taken what would be read.
    const goesOn = last + 1 === state.log.first && last + 1 >= state.compacted;
    this.advanceFrom(first, goesOn ? this.gatherMemory(last + 1, first) : last);
  }

  /** Everybody behind who needed nothing before `first` has now seen everything up to `last`. */
  private advanceFrom(first: number, last: number): void {
    const { hub } = this.deps;
    const along: Watcher[] = [];
    for (const watcher of hub.behind.all()) {
      if (watcher.minRevision >= first && watcher.minRevision <= last) along.push(watcher);
    }
    hub.advance(along, last);
  }
}

/** Adds records to history that begins with revision `first`; what is wrong with them, else null. */
function append(found: Uint8Array[], records: readonly StoreRecord[], first: number): MvccError | null {
  let previous = found[found.length - 1];
  for (const { value } of records) {
    if (faultOf(value) !== null)
      return new MvccError('damaged-record', 'a version in the store is not what was written');
    const main = mainOf(value);
    const sub = subOf(value);
    const follows =
      previous === undefined
        ? main === Math.max(first, firstRevision + 1) && sub === 0
        : (main === mainOf(previous) && sub === subOf(previous) + 1) || (main === mainOf(previous) + 1 && sub === 0);
    if (!follows) return new MvccError('damaged-record', `history has a gap before version ${main}.${sub}`);
    found.push(value);
    previous = value;
  }
  return null;
}
