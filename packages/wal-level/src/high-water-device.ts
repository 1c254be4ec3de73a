/** Where the high-water record is kept, and the clock of the log: what a simulator puts its own in place of. */
import type { Done } from '@understudy/store';
import type { HighWaterSlot } from './high-water.js';

export interface HighWaterDevice {
  /** The content as of the opening; null where there was none. */
  readonly initial: Uint8Array | null;
  /**
   * Overwrites the beginning of a slot. The bytes survive a crash of the process once `done` is called, and a power cut
   * too when `durable`; otherwise the device syncs them within its lag.
   */
  write(slot: HighWaterSlot, bytes: Uint8Array, durable: boolean, done: Done): void;
  /** Called at most once, when a sync in the background fails. */
  onFailure(report: (error: Error) => void): void;
  /** Syncs what is left. */
  close(done: Done): void;
}

export interface Scheduler {
  /** Milliseconds since any fixed point; never goes back. */
  now(): number;
  /** Runs `task` after the current one, before anything from outside. */
  defer(task: () => void): void;
  /** Runs `task` after a while; the function returned cancels it. */
  after(delayMs: number, task: () => void): () => void;
}

export const systemScheduler: Scheduler = {
  now: () => performance.now(),
  defer: (task) => queueMicrotask(task),
  after: (delayMs, task) => {
    const timer = setTimeout(task, delayMs);
    // A pending sync does not keep a process alive that has nothing else to do.
    timer.unref();
    return () => clearTimeout(timer);
  },
};
