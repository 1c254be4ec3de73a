/** Random choices from a seed (xorshift32): the same seed makes the same choices everywhere. */
export class Random {
  #state: number;

  constructor(seed: number) {
    // Zero would stay zero; a small seed alone would begin with small numbers.
    this.#state = (Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995) >>> 0 || 1;
    for (let i = 0; i < 8; i += 1) this.#next();
  }

  #next(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    return this.#state;
  }

  /** An integer from 0 to `limit` - 1. */
  below(limit: number): number {
    return this.#next() % limit;
  }

  chance(probability: number): boolean {
    return this.#next() / 2 ** 32 < probability;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }

  /** By weight; the weights are positive. */
  weighted<T>(from: readonly (readonly [weight: number, choice: T])[]): T {
    let rest = this.below(from.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, choice] of from) {
      if (rest < weight) return choice;
      rest -= weight;
    }
    throw new Error('no choice');
  }
}
