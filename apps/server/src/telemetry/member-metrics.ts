/** The counts of this member, under etcd's names, and how long its larger works take. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ApplyCounts } from '../state/apply-counts.js';
import type { MemberCounts } from './member-counts.js';

export type AppliedCounts = Pick<ApplyCounts, 'slow' | 'leasesGranted' | 'leasesRevoked' | 'leasesExpired'>;

export class MemberMetrics {
  readonly registry = new Registry();
  readonly #registers = [this.registry];
  readonly leaseTtl: Histogram;
  readonly defragment: Histogram;
  readonly snapshot: Histogram;
  readonly hash: Histogram;
  readonly hashRevision: Histogram;

  /** What is read when somebody asks. */
  constructor(counts: MemberCounts, applied: () => AppliedCounts, walBytes: () => number) {
    this.#counter('etcd_server_slow_apply_total', 'Commands whose applying took 100 ms or more.', () => applied().slow);
    this.#counter(
      'etcd_server_slow_read_indexes_total',
      'Read indexes waited for 500 ms or more.',
      () => counts.slowReadIndexes,
    );
    this.#counter('etcd_server_read_indexes_failed_total', 'Read indexes that failed.', () => counts.failedReadIndexes);
    this.#counter(
      'etcd_server_heartbeat_send_failures_total',
      'Heartbeats sent late as the leader.',
      () => counts.lateHeartbeats,
    );
    this.#counter('etcd_mvcc_range_total', 'Ranges answered, outside transactions.', () => counts.ranges);
    this.#counter('etcd_debugging_mvcc_range_total', 'As etcd_mvcc_range_total.', () => counts.ranges);
    this.#counter('etcd_server_health_success', 'Answers to /health that were good.', () => counts.healthSuccesses);
    this.#counter('etcd_server_health_failures', 'Answers to /health that were not.', () => counts.healthFailures);
    this.#counter('etcd_debugging_lease_granted_total', 'Leases granted.', () => applied().leasesGranted);
    this.#counter(
      'etcd_debugging_lease_revoked_total',
      'Leases revoked, expired ones included.',
      () => applied().leasesRevoked,
    );
    this.#counter(
      'etcd_debugging_lease_renewed_total',
      'Leases renewed by this member as the leader.',
      () => counts.leasesRenewed,
    );
    this.#counter(
      'etcd_debugging_server_lease_expired_total',
      'Leases whose time was over.',
      () => applied().leasesExpired,
    );
    this.#counter('etcd_debugging_mvcc_events_total', 'Events told to watches.', () => counts.watchEvents);
    this.#gauge('etcd_debugging_mvcc_watch_stream_total', 'Open streams of watches.', () => counts.watchStreams);
    this.#gauge(
      'etcd_debugging_mvcc_pending_events_total',
      'Events that wait for a slow client.',
      () => counts.pendingEvents,
    );
    this.#gauge('etcd_disk_defrag_inflight', '1 while disk space is given back.', () => counts.defragmenting);
    this.#gauge('etcd_disk_wal_write_bytes_total', 'Bytes written to the log.', walBytes);
    this.leaseTtl = this.#histogram('etcd_debugging_lease_ttl_total', 'Times to live of granted leases.', 1, 24);
    this.defragment = this.#histogram('etcd_disk_backend_defrag_duration_seconds', 'Giving disk space back.', 0.1, 13);
    this.snapshot = this.#histogram('etcd_disk_backend_snapshot_duration_seconds', 'Snapshots saved.', 0.01, 17);
    this.hash = this.#histogram('etcd_mvcc_hash_duration_seconds', 'Hashes over everything on disk.', 0.01, 15);
    this.hashRevision = this.#histogram('etcd_mvcc_hash_rev_duration_seconds', 'Hashes of a revision.', 0.01, 15);
  }

  #counter(name: string, help: string, read: () => number): void {
    new Counter({
      name,
      help,
      registers: this.#registers,
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }

  #gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: this.#registers,
      collect() {
        this.set(read());
      },
    });
  }

  #histogram(name: string, help: string, first: number, count: number): Histogram {
    const buckets = Array.from({ length: count }, (_, index) => first * 2 ** index);
    return new Histogram({ name, help, buckets, registers: this.#registers });
  }
}

/** Observes how long it takes, in seconds, also where it fails. */
export async function timed<T>(histogram: Histogram, work: () => Promise<T>): Promise<T> {
  const end = histogram.startTimer();
  try {
    return await work();
  } finally {
    end();
  }
}
