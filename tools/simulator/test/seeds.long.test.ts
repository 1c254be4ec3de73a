/** Twenty simulated hours of seeds that the quick tier does not run. */
import { expect, test } from 'vitest';
import { buildSimulator } from '../src/mutants/build.js';
import { campaign } from '../src/runs/campaign.js';

const FROM = 10_000;
const HOURS = 20;

test('twenty simulated hours keep every invariant', { timeout: 1_800_000 }, async () => {
  const { planOf, run } = await buildSimulator();
  let simulatedMs = 0;
  const counting = {
    planOf,
    run: (plan: Parameters<typeof run>[0]) => {
      const result = run(plan);
      simulatedMs += result.simulatedMs;
      return result;
    },
  };
  const goesOn = () => simulatedMs < HOURS * 3_600_000;
  const { failures, tally } = campaign({ from: FROM, goesOn, maxFailures: 3, cases: [] }, counting);
  expect(failures.map(({ plan, result }) => `seed ${plan.setup.seed}: ${result.violation?.message}`)).toEqual([]);
  expect(tally.simulatedMs).toBeGreaterThanOrEqual(HOURS * 3_600_000);
});
