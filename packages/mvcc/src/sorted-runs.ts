/**
 * A long list put in order a part at a time: each part is sorted when it is added, and they are merged as they are asked
 * for. Equal ones come in the order in which they were added.
 */
export class SortedRuns<T> {
  private readonly runs: (readonly T[])[] = [];
  /** By run: its next one. */
  private readonly at: number[] = [];
  /** Runs that have more, as a heap: the one whose next comes first is on top. Empty until the first is asked for. */
  private heap: number[] | null = null;
  /** Added and not taken. */
  size = 0;

  constructor(private readonly compare: (a: T, b: T) => number) {}

  /** Before the first is taken. */
  add(part: T[]): void {
    if (part.length === 0) return;
    this.runs.push(part.sort(this.compare));
    this.at.push(0);
    this.size += part.length;
  }

  /** Undefined at the end. */
  next(): T | undefined {
    const heap = this.heap ?? this.makeHeap();
    const run = heap[0];
    if (run === undefined) return undefined;
    const item = this.head(run);
    this.at[run] = (this.at[run] as number) + 1;
    this.size--;
    if ((this.at[run] as number) === (this.runs[run] as readonly T[]).length) {
      const last = heap.pop() as number;
      if (heap.length > 0) heap[0] = last;
    }
    this.sink(heap, 0);
    return item;
  }

  private makeHeap(): number[] {
    const heap = this.runs.map((_, run) => run);
    for (let at = heap.length >> 1; at >= 0; at--) this.sink(heap, at);
    this.heap = heap;
    return heap;
  }

  private sink(heap: number[], from: number): void {
    for (let at = from; ; ) {
      let first = at;
      for (let child = 2 * at + 1; child <= 2 * at + 2 && child < heap.length; child++) {
        if (this.before(heap[child] as number, heap[first] as number)) first = child;
      }
      if (first === at) return;
      [heap[at], heap[first]] = [heap[first] as number, heap[at] as number];
      at = first;
    }
  }

  private before(a: number, b: number): boolean {
    const order = this.compare(this.head(a), this.head(b));
    return order === 0 ? a < b : order < 0;
  }

  private head(run: number): T {
    return (this.runs[run] as readonly T[])[this.at[run] as number] as T;
  }
}
