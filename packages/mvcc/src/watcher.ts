/** What a watch asks for, what it is told, and how it holds back a sender that is faster than its receiver. */
import type { Event } from './key-value.js';
import type { WatchHub } from './watch-hub.js';

export interface WatchRequest {
  /** Empty: from the first key on. */
  readonly key: Uint8Array;
  /** As in a range. */
  readonly rangeEnd: Uint8Array;
  /** The first revision wanted; 0 and below: from now on. Past: history is caught up first. Future: waits for it. */
  readonly startRevision: number;
  readonly prevKv: boolean;
  /** Leave out puts. */
  readonly noPut: boolean;
  /** Leave out deletions. */
  readonly noDelete: boolean;
}

export interface WatchBatch {
  /** Everything of this watch up to and including this revision has now been told. */
  readonly revision: number;
  /** In the order in which they happened; a revision is never split over two batches. Never empty. */
  readonly events: Event[];
}

/** Where a watch tells. Called synchronously; must not throw, and must not change keys or leases. */
export interface WatchSink {
  /**
   * False: not taken. Nothing is kept: after `Watch.resume()` the watch goes on with the same events, read from history
   * (or ends, where they are compacted by then).
   */
  events(batch: WatchBatch): boolean;
  /** The needed history is compacted; the watch has ended. Always taken. */
  compacted(compactRevision: number): void;
}

export interface Watch {
  /** Not ended by `cancel` or by compaction. */
  readonly active: boolean;
  /**
   * The revision up to which this watch has been told everything, where it is up to date; else null. For progress
   * notifications: nothing at or before it will be told any more.
   */
  progress(): number | null;
  /** The sink can take batches again. */
  resume(): void;
  cancel(): void;
}

/**
 * synced: told with each revision. behind: reads history until it is up to date. blocked: its sink did not take a
 * batch, and has not resumed. ended: cancelled or compacted.
 */
export type WatcherStatus = 'synced' | 'behind' | 'blocked' | 'ended';

export class Watcher implements Watch {
  status: WatcherStatus = 'synced';
  /** Events for the batch that is being put together. Empty between calls of the hub. */
  gathered: Event[] = [];

  constructor(
    /** The hub that it is in; another one after a snapshot was installed. */
    public hub: WatchHub,
    readonly from: string,
    /** Exclusive; null: only the key `from`. */
    readonly to: string | null,
    /** The first revision not told yet. While synced, what the hub has told counts where it is later. */
    public minRevision: number,
    readonly request: WatchRequest,
    readonly sink: WatchSink,
  ) {}

  get active(): boolean {
    return this.status !== 'ended';
  }

  progress(): number | null {
    return this.status === 'synced' ? this.hub.notified : null;
  }

  resume(): void {
    this.hub.resume(this);
  }

  cancel(): void {
    this.hub.cancel(this);
  }
}
