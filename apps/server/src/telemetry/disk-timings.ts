/** How long the disk takes: the log's syncs and the state's flushes, under etcd's names. */
import { Histogram, Registry } from 'prom-client';

export class DiskTimings {
  readonly registry = new Registry();
  readonly #walSync: Histogram;
  readonly #stateFlush: Histogram;
  /** Written to the log since the start. */
  walBytes = 0;

  constructor() {
    const registers = [this.registry];
    this.#walSync = new Histogram({
      name: 'etcd_disk_wal_fsync_duration_seconds',
      help: 'Time of one synced batch of the log.',
      buckets: doubling(0.000_25, 15),
      registers,
    });
    this.#stateFlush = new Histogram({
      name: 'etcd_disk_backend_commit_duration_seconds',
      help: 'Time of one synced flush of the state.',
      buckets: doubling(0.001, 14),
      registers,
    });
  }

  walSynced(durationMs: number, bytes: number): void {
    this.walBytes += bytes;
    this.#walSync.observe(durationMs / 1000);
  }

  stateFlushed(durationMs: number): void {
    this.#stateFlush.observe(durationMs / 1000);
  }
}

function doubling(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first * 2 ** index);
}
