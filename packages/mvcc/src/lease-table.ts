/** Leases as replicated state: who exists, how long they were granted, which keys hang on them. Knows no time. */
import type { StoreWrite } from '@understudy/store';
import { bytesOf } from './key-bytes.js';
import type { KeyEntry } from './key-entry.js';
import { maxLeaseTtl } from './options.js';
import type { Refusal } from './outcome.js';
import { leaseKey } from './record-key.js';
import { RecordKind, type RunningSum } from './records-sum.js';
import { encodeLease, type LeaseRecord, stateChecksumOf } from './state-record.js';

export interface LeaseView {
  readonly id: bigint;
  /** Seconds. */
  readonly grantedTtl: number;
  /** Seconds left at the last checkpoint; 0 where there is none. */
  readonly remainingTtl: number;
  /** Ascending. */
  readonly keys: readonly Uint8Array[];
}

export class Lease {
  /** Of the keys attached; each one's entry names this lease. */
  readonly keys = new Set<string>();
  /** When it expires, in the lessor's milliseconds; Infinity where this member does not decide it. */
  expiryMs = Number.POSITIVE_INFINITY;
  /** When its next checkpoint is due; Infinity where none is scheduled. */
  checkpointMs = Number.POSITIVE_INFINITY;
  /** Checksum of the stored record; null where none is stored. */
  stored: number | null = null;

  constructor(
    readonly id: bigint,
    /** Seconds. */
    readonly ttl: number,
    public remainingTtl: number,
  ) {}

  /** What a refresh gives, in seconds. */
  get effectiveTtl(): number {
    return this.remainingTtl > 0 ? this.remainingTtl : this.ttl;
  }
}

export interface LeaseListener {
  granted(lease: Lease): void;
}

export class LeaseTable {
  private readonly leases = new Map<bigint, Lease>();
  /** Leases that the next flush writes or deletes, with the checksum of what is stored of them. */
  private readonly changed = new Map<bigint, number | null>();
  listener: LeaseListener | null = null;

  get size(): number {
    return this.leases.size;
  }

  get(id: bigint): Lease | undefined {
    return this.leases.get(id);
  }

  /** Ascending. */
  ids(): bigint[] {
    return [...this.leases.keys()].sort((a, b) => (a < b ? -1 : 1));
  }

  all(): IterableIterator<Lease> {
    return this.leases.values();
  }

  grant(id: bigint, ttl: number, minTtl: number): Lease | Refusal {
    if (id === 0n) return { ok: false, reason: 'lease-not-found' };
    if (ttl > maxLeaseTtl) return { ok: false, reason: 'lease-ttl-too-large' };
    if (this.leases.has(id)) return { ok: false, reason: 'lease-exists' };
    const lease = new Lease(id, Math.max(Math.trunc(ttl) || 0, minTtl), 0);
    this.leases.set(id, lease);
    this.markChanged(lease);
    this.listener?.granted(lease);
    return lease;
  }

  /** The keys must have been deleted. */
  remove(lease: Lease): void {
    this.markChanged(lease);
    this.leases.delete(lease.id);
  }

  checkpoint(lease: Lease, remainingTtl: number): void {
    lease.remainingTtl = Math.max(0, Math.trunc(remainingTtl) || 0);
    this.markChanged(lease);
  }

  /** From a stored record, at opening. */
  restore(record: LeaseRecord, checksum: number): void {
    const lease = new Lease(record.id, record.ttl, record.remainingTtl);
    lease.stored = checksum;
    this.leases.set(lease.id, lease);
  }

  /** Moves the key to `lease`, or to none. */
  attach(key: string, entry: KeyEntry, lease: Lease | null): void {
    if (entry.lease === lease) return;
    entry.lease?.keys.delete(key);
    lease?.keys.add(key);
    entry.lease = lease;
  }

  view(lease: Lease): LeaseView {
    const keys = sortedKeys(lease).map(bytesOf);
    return { id: lease.id, grantedTtl: lease.ttl, remainingTtl: lease.remainingTtl, keys };
  }

  /** Adds what has changed to a flush, and its effect to the sum. */
  collect(prefix: number, writes: StoreWrite[], sum: RunningSum): void {
    for (const [id, stored] of this.changed) {
      const major = Number(BigInt.asUintN(32, id >> 32n));
      const minor = Number(BigInt.asUintN(32, id));
      if (stored !== null) sum.subtract(RecordKind.lease, major, minor, stored);
      const lease = this.leases.get(id);
      if (lease !== undefined) {
        const value = encodeLease(lease);
        lease.stored = stateChecksumOf(value);
        sum.add(RecordKind.lease, major, minor, lease.stored);
        writes.push({ type: 'put', key: leaseKey(prefix, id), value });
      } else if (stored !== null) {
        writes.push({ type: 'del', key: leaseKey(prefix, id) });
      }
    }
    this.changed.clear();
  }

  private markChanged(lease: Lease): void {
    // An earlier lease of the same id, revoked since the last flush, knows better what is stored.
    if (!this.changed.has(lease.id)) this.changed.set(lease.id, lease.stored);
  }
}

function sortedKeys(lease: Lease): string[] {
  return [...lease.keys].sort();
}
