/**
 * How fast a leader feeds its learners, so that its own commits do not feel it (design, section 1). What commits take
 * while nobody is fed is what they may take meanwhile, and little more. Judged by their tail, which is what is felt first:
 * of the ticks' slowest commits, what one in ten exceeds. Followed sample by sample, each that is above it moving it up
 * nine times as far as each that is not moves it down, so that it rests where one in ten is above; and the rate, the other
 * way round, rests where one in ten is above what is tolerated.
 *
 * The load may change on its own account, so every few seconds the rate is held at its least for a moment, to see what is
 * usual now. After LEDBAT (RFC 6817) and the periodic slowdowns of its successor.
 */

export interface LearnerLimits {
  readonly learnerBytesPerSecond: number;
  readonly learnerMinBytesPerSecond: number;
  readonly learnerCommitLatencyMs: number;
}

export interface PaceSample {
  /** The slowest commit since the last tick, ms; 0 where nothing was written. */
  readonly latencyMs: number;
  /** A learner is sent a snapshot, or catches up. */
  readonly feeding: boolean;
  /** A voter is silent, which a learner may have to replace: only what takes very long is slow then. */
  readonly urgent: boolean;
  /** Of the log since the last tick, as it costs a learner that catches up; 0 where none does. */
  readonly grownBytes: number;
}

/** Of the ticks with commits: so many are slower than the tail. */
const TAIL = 1 / 10;
/** For each that is above, so many are not. */
const OTHERS = 1 / TAIL - 1;
/** Times the usual tail: one in ten may be slower while a learner is fed. */
const TOLERATED = 1.1;
const CYCLE_MS = 5_000;
/** The end of each cycle, at the least rate. In its first half, what was sent before may still be felt. */
const LOOK_MS = 500;
/** Times what is usual, at a tick above it. */
const USUAL_RISE = 1.05;
/** Times the rate, at a tick that is not above what is tolerated. */
const RATE_RISE = 1.025;
/** Times what the log grows by: a learner that is fed no more than that never has it all. */
const ARRIVING = 2;
/** What the latest sample of the log's growth counts for, beside those before it. */
const GROWTH_WEIGHT = 0.1;
/** Of the most: the rate at which it begins, and by which it rises at a tick where nobody writes. */
const FIRST = 1 / 8;
const FREE = 1 / 10;

export class LearnerPace {
  // learnerMinBytesPerSecond <= rate <= learnerBytesPerSecond
  #rate: number;
  // What the log grows by while a learner catches up, bytes a second; smoothed.
  #growth = 0;
  // The tail while nobody is fed; 0 before the first write.
  #usualMs = 0;
  // Into the cycle. The first begins with the feeding.
  #cycleMs = 0;

  constructor(
    private readonly limits: LearnerLimits,
    private readonly tickMs: number,
  ) {
    this.#rate = this.#bounded(limits.learnerBytesPerSecond * FIRST);
  }

  /** Once a tick of a leader. Returns the rate until the next: bytes a second, to all learners together. */
  next({ latencyMs, feeding, urgent, grownBytes }: PaceSample): number {
    const { learnerBytesPerSecond: most, learnerCommitLatencyMs, learnerMinBytesPerSecond: least } = this.limits;
    if (!feeding) {
      this.#learn(latencyMs);
      return this.#rest();
    }
    this.#growth += ((grownBytes * 1_000) / this.tickMs - this.#growth) * GROWTH_WEIGHT;
    this.#cycleMs += this.tickMs;
    if (!urgent && this.#cycleMs > CYCLE_MS - LOOK_MS) {
      if (this.#cycleMs > CYCLE_MS - LOOK_MS / 2) this.#learn(latencyMs);
      if (this.#cycleMs >= CYCLE_MS) this.#cycleMs = 0;
      return least;
    }
    if (latencyMs > learnerCommitLatencyMs) this.#rate = this.#bounded(this.#rate / 2);
    else if (urgent || latencyMs === 0) this.#rate = this.#bounded(this.#rate + most * FREE);
    else this.#rate = this.#bounded(this.#rate * (this.#isFelt(latencyMs) ? RATE_RISE ** -OTHERS : RATE_RISE));
    return this.#rate;
  }

  /** This member does not lead: what was usual says nothing about the next time. */
  reset(): void {
    this.#usualMs = 0;
    this.#rest();
  }

  /** Who is fed next is fed from the beginning. */
  #rest(): number {
    this.#cycleMs = 0;
    this.#growth = 0;
    this.#rate = this.#bounded(this.limits.learnerBytesPerSecond * FIRST);
    return this.#rate;
  }

  #isFelt(latencyMs: number): boolean {
    return this.#usualMs > 0 && latencyMs > this.#usualMs * TOLERATED;
  }

  #learn(latencyMs: number): void {
    if (latencyMs === 0) return;
    if (this.#usualMs === 0) this.#usualMs = latencyMs;
    else this.#usualMs *= latencyMs > this.#usualMs ? USUAL_RISE : USUAL_RISE ** (-1 / OTHERS);
  }

  #bounded(rate: number): number {
    const { learnerBytesPerSecond: most, learnerMinBytesPerSecond: least } = this.limits;
    return Math.min(most, Math.max(least, Math.floor(rate), Math.floor(this.#growth * ARRIVING)));
  }
}
