/** Looks for each mutant with the seeds and invariants of an ordinary run, and prints what it took. */
import { buildMutant } from './build.js';
import type { Mutant } from './mutant.js';
import { MUTANTS } from './mutants.js';

export interface Kill {
  readonly mutant: Mutant;
  /** Seeds run until it was found; null where it was not. */
  readonly seeds: number | null;
  readonly invariant: string;
  readonly text: string;
}

export async function hunt(mutant: Mutant, maxSeeds: number, from = 1): Promise<Kill> {
  const { planOf, run } = await buildMutant(mutant);
  for (let seeds = 1; seeds <= maxSeeds; seeds++) {
    const { violation } = run(planOf(from + seeds - 1));
    if (violation !== null) return { mutant, seeds, invariant: violation.invariant, text: violation.message };
  }
  return { mutant, seeds: null, invariant: '', text: '' };
}

/** True where every one of them was found. */
export async function huntAll(names: readonly string[], maxSeeds: number): Promise<boolean> {
  const unknown = names.filter((name) => !MUTANTS.some((mutant) => mutant.name === name));
  if (unknown.length > 0) {
    console.error(`unknown mutants: ${unknown.join(', ')}`);
    return false;
  }
  const chosen = names.length === 0 ? MUTANTS : MUTANTS.filter(({ name }) => names.includes(name));
  let alive = 0;
  console.log('| mutant | seeds | invariant |\n|---|---|---|');
  for (const mutant of chosen) {
    const { invariant, seeds } = await hunt(mutant, maxSeeds);
    console.log(`| ${mutant.name} | ${seeds ?? `not in ${maxSeeds}`} | ${invariant} |`);
    if (seeds === null) alive++;
  }
  console.log(`\n${chosen.length - alive} of ${chosen.length} mutants found`);
  return alive === 0;
}
