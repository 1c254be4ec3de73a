/**
 * The high-water record in memory, for simulators and tests: what a process wrote survives its crash, what was synced
 * survives a power cut too. Nothing is synced in the background: the owner decides when the lag is over.
 */
import type { Done } from '@understudy/store';
import { type Dispatch, runNow } from '@understudy/store/testing';
import { type HighWaterSlot, newHighWaterFile, SLOT_BYTES } from '../high-water.js';
import type { HighWaterDevice } from '../high-water-device.js';

/** What is left when the process is gone. */
export class HighWaterMedium {
  /** As the system has it; null once the file is lost. */
  content: Uint8Array | null = newHighWaterFile();
  #synced: Uint8Array | null = newHighWaterFile();

  sync(): void {
    this.#synced = this.content?.slice() ?? null;
  }

  /** The power fails: what was not synced is gone. */
  crash(): void {
    this.content = this.#synced?.slice() ?? null;
  }

  /** An independent copy, as if the disk had been imaged. */
  clone(): HighWaterMedium {
    const copy = new HighWaterMedium();
    copy.content = this.content?.slice() ?? null;
    copy.#synced = this.#synced?.slice() ?? null;
    return copy;
  }
}

export class MemoryHighWater implements HighWaterDevice {
  readonly initial: Uint8Array | null;
  readonly #medium: HighWaterMedium;
  readonly #dispatch: Dispatch;

  constructor(medium: HighWaterMedium, dispatch: Dispatch = runNow) {
    this.#medium = medium;
    this.#dispatch = dispatch;
    this.initial = medium.content?.slice() ?? null;
  }

  write(slot: HighWaterSlot, bytes: Uint8Array, durable: boolean, done: Done): void {
    const copy = bytes.slice();
    this.#dispatch(() => {
      this.#medium.content ??= new Uint8Array(2 * SLOT_BYTES);
      this.#medium.content.set(copy, slot * SLOT_BYTES);
      if (durable) this.#medium.sync();
      this.#dispatch(() => done(null));
    });
  }

  onFailure(): void {}

  close(done: Done): void {
    this.#dispatch(() => {
      this.#medium.sync();
      done(null);
    });
  }
}
