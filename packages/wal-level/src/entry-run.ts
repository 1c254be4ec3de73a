/** Cutting runs of entries by size. */
import { type Entry, entrySize } from '@understudy/raft-core';

/** What an entry costs in memory beyond its data, roughly: the object, the view of its data, a slot in an array. */
const ENTRY_OVERHEAD_BYTES = 160;

export function memoryBytes(entry: Entry): number {
  return entry.data.length + ENTRY_OVERHEAD_BYTES;
}

/** The end of the longest run from `from` that fits, at least one entry, at most up to `to`. */
export function endOfRun(entries: readonly Entry[], from: number, to: number, maxBytes: number): number {
  let bytes = 0;
  for (let at = from; at < to; at++) {
    bytes += entrySize(entries[at] as Entry);
    if (bytes > maxBytes && at > from) return at;
  }
  return to;
}
