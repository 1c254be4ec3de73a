/** Twenty thousand random calls to etcd and to this server, a thousand a seed. */
import { describe, test } from 'vitest';
import { etcdIsInstalled, expectEqual } from '../fuzzing.js';

const SEEDS = Array.from({ length: 20 }, (_, index) => 101 + index);

describe.skipIf(!etcdIsInstalled())('20,000 random calls have the same answers from etcd and from this server', () => {
  test.each(SEEDS)('seed %i', { timeout: 180_000 }, (seed) => expectEqual(seed, 1000));
});
