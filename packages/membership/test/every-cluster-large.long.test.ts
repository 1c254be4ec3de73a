import { expect, it } from 'vitest';
import { everyCluster } from './model/every-cluster.js';
import { exhaust } from './model/exhaust.js';

it('breaks no rule and comes to rest in every small cluster that wants three or five voters', () => {
  const { clusters, broken } = exhaust(everyCluster(1, [3, 5]), 4);
  expect(broken).toBe('');
  expect(clusters).toBeGreaterThan(100_000);
}, 600_000);
