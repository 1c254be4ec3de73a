/** Ranges of keys as one set: overlapping and touching ones are merged, so that a range may be covered by several. */

export interface Span {
  readonly from: string;
  /** Exclusive; above `from`. */
  readonly to: string;
}

export class KeySpans {
  /** Ascending; they neither overlap nor touch. */
  private readonly merged: readonly Span[];

  constructor(spans: readonly Span[]) {
    const sorted = spans.filter(({ from, to }) => from < to).sort((a, b) => (a.from < b.from ? -1 : 1));
    const merged: Span[] = [];
    for (const span of sorted) {
      const last = merged[merged.length - 1];
      if (last === undefined || span.from > last.to) merged.push(span);
      else if (span.to > last.to) merged[merged.length - 1] = { from: last.from, to: span.to };
    }
    this.merged = merged;
  }

  /** Every key from `from` to below `to` is in the set. */
  covers(from: string, to: string): boolean {
    let low = 0;
    let high = this.merged.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.merged[middle] as Span).from <= from) low = middle + 1;
      else high = middle;
    }
    const span = this.merged[low - 1];
    return span !== undefined && from < span.to && to <= span.to;
  }
}
