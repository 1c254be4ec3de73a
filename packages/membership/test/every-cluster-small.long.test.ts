import { expect, it } from 'vitest';
import { everyCluster } from './model/every-cluster.js';
import { exhaust } from './model/exhaust.js';

// The other sizes are in a file of their own, so that both run at the same time.
it('breaks no rule and comes to rest in every small cluster that wants one or two voters, or says nothing', () => {
  const { clusters, broken } = exhaust(everyCluster(1, ['auto', 1, 2]), 4);
  expect(broken).toBe('');
  expect(clusters).toBeGreaterThan(200_000);
}, 600_000);
