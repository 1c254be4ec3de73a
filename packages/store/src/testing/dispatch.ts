/**
 * When the work of an in-memory store happens. The owner chooses: at once, or one step at a time, which is how a
 * simulator puts disk latency, reordering between disks and crashes on its own virtual clock.
 */

/** Runs `step` now or later; steps given to one dispatch run in the order given. */
export type Dispatch = (step: () => void) => void;

export const runNow: Dispatch = (step) => step();

/** Holds steps until its owner takes them. */
export class StepQueue {
  #steps: (() => void)[] = [];
  #next = 0;

  readonly dispatch: Dispatch = (step) => {
    this.#steps.push(step);
  };

  get length(): number {
    return this.#steps.length - this.#next;
  }

  /** Runs the oldest step; false when there is none. */
  step(): boolean {
    const step = this.#steps[this.#next];
    if (step === undefined) return false;
    this.#next += 1;
    if (this.#next === this.#steps.length) {
      this.#steps = [];
      this.#next = 0;
    }
    step();
    return true;
  }

  /** Runs steps, and those that they add, until none is left; refuses to go on for ever. */
  drain(maxSteps = 1_000_000): void {
    for (let taken = 0; this.step(); taken++) {
      if (taken >= maxSteps) throw new Error(`${this.length} steps left after ${maxSteps}`);
    }
  }

  /** Forgets every step, as a crash does. */
  clear(): void {
    this.#steps = [];
    this.#next = 0;
  }
}
