/**
 * Who watches what, and who has been told how far. A watcher is synced (told with each run of revisions), behind (reads
 * history) or blocked (its receiver is slow: it is told nothing, and reads history later), so that nothing is buffered
 * for anybody. Each watcher gets every matching revision from its first one on, once, in order and whole, or the news
 * that compaction was faster.
 */
import { Change } from './change.js';
import { endOf, keyOf } from './key-bytes.js';
import type { Event } from './key-value.js';
import type { KvState } from './kv-state.js';
import type { Outcome } from './outcome.js';
import type { Segment } from './unflushed-log.js';
import { type Watch, Watcher, type WatchRequest, type WatchSink } from './watcher.js';
import { WatcherGroup } from './watcher-group.js';

export class WatchHub {
  readonly behind = new WatcherGroup();
  private readonly synced = new WatcherGroup();
  private readonly blocked = new Set<Watcher>();
  /** Synced watchers have been told everything up to this revision. notified <= state.revision */
  notified: number;
  /** Those with events gathered. Empty between calls. */
  private touched: Watcher[] = [];
  private readonly matched: Watcher[] = [];

  constructor(
    private readonly state: KvState,
    /** A watcher may have fallen behind. */
    private readonly onBehind: () => void,
  ) {
    this.notified = state.revision;
  }

  get size(): number {
    return this.synced.size + this.behind.size + this.blocked.size;
  }

  get blockedSize(): number {
    return this.blocked.size;
  }

  watch(request: WatchRequest, sink: WatchSink): Outcome<{ readonly watch: Watch }> {
    const from = request.key.length === 0 ? '\0' : keyOf(request.key);
    const to = request.rangeEnd.length === 0 ? null : endOf(request.rangeEnd);
    if (to !== null && from >= to) return { ok: false, reason: 'empty-watch-range' };
    const minRevision = request.startRevision > 0 ? request.startRevision : this.state.revision + 1;
    const watcher = new Watcher(this, from, to, minRevision, request, sink);
    this.place(watcher);
    return { ok: true, watch: watcher };
  }

  /** Tells the synced watchers what was applied since the last call, as one batch for each. */
  notify(): void {
    const first = this.notified + 1;
    const { revision, log } = this.state;
    this.notified = revision;
    if (this.synced.size === 0) return;
    for (let main = first; main <= revision; main++) {
      const segment = log.segmentOf(main);
      const end = segment.startOf(main + 1);
      for (let at = segment.startOf(main); at < end; at++) {
        this.gatherUnflushed(this.synced, segment, at, main, 0);
      }
    }
    const touched = this.touched;
    this.touched = [];
    for (const watcher of touched) this.offer(watcher, revision);
  }

  /**
   * Collects a change for the watchers of `group` that want it and have been told all revisions before `first`. The
   * record becomes the events': it must not be overwritten.
   */
  gather(group: WatcherGroup, key: string, record: Uint8Array, main: number, first: number): void {
    group.collect(key, this.matched);
    if (this.matched.length > 0) this.gatherForMatched(new Change(this.state, key, record), main, first);
  }

  /** The same for a record that is not flushed; only what somebody watches is copied. */
  gatherUnflushed(group: WatcherGroup, segment: Segment, position: number, main: number, first: number): void {
    // The cast is sound: the lists of a segment run in parallel.
    const key = segment.keys[position] as string;
    group.collect(key, this.matched);
    if (this.matched.length === 0) return;
    const view = segment.view(position);
    if (view === null) this.matched.length = 0;
    else this.gatherForMatched(new Change(this.state, key, Buffer.from(view)), main, first);
  }

  private gatherForMatched(change: Change, main: number, first: number): void {
    for (const watcher of this.matched) {
      if (watcher.minRevision >= first && watcher.minRevision <= main) this.gatherFor(watcher, change);
    }
    this.matched.length = 0;
  }

  gatherFor(watcher: Watcher, change: Change): void {
    if (change.deletion ? watcher.request.noDelete : watcher.request.noPut) return;
    if (watcher.gathered.length === 0) this.touched.push(watcher);
    watcher.gathered.push(change.event(watcher.request.prevKv));
  }

  /** Watchers that are behind, and have now seen everything up to `last`, get what was gathered for them. */
  advance(watchers: readonly Watcher[], last: number): void {
    this.touched = [];
    for (const watcher of watchers) {
      if (watcher.gathered.length > 0) this.offer(watcher, last);
      else watcher.minRevision = last + 1;
      if (watcher.status !== 'behind') continue;
      if (watcher.minRevision > this.notified) this.place(watcher);
      else this.behind.moveToEnd(watcher);
    }
  }

  /** Ends a watcher that is not blocked, where compaction was faster. */
  endIfCompacted(watcher: Watcher): boolean {
    if (watcher.minRevision >= this.state.compacted) return false;
    this.cancel(watcher);
    watcher.sink.compacted(this.state.compacted);
    return true;
  }

  resume(watcher: Watcher): void {
    if (watcher.status === 'blocked') this.place(watcher);
  }

  cancel(watcher: Watcher): void {
    this.leave(watcher);
    watcher.status = 'ended';
  }

  /** Every watcher goes on in another hub of the same history. */
  moveTo(next: WatchHub): void {
    for (const watcher of [...this.synced.all(), ...this.behind.all(), ...this.blocked]) {
      if (watcher.status === 'synced') watcher.minRevision = Math.max(watcher.minRevision, this.notified + 1);
      const { status } = watcher;
      this.leave(watcher);
      watcher.hub = next;
      if (status === 'blocked') next.blocked.add(watcher);
      else next.place(watcher);
    }
  }

  /** Into the group that fits what the watcher has been told. */
  private place(watcher: Watcher): void {
    this.leave(watcher);
    if (watcher.minRevision > this.notified) {
      watcher.status = 'synced';
      this.synced.add(watcher);
      return;
    }
    watcher.status = 'behind';
    this.behind.add(watcher);
    this.onBehind();
  }

  private leave(watcher: Watcher): void {
    if (watcher.status === 'synced') this.synced.remove(watcher);
    else if (watcher.status === 'behind') this.behind.remove(watcher);
    else if (watcher.status === 'blocked') this.blocked.delete(watcher);
  }

  private offer(watcher: Watcher, revision: number): void {
    const events = watcher.gathered;
    watcher.gathered = [];
    if (!watcher.active) return;
    if (watcher.sink.events({ revision, events })) {
      watcher.minRevision = revision + 1;
      return;
    }
    if (!watcher.active) return;
    // What it missed is read again, from history; not the silence before.
    if (watcher.status === 'synced') watcher.minRevision = (events[0] as Event).kv.modRevision;
    this.leave(watcher);
    watcher.status = 'blocked';
    this.blocked.add(watcher);
  }
}
