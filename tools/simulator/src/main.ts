/**
 * `pnpm sim`: seeds, one after the other, or one seed with its trace, or a soak; and `pnpm sim:mutants`, which plants
 * known bugs and looks for them in the same way. Exit codes: 0 when everything held, 1 when an invariant broke or a
 * mutant lives, 2 for a wrong command line, 130 when interrupted.
 */
import { Command, type CommanderError, InvalidArgumentError, Option } from 'commander';
import { bundleWorker, SOUND } from './mutants/build.js';
import { huntAll } from './mutants/hunt.js';
import { MUTANTS } from './mutants/mutants.js';
import { type Plan, plainPlanOf, planOf, run } from './run.js';
import type { Failure } from './runs/campaign.js';
import { campaignInThreads } from './runs/campaign-in-threads.js';
import { loadCases, storeCase } from './runs/cases.js';
import { Progress } from './runs/progress.js';
import { shrink } from './runs/shrink.js';

interface SimOptions {
  readonly seed?: number;
  readonly case?: string;
  readonly seeds: number;
  readonly from: number;
  readonly minutes?: number;
  readonly threads: number;
  readonly trace: boolean;
  readonly cases: boolean;
  readonly plain: boolean;
}

const MAX_SHRINK_RUNS = 300;
/** A campaign ends with so many: they are likely the same mistake. */
const MAX_FAILURES = 3;
/** Of a failure of a replay, or of a seed that never ends, there is nothing to shrink. */
const NOT_SHRUNK = ['replay', 'hangs'];
const USAGE_ERROR = 2;
const INTERRUPTED = 130;

const threadsOption = (): Option =>
  new Option('--threads <count>', 'threads to run on').argParser(positiveWholeNumber).default(1);

const program = new Command('sim')
  .description('Runs whole clusters in one process on virtual time, with seeded faults, and checks every step.')
  .addOption(
    new Option('--seed <number>', 'run this one seed; SIM_SEED does the same')
      .argParser(wholeNumber)
      .conflicts(['seeds', 'minutes', 'case']),
  )
  .addOption(new Option('--case <name>', 'run this one stored case').conflicts(['seeds', 'minutes', 'plain']))
  .addOption(
    new Option('--seeds <count>', 'run so many seeds, after the stored cases')
      .argParser(positiveWholeNumber)
      .default(100)
      .conflicts('minutes'),
  )
  .option('--from <number>', 'the first of them', wholeNumber, 1)
  .option('--minutes <count>', 'a soak: run seeds for so many minutes', positiveNumber)
  .addOption(threadsOption())
  .option('--trace', 'print what happens in the one seed or case', false)
  .option('--no-cases', 'leave the stored cases out')
  .option('--plain', 'always three voters, 20 operations a second and ordinary limits: for measuring speed', false)
  .addHelpText('after', '\nA seed that breaks an invariant is shrunk, kept under cases/ and runs first from then on.')
  .addHelpText('after', 'Exit codes: 0 all held, 1 an invariant broke, 2 wrong command line, 130 interrupted.')
  .enablePositionalOptions()
  .exitOverride(leave)
  .action(async (options: SimOptions) => {
    const seed = options.seed ?? seedOfEnvironment(options);
    if (seed === undefined && options.case === undefined && options.trace)
      program.error('error: --trace needs --seed or --case: it is for one run');
    if (options.case !== undefined) process.exitCode = runCase(options.case, options);
    else if (seed !== undefined) process.exitCode = runOne(seed, options);
    else process.exitCode = await runMany(options);
  });

program
  .command('mutants')
  .description('Plants known bugs, one at a time, and prints how many seeds it takes to find each.')
  .argument('[names...]', 'only these')
  .option('--seeds <count>', 'seeds to look through at most', positiveWholeNumber, 2_000)
  .addOption(threadsOption())
  .addHelpText('after', '\nExit codes: 0 all were found, 1 one lives, 2 wrong command line.')
  .exitOverride(leave)
  .action(async (names: string[], { seeds, threads }: { seeds: number; threads: number }) => {
    const unknown = names.filter((name) => !MUTANTS.some((mutant) => mutant.name === name));
    if (unknown.length > 0) program.error(`error: unknown mutants: ${unknown.join(', ')}`);
    process.exitCode = (await huntAll(names, { maxSeeds: seeds, threads })) ? 0 : 1;
  });

