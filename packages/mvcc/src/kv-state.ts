/**
 * The keys at all their revisions, and the changes to them. Changes are made one by one and become a revision with
 * `endRevision`; until then they are seen by `visibleRevision` only. Nothing here can be refused: whoever calls has
 * checked the request.
 */
import type { Store } from '@understudy/store';
import { AlarmTable } from './alarm-table.js';
import { AuthState } from './auth/auth-state.js';
import { bytesOf, keyOf } from './key-bytes.js';
import { KeyEntry } from './key-entry.js';
import { KeyTree } from './key-tree.js';
import { type Lease, LeaseTable } from './lease-table.js';
import type { NamedTable } from './named-table.js';
import { RecordReader } from './record-reader.js';
import type { NamedKind } from './records-sum.js';
import type { Meta } from './state-record.js';
import { UnflushedLog } from './unflushed-log.js';
import { encodePut, encodeTombstone, putSize, tombstoneSize } from './version-record.js';

/** Of the empty state; the first change makes the one after it. */
export const firstRevision = 1;

export class KvState {
  readonly index = new KeyTree();
  /** Of the last request that changed keys. */
  revision = firstRevision;
  /** Reads below it are refused; -1 before the first compaction. compacted <= revision */
  compacted = -1;
  /** Changes made of revision + 1. */
  private changes = 0;
  /** Stored versions and tombstones, and their bytes, flushed or not. */
  records = 0;
  bytes = 0;
  /** A long change is between two of its steps: until it is done, readers see the revision before it. */
  paused = false;
  /** Readers that need the versions as they are: compaction removes nothing meanwhile. */
  pins = 0;
  readonly leases = new LeaseTable();
  readonly auth = new AuthState();
  readonly alarms = new AlarmTable();
  /** The small tables, by the kind of their records. */
  readonly tables: ReadonlyMap<NamedKind, NamedTable<object>> = new Map([...this.auth.tables, this.alarms.table]);
  readonly log = new UnflushedLog(firstRevision);
  readonly reader: RecordReader;

  constructor(store: Store, prefix: number, cacheBytes: number) {
    this.reader = new RecordReader(store, prefix, this.log, cacheBytes);
  }

  /** The revision that reads see now: within a transaction, the one that it is making. */
  get visibleRevision(): number {
    return this.changes === 0 || this.paused ? this.revision : this.revision + 1;
  }

  /** What is live in the index is what exists at `revision`, so that its counts can be used. */
  isIndexedAt(revision: number): boolean {
    return !this.paused && revision === this.visibleRevision;
  }

  put(keyBytes: Uint8Array, value: Uint8Array, lease: Lease | null): void {
    const key = keyOf(keyBytes);
    const main = this.revision + 1;
    const sub = this.changes++;
    const found = this.index.get(key);
    const lived = found?.live === true;
    const createRevision = lived ? found.createRevision : main;
    const version = lived ? found.version + 1 : 1;
    const leaseId = lease === null ? 0n : lease.id;
    const { log } = this;
    const size = putSize(keyBytes, value);
    log.reserve(size);
    const checksum = encodePut(log.slab, log.at, main, sub, createRevision, version, leaseId, keyBytes, value);
    const entry = this.addVersion(key, found, main, sub * 2, createRevision, version, checksum, size);
    if (found !== undefined && !lived) this.index.addLive(key, 1);
    if (entry.lease !== lease) this.leases.attach(key, entry, lease);
  }

  /** Of a key that is live. */
  delete(key: string, entry: KeyEntry): void {
    const main = this.revision + 1;
    const sub = this.changes++;
    const keyBytes = bytesOf(key);
    const { log } = this;
    const size = tombstoneSize(keyBytes);
    log.reserve(size);
    const checksum = encodeTombstone(log.slab, log.at, main, sub, keyBytes);
    this.addVersion(key, entry, main, sub * 2 + 1, 0, 0, checksum, size);
    this.index.addLive(key, -1);
    this.leases.attach(key, entry, null);
  }

  /** Of a key that hangs on a lease, and so is live. */
  deleteLeased(key: string): void {
    const entry = this.index.get(key);
    if (entry !== undefined) this.delete(key, entry);
  }

  /** Ends a request: where it changed keys, a revision was made. Returns the revision now. */
  endRevision(): number {
    if (this.changes > 0) {
      this.revision++;
      this.changes = 0;
    }
    return this.revision;
  }

  /** At opening, after all versions. */
  restoreRevisions(meta: Meta): void {
    this.revision = meta.revision;
    this.compacted = meta.compacted;
    this.log.startAfter(meta.revision);
  }

  /** A stored version, at opening, in the order of revisions. */
  restore(
    key: string,
    main: number,
    mark: number,
    createRevision: number,
    version: number,
    lease: bigint,
    checksum: number,
    size: number,
  ): void {
    let entry = this.index.get(key);
    if (entry === undefined) {
      entry = new KeyEntry(main, mark, createRevision, version, checksum, size);
      this.index.insert(key, entry);
    } else {
      const lived = entry.live;
      entry.advance(main, mark, createRevision, version, checksum, size);
      if (lived !== entry.live) this.index.addLive(key, entry.live ? 1 : -1);
    }
    this.leases.attach(key, entry, lease === 0n ? null : (this.leases.get(lease) ?? null));
    this.records++;
    this.bytes += size;
  }

  private addVersion(
    key: string,
    found: KeyEntry | undefined,
    main: number,
    mark: number,
    createRevision: number,
    version: number,
    checksum: number,
    size: number,
  ): KeyEntry {
    let entry = found;
    if (entry === undefined) {
      entry = new KeyEntry(main, mark, createRevision, version, checksum, size);
      this.index.insert(key, entry);
    } else {
      entry.advance(main, mark, createRevision, version, checksum, size);
    }
    this.log.append(main, key, entry, size);
    this.records++;
    this.bytes += size;
    return entry;
  }
}
