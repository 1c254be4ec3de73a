/** Many runs, one after the other: stored cases first, then seeds; one seed in a hundred twice, with equal hashes. */
import { type Plan, planOf, run, type RunResult } from '../run.js';
import { Violation } from '../violation.js';
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
  readonly from: number;
  /** Asked before each seed with the number of seeds that were run; false ends the campaign. */
  readonly goesOn: (seeds: number) => boolean;
  /** The campaign ends with so many failures. */
  readonly maxFailures: number;
  readonly cases: readonly Case[];
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
    tally.add(result);
    if (result.violation !== null) failures.push({ plan, result });
    else if (plan.setup.seed % TWICE_EVERY === 0) judgeRepeat(simulator, plan, result, failures);
  };
  for (const { plan } of options.cases) take(plan);
  for (let seeds = 0; options.goesOn(seeds) && failures.length < options.maxFailures; seeds++) {
    take(simulator.planOf(options.from + seeds));
  }
  return { tally, failures };
}

function judgeRepeat(simulator: Simulator, plan: Plan, first: RunResult, failures: Failure[]): void {
  const second = simulator.run(plan);
  if (second.hash === first.hash) return;
  const text = `seed ${plan.setup.seed} hashes to ${first.hash}, and then to ${second.hash}`;
  failures.push({ plan, result: { ...second, violation: new Violation('replay', text) } });
}
