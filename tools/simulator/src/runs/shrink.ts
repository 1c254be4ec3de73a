/**
 * Makes a failing run small: takes faults out of its schedule as long as the same invariant breaks, half of them at a
 * time, then fewer. What is left is a short list of timed faults; setup and seed stay as they are.
 */
import type { Fault } from '../faults/fault.js';
import type { Plan, RunResult } from '../run.js';

export interface Shrunk {
  readonly plan: Plan;
  readonly result: RunResult;
  readonly runs: number;
}

export interface ShrinkOptions {
  /** Runs to spend at most. */
  readonly maxRuns: number;
}

/** `first` is the outcome of `plan`, and broke an invariant. */
export function shrink(
  plan: Plan,
  first: RunResult,
  run: (plan: Plan) => RunResult,
  { maxRuns }: ShrinkOptions,
): Shrunk {
  const invariant = first.violation?.invariant;
  let best: Shrunk = { plan, result: first, runs: 0 };
  let runs = 0;
  const attempt = (candidate: Plan): boolean => {
    runs++;
    const result = run(candidate);
    if (result.violation?.invariant !== invariant) return false;
    best = { plan: candidate, result, runs };
    return true;
  };
  attempt(endingWith(plan, first));
  let size = Math.max(1, best.plan.faults.length >> 1);
  while (size >= 1 && runs < maxRuns) {
    let removed = false;
    for (let from = 0; from < best.plan.faults.length && runs < maxRuns; ) {
      const faults = without(best.plan.faults, from, size);
      if (attempt({ ...best.plan, faults })) removed = true;
      else from += size;
    }
    if (size === 1 && !removed) break;
    if (size > 1) size >>= 1;
  }
  return { ...best, runs };
}

/** Without the faults that came after the violation. */
function endingWith(plan: Plan, { simulatedMs }: RunResult): Plan {
  return { ...plan, faults: plan.faults.filter(({ at }) => at <= simulatedMs) };
}

function without(faults: readonly Fault[], from: number, count: number): Fault[] {
  return [...faults.slice(0, from), ...faults.slice(from + count)];
}
