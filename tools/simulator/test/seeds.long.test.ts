/** Twenty simulated hours of seeds that the quick tier does not run. */
import { expect, test } from 'vitest';
import { bundleWorker, SOUND } from '../src/mutants/build.js';
import { campaignInThreads } from '../src/runs/campaign-in-threads.js';

const FROM = 10_000;
const SIMULATED_MS = 20 * 3_600_000;

test('twenty simulated hours keep every invariant', { timeout: 1_800_000 }, async () => {
  const { dispose, path } = await bundleWorker(SOUND);
  try {
    const limits = { from: FROM, maxSeeds: Number.POSITIVE_INFINITY, maxSimulatedMs: SIMULATED_MS };
    const options = { ...limits, threads: 2, maxFailures: 3, cases: [], plain: false };
    const { failures, tally } = await campaignInThreads(path, options);
    expect(failures.map(({ plan, result }) => `seed ${plan.setup.seed}: ${result.violation?.message}`)).toEqual([]);
    expect(tally.simulatedMs).toBeGreaterThanOrEqual(SIMULATED_MS);
  } finally {
    dispose();
  }
});
