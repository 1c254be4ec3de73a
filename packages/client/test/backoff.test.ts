import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs } from '../src/backoff.js';

const POLICY = { baseMs: 50, maxMs: 2000 };

describe('backoffMs', () => {
  it('waits nothing before the first failure', () => {
    expect(backoffMs(0, POLICY, 0.5)).toBe(0);
  });

  it('doubles its ceiling with each failure until the maximum', () => {
    const ceilings = [1, 2, 3, 6, 7, 8, 1000].map((failures) => backoffMs(failures, POLICY, 1));
    expect(ceilings).toEqual([50, 100, 200, 1600, 2000, 2000, 2000]);
  });

  it('lies between half and all of its ceiling, whatever the randomness', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (failures, random) => {
          const ceiling = backoffMs(failures, POLICY, 1);
          const wait = backoffMs(failures, POLICY, random);
          return wait >= ceiling / 2 && wait <= ceiling;
        },
      ),
    );
  });
});
