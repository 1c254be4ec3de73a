/** Lease ids by time, earliest first: a binary heap. An id may be in it more than once; whoever takes one checks. */

export class LeaseHeap {
  private readonly times: number[] = [];
  private readonly ids: bigint[] = [];

  get size(): number {
    return this.times.length;
  }

  /** Infinity where it is empty. */
  get earliestMs(): number {
    return this.times[0] ?? Number.POSITIVE_INFINITY;
  }

  push(timeMs: number, id: bigint): void {
    let at = this.times.length;
    this.times.push(timeMs);
    this.ids.push(id);
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if ((this.times[parent] as number) <= timeMs) break;
      this.move(parent, at);
      at = parent;
    }
    this.place(at, timeMs, id);
  }

  /** Takes the earliest out. The heap must not be empty. */
  pop(): bigint {
    const first = this.ids[0] as bigint;
    const timeMs = this.times.pop() as number;
    const id = this.ids.pop() as bigint;
    const size = this.times.length;
    if (size === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && (this.times[child + 1] as number) < (this.times[child] as number)) child++;
      if ((this.times[child] as number) >= timeMs) break;
      this.move(child, at);
      at = child;
    }
    this.place(at, timeMs, id);
    return first;
  }

  clear(): void {
    this.times.length = 0;
    this.ids.length = 0;
  }

  private move(from: number, to: number): void {
    this.times[to] = this.times[from] as number;
    this.ids[to] = this.ids[from] as bigint;
  }

  private place(at: number, timeMs: number, id: bigint): void {
    this.times[at] = timeMs;
    this.ids[at] = id;
  }
}
