/**
 * Time that moves only from event to event: a binary heap by time, and by order of planning within the same time. What
 * is planned is planned for good; whoever does not want it any more looks away when it comes.
 */

interface Planned {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

export class VirtualClock {
  /** Milliseconds. */
  now = 0;
  /** Events that have happened. */
  events = 0;
  private order = 0;
  private readonly heap: Planned[] = [];

  after(delayMs: number, run: () => void): void {
    this.at(this.now + delayMs, run);
  }

  at(atMs: number, run: () => void): void {
    const planned = { at: Math.max(atMs, this.now), order: this.order++, run };
    const { heap } = this;
    let child = heap.length;
    heap.push(planned);
    while (child > 0) {
      const parent = (child - 1) >> 1;
      const above = heap[parent] as Planned;
      if (!before(planned, above)) break;
      heap[child] = above;
      child = parent;
    }
    heap[child] = planned;
  }

  /** Runs the next event if it is due by `untilMs`; else moves time there. False then. */
  step(untilMs: number): boolean {
    const next = this.heap[0];
    if (next === undefined || next.at > untilMs) {
      this.now = untilMs;
      return false;
    }
    this.pop();
    this.now = next.at;
    this.events++;
    next.run();
    return true;
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    const { length } = heap;
    let parent = 0;
    for (let child = 1; child < length; child = 2 * parent + 1) {
      if (child + 1 < length && before(heap[child + 1] as Planned, heap[child] as Planned)) child++;
      const below = heap[child] as Planned;
      if (!before(below, last)) break;
      heap[parent] = below;
      parent = child;
    }
    heap[parent] = last;
  }
}

function before(a: Planned, b: Planned): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
