/**
 * Deadlines without a timer each: what waits hangs in a ring of slots by the tick at which it gives up. Adding and
 * removing are constant; a tick looks at one slot. An item that is removed is no longer referred to from here.
 */
import type { RaftNodeErrorCode } from './errors.js';

/** Something that waits, and is told when its time is over. */
export abstract class Waiter {
  /** The tick of its deadline. */
  deadline = 0;
  // Both null exactly while it is in no wheel.
  previous: Waiter | null = null;
  next: Waiter | null = null;

  /** Ends the waiting without an answer; does nothing where it has ended already. */
  abstract end(code: RaftNodeErrorCode, why: string, cause?: unknown): void;
}

class SlotHead extends Waiter {
  constructor() {
    super();
    this.previous = this;
    this.next = this;
  }
  override end(): void {}
}

const SLOTS = 256;

export class DeadlineWheel {
  readonly #slots: readonly SlotHead[] = Array.from({ length: SLOTS }, () => new SlotHead());
  #now = 0;

  /** Ticks since it was made. */
  get now(): number {
    return this.#now;
  }

  /** Expires at the `ticks`-th tick from now; at least 1. */
  add(item: Waiter, ticks: number): void {
    item.deadline = this.#now + Math.max(1, ticks);
    const head = this.#slots[item.deadline % SLOTS] as SlotHead;
    const last = head.previous as Waiter;
    item.previous = last;
    item.next = head;
    last.next = item;
    head.previous = item;
  }

  remove(item: Waiter): void {
    const { previous, next } = item;
    if (previous === null || next === null) return;
    previous.next = next;
    next.previous = previous;
    item.previous = null;
    item.next = null;
  }

  tick(): void {
    this.#now++;
    const head = this.#slots[this.#now % SLOTS] as SlotHead;
    // Taken out first: what `end` calls may end other items of this slot, and add new ones.
    const due: Waiter[] = [];
    for (let item = head.next as Waiter; item !== head; ) {
      const following = item.next as Waiter;
      // Others are whole rounds of the ring away.
      if (item.deadline <= this.#now) {
        this.remove(item);
        due.push(item);
      }
      item = following;
    }
    for (const item of due) item.end('timeout', 'no answer within the timeout');
  }
}
