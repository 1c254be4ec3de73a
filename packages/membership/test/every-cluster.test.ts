import { expect, it } from 'vitest';
import { everyCluster } from './model/every-cluster.js';
import { exhaust } from './model/exhaust.js';

it('breaks no rule, comes to rest and finishes in one of 97 of all small clusters', () => {
  const { clusters, broken } = exhaust(everyCluster(97), 1);
  expect(broken).toBe('');
  expect(clusters).toBeGreaterThan(3_000);
}, 120_000);
