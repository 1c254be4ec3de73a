/** Looks for each mutant with the seeds and invariants of an ordinary campaign, and prints what it took. */
import { campaignInThreads } from '../runs/campaign-in-threads.js';
import { bundleWorker } from './build.js';
import type { Mutant } from './mutant.js';
import { MUTANTS } from './mutants.js';

export interface Kill {
  readonly mutant: Mutant;
  /** Seeds run until it was found; null where it was not. */
  readonly seeds: number | null;
  readonly invariant: string;
  readonly text: string;
}

export interface HuntOptions {
  /** Seeds to look through at most. */
  readonly maxSeeds: number;
  /** Mutants to look for at the same time. */
  readonly threads: number;
}

export const HEADING = '| mutant | the mistake | seeds | found by |\n|---|---|---|---|';

export async function hunt(mutant: Mutant, maxSeeds: number, from = 1): Promise<Kill> {
  const { dispose, path } = await bundleWorker(mutant);
  try {
    const limits = { from, maxSeeds, maxSimulatedMs: Number.POSITIVE_INFINITY };
    const options = { ...limits, threads: 1, maxFailures: 1, cases: [], plain: false };
    const { failures } = await campaignInThreads(path, options);
    const [first] = failures;
    const violation = first?.result.violation;
    if (first === undefined || violation == null) return { mutant, seeds: null, invariant: '', text: '' };
    const { invariant, message } = violation;
    return { mutant, seeds: first.plan.setup.seed - from + 1, invariant, text: message };
  } finally {
    dispose();
  }
}

/** Tells `onKill` of each, in the order of the list. */
export async function huntEach(
  mutants: readonly Mutant[],
  { maxSeeds, threads }: HuntOptions,
  onKill: (kill: Kill) => void,
): Promise<void> {
  const kills: (Kill | undefined)[] = [];
  let next = 0;
  let told = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < mutants.length; at = next++) {
      kills[at] = await hunt(mutants[at] as Mutant, maxSeeds);
      for (let kill = kills[told]; kill !== undefined; kill = kills[++told]) onKill(kill);
    }
  };
  await Promise.all(Array.from({ length: threads }, work));
}

/** True where every one of them was found. */
export async function huntAll(names: readonly string[], options: HuntOptions): Promise<boolean> {
  const chosen = names.length === 0 ? MUTANTS : MUTANTS.filter(({ name }) => names.includes(name));
  let alive = 0;
  console.log(HEADING);
  await huntEach(chosen, options, (kill) => {
    if (kill.seeds === null) alive++;
    console.log(rowOf(kill, options.maxSeeds));
  });
  console.log(`\n${chosen.length - alive} of ${chosen.length} mutants found`);
  return alive === 0;
}

function rowOf({ invariant, mutant, seeds }: Kill, maxSeeds: number): string {
  const found = seeds === null ? 'nothing' : `\`${invariant}\``;
  return `| \`${mutant.name}\` | ${mutant.mistake} | ${seeds ?? `not in ${maxSeeds}`} | ${found} |`;
}