await program.parseAsync();

function leave({ exitCode }: CommanderError): never {
  process.exit(exitCode === 0 ? 0 : USAGE_ERROR);
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('it must be a whole number');
}

function positiveWholeNumber(text: string): number {
  const value = wholeNumber(text);
  if (value > 0) return value;
  throw new InvalidArgumentError('it must be 1 or more');
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('it must be a number above 0');
}

/** As the tests' environment names a seed. What the command line asks for goes before it. */
function seedOfEnvironment({ case: name, minutes }: SimOptions): number | undefined {
  const text = process.env['SIM_SEED'];
  if (text === undefined || text === '' || name !== undefined || minutes !== undefined) return undefined;
  try {
    return wholeNumber(text);
  } catch (error) {
    return program.error(`error: SIM_SEED is '${text}': ${(error as Error).message}`);
  }
}

function runCase(name: string, options: SimOptions): number {
  const cases = loadCases();
  const found = cases.find((candidate) => candidate.name === name);
  if (found === undefined) {
    return program.error(`error: no case '${name}'; there are: ${cases.map((each) => each.name).join(', ')}`);
  }
  return replay(found.plan, options) === null ? 0 : 1;
}

function runOne(seed: number, options: SimOptions): number {
  const failure = replay(options.plain ? plainPlanOf(seed) : planOf(seed), options);
  if (failure === null) return 0;
  if (!options.plain) report(failure);
  return 1;
}

function replay(plan: Plan, { trace }: SimOptions): Failure | null {
  const result = run(plan, trace ? (line) => process.stdout.write(`${line}\n`) : null);
  const { events, hash, operations, simulatedMs, violation } = result;
  const simulated = `${(simulatedMs / 1_000).toFixed(1)} simulated s`;
  console.log(`seed ${plan.setup.seed}: ${simulated}, ${events} events, hash ${hash.toString(16)}`);
  console.log(`${operations} operations checked, ${plan.faults.length} faults planned`);
  if (violation === null) return null;
  console.log(`${violation.invariant}: ${violation.message}`);
  return { plan, result };
}

async function runMany({ cases, from, minutes, plain, seeds, threads }: SimOptions): Promise<number> {
  const end = new AbortController();
  const interrupted = (): void => end.abort('interrupted');
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);
  const timer = minutes === undefined ? undefined : setTimeout(() => end.abort('time'), minutes * 60_000);
  const { dispose, path } = await bundleWorker(SOUND);
  const progress = new Progress((line) => process.stderr.write(`${line}\n`));
  try {
    const { failures, tally } = await campaignInThreads(path, {
      from,
      maxSeeds: minutes === undefined ? seeds : Number.POSITIVE_INFINITY,
      maxSimulatedMs: Number.POSITIVE_INFINITY,
      threads,
      maxFailures: MAX_FAILURES,
      cases: cases && !plain ? loadCases() : [],
      plain,
      onRun: (sofar) => progress.report(sofar),
      signal: end.signal,
    });
    console.log(tally.describe(progress.elapsedMs, progress.cpuMs));
    for (const failure of failures) report(failure);
    if (failures.length > 0) return 1;
    return end.signal.reason === 'interrupted' ? INTERRUPTED : 0;
  } finally {
    clearTimeout(timer);
    process.off('SIGINT', interrupted);
    process.off('SIGTERM', interrupted);
    dispose();
  }
}

function report({ plan, result }: Failure): void {
  const { violation } = result;
  if (violation === null) return;
  console.log(`\nseed ${plan.setup.seed} breaks ${violation.invariant}: ${violation.message}`);
  if (NOT_SHRUNK.includes(violation.invariant)) return;
  process.stderr.write(`shrinking it, with ${MAX_SHRINK_RUNS} runs at most\n`);
  const shrunk = shrink(plan, result, run, { maxRuns: MAX_SHRINK_RUNS });
  console.log(`${shrunk.plan.faults.length} of ${plan.faults.length} faults are enough:`);
  for (const fault of shrunk.plan.faults) console.log(`  ${JSON.stringify(fault)}`);
  console.log(`kept in ${storeCase(shrunk)}`);
}
