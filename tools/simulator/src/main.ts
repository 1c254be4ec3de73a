/**
 * `pnpm sim`: seeds, one after the other, or one seed with its trace, or a soak; and `pnpm sim:mutants`, which plants
 * known bugs and looks for them in the same way.
 */
import { Command, InvalidArgumentError } from 'commander';
import { huntAll } from './mutants/hunt.js';
import { plainPlanOf, planOf, run } from './run.js';
import { type Campaign, campaign } from './runs/campaign.js';
import { loadCases, storeCase } from './runs/cases.js';
import { shrink } from './runs/shrink.js';

interface SimOptions {
  readonly seed?: number;
  readonly seeds: number;
  readonly from: number;
  readonly minutes?: number;
  readonly trace: boolean;
  readonly cases: boolean;
  readonly plain: boolean;
}

const MAX_SHRINK_RUNS = 300;

const program = new Command('sim')
  .description('Runs whole clusters in one process on virtual time, with seeded faults, and checks every step.')
  .option('--seed <number>', 'run this one seed', wholeNumber)
  .option('--seeds <count>', 'run so many seeds', wholeNumber, 100)
  .option('--from <number>', 'the first of them', wholeNumber, 1)
  .option('--minutes <count>', 'run seeds for so many minutes', Number)
  .option('--trace', 'print what happens', false)
  .option('--no-cases', 'leave the stored cases out')
  .option('--plain', 'always three voters, 20 operations a second and ordinary limits: for measuring speed', false)
  .enablePositionalOptions()
  .action((options: SimOptions) => {
    process.exitCode = options.seed === undefined ? runMany(options) : runOne(options.seed, options);
  });

program
  .command('mutants')
  .description('Plants known bugs, one at a time, and prints how many seeds it takes to find each.')
  .argument('[names...]', 'only these')
  .option('--seeds <count>', 'seeds to look through at most', wholeNumber, 2_000)
  .action(async (names: string[], { seeds }: { seeds: number }) => {
    process.exitCode = (await huntAll(names, seeds)) ? 0 : 1;
  });

await program.parseAsync();

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('it must be a whole number');
}

function runOne(seed: number, { plain, trace }: SimOptions): number {
  const plan = plain ? plainPlanOf(seed) : planOf(seed);
  const result = run(plan, trace ? (line) => process.stdout.write(`${line}\n`) : null);
  const { events, hash, operations, simulatedMs, violation } = result;
  console.log(
    `seed ${seed}: ${(simulatedMs / 1_000).toFixed(1)} simulated s, ${events} events, hash ${hash.toString(16)}`,
  );
  console.log(`${operations} operations checked, ${plan.faults.length} faults planned`);
  if (violation === null) return 0;
  console.log(`${violation.invariant}: ${violation.message}`);
  return 1;
}

function runMany({ cases, from, minutes, plain, seeds }: SimOptions): number {
  const began = performance.now();
  const until = minutes === undefined ? Number.POSITIVE_INFINITY : began + minutes * 60_000;
  const limit = minutes === undefined ? seeds : Number.POSITIVE_INFINITY;
  const simulator = { planOf: plain ? plainPlanOf : planOf, run };
  const goesOn = (count: number): boolean => count < limit && performance.now() < until;
  const outcome = campaign({ from, goesOn, maxFailures: 3, cases: cases && !plain ? loadCases() : [] }, simulator);
  console.log(outcome.tally.describe(performance.now() - began));
  report(outcome);
  return outcome.failures.length === 0 ? 0 : 1;
}

function report({ failures }: Campaign): void {
  for (const { plan, result } of failures) {
    const { violation } = result;
    console.log(`\nseed ${plan.setup.seed} breaks ${violation?.invariant}: ${violation?.message}`);
    if (violation?.invariant === 'replay') continue;
    const shrunk = shrink(plan, result, run, { maxRuns: MAX_SHRINK_RUNS });
    console.log(`${shrunk.plan.faults.length} of ${plan.faults.length} faults are enough:`);
    for (const fault of shrunk.plan.faults) console.log(`  ${JSON.stringify(fault)}`);
    console.log(`kept in ${storeCase(shrunk)}`);
  }
}
