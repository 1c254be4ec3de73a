/** Writes that wait for the disk, in order, and the rule of how many of them become one batch. */
import type { InstallIntent, LogWrite } from '@understudy/raft-node';
import type { Done } from '@understudy/store';
import type { BatchPlan } from './batch-plan.js';
import type { StoredRecovery } from './log-state.js';

export type QueuedWork =
  | { readonly kind: 'write'; readonly write: LogWrite }
  | { readonly kind: 'begin-install'; readonly intent: InstallIntent }
  | { readonly kind: 'abandon-install' }
  | { readonly kind: 'compact'; readonly index: number }
  /** Null ends it. */
  | { readonly kind: 'recovery'; readonly recovery: StoredRecovery | null }
  /** Nothing of its own: makes what rode along unwritten durable. */
  | { readonly kind: 'flush' };

export interface QueuedWrite {
  readonly work: QueuedWork;
  readonly needsSync: boolean;
  readonly bytes: number;
  readonly queuedAtMs: number;
  readonly done: Done;
}

export function addToPlan(plan: BatchPlan, work: QueuedWork): void {
  switch (work.kind) {
    case 'write':
      plan.write(work.write);
      break;
    case 'begin-install':
      plan.beginInstall(work.intent);
      break;
    case 'abandon-install':
      plan.abandonInstall();
      break;
    case 'compact':
      plan.compact(work.index);
      break;
    case 'recovery':
      plan.recovery = work.recovery;
      break;
    case 'flush':
      break;
  }
}

export class WriteQueue {
  readonly #maxBatchBytes: number;
  // Those before #next are taken.
  #writes: QueuedWrite[] = [];
  #next = 0;
  #bytes = 0;

  constructor(maxBatchBytes: number) {
    this.#maxBatchBytes = maxBatchBytes;
  }

  get length(): number {
    return this.#writes.length - this.#next;
  }

  get bytes(): number {
    return this.#bytes;
  }

  push(write: QueuedWrite): void {
    this.#writes.push(write);
    this.#bytes += write.bytes;
  }

  /** The writes of the next batch: at least one if any waits, else as many as fit. */
  take(): readonly QueuedWrite[] {
    let bytes = 0;
    let end = this.#next;
    while (end < this.#writes.length) {
      const write = this.#writes[end] as QueuedWrite;
      if (bytes > 0 && bytes + write.bytes > this.#maxBatchBytes) break;
      bytes += write.bytes;
      end += 1;
    }
    this.#bytes -= bytes;
    const all = this.#next === 0 && end === this.#writes.length;
    const taken = all ? this.#writes : this.#writes.slice(this.#next, end);
    if (end === this.#writes.length) {
      this.#writes = [];
      this.#next = 0;
    } else {
      this.#next = end;
    }
    return taken;
  }

  takeAll(): readonly QueuedWrite[] {
    const taken = this.#writes.slice(this.#next);
    this.#writes = [];
    this.#next = 0;
    this.#bytes = 0;
    return taken;
  }

  /** When the oldest write that needs a sync was queued; null where none waits. */
  oldestSyncAtMs(): number | null {
    for (let at = this.#next; at < this.#writes.length; at++) {
      const write = this.#writes[at] as QueuedWrite;
      if (write.needsSync) return write.queuedAtMs;
    }
    return null;
  }
}
