/** Many runs, one after the other: stored cases first, then seeds; one seed in a hundred twice, with equal hashes. */
import { type Plan, planOf, run, type RunResult } from '../run.js';
import type { Case } from './cases.js';
import { Tally } from './tally.js';

const TWICE_EVERY = 100;

export interface Failure {
  readonly plan: Plan;
  readonly result: RunResult;
}

export interface Campaign {
  readonly tally: Tally;
  readonly failures: readonly Failure[];
}

export interface CampaignOptions {
  /** The seed to run next; null ends the campaign. */
  readonly nextSeed: () => number | null;
  /** The campaign ends with so many failures. */
  readonly maxFailures: number;
  readonly cases: readonly Case[];
  /** Told after each run. */
  readonly onRun?: (result: RunResult) => void;
}

export interface Simulator {
  planOf(seed: number): Plan;
  run(plan: Plan): RunResult;
}

export function campaign(options: CampaignOptions, simulator: Simulator = { planOf, run }): Campaign {
  const tally = new Tally();
  const failures: Failure[] = [];
  const take = (plan: Plan): void => {
    const result = simulator.run(plan);
    const twice = result.violation === null && plan.setup.seed % TWICE_EVERY === 0;
    const failed = twice ? judgeRepeat(simulator, plan, result) : result;
    if (failed.violation !== null) failures.push({ plan, result: failed });
    tally.add(result, twice && failed.violation === null);
    options.onRun?.(result);
  };
  for (const { plan } of options.cases) take(plan);
  while (failures.length < options.maxFailures) {
    const seed = options.nextSeed();
    if (seed === null) break;
    take(simulator.planOf(seed));
  }
  return { tally, failures };
}

/** `count` seeds from `from` on. */
export function seedsFrom(from: number, count: number): () => number | null {
  let next = from;
  return () => (next < from + count ? next++ : null);
}

function judgeRepeat(simulator: Simulator, plan: Plan, first: RunResult): RunResult {
  const second = simulator.run(plan);
  if (second.hash === first.hash) return second;
  const message = `seed ${plan.setup.seed} hashes to ${first.hash}, and then to ${second.hash}`;
  return { ...second, violation: { invariant: 'replay', message } };
}
