import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatDuration,
  formatPolicySettings,
  parseDuration,
  parsePolicySettings,
  parseTriggers,
  policySettingNames,
  resolvePolicy,
} from '../src/index.js';
import { policy } from './views.js';

describe('policy settings', () => {
  it('are read as name=value, put over those that are there, and taken back with default', () => {
    const words = ['failoverAfter=2s', 'maxLearners=4', 'activeSize=auto', 'autoPromote=join,size', 'paused=on'];
    expect(parsePolicySettings(words, { maxReaders: 2, maxLearners: 1 })).toEqual({
      ok: true,
      settings: {
        maxReaders: 2,
        maxLearners: 4,
        failoverAfterMs: 2_000,
        activeSize: 'auto',
        autoPromote: { join: true, size: true, failover: false },
        paused: true,
      },
    });
    expect(parsePolicySettings(['maxLearners=default'], { maxLearners: 1 })).toEqual({ ok: true, settings: {} });
  });

  it('are printed so that they are read again as they were', () => {
    const whole = policy({ activeSize: 3, stabilizationTimeMs: 90_500, warmReserve: true, spreadBy: 'none' });
    const words = formatPolicySettings(whole);
    expect(words).toHaveLength(policySettingNames().length);
    expect(words).toContain('stabilizationTime=1m30s500ms');
    expect(words).toContain('autoPromote=join,size,failover');
    const read = parsePolicySettings(words);
    expect(read).toEqual({ ok: true, settings: whole });
    expect(read.ok && resolvePolicy(read.settings)).toEqual({ ok: true, policy: whole });
    expect(formatPolicySettings({ maxReaders: 2 })).toEqual(['maxReaders=2']);
  });

  it.each([
    ['maxLearners', 'maxLearners', "'maxLearners' is not of the form name=value"],
    ['=4', '=4', "'=4' is not of the form name=value"],
    ['maxLeaners=4', 'maxLeaners', "there is no policy setting 'maxLeaners'; there are activeSize, "],
    ['maxLearners=four', 'maxLearners', "maxLearners must be a whole number, not 'four'"],
    ['maxLearners=-1', 'maxLearners', "maxLearners must be a whole number, not '-1'"],
    ['failoverAfter=2', 'failoverAfter', "failoverAfter must be a duration like 500ms, 15s, 1m30s or 2h, not '2'"],
    ['paused=yes', 'paused', "paused must be true or false, not 'yes'"],
    ['activeSize=many', 'activeSize', "activeSize must be a whole number or auto, not 'many'"],
    [
      'autoPromote=join,join',
      'autoPromote',
      "autoPromote must be all, none, or some of join,size,failover, not 'join,join'",
    ],
    ['spreadBy=rack', 'spreadBy', "spreadBy must be zone or none, not 'rack'"],
  ])('refuse %s by its name', (word, field, text) => {
    const result = parsePolicySettings(['maxReaders=1', word]);
    expect(result).toMatchObject({ ok: false, field, text: expect.stringContaining(text) });
  });

  it('refuse a setting that is given twice', () => {
    expect(parsePolicySettings(['maxReaders=1', 'maxReaders=2'])).toMatchObject({ field: 'maxReaders' });
  });

  it('do not take an inherited name for one of theirs', () => {
    expect(parsePolicySettings(['paused=constructor'])).toMatchObject({ ok: false, field: 'paused' });
    expect(parsePolicySettings(['constructor=1'])).toMatchObject({ ok: false, field: 'constructor' });
  });

  it('know all triggers and none', () => {
    expect(parseTriggers('all')).toEqual({ join: true, size: true, failover: true });
    expect(parseTriggers('none')).toEqual({ join: false, size: false, failover: false });
    expect(parseTriggers('')).toBeUndefined();
    expect(parseTriggers('vote')).toBeUndefined();
  });
});

describe('durations', () => {
  it('are read as they are printed, whatever they are', () => {
    fc.assert(
      fc.property(fc.nat({ max: 30 * 24 * 3_600_000 }), (durationMs) => {
        expect(parseDuration(formatDuration(durationMs))).toBe(durationMs);
      }),
    );
  });

  it('are read from any text without harm: a whole number of milliseconds, or nothing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9hms.]{0,12}$/)), (text) => {
        const parsed = parseDuration(text);
        if (parsed !== undefined) expect(Number.isSafeInteger(parsed) && parsed >= 0).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ['0', 0],
    ['500ms', 500],
    ['1.5s', 1_500],
    ['1m30s', 90_000],
    ['2h', 7_200_000],
    ['1h1m1s1ms', 3_661_001],
  ])('%s is %i ms', (text, durationMs) => {
    expect(parseDuration(text)).toBe(durationMs);
    expect(parseDuration(formatDuration(durationMs))).toBe(durationMs);
  });

  it.each(['', '5', 's', '-5s', '5 s', '1s1m', '1.5m', '5S', 'Infinity', '1e3s', '1.2345s'])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});
