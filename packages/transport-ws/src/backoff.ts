/**
 * How long to wait before the next dial: doubling from `minMs` to `maxMs`, each wait drawn from its upper half so that
 * peers that lost the same member do not come back in step. Pure; randomness is given.
 */
export class Backoff {
  readonly #minMs: number;
  readonly #maxMs: number;
  /** Waits handed out since the last reset. */
  #attempts = 0;

  constructor(minMs: number, maxMs: number) {
    this.#minMs = minMs;
    this.#maxMs = maxMs;
  }

  /** `random(n)` gives an integer in [0, n). */
  nextMs(random: (exclusiveMax: number) => number): number {
    const ceiling = Math.min(this.#maxMs, this.#minMs * 2 ** Math.min(this.#attempts, 30));
    this.#attempts += 1;
    const half = Math.ceil(ceiling / 2);
    return ceiling - half + random(half + 1);
  }

  reset(): void {
    this.#attempts = 0;
  }
}
