/**
 * What learners may cost the leader (design, section 1: they must not be felt). Snapshots and catch-up bytes to all
 * learners together are paced at a rate that follows the leader's own commits: halved at each interval in which they are
 * slow, and raised by a tenth of the limit in each in which they are not. Voters are never held up.
 */

export interface LearnerLimits {
  readonly learnerBytesPerSecond: number;
  readonly learnerMinBytesPerSecond: number;
  readonly learnerCommitLatencyMs: number;
}

export class LearnerBudget {
  // learnerMinBytesPerSecond <= rate <= learnerBytesPerSecond
  #rate: number;
  // What was spent is paid for at this time, milliseconds.
  #freeAt = 0;

  constructor(
    private readonly limits: LearnerLimits,
    private readonly now: () => number,
  ) {
    this.#rate = limits.learnerBytesPerSecond;
  }

  /** Bytes a second, as of now. */
  get rate(): number {
    return this.#rate;
  }

  /** Takes so many bytes; returns how long to wait before the next ones, milliseconds. */
  spend(bytes: number): number {
    const now = this.now();
    this.#freeAt = Math.max(this.#freeAt, now) + (bytes * 1_000) / this.#rate;
    return this.#freeAt - now;
  }

  /** The rate of the leader in whose place this member sends. */
  follow(bytesPerSecond: number): void {
    const { learnerBytesPerSecond: most, learnerMinBytesPerSecond: least } = this.limits;
    this.#rate = Math.min(most, Math.max(least, bytesPerSecond));
  }

  /** Once an interval, with the leader's commit latency. */
  adapt(latencyMs: number): void {
    const { learnerBytesPerSecond: most, learnerCommitLatencyMs, learnerMinBytesPerSecond: least } = this.limits;
    this.#rate =
      latencyMs > learnerCommitLatencyMs
        ? Math.max(least, Math.floor(this.#rate / 2))
        : Math.min(most, this.#rate + Math.ceil(most / 10));
  }
}
