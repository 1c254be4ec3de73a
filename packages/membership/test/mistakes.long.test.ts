import { describe, expect, it } from 'vitest';
import { plan } from '../src/index.js';
import { everyCluster, everyClusterWithLosses } from './model/every-cluster.js';
import { follow, type Planner } from './model/follow.js';
import { MISTAKES } from './model/mistakes.js';
import { World } from './model/world.js';

const CLUSTERS = [...everyCluster(307), ...everyClusterWithLosses(307)];
const LIVES = 25;
const STEPS = 400;

/** The first thing that the checks say of this planner that begins like one of these. */
function firstCaught(planner: Planner, beginnings: readonly string[] = ['']): string | undefined {
  const fits = (broken: readonly string[]): string | undefined =>
    broken.find((text) => beginnings.some((beginning) => text.startsWith(beginning)));
  for (const cluster of CLUSTERS) {
    const found = fits(attempt(() => follow(cluster, planner).broken));
    if (found !== undefined) return found;
  }
  for (let seed = 1; seed <= LIVES; seed++) {
    const world = new World(seed, planner);
    for (let step = 0; step < STEPS; step++) {
      const broken = attempt(() => world.step());
      const found = fits(broken);
      if (found !== undefined) return found;
      if (broken.length > 0) break;
    }
  }
  return undefined;
}

function attempt(run: () => readonly string[]): readonly string[] {
  try {
    return run();
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

describe('the checks of the planner', () => {
  it('find nothing where there is no mistake', () => {
    expect(firstCaught(plan)).toBeUndefined();
  }, 120_000);

  it.each(MISTAKES)(
    'catch one that $what',
    ({ planner, caughtBy }) => {
      expect(firstCaught(planner, caughtBy)).toBeDefined();
    },
    120_000,
  );
});
