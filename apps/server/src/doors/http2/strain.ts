/**
 * How much work a client makes that brings it nothing: resets, empty frames, settings, pings. Some is normal, so there is
 * an allowance that fills again; beyond it the connection ends.
 */
import { ConnectionError, ErrorCode } from './http2-errors.js';

/** A client that cancels ten thousand calls at once is still served. */
const BURST = 20_000;
const FORGIVEN_PER_MS = 5;

export class Strain {
  #level = 0;
  #sinceMs = performance.now();

  /** @throws ConnectionError when it was too much */
  add(cost: number): void {
    this.#level += cost;
    if (this.#level <= BURST) return;
    const now = performance.now();
    this.#level = Math.max(0, this.#level - (now - this.#sinceMs) * FORGIVEN_PER_MS);
    this.#sinceMs = now;
    if (this.#level > BURST) throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, 'too much work for nothing');
  }
}
