/**
 * How long a leader's entries take from its log to their commit: one entry at a time is watched, and one that is not
 * committed yet counts by its age.
 */
export class CommitLatency {
  // The entry that is watched; 0 for none.
  #index = 0;
  #since = 0;
  // The slowest since the last `take`.
  #worstMs = 0;

  /** After each turn of a leader. */
  observe(lastIndex: number, commit: number, now: number): void {
    if (this.#index > 0 && commit >= this.#index) {
      this.#worstMs = Math.max(this.#worstMs, now - this.#since);
      this.#index = 0;
    }
    if (this.#index > 0 || lastIndex <= commit) return;
    this.#index = lastIndex;
    this.#since = now;
  }

  /** The slowest since it was last asked; 0 where nothing was written. */
  take(now: number): number {
    const waiting = this.#index > 0 ? now - this.#since : 0;
    const worst = Math.max(this.#worstMs, waiting);
    this.#worstMs = 0;
    return worst;
  }

  /** No longer the leader. */
  reset(): void {
    this.#index = 0;
    this.#worstMs = 0;
  }
}
