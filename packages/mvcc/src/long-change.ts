/**
 * A change of very many keys, carried out in steps, so that its process can do other things in between. It is one
 * change all the same: until the last step is done, readers see the revision before it, compaction waits, and nothing
 * else may be applied or flushed.
 */
import type { KvState } from './kv-state.js';

/** Changes of fewer keys are made in one go. */
export const longKeys = 4000;
/** Keys visited in a step: two or three milliseconds. */
export const stepKeys = 2000;

/** Each `yield` ends a step. */
export type Steps<Result> = Generator<undefined, Result>;

/** All steps in one go. */
export function atOnce<Result>(steps: Steps<Result>): Result {
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
}

/** Done already, where it was short. */
export type Begun<Result> = Result | LongChange<Result>;

export class LongChange<Result> {
  constructor(
    private readonly state: KvState,
    private steps: Steps<Result>,
    private readonly released: () => void,
  ) {
    state.pins++;
    state.paused = true;
  }

  /** Null: there is more to do. Not to be called again once it gave the result. Throws as a read does. */
  step(): { readonly result: Result } | null {
    const { state } = this;
    state.paused = false;
    const { done, value } = this.steps.next();
    if (done !== true) {
      state.paused = true;
      return null;
    }
    state.pins--;
    this.released();
    return { result: value as Result };
  }

  /** `onDone` is given the result in the last step. Returns this. */
  whenDone(onDone: (result: Result) => void): this {
    this.steps = followedBy(this.steps, onDone);
    return this;
  }
}

function* followedBy<Result>(steps: Steps<Result>, onDone: (result: Result) => void): Steps<Result> {
  const result = yield* steps;
  onDone(result);
  return result;
}
