/**
 * What a log holds by what was written to it, as terms by index. Entries that a snapshot covers count as held, with the
 * terms that were committed.
 */
import type { LogWrite } from '@understudy/raft-node';

export class ShadowLog {
  // terms[index]; entries above `last` are left over and mean nothing.
  private readonly terms: number[] = [0];
  last = 0;
  /** Everything up to here came in a snapshot at some time. */
  covered = 0;

  term(index: number): number {
    return index <= this.last ? (this.terms[index] ?? 0) : 0;
  }

  /** Whether the entry, or a snapshot that has it, is here. */
  holds(index: number, term: number): boolean {
    return index <= this.covered || (index <= this.last && this.terms[index] === term);
  }

  apply({ entries, snapshot }: LogWrite): void {
    if (snapshot !== null) {
      this.covered = snapshot.index;
      this.last = snapshot.index;
      this.terms[snapshot.index] = snapshot.term;
    }
    for (const { index, term } of entries) {
      this.terms[index] = term;
      this.last = index;
    }
  }

  /** What is after `last` is lost; where the log begins at `first`, a snapshot covers what is before. */
  cutTo(first: number, last: number): void {
    this.last = last;
    this.covered = Math.min(this.covered, first - 1);
  }

  put(index: number, term: number): void {
    this.terms[index] = term;
  }

  copyFrom(other: ShadowLog): void {
    this.terms.length = 0;
    for (const term of other.terms) this.terms.push(term);
    this.last = other.last;
    this.covered = other.covered;
  }
}
