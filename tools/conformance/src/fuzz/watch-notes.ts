/**
 * What a stream of watches has told, sorted by watch: created, each event, cancelled. How events are gathered into
 * messages is the server's choice and is not kept; their order is.
 */
import type { JsonObject, JsonValue } from '@understudy/protocol';

export type WatchNotes = ReadonlyMap<string, readonly JsonValue[]>;

export function watchNotes(messages: readonly JsonObject[]): WatchNotes {
  const notes = new Map<string, JsonValue[]>();
  for (const message of messages) {
    const id = (message['watch_id'] as string | undefined) ?? '0';
    const told = notes.get(id) ?? [];
    notes.set(id, told);
    if (message['created'] === true) told.push('created');
    told.push(...((message['events'] as JsonValue[] | undefined) ?? []));
    if (message['canceled'] === true) {
      const compacted = (message['compact_revision'] as string | undefined) ?? '0';
      told.push(`canceled, compact revision ${compacted}: ${(message['cancel_reason'] as string | undefined) ?? ''}`);
    }
  }
  return notes;
}

/** The watches that were created and are not cancelled. */
export function openWatches(notes: WatchNotes): Set<string> {
  const open = new Set<string>();
  for (const [id, told] of notes) {
    for (const note of told) {
      if (note === 'created') open.add(id);
      else if (typeof note === 'string') open.delete(id);
    }
  }
  return open;
}

/**
 * Whether compaction has ended a watch of this id. Here the id is free then; etcd keeps it taken until the stream ends,
 * which is no behaviour to follow.
 */
export function compactionEnded(notes: WatchNotes, id: string): boolean {
  return (notes.get(id) ?? []).some(
    (note) => typeof note === 'string' && /^canceled, compact revision [1-9]/.test(note),
  );
}
