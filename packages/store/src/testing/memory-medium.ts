/**
 * The disk beneath in-memory stores: what is left of a store when it is dropped and opened again. It knows which batches
 * were synced, so that a crash can take the others, newest first, as an ordered log on a disk does. It also lets a test
 * damage records in place.
 */
import { compareBytes } from '../compare-bytes.js';
import type { StoreRange, StoreRecord, StoreWrite } from '../store.js';

/** What a batch replaced: null where the key was absent. */
type Undo = { readonly key: Uint8Array; readonly value: Uint8Array | null };

export class MemoryMedium {
  // Ascending by key. Shared with views until the next write: copied then, never changed under a view.
  #records: StoreRecord[] = [];
  #shared = false;
  // One list for each batch since the last sync, oldest first.
  #unsynced: Undo[][] = [];
  /** Whether a store is open on it. */
  inUse = false;

  get unsyncedBatches(): number {
    return this.#unsynced.length;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const at = this.#find(key);
    const record = this.#records[at];
    return record !== undefined && compareBytes(record.key, key) === 0 ? record.value : undefined;
  }

  /** Every record as it is now; later writes do not change the list. */
  view(): readonly StoreRecord[] {
    this.#shared = true;
    return this.#records;
  }

  apply(writes: readonly StoreWrite[], sync: boolean): void {
    const undo: Undo[] = [];
    for (const write of writes) {
      undo.push({ key: write.key, value: this.get(write.key) ?? null });
      if (write.type === 'put') this.#put(write.key, write.value);
      else this.#delete(write.key);
    }
    if (sync) this.#unsynced = [];
    else this.#unsynced.push(undo);
  }

  /** The power fails: of the batches that were not synced, the oldest `kept` are on the disk. */
  crash(kept = 0): void {
    for (let at = this.#unsynced.length - 1; at >= kept; at--) {
      const undo = this.#unsynced[at] as Undo[];
      for (let i = undo.length - 1; i >= 0; i--) {
        const { key, value } = undo[i] as Undo;
        if (value === null) this.#delete(key);
        else this.#put(key, value);
      }
    }
    this.#unsynced = [];
    this.inUse = false;
  }

  /** Replaces (or, with null, loses) a record behind the store's back. */
  damage(key: Uint8Array, value: Uint8Array | null): void {
    if (value === null) this.#delete(key);
    else this.#put(key, value);
  }

  /** An independent copy with the same records, as if the disk had been imaged. */
  clone(): MemoryMedium {
    const copy = new MemoryMedium();
    copy.#records = this.#records.slice();
    copy.#unsynced = this.#unsynced.slice();
    return copy;
  }

  #put(key: Uint8Array, value: Uint8Array): void {
    this.#unshare();
    const at = this.#find(key);
    const found = this.#records[at];
    const record = { key: copyOfBytes(key), value: copyOfBytes(value) };
    if (found !== undefined && compareBytes(found.key, key) === 0) this.#records[at] = record;
    else this.#records.splice(at, 0, record);
  }

  #delete(key: Uint8Array): void {
    const at = this.#find(key);
    const found = this.#records[at];
    if (found === undefined || compareBytes(found.key, key) !== 0) return;
    this.#unshare();
    this.#records.splice(at, 1);
  }

  #unshare(): void {
    if (!this.#shared) return;
    this.#records = this.#records.slice();
    this.#shared = false;
  }

  #find(key: Uint8Array): number {
    return lowerBound(this.#records, key);
  }
}

/** The records of `range`, in its direction. */
export function selectRange(records: readonly StoreRecord[], range: StoreRange): readonly StoreRecord[] {
  const from = range.gte === undefined ? 0 : lowerBound(records, range.gte);
  const to = range.lt === undefined ? records.length : lowerBound(records, range.lt);
  const selected = records.slice(from, Math.max(from, to));
  return range.reverse === true ? selected.reverse() : selected;
}

/** Position of the first record whose key is not below `key`. */
function lowerBound(records: readonly StoreRecord[], key: Uint8Array): number {
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareBytes((records[middle] as StoreRecord).key, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Of its own memory, also where it is given a Buffer, whose `slice` shares. */
export function copyOfBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}
