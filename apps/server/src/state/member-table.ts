/**
 * The replicated table of members. Roles are not here: they are read from the Raft configuration, so that membership
 * lives in one place. Ids of removed members stay for ever, since an id never comes back.
 */
import type { StoreRecord, StoreWrite } from '@understudy/store';
import { decodeMemberRecord, encodeMemberRecord, type MemberRecord } from './member-record.js';

/** First byte of the keys of this table in the state database. */
export const MEMBER_PREFIX = 0x02;
const REMOVED_PREFIX = 0x03;
/** Exclusive end of both. */
export const MEMBER_TABLE_END = 0x04;

const REMOVED_MARK = new Uint8Array([1]);

export class MemberTable {
  readonly #members = new Map<number, MemberRecord>();
  readonly #removed = new Set<number>();
  /** Ids whose row differs from the database. */
  #dirty = new Set<number>();

  get(id: number): MemberRecord | undefined {
    return this.#members.get(id);
  }

  /** Ascending by id. */
  list(): MemberRecord[] {
    return [...this.#members.values()].sort((a, b) => a.id - b.id);
  }

  wasRemoved(id: number): boolean {
    return this.#removed.has(id);
  }

  put(record: MemberRecord): void {
    this.#members.set(record.id, record);
    this.#dirty.add(record.id);
  }

  remove(id: number): void {
    this.#members.delete(id);
    this.#removed.add(id);
    this.#dirty.add(id);
  }

  /** Rows changed since the last call, for the next flush. */
  takeWrites(): StoreWrite[] {
    const writes: StoreWrite[] = [];
    for (const id of this.#dirty) {
      const record = this.#members.get(id);
      if (record === undefined) {
        writes.push({ type: 'del', key: rowKey(MEMBER_PREFIX, id) });
        writes.push({ type: 'put', key: rowKey(REMOVED_PREFIX, id), value: REMOVED_MARK });
      } else {
        writes.push({ type: 'put', key: rowKey(MEMBER_PREFIX, id), value: encodeMemberRecord(record) });
      }
    }
    this.#dirty = new Set();
    return writes;
  }

  /** A row read back from the database. */
  load(row: StoreRecord): void {
    if (row.key[0] === MEMBER_PREFIX) {
      const record = decodeMemberRecord(row.value);
      this.#members.set(record.id, record);
    } else {
      this.#removed.add(rowId(row.key));
    }
  }
}

function rowKey(prefix: number, id: number): Uint8Array {
  const key = Buffer.alloc(8);
  key[0] = prefix;
  key.writeUInt8(Math.floor(id / 2 ** 48), 1);
  key.writeUIntBE(id % 2 ** 48, 2, 6);
  return key;
}

function rowId(key: Uint8Array): number {
  const bytes = Buffer.from(key);
  return bytes.readUInt8(1) * 2 ** 48 + bytes.readUIntBE(2, 6);
}
