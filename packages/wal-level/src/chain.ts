/**
 * The hash that ties each entry record to the one before it. 64 bits, not cryptographic: the opponent is a disk that
 * serves an old block or loses one, not a person, and at 64 bits no fleet sees a chance match. It takes in an entry's
 * header and the CRC32C of its data rather than the data again: the data is bound to its CRC by the record's own check,
 * so that a link costs about 30 ns whatever the entry's size.
 */

/** Two unsigned 32-bit halves. */
export interface Chain {
  readonly hi: number;
  readonly lo: number;
}

/** The chain before the first entry of a new log. */
export const CHAIN_START: Chain = Object.freeze({ hi: 0, lo: 0 });

export function sameChain(a: Chain, b: Chain): boolean {
  return a.hi === b.hi && a.lo === b.lo;
}

/** The chain that a log begins with after a snapshot of `index` and `term`. */
export function chainAfterSnapshot(index: number, term: number): Chain {
  const chain = new RollingChain(CHAIN_START);
  chain.extend(0, 0, index, term, 0);
  return chain.value();
}

export class RollingChain {
  // Signed 32-bit while rolling.
  #hi: number;
  #lo: number;

  constructor(from: Chain) {
    this.#hi = from.hi | 0;
    this.#lo = from.lo | 0;
  }

  get hi(): number {
    return this.#hi >>> 0;
  }

  get lo(): number {
    return this.#lo >>> 0;
  }

  value(): Chain {
    return { hi: this.hi, lo: this.lo };
  }

  /** Goes on from a link that was read: what follows it can be checked even where it is wrong itself. */
  moveTo(hi: number, lo: number): void {
    this.#hi = hi | 0;
    this.#lo = lo | 0;
  }

  extend(type: number, length: number, index: number, term: number, dataCrc: number): void {
    this.#mix(type);
    this.#mix(length);
    this.#mix(index % 0x1_0000_0000);
    this.#mix(Math.floor(index / 0x1_0000_0000));
    this.#mix(term % 0x1_0000_0000);
    this.#mix(Math.floor(term / 0x1_0000_0000));
    this.#mix(dataCrc);
    this.#finish();
  }

  /** Each half is a bijection of itself for a given word, so that no step loses what was there. */
  #mix(word: number): void {
    const lo = Math.imul(this.#lo ^ word, 0x85ebca6b);
    this.#lo = (lo << 13) | (lo >>> 19);
    const hi = Math.imul((this.#hi + word) ^ this.#lo, 0xc2b2ae35);
    this.#hi = (hi << 15) | (hi >>> 17);
  }

  /** Spreads every bit of the link over both halves. */
  #finish(): void {
    this.#lo = (this.#lo + this.#hi) | 0;
    this.#lo = avalanche(this.#lo);
    this.#hi = (this.#hi + this.#lo) | 0;
    this.#hi = avalanche(this.#hi);
  }
}

function avalanche(word: number): number {
  let mixed = word ^ (word >>> 16);
  mixed = Math.imul(mixed, 0x7feb352d);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x846ca68b);
  return mixed ^ (mixed >>> 16);
}
