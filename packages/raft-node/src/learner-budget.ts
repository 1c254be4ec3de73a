/**
 * What is let through to learners (design, section 1: they must not be felt): snapshots and catch-up bytes to all of them
 * together, at the rate that the leader's pace sets. Voters are never held up.
 */
import type { LearnerLimits } from './learner-pace.js';

export class LearnerBudget {
  // learnerMinBytesPerSecond <= rate <= learnerBytesPerSecond
  #rate: number;
  // What was spent is paid for at this time, milliseconds.
  #freeAt = 0;

  constructor(
    private readonly limits: Pick<LearnerLimits, 'learnerBytesPerSecond' | 'learnerMinBytesPerSecond'>,
    private readonly now: () => number,
    /** What is not spent for so long is lost. */
    private readonly keptMs: number,
  ) {
    this.#rate = limits.learnerMinBytesPerSecond;
  }

  /** Bytes a second, as of now. */
  get rate(): number {
    return this.#rate;
  }

  /** Bytes that may go at once; below 0 where more was spent than there was. */
  get available(): number {
    const now = this.now();
    return ((now - this.#paidAt(now)) * this.#rate) / 1_000;
  }

  /** As this leader's own pace says, or that of the leader in whose place this member sends. */
  follow(bytesPerSecond: number): void {
    const { learnerBytesPerSecond: most, learnerMinBytesPerSecond: least } = this.limits;
    this.#rate = Math.min(most, Math.max(least, bytesPerSecond));
  }

  /** Takes so many bytes; returns how long to wait before the next ones, milliseconds; 0 where they may go at once. */
  spend(bytes: number): number {
    const now = this.now();
    this.#freeAt = this.#paidAt(now) + (bytes * 1_000) / this.#rate;
    return Math.max(0, this.#freeAt - now);
  }

  #paidAt(now: number): number {
    return Math.max(this.#freeAt, now - this.keptMs);
  }
}
