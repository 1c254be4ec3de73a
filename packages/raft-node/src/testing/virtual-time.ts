/** A clock that moves only when it is told to. Events at the same instant run in the order in which they were planned. */

interface Planned {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

export class VirtualTime {
  /** Milliseconds. */
  now = 0;
  #order = 0;
  // A binary heap by (at, order).
  readonly #heap: Planned[] = [];

  after(delayMs: number, run: () => void): void {
    const planned = { at: this.now + delayMs, order: this.#order++, run };
    const heap = this.#heap;
    let child = heap.push(planned) - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!before(planned, heap[parent] as Planned)) break;
      heap[child] = heap[parent] as Planned;
      child = parent;
    }
    heap[child] = planned;
  }

  /** Runs everything planned within the next `ms`; time has moved by `ms` afterwards. */
  run(ms: number): void {
    const until = this.now + ms;
    for (let next = this.#heap[0]; next !== undefined && next.at <= until; next = this.#heap[0]) {
      this.#pop();
      this.now = next.at;
      next.run();
    }
    this.now = until;
  }

  /** Runs until `done` holds, at most for `limitMs`; tells whether it holds. */
  runUntil(done: () => boolean, limitMs: number): boolean {
    const until = this.now + limitMs;
    while (!done()) {
      const next = this.#heap[0];
      if (next === undefined || next.at > until) {
        this.now = until;
        return done();
      }
      this.#pop();
      this.now = next.at;
      next.run();
    }
    return true;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let parent = 0;
    for (let child = 1; child < heap.length; child = 2 * parent + 1) {
      if (child + 1 < heap.length && before(heap[child + 1] as Planned, heap[child] as Planned)) child++;
      if (!before(heap[child] as Planned, last)) break;
      heap[parent] = heap[child] as Planned;
      parent = child;
    }
    heap[parent] = last;
  }
}

function before(a: Planned, b: Planned): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
