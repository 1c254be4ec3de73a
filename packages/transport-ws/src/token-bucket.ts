/**
 * Limits bytes per second by debt: a send may overdraw the bucket, and the next one waits until the debt is paid. So one
 * chunk larger than a second's worth still passes. Pure; the caller brings the time.
 */
export class TokenBucket {
  /** Bytes per second; 0 is no limit. */
  #rate: number;
  /** May be negative; never above a tenth of a second's worth, so that idle time is not saved up into a burst. */
  #tokens = 0;
  #at: number;

  constructor(bytesPerSecond: number, nowMs: number) {
    this.#rate = bytesPerSecond;
    this.#at = nowMs;
  }

  /** Starts afresh: a debt made at the old rate could be hours at the new one. */
  setRate(bytesPerSecond: number, nowMs: number): void {
    this.#rate = bytesPerSecond;
    this.#tokens = 0;
    this.#at = nowMs;
  }

  /** Milliseconds until the next send may go; 0 is now. */
  waitMs(nowMs: number): number {
    if (this.#rate === 0) return 0;
    this.#refill(nowMs);
    return this.#tokens >= 0 ? 0 : Math.ceil((-this.#tokens * 1000) / this.#rate);
  }

  take(bytes: number): void {
    if (this.#rate > 0) this.#tokens -= bytes;
  }

  #refill(nowMs: number): void {
    const earned = (Math.max(0, nowMs - this.#at) * this.#rate) / 1000;
    this.#at = nowMs;
    this.#tokens = Math.min(this.#rate / 10, this.#tokens + earned);
  }
}
