/**
 * A batch of events as answers of a bounded size: cut between revisions, and within one only where the client takes
 * fragments. The revision of a piece is the last one that it completes, so that a client may resume behind it.
 */
import type { Event, WatchBatch } from '@understudy/mvcc';

/** Of an event, beside its keys and values. */
const EVENT_OVERHEAD_BYTES = 64;

export interface WatchPiece {
  readonly revision: number;
  readonly events: readonly Event[];
  /** The rest of its last revision comes in the next piece. */
  readonly fragment: boolean;
}

export function cutBatch(batch: WatchBatch, fragments: boolean, maxBytes: number): WatchPiece[] {
  const { events } = batch;
  const pieces: WatchPiece[] = [];
  let begin = 0;
  let bytes = 0;
  for (const [at, event] of events.entries()) {
    const size = sizeOf(event);
    const previous = events[at - 1];
    const splits = previous !== undefined && previous.kv.modRevision === event.kv.modRevision;
    if (at > begin && bytes + size > maxBytes && (fragments || !splits)) {
      // The cast is sound: `at` is above `begin`, hence above 0.
      pieces.push({ revision: (previous as Event).kv.modRevision, events: events.slice(begin, at), fragment: splits });
      begin = at;
      bytes = 0;
    }
    bytes += size;
  }
  pieces.push({ revision: batch.revision, events: begin === 0 ? events : events.slice(begin), fragment: false });
  return pieces;
}

function sizeOf({ kv, prevKv }: Event): number {
  const previous = prevKv === undefined ? 0 : prevKv.key.length + prevKv.value.length + EVENT_OVERHEAD_BYTES;
  return kv.key.length + kv.value.length + EVENT_OVERHEAD_BYTES + previous;
}
