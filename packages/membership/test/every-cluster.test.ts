import { expect, it } from 'vitest';
import { everyCluster } from './model/every-cluster.js';
import { follow } from './model/follow.js';

it('breaks no rule, comes to rest and finishes in one of 37 of all small clusters', () => {
  let clusters = 0;
  for (const cluster of everyCluster({}, 37)) {
    const { broken } = follow(cluster);
    clusters++;
    if (broken.length > 0) expect.fail(`${broken.join('\n')}\nin ${JSON.stringify(cluster)}`);
  }
  expect(clusters).toBeGreaterThan(30_000);
}, 120_000);
