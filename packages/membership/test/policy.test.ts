import { describe, expect, it } from 'vitest';
import { type Policy, resolvePolicy } from '../src/index.js';

describe('policy', () => {
  it('has defaults', () => {
    expect(resolvePolicy()).toEqual({
      ok: true,
      policy: {
        activeSize: 'auto',
        autoPromote: { join: true, size: true, failover: true },
        paused: false,
        stabilizationTimeMs: 10_000,
        promoteMaxLag: 2_500,
        maxLearners: 4,
        maxReaders: 8,
        failoverAfterMs: 15_000,
        removeDelayMs: 1_800_000,
        learnerStallMs: 300_000,
        maxAutoRemovals: 1,
        removalWindowMs: 300_000,
        standbySyncIntervalMs: 5_000,
        warmReserve: false,
        spreadBy: 'zone',
      },
    });
  });

  it('takes the lag of promotion from what the server keeps', () => {
    const lagFor = (snapshotCount: number, catchUpEntries: number): number | undefined => {
      const result = resolvePolicy({}, { snapshotCount, catchUpEntries });
      return result.ok ? result.policy.promoteMaxLag : undefined;
    };
    expect(lagFor(1_000, 5_000)).toBe(100);
    expect(lagFor(100_000, 5_000)).toBe(2_500);
    expect(lagFor(3, 1)).toBe(1);
  });

  it.each<[keyof Policy, unknown]>([
    ['activeSize', 0],
    ['activeSize', 10],
    ['activeSize', 'many'],
    ['activeSize', 2.5],
    ['autoPromote', 'yes'],
    ['paused', 1],
    ['stabilizationTimeMs', -1],
    ['stabilizationTimeMs', 3_600_001],
    ['stabilizationTimeMs', Number.NaN],
    ['promoteMaxLag', 0],
    ['promoteMaxLag', 5_001],
    ['maxLearners', 0],
    ['maxLearners', 65],
    ['maxReaders', -1],
    ['autoPromote', { join: true, size: true }],
    ['autoPromote', { join: true, size: true, failover: 1 }],
    ['autoPromote', { join: true, size: true, failover: true, never: true }],
    ['failoverAfterMs', 99],
    ['failoverAfterMs', 3_600_001],
    ['removeDelayMs', 999],
    ['removeDelayMs', 14_999],
    ['learnerStallMs', 0],
    ['maxAutoRemovals', 10],
    ['removalWindowMs', 0.5],
    ['standbySyncIntervalMs', 99],
    ['standbySyncIntervalMs', 600_001],
    ['warmReserve', 'true'],
    ['spreadBy', 'rack'],
  ])('refuses %s = %s by its name', (field, value) => {
    const result = resolvePolicy({ [field]: value });
    const name = field.replace(/Ms$/, '');
    expect(result).toMatchObject({ ok: false, field, text: expect.stringMatching(new RegExp(`^${name} (must|is) `)) });
  });

  it('refuses a duration in the words in which it was set', () => {
    const textOf = (given: Partial<Policy>): string => {
      const result = resolvePolicy(given);
      return result.ok ? '' : result.text;
    };
    expect(textOf({ failoverAfterMs: 99 * 3_600_000 })).toBe(
      'failoverAfter must be from 100ms to 1h, in whole milliseconds, not 99h',
    );
    expect(textOf({ removalWindowMs: 0.5 })).toBe(
      'removalWindow must be from 1s to 720h, in whole milliseconds, not 0.5 ms',
    );
    expect(textOf({ removeDelayMs: 14_999 })).toBe(
      'removeDelay is 14s999ms, and must be at least failoverAfter, which is 15s',
    );
    expect(textOf({ standbySyncIntervalMs: 600_001 })).toBe(
      'standbySyncInterval is 10m1ms, and must be at most a third of removeDelay, which is 30m',
    );
  });

  it('refuses a basis out of range', () => {
    expect(resolvePolicy({}, { snapshotCount: 0, catchUpEntries: 5_000 })).toMatchObject({ field: 'snapshotCount' });
    expect(resolvePolicy({}, { snapshotCount: 10, catchUpEntries: 0 })).toMatchObject({ field: 'catchUpEntries' });
  });
});
