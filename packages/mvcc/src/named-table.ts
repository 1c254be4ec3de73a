/**
 * A small replicated table of rows with a name, beside the keys: users, roles, alarms. Rows are kept as JSON in records
 * of their own, which count in the sum over all records like every other one.
 */
import { crc32c, type StoreWrite } from '@understudy/store';
import { namedKey } from './record-key.js';
import type { NamedKind, RunningSum } from './records-sum.js';
import { decodeRow, encodeRow, stateChecksumOf } from './state-record.js';

interface Row<T> {
  readonly value: T;
  /** Checksum of the stored record; null where none is stored. */
  stored: number | null;
}

export class NamedTable<T extends object> {
  private readonly rows = new Map<string, Row<T>>();
  /** Rows that the next flush writes or deletes, with the checksum of what is stored of them. */
  private readonly changed = new Map<string, number | null>();

  constructor(private readonly kind: NamedKind) {}

  get size(): number {
    return this.rows.size;
  }

  get(name: string): T | undefined {
    return this.rows.get(name)?.value;
  }

  /** In the order of the names' bytes. */
  list(): T[] {
    return this.names().map((name) => (this.rows.get(name) as Row<T>).value);
  }

  names(): string[] {
    return [...this.rows.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  }

  set(name: string, value: T): void {
    const stored = this.markChanged(name);
    this.rows.set(name, { value, stored });
  }

  delete(name: string): void {
    if (!this.rows.has(name)) return;
    this.markChanged(name);
    this.rows.delete(name);
  }

  /** From a stored record whose checksum is right; false where it lies under another's name. */
  restore(key: Uint8Array, record: Uint8Array, sum: RunningSum): boolean {
    const { name, value } = decodeRow(record);
    if (Buffer.compare(namedKey(0, this.kind, name).subarray(1), key.subarray(1)) !== 0) return false;
    const stored = stateChecksumOf(record);
    this.rows.set(name, { value: value as T, stored });
    sum.add(this.kind, hashOf(name), 0, stored);
    return true;
  }

  /** Adds what has changed to a flush, and its effect to the sum. */
  collect(prefix: number, writes: StoreWrite[], sum: RunningSum): void {
    for (const [name, stored] of this.changed) {
      if (stored !== null) sum.subtract(this.kind, hashOf(name), 0, stored);
      const row = this.rows.get(name);
      if (row !== undefined) {
        const value = encodeRow(name, row.value);
        row.stored = stateChecksumOf(value);
        sum.add(this.kind, hashOf(name), 0, row.stored);
        writes.push({ type: 'put', key: namedKey(prefix, this.kind, name), value });
      } else if (stored !== null) {
        writes.push({ type: 'del', key: namedKey(prefix, this.kind, name) });
      }
    }
    this.changed.clear();
  }

  private markChanged(name: string): number | null {
    const stored = this.rows.get(name)?.stored ?? null;
    // An earlier row of the same name, gone since the last flush, knows better what is stored.
    if (!this.changed.has(name)) this.changed.set(name, stored);
    return stored;
  }
}

function hashOf(name: string): number {
  return crc32c(Buffer.from(name));
}
