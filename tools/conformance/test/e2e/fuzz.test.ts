/** The same random calls to etcd and to this server have the same answers, field by field. */
import { describe, test } from 'vitest';
import { etcdIsInstalled, expectEqual } from '../fuzzing.js';

describe.skipIf(!etcdIsInstalled())('random calls have the same answers from etcd and from this server', () => {
  test.each([1, 2])('seed %i', { timeout: 240_000 }, (seed) => expectEqual(seed, 500));
});
