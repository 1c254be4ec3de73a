/**
 * The seeds that are still to be run, shared by the threads of a campaign: each takes the next one, until there are
 * enough, or enough time was simulated, or somebody ends it.
 */

export interface SeedLimits {
  readonly from: number;
  readonly maxSeeds: number;
  readonly maxSimulatedMs: number;
}

const TAKEN = 0;
const ENDED = 1;
// Milliseconds would be too many for 32 bits after 24 days.
const SIMULATED_S = 2;
const SLOTS = 3;

export class SeedQueue {
  private readonly shared: Int32Array;

  constructor(
    private readonly limits: SeedLimits,
    /** Of the queue to join; else a new one. */
    readonly buffer: SharedArrayBuffer = new SharedArrayBuffer(SLOTS * Int32Array.BYTES_PER_ELEMENT),
  ) {
    this.shared = new Int32Array(buffer);
  }

  next(): number | null {
    const { from, maxSeeds, maxSimulatedMs } = this.limits;
    if (Atomics.load(this.shared, ENDED) === 1) return null;
    if (Atomics.load(this.shared, SIMULATED_S) * 1_000 >= maxSimulatedMs) return null;
    const number = Atomics.add(this.shared, TAKEN, 1);
    return number < maxSeeds ? from + number : null;
  }

  ran(simulatedMs: number): void {
    Atomics.add(this.shared, SIMULATED_S, Math.floor(simulatedMs / 1_000));
  }

  end(): void {
    Atomics.store(this.shared, ENDED, 1);
  }
}
