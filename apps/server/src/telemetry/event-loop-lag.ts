/** How late the event loop runs: the delay of a timer, sampled by the runtime itself. */
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 10;

export class EventLoopLag {
  readonly #histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  start(): void {
    this.#histogram.enable();
  }

  /** Seconds at a percentile since the last reset, less the sampling period itself. */
  seconds(percentile: number): number {
    const nanoseconds = this.#histogram.percentile(percentile);
    return Math.max(0, nanoseconds / 1e9 - RESOLUTION_MS / 1e3);
  }

  reset(): void {
    this.#histogram.reset();
  }

  stop(): void {
    this.#histogram.disable();
  }
}
