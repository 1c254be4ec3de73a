// One vitest configuration for every package: sources are used directly (no build first), and tests of the
// long tier (`*.long.test.ts`) run only when UNDERSTUDY_TIER is `full`.
import { configDefaults, defineConfig } from 'vitest/config';

const long = process.env['UNDERSTUDY_TIER'] === 'full';

export default defineConfig({
  resolve: { conditions: ['@understudy/source'] },
  ssr: { resolve: { conditions: ['@understudy/source'] } },
  test: {
    include: long ? ['test/**/*.long.test.ts'] : ['test/**/*.test.ts'],
    exclude: long ? configDefaults.exclude : [...configDefaults.exclude, 'test/**/*.long.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    passWithNoTests: true,
  },
});
