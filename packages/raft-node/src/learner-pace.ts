/**
 * How fast a leader feeds its learners, so that its own commits do not feel it (design, section 1). What commits take
 * while nobody is fed is what they may take meanwhile, and little more: while they take longer the rate falls, else it
 * rises. The load may change on its own account, so every few seconds the rate is held at its least for a moment, to see
 * what is usual now. After LEDBAT (RFC 6817) and the periodic slowdowns of its successor.
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

/** Times what is usual: commits may take so long while a learner is fed. */
const TOLERATED = 1.1;
const CYCLE_MS = 5_000;
/** The end of each cycle, at the least rate. In its first half, what was sent before may still be felt. */
const LOOK_MS = 500;
/** What the latest sample counts for, beside those before it. */
const USUAL_WEIGHT = 0.05;
const CURRENT_WEIGHT = 0.1;
/** Times what the log grows by: a learner that is fed no more than that never has it all. */
const ARRIVING = 2;
/** Of the most: the rate at which it begins, and by which it rises at a tick where nobody writes. */
const FIRST = 1 / 8;
const FREE = 1 / 10;
/**
 * Times the rate, at a tick. Slow, both: one tick's commits say little, and a rate that overshoots is felt more than it
 * saves.
 */
const RISE = 1.03;
const FALL = 0.95;
/** Of the most, at a tick: what it rises by beside that, so that it soon leaves the least. */
const RISE_MORE = 1 / 500;

export class LearnerPace {
  // learnerMinBytesPerSecond <= rate <= learnerBytesPerSecond
  #rate: number;
  // What the log grows by while a learner catches up, bytes a second; smoothed.
  #growth = 0;
  // Smoothed; 0 while nothing was written.
  #usualMs = 0;
  #currentMs = 0;
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
    this.#growth += ((grownBytes * 1_000) / this.tickMs - this.#growth) * CURRENT_WEIGHT;
    this.#cycleMs += this.tickMs;
    if (!urgent && this.#cycleMs > CYCLE_MS - LOOK_MS) {
      if (this.#cycleMs > CYCLE_MS - LOOK_MS / 2) this.#learn(latencyMs);
      if (this.#cycleMs >= CYCLE_MS) this.#begin();
      return least;
    }
    this.#currentMs = smoothed(this.#currentMs, latencyMs, CURRENT_WEIGHT);
    if (latencyMs > learnerCommitLatencyMs) this.#rate = this.#bounded(this.#rate / 2);
    else if (urgent || latencyMs === 0) this.#rate = this.#bounded(this.#rate + most * FREE);
    else if (this.#isFelt()) this.#rate = this.#bounded(this.#rate * FALL);
    else this.#rate = this.#bounded(this.#rate * RISE + most * RISE_MORE);
    return this.#rate;
  }

  /** This member does not lead: what was usual says nothing about the next time. */
  reset(): void {
    this.#usualMs = 0;
    this.#rest();
  }

  /** Who is fed next is fed from the beginning. */
  #rest(): number {
    this.#begin();
    this.#growth = 0;
    this.#rate = this.#bounded(this.limits.learnerBytesPerSecond * FIRST);
    return this.#rate;
  }

  #begin(): void {
    this.#cycleMs = 0;
    this.#currentMs = 0;
  }

  #isFelt(): boolean {
    return this.#usualMs > 0 && this.#currentMs > this.#usualMs * TOLERATED;
  }

  #learn(latencyMs: number): void {
    this.#usualMs = smoothed(this.#usualMs, latencyMs, USUAL_WEIGHT);
  }

  #bounded(rate: number): number {
    const { learnerBytesPerSecond: most, learnerMinBytesPerSecond: least } = this.limits;
    return Math.min(most, Math.max(least, Math.floor(rate), Math.floor(this.#growth * ARRIVING)));
  }
}

/** The first counts whole; a time in which nothing was written says nothing. */
function smoothed(before: number, latest: number, weight: number): number {
  if (latest === 0) return before;
  return before === 0 ? latest : before + (latest - before) * weight;
}
