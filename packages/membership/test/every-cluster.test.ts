import { expect, it } from 'vitest';
import { everyCluster, everyClusterWithLosses } from './model/every-cluster.js';
import { exhaust } from './model/exhaust.js';

it('breaks no rule, comes to rest and finishes in one of 97 of all small clusters', () => {
  const { clusters, broken } = exhaust(everyCluster(97), 1);
  expect(broken).toBe('');
  expect(clusters).toBeGreaterThan(3_000);
}, 120_000);

it('does so in one of 97 of those where voters and learners may have lost their data', () => {
  const { clusters, broken } = exhaust(everyClusterWithLosses(97), 1);
  expect(broken).toBe('');
  expect(clusters).toBeGreaterThan(1_000);
}, 120_000);
