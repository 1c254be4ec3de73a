/**
 * What the core reads of the durable log. The host implements it over memory: calls return at once.
 * Only what is durable is visible here; the core keeps the rest (the unstable tail) itself.
 */
import type { ConfState } from './conf-state.js';
import type { Entry } from './entry.js';
import type { HardState } from './hard-state.js';
import type { Snapshot } from './snapshot.js';

/**
 * - `compacted`: below the first index; a snapshot is needed.
 * - `unavailable`: above the last index.
 * - `pending`: on disk but not in memory; the host fetches it and calls `RawNode.entriesFetched()`.
 */
export type LogReadFailure = 'compacted' | 'unavailable' | 'pending';

export interface LogReader {
  initialState(): { readonly hardState: HardState; readonly confState: ConfState };
  /** Index of the first entry that can be read; one above the snapshot's index. */
  firstIndex(): number;
  /** Index of the last durable entry; firstIndex() - 1 when there is none. */
  lastIndex(): number;
  /** Term of the entry at `index`, firstIndex() - 1 <= index <= lastIndex(). Never pending. */
  term(index: number): number | 'compacted' | 'unavailable';
  /** Entries in [lo, hi), at least one, cut where their summed `entrySize` would exceed `maxBytes`. */
  entries(lo: number, hi: number, maxBytes: number): readonly Entry[] | LogReadFailure;
  /** The newest snapshot, to be sent to `to`; `unavailable` when one is being made, or it must wait: asked again later. */
  snapshot(to: number): Snapshot | 'unavailable';
}
