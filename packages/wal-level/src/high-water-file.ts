/**
 * The high-water record in two files, one a slot, so that no file's loss takes both. The write is a plain one into a
 * file of fixed size, done in place and at once: it costs a few microseconds, and it must precede the acknowledgement.
 * The sync follows behind, or with each write.
 */
import { close, fdatasync, open, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Done } from '@understudy/store';
import { readFileIfAny, writeFileAtomically } from './atomic-file.js';
import { type HighWaterSlot, newHighWaterFile, SLOT_BYTES } from './high-water.js';
import type { HighWaterDevice, Scheduler } from './high-water-device.js';

const openFile = promisify(open);
const SLOTS = [0, 1] as const;

/** The file of a slot. */
export function highWaterPath(path: string, slot: HighWaterSlot): string {
  return `${path}.${slot}`;
}

/** What both files hold, a slot after the other; null where neither is there. A missing one reads as zeros. */
export async function readHighWaterFiles(path: string): Promise<Uint8Array | null> {
  const found = await Promise.all(SLOTS.map((slot) => readFileIfAny(highWaterPath(path, slot))));
  if (found.every((bytes) => bytes === null)) return null;
  const content = new Uint8Array(2 * SLOT_BYTES);
  for (const slot of SLOTS) content.set(found[slot]?.subarray(0, SLOT_BYTES) ?? [], slot * SLOT_BYTES);
  return content;
}

/**
 * Missing files are made only where `create` says that the log is new. Elsewhere their absence is evidence, and is kept
 * until the log, judged, writes its first record.
 */
export async function openHighWaterFile(
  deps: { readonly scheduler: Scheduler },
  options: { readonly path: string; readonly lagMs: number; readonly create: boolean },
): Promise<HighWaterFile> {
  let initial = await readHighWaterFiles(options.path);
  if (initial === null && options.create) {
    initial = newHighWaterFile();
    for (const slot of SLOTS) {
      const bytes = initial.subarray(slot * SLOT_BYTES, (slot + 1) * SLOT_BYTES);
      await writeFileAtomically(highWaterPath(options.path, slot), bytes);
    }
  }
  return new HighWaterFile(deps.scheduler, options, initial);
}

/** A slot's file while it is open. */
interface OpenSlot {
  readonly fd: number;
  /** Written since the last sync began. */
  dirty: boolean;
}

export class HighWaterFile implements HighWaterDevice {
  readonly initial: Uint8Array | null;
  readonly #scheduler: Scheduler;
  readonly #path: string;
  readonly #lagMs: number;
  readonly #slots: [OpenSlot | null, OpenSlot | null] = [null, null];
  #report: (error: Error) => void = () => {};
  #cancelSync: (() => void) | null = null;

  constructor(
    scheduler: Scheduler,
    options: { readonly path: string; readonly lagMs: number },
    initial: Uint8Array | null,
  ) {
    this.#scheduler = scheduler;
    this.#path = options.path;
    this.#lagMs = options.lagMs;
    this.initial = initial;
  }

  onFailure(report: (error: Error) => void): void {
    this.#report = report;
  }

  write(slot: HighWaterSlot, bytes: Uint8Array, durable: boolean, done: Done): void {
    const open = this.#slots[slot];
    if (open === null) {
      this.#openSlot(slot).then(
        () => this.write(slot, bytes, durable, done),
        (error: Error) => done(error),
      );
      return;
    }
    try {
      const written = writeSync(open.fd, bytes, 0, bytes.length, 0);
      if (written !== bytes.length) throw new Error(`wrote ${written} of ${bytes.length} bytes`);
    } catch (error) {
      done(error as Error);
      return;
    }
    open.dirty = true;
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
    this.#sync((syncError) => {
      const open = this.#slots.filter((slot) => slot !== null);
      let left = open.length;
      let failure = syncError;
      if (left === 0) done(failure);
      for (const { fd } of open) {
        close(fd, (error) => {
          failure ??= error ?? null;
          left -= 1;
          if (left === 0) done(failure);
        });
      }
    });
  }

  /** Once a run: a file that is lost or too short is made anew, whole, before it is opened. */
  async #openSlot(slot: HighWaterSlot): Promise<void> {
    const path = highWaterPath(this.#path, slot);
    const found = await readFileIfAny(path);
    if (found?.length !== SLOT_BYTES) await writeFileAtomically(path, new Uint8Array(SLOT_BYTES));
    this.#slots[slot] = { fd: await openFile(path, 'r+'), dirty: false };
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
    const dirty = this.#slots.filter((slot) => slot?.dirty === true) as OpenSlot[];
    let left = dirty.length;
    let failure: Error | null = null;
    if (left === 0) {
      done(null);
      return;
    }
    for (const slot of dirty) {
      slot.dirty = false;
      fdatasync(slot.fd, (error) => {
        failure ??= error;
        left -= 1;
        if (left === 0) done(failure);
      });
    }
  }
}
