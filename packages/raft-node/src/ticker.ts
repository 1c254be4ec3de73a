/**
 * One timer for all of a member's time. When the event loop was held up, the ticks that were missed are not made up
 * for: what peers sent meanwhile is still in the sockets, and a follower must not campaign because of its own pause.
 */
import type { Clock } from './clock.js';

export class Ticker {
  #cancel: (() => void) | null = null;
  #immediate: NodeJS.Immediate | null = null;
  // When the next tick is due, on the clock.
  #dueAt = 0;
  /** How late the last tick was, milliseconds. */
  lagMs = 0;
  #maxLagMs = 0;

  constructor(
    private readonly clock: Clock,
    private readonly intervalMs: number,
    private readonly onTick: () => void,
  ) {}

  start(): void {
    this.#dueAt = this.clock.now() + this.intervalMs;
    this.#arm();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
    if (this.#immediate !== null) clearImmediate(this.#immediate);
    this.#immediate = null;
  }

  /** The largest lag since the call before. */
  takeMaxLagMs(): number {
    const max = this.#maxLagMs;
    this.#maxLagMs = this.lagMs;
    return max;
  }

  #arm(): void {
    this.#cancel = this.clock.after(Math.max(0, this.#dueAt - this.clock.now()), () => this.#fire());
  }

  #fire(): void {
    const now = this.clock.now();
    this.lagMs = Math.max(0, now - this.#dueAt);
    this.#maxLagMs = Math.max(this.#maxLagMs, this.lagMs);
    if (this.lagMs < this.intervalMs) {
      this.#dueAt += this.intervalMs;
      this.onTick();
    } else {
      this.#dueAt = now + this.intervalMs;
      // After the sockets were read once.
      this.#immediate ??= setImmediate(() => {
        this.#immediate = null;
        this.onTick();
      });
    }
    // `onTick` may have stopped it.
    if (this.#cancel !== null) this.#arm();
  }
}
