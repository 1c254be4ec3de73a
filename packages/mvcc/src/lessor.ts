/**
 * When leases expire. Volatile and only on the leader: after an election the new one promotes, which extends every
 * lease, so that none expires earlier than its holder believes. Time is a monotonic clock in milliseconds, given with
 * each call; a lease granted since the last call begins at the next one, never too early.
 */
import { LeaseHeap } from './lease-heap.js';
import type { Lease, LeaseTable } from './lease-table.js';
import type { Outcome } from './outcome.js';

/** Leases that a promotion lets expire within one second at most, so that revocations do not pile up. */
const maxExpiriesPerSecond = 750;
/** An expired lease is offered again after this, should its revocation have been lost. */
const retryMs = 3_000;
const never = Number.POSITIVE_INFINITY;

export interface LeaseCheckpoint {
  readonly id: bigint;
  /** Seconds, at least 1. */
  readonly remainingTtl: number;
}

export class Lessor {
  /** This member decides when leases expire. */
  primary = false;
  /** When to look at a lease again; renewals do not touch it, so a lease found early is put back. */
  private readonly expiries = new LeaseHeap();
  private readonly dueCheckpoints = new LeaseHeap();
  /** Granted since the last call that brought the time. */
  private fresh: Lease[] = [];

  constructor(
    private readonly leases: LeaseTable,
    private readonly checkpointIntervalMs: number,
  ) {
    leases.listener = this;
  }

  /** Every lease gets what it has left plus `extendMs`, an election timeout: it may have been renewed just before. */
  promote(nowMs: number, extendMs: number): void {
    this.demote();
    this.primary = true;
    const all = [...this.leases.all()];
    for (const lease of all) lease.expiryMs = nowMs + extendMs + lease.effectiveTtl * 1_000;
    all.sort((a, b) => a.expiryMs - b.expiryMs);
    for (let i = maxExpiriesPerSecond; i < all.length; i++) {
      const lease = all[i] as Lease;
      lease.expiryMs = Math.max(lease.expiryMs, (all[i - maxExpiriesPerSecond] as Lease).expiryMs + 1_000);
    }
    for (const lease of all) this.schedule(lease, nowMs);
  }

  demote(): void {
    this.primary = false;
    this.expiries.clear();
    this.dueCheckpoints.clear();
    this.fresh = [];
    for (const lease of this.leases.all()) {
      lease.expiryMs = never;
      lease.checkpointMs = never;
    }
  }

  /** For the lease table: a lease was granted. */
  granted(lease: Lease): void {
    if (this.primary) this.fresh.push(lease);
  }

  /**
   * A full time-to-live from now on. `clearCheckpoint`: the lease carries a checkpoint; propose one with 0. Refused
   * where the lease does not exist, or is overdue: then its revocation is on the way. Primary only.
   */
  renew(id: bigint, nowMs: number): Outcome<{ readonly ttl: number; readonly clearCheckpoint: boolean }> {
    this.startFresh(nowMs);
    const lease = this.leases.get(id);
    if (lease === undefined || lease.expiryMs <= nowMs) return { ok: false, reason: 'lease-not-found' };
    if (this.primary) {
      lease.expiryMs = nowMs + lease.ttl * 1_000;
      this.scheduleCheckpoint(lease, nowMs);
    }
    return { ok: true, ttl: lease.ttl, clearCheckpoint: lease.remainingTtl > 0 };
  }

  /** Whole seconds left, negative where overdue; undefined where there is no such lease, or not primary. */
  remaining(id: bigint, nowMs: number): number | undefined {
    this.startFresh(nowMs);
    const lease = this.leases.get(id);
    if (lease === undefined || !this.primary) return undefined;
    return Math.trunc((lease.expiryMs - nowMs) / 1_000);
  }

  /** At most `limit` leases that are due, to be revoked through the log. Each is offered again some seconds later. */
  expired(nowMs: number, limit: number): bigint[] {
    this.startFresh(nowMs);
    const due: bigint[] = [];
    while (due.length < limit && this.expiries.earliestMs <= nowMs) {
      const id = this.expiries.pop();
      const lease = this.leases.get(id);
      if (lease === undefined) continue;
      if (lease.expiryMs > nowMs) {
        this.expiries.push(lease.expiryMs, id);
        continue;
      }
      due.push(id);
      this.expiries.push(nowMs + retryMs, id);
    }
    return due;
  }

  /** At most `limit` checkpoints that are due: long leases whose time left should survive a change of leader. */
  checkpoints(nowMs: number, limit: number): LeaseCheckpoint[] {
    this.startFresh(nowMs);
    const due: LeaseCheckpoint[] = [];
    while (due.length < limit && this.dueCheckpoints.earliestMs <= nowMs) {
      const lease = this.leases.get(this.dueCheckpoints.pop());
      if (lease === undefined || lease.expiryMs <= nowMs) continue;
      const remainingTtl = Math.ceil((lease.expiryMs - nowMs) / 1_000);
      this.scheduleCheckpoint(lease, nowMs);
      if (remainingTtl < lease.ttl) due.push({ id: lease.id, remainingTtl });
    }
    return due;
  }

  /** The earliest time at which `expired` can have something; Infinity: nothing to wait for. */
  nextExpiryMs(nowMs: number): number {
    this.startFresh(nowMs);
    return this.expiries.earliestMs;
  }

  private startFresh(nowMs: number): void {
    if (this.fresh.length === 0) return;
    const fresh = this.fresh;
    this.fresh = [];
    for (const lease of fresh) {
      if (this.leases.get(lease.id) !== lease) continue;
      lease.expiryMs = nowMs + lease.effectiveTtl * 1_000;
      this.schedule(lease, nowMs);
    }
  }

  private schedule(lease: Lease, nowMs: number): void {
    this.expiries.push(lease.expiryMs, lease.id);
    this.scheduleCheckpoint(lease, nowMs);
  }

  private scheduleCheckpoint(lease: Lease, nowMs: number): void {
    if (lease.checkpointMs > nowMs && lease.checkpointMs !== never) return;
    if (lease.expiryMs - nowMs <= this.checkpointIntervalMs) return;
    lease.checkpointMs = nowMs + this.checkpointIntervalMs;
    this.dueCheckpoints.push(lease.checkpointMs, lease.id);
  }
}
