/** Counts the heartbeats that a leader sends late, because its event loop was held up for more than an interval. */

export class HeartbeatWatch {
  readonly #timer: NodeJS.Timeout;
  #lastMs = performance.now();

  constructor(intervalMs: number, late: (intervals: number) => void) {
    this.#timer = setInterval(() => {
      const nowMs = performance.now();
      const missed = Math.floor((nowMs - this.#lastMs) / intervalMs) - 1;
      this.#lastMs = nowMs;
      if (missed > 0) late(missed);
    }, intervalMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
