import { expect, it } from 'vitest';
import { everyClusterWithLosses } from './model/every-cluster.js';
import { exhaust } from './model/exhaust.js';

it('breaks no rule and comes to rest in every small cluster where voters and learners may have lost their data', () => {
  const { clusters, broken } = exhaust(everyClusterWithLosses(), 4);
  expect(broken).toBe('');
  expect(clusters).toBeGreaterThan(100_000);
}, 600_000);
