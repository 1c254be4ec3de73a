/** The high-water file on a simulated disk: what is written survives a kill at once, a power cut after the log's lag. */
import type { Done } from '@understudy/store';
import type { HighWaterDevice, HighWaterSlot } from '@understudy/wal-level';
import { MemoryHighWater } from '@understudy/wal-level/testing';
import type { Disk } from './disk.js';
import type { Later } from './disk-store.js';

export interface DiskHighWaterDeps {
  readonly disk: Disk;
  readonly now: () => number;
  readonly later: Later;
  readonly defer: (work: () => void) => void;
}

export class DiskHighWater implements HighWaterDevice {
  readonly initial: Uint8Array | null;
  private readonly file: MemoryHighWater;
  private syncPlanned = false;

  constructor(
    private readonly deps: DiskHighWaterDeps,
    private readonly lagMs: number,
  ) {
    this.file = new MemoryHighWater(deps.disk.highWater);
    this.initial = this.file.initial;
  }

  write(slot: HighWaterSlot, bytes: Uint8Array, durable: boolean, done: Done): void {
    this.file.write(slot, bytes, durable, () => {});
    this.deps.defer(() => done(null));
    if (durable || this.syncPlanned) return;
    this.syncPlanned = true;
    this.deps.later(this.deps.now() + this.lagMs, () => {
      this.syncPlanned = false;
      this.deps.disk.highWater.sync();
    });
  }

  onFailure(): void {}

  close(done: Done): void {
    this.file.close(done);
  }
}
