// One vitest configuration for every package: sources are used directly (no build first). UNDERSTUDY_TIER picks what
// runs: `unit` leaves out the end-to-end tests, `e2e` is those alone (they need a build), `full` is the long tier
// (`*.long.test.ts`), `full-unit` and `full-e2e` are its halves, and without it everything but the long tier runs.
import { configDefaults, defineConfig } from 'vitest/config';

const LONG = 'test/**/*.long.test.ts';
const LONG_E2E = 'test/e2e/**/*.long.test.ts';
const E2E = 'test/e2e/**/*.test.ts';
const EVERY = 'test/**/*.test.ts';

const TIERS = {
  default: { include: [EVERY], exclude: [LONG] },
  unit: { include: [EVERY], exclude: [LONG, E2E] },
  e2e: { include: [E2E], exclude: [LONG] },
  full: { include: [LONG], exclude: [] },
  'full-unit': { include: [LONG], exclude: [LONG_E2E] },
  'full-e2e': { include: [LONG_E2E], exclude: [] },
};

function selectTier(name: string): { include: string[]; exclude: string[] } {
  if (Object.hasOwn(TIERS, name)) return TIERS[name as keyof typeof TIERS];
  throw new Error(`UNDERSTUDY_TIER is '${name}'; it may be ${Object.keys(TIERS).join(', ')}`);
}

const tier = selectTier(process.env['UNDERSTUDY_TIER'] ?? 'default');

export default defineConfig({
  resolve: { conditions: ['@understudy/source'] },
  ssr: { resolve: { conditions: ['@understudy/source'] } },
  test: {
    include: tier.include,
    exclude: [...configDefaults.exclude, ...tier.exclude],
    // Of a test that hangs. What takes a second on a quiet machine takes many on a slow one.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    passWithNoTests: true,
  },
});
