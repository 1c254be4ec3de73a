/**
 * The high-water record in a file. The write is a plain one into a file of fixed size, done in place and at once: it
 * costs a few microseconds, and it must precede the acknowledgement. The sync follows behind, or with each write.
 */
import { close, fdatasync, open, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Done } from '@understudy/store';
import { readFileIfAny, writeFileAtomically } from './atomic-file.js';
import { type HighWaterSlot, newHighWaterFile, SLOT_BYTES } from './high-water.js';
import type { HighWaterDevice, Scheduler } from './high-water-device.js';

const openFile = promisify(open);

/** A missing file is made only where `create` says that the log is new; elsewhere its absence is evidence, and is kept. */
export async function openHighWaterFile(
  deps: { readonly scheduler: Scheduler },
  options: { readonly path: string; readonly lagMs: number; readonly create: boolean },
): Promise<HighWaterFile> {
  let initial = await readFileIfAny(options.path);
  if (initial === null && options.create) {
    initial = newHighWaterFile();
    await writeFileAtomically(options.path, initial);
  }
  const fd = initial === null ? null : await openFile(options.path, 'r+');
  return new HighWaterFile(deps.scheduler, fd, options.lagMs, initial);
}

export class HighWaterFile implements HighWaterDevice {
  readonly initial: Uint8Array | null;
  readonly #scheduler: Scheduler;
  // Null where the file is missing: the log is damaged then, and writes nothing.
  readonly #fd: number | null;
  readonly #lagMs: number;
  #report: (error: Error) => void = () => {};
  // Written since the last sync began.
  #dirty = false;
  #cancelSync: (() => void) | null = null;

  constructor(scheduler: Scheduler, fd: number | null, lagMs: number, initial: Uint8Array | null) {
    this.#scheduler = scheduler;
    this.#fd = fd;
    this.#lagMs = lagMs;
    this.initial = initial;
  }

  onFailure(report: (error: Error) => void): void {
    this.#report = report;
  }

  write(slot: HighWaterSlot, bytes: Uint8Array, durable: boolean, done: Done): void {
    try {
      const written = writeSync(this.#descriptor(), bytes, 0, bytes.length, slot * SLOT_BYTES);
      if (written !== bytes.length) throw new Error(`wrote ${written} of ${bytes.length} bytes`);
    } catch (error) {
      done(error as Error);
      return;
    }
    this.#dirty = true;
    if (durable) {
      this.#sync(done);
      return;
    }
    this.#syncLater();
    done(null);
  }

  close(done: Done): void {
    this.#cancelSync?.();
    this.#cancelSync = null;
    const fd = this.#fd;
    if (fd === null) {
      done(null);
      return;
    }
    const closeFile = (syncError: Error | null): void => close(fd, (error) => done(syncError ?? error ?? null));
    if (this.#dirty) this.#sync(closeFile);
    else closeFile(null);
  }

  #syncLater(): void {
    this.#cancelSync ??= this.#scheduler.after(this.#lagMs, () => {
      this.#cancelSync = null;
      this.#sync((error) => {
        if (error !== null) this.#report(error);
      });
    });
  }

  #sync(done: Done): void {
    this.#dirty = false;
    fdatasync(this.#descriptor(), (error) => done(error));
  }

  #descriptor(): number {
    if (this.#fd === null) throw new Error('the high-water file is missing');
    return this.#fd;
  }
}
