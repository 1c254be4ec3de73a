// Every package's tests in one run; the tiers of `npm test` and `npm run test:full` use it.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: ['{packages,apps,tools}/*/vitest.config.ts'],
    maxWorkers: 2,
    passWithNoTests: true,
  },
});
