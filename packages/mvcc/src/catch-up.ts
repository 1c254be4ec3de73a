/**
 * Reads history for the watchers that are behind, a bounded number of records and bytes at a time, whole revisions only. Single
 * keys go by the index, straight to their versions. Ranges go through history in order, and everybody who is behind
 * and in the same stretch reads along. Who has had a turn waits for the others.
 */
import type { Store, StoreCursor, StoreRecord } from '@understudy/store';
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
  /** Read in this step. */
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
    this.bytes = 0;
    let budget = this.maxRecords;
    while (budget > 0 && this.bytes < this.maxBytes && this.ready) {
      const watcher = this.deps.hub.behind.first() as Watcher;
      budget--;
      if (this.deps.hub.endIfCompacted(watcher)) continue;
      if (watcher.to === null) budget -= this.followKey(watcher);
      else if (watcher.minRevision >= this.deps.state.log.first) budget -= this.followMemory(watcher.minRevision);
      else this.followStore(watcher.minRevision);
    }
  }

  /** Returns how many records were read. */
  private followKey(watcher: Watcher): number {
    const { hub, state } = this.deps;
    const entry = state.index.get(watcher.from);
    let read = 0;
    let last = hub.notified;
    if (entry !== undefined) {
      let previous = 0;
      for (let position = entry.countBefore(watcher.minRevision); position < entry.count; position++) {
        const main = entry.mainAt(position);
        if (main > hub.notified) break;
        if ((read >= this.maxRecords || this.bytes >= this.maxBytes) && main !== previous) {
          last = previous;
          break;
        }
        previous = main;
        if (entry.liveAt(position) ? watcher.request.noPut : watcher.request.noDelete) continue;
        read++;
        this.bytes += entry.sizeAt(position);
        hub.gatherFor(watcher, new Change(state, watcher.from, state.reader.copy(entry, position)));
      }
    }
    hub.advance([watcher], last);
    return read;
  }

  /** Unflushed history, from revision `first` on. Returns how many records were read. */
  private followMemory(first: number): number {
    const { hub, state } = this.deps;
    let read = 0;
    let main = first;
    for (; main <= hub.notified && read < this.maxRecords && this.bytes < this.maxBytes; main++) {
      const segment = state.log.segmentOf(main);
      const end = segment.startOf(main + 1);
      for (let at = segment.startOf(main); at < end; at++) {
        read++;
        this.bytes += segment.sizes[at] as number;
        hub.gatherUnflushed(hub.behind, segment, at, main, first);
      }
    }
    this.advanceFrom(first, main - 1);
    return read;
  }

  /** Flushed history, from revision `first` on, at least one whole revision. */
  private followStore(first: number): void {
    const last = this.deps.state.log.first - 1;
    const cursor = this.deps.store.cursor(revisionRange(this.prefix, first, last));
    const found: Uint8Array[] = [];
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
      const newest = found[found.length - 1];
      const complete = records.length === 0 ? last : newest === undefined ? last : mainOf(newest) - 1;
      if (complete < first) read();
      else this.finish(cursor, found, first, complete);
    };
    read();
  }

  private finish(cursor: StoreCursor, found: readonly Uint8Array[], first: number, last: number): void {
    const { hub } = this.deps;
    cursor.close();
    for (const record of found) {
      const main = mainOf(record);
      if (main > last) break;
      hub.gather(hub.behind, keyOf(keyBytesOf(record)), record, main, first);
    }
    this.reading = false;
    this.advanceFrom(first, last);
    this.deps.onReady();
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
