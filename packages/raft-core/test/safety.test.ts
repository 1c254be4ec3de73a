import { describe, expect, it } from 'vitest';
import { chaosRuns, seen, VARIANTS } from './safety-runs.js';

describe('safety where members lose what they acknowledged', () => {
  it.each(VARIANTS.slice(0, 2))('holds while they recover, and all come to rest: %s', (_, options) => {
    chaosRuns(options, 25, 2500, 20_261, { noticed: true });
    expect(seen.damages / seen.runs).toBeGreaterThan(1);
    expect(seen.recoveries / seen.runs).toBeGreaterThan(0.3);
  });

  it('is lost where they do not know', () => {
    const [, options] = VARIANTS[0] as (typeof VARIANTS)[number];
    expect(() => chaosRuns(options, 200, 2500, 20_262, { noticed: false })).toThrow();
  });
});

describe('safety under chaos', () => {
  it.each(VARIANTS)(
    'one leader a term, nothing applied is lost, no read is stale, all come to rest: %s',
    (_, options) => {
      chaosRuns(options, 25, 2500, 20_260);
    },
  );

  it('the chaos reached what it is for', () => {
    expect(seen.elections / seen.runs).toBeGreaterThan(3);
    expect(seen.reads / seen.runs).toBeGreaterThan(3);
    expect(seen.applied / seen.runs).toBeGreaterThan(15);
    expect(seen.configurations / seen.runs).toBeGreaterThan(2);
    expect(seen.rested / seen.runs).toBeGreaterThan(0.8);
  });
});
