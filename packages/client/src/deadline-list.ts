// Deadlines of many calls on one timer. Most calls share a timeout, so that they expire in the order they were made and
// the timer is set once for hundreds of them; entries are linked in place, so adding and removing allocate nothing.

/** Anything that expires. The two links belong to the list. */
export interface Expiring {
  /** On the clock of `performance.now()`. */
  deadlineMs: number;
  nextDeadline: Expiring | undefined;
  prevDeadline: Expiring | undefined;
  /** Called once, after the entry has left the list. */
  expire(): void;
}

// Timers closer than this are one timer: a sweep looks at every entry.
const GRANULARITY_MS = 2;

export class DeadlineList {
  private head: Expiring | undefined;
  private tail: Expiring | undefined;
  private timer: NodeJS.Timeout | undefined;
  // not after the earliest deadline in the list; Infinity when no timer is set
  private timerAtMs = Number.POSITIVE_INFINITY;

  /** The entry must be in no list. */
  add(entry: Expiring, nowMs: number): void {
    entry.prevDeadline = this.tail;
    entry.nextDeadline = undefined;
    if (this.tail === undefined) this.head = entry;
    else this.tail.nextDeadline = entry;
    this.tail = entry;
    if (entry.deadlineMs < this.timerAtMs) this.arm(entry.deadlineMs, nowMs);
  }

  /** The entry must be in this list. The timer stays: it finds nothing to do, or what came after. */
  remove(entry: Expiring): void {
    const { prevDeadline: prev, nextDeadline: next } = entry;
    if (prev === undefined) this.head = next;
    else prev.nextDeadline = next;
    if (next === undefined) this.tail = prev;
    else next.prevDeadline = prev;
    entry.prevDeadline = undefined;
    entry.nextDeadline = undefined;
  }

  /** Everything in the list. */
  entries(): Expiring[] {
    const all: Expiring[] = [];
    for (let entry = this.head; entry !== undefined; entry = entry.nextDeadline) all.push(entry);
    return all;
  }

  /** Stops the timer; entries stay where they are and do not expire. */
  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.timerAtMs = Number.POSITIVE_INFINITY;
  }

  private arm(atMs: number, nowMs: number): void {
    clearTimeout(this.timer);
    const delayMs = Math.max(GRANULARITY_MS, Math.ceil(atMs - nowMs));
    this.timerAtMs = nowMs + delayMs;
    this.timer = setTimeout(() => this.sweep(), delayMs);
  }

  private sweep(): void {
    this.timer = undefined;
    this.timerAtMs = Number.POSITIVE_INFINITY;
    const nowMs = performance.now();
    const expired: Expiring[] = [];
    let earliest = Number.POSITIVE_INFINITY;
    for (let entry = this.head; entry !== undefined; ) {
      const next: Expiring | undefined = entry.nextDeadline;
      if (entry.deadlineMs <= nowMs) {
        this.remove(entry);
        expired.push(entry);
      } else if (entry.deadlineMs < earliest) {
        earliest = entry.deadlineMs;
      }
      entry = next;
    }
    if (earliest < Number.POSITIVE_INFINITY) this.arm(earliest, nowMs);
    for (const entry of expired) entry.expire();
  }
}
