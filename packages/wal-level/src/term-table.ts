/** Terms of all entries as ranges: a log has few terms and many entries, and a term must be known without a read. */

export class TermTable {
  // Parallel, ascending: term #terms[i] begins at index #firsts[i]. Neighbours differ in term.
  #firsts: number[] = [];
  #terms: number[] = [];

  get ranges(): number {
    return this.#firsts.length;
  }

  /** Indexes are given in order. */
  append(index: number, term: number): void {
    if (this.#terms[this.#terms.length - 1] === term) return;
    this.#firsts.push(index);
    this.#terms.push(term);
  }

  /** The term of an index that was appended, and neither truncated nor dropped. */
  at(index: number): number {
    let range = this.#firsts.length - 1;
    // Asked for the end of the log nearly always.
    if (index >= (this.#firsts[range] ?? 0)) return this.#terms[range] ?? 0;
    range = this.#rangeOf(index);
    return this.#terms[range] ?? 0;
  }

  truncateFrom(index: number): void {
    while (this.#firsts.length > 0 && (this.#firsts[this.#firsts.length - 1] as number) >= index) {
      this.#firsts.pop();
      this.#terms.pop();
    }
  }

  dropThrough(index: number): void {
    const keep = this.#rangeOf(index + 1);
    if (keep <= 0) return;
    this.#firsts = this.#firsts.slice(keep);
    this.#terms = this.#terms.slice(keep);
  }

  clear(): void {
    this.#firsts = [];
    this.#terms = [];
  }

  /** Position of the last range that begins at or before `index`; -1 when none does. */
  #rangeOf(index: number): number {
    let low = 0;
    let high = this.#firsts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#firsts[middle] as number) <= index) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
