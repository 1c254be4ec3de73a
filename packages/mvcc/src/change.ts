/** One stored change as the event that watches are told, made at most once in each of its two forms. */
import { type Event, EventType, type KeyValue } from './key-value.js';
import type { KvState } from './kv-state.js';
import { createRevisionOf, isTombstone, keyValueOf, mainOf } from './version-record.js';

export class Change {
  readonly deletion: boolean;
  private plain: Event | null = null;
  private withPrevKv: Event | null = null;

  constructor(
    private readonly state: KvState,
    private readonly key: string,
    /** The bytes are the event's: nobody overwrites them. */
    private readonly record: Uint8Array,
  ) {
    this.deletion = isTombstone(record);
  }

  event(withPrevKv: boolean): Event {
    if (withPrevKv) {
      this.withPrevKv ??= this.make(this.before());
      return this.withPrevKv;
    }
    this.plain ??= this.make(undefined);
    return this.plain;
  }

  private make(prevKv: KeyValue | undefined): Event {
    const type = this.deletion ? EventType.delete : EventType.put;
    return { type, kv: keyValueOf(this.record, false), prevKv };
  }

  /** The key as it was before the revision of the change, where that can still be read. */
  private before(): KeyValue | undefined {
    // A put that creates the key has nothing before it, also where the same revision has deleted it first: as in etcd.
    if (!this.deletion && createRevisionOf(this.record) === mainOf(this.record)) return undefined;
    const revision = mainOf(this.record) - 1;
    if (revision < this.state.compacted) return undefined;
    const entry = this.state.index.get(this.key);
    if (entry === undefined) return undefined;
    const position = entry.positionAt(revision);
    if (position < 0 || !entry.liveAt(position)) return undefined;
    return keyValueOf(this.state.reader.copy(entry, position), false);
  }
}
