import { describe, expect, it } from 'vitest';
import { type MemberSighting, type MemberTrack, type TrackContext, trackMember } from '../src/index.js';

const CONTEXT: TrackContext = { lastIndex: 1_000, promoteMaxLag: 100, stabilizationTimeMs: 10_000 };
const CLOSE: MemberSighting = { answers: true, replication: 'replicate', match: 1_000 };
const SILENT: MemberSighting = { answers: false, replication: 'probe', match: 1_000 };

type Look = readonly [nowMs: number, sighting: MemberSighting, context?: Partial<TrackContext>];

function track(...looks: readonly Look[]): MemberTrack {
  let current: MemberTrack | undefined;
  for (const [nowMs, sighting, context] of looks) {
    current = trackMember(current, sighting, { ...CONTEXT, ...context }, nowMs);
  }
  if (current === undefined) throw new Error('no look');
  return current;
}

describe('member track', () => {
  it('dates closeness from the first look of an unbroken run', () => {
    expect(track([100, CLOSE], [200, CLOSE]).closeSinceMs).toBe(100);
    expect(track([100, CLOSE], [200, { ...CLOSE, match: 899 }], [300, CLOSE]).closeSinceMs).toBe(300);
    expect(track([100, CLOSE], [200, { ...CLOSE, replication: 'snapshot' }]).closeSinceMs).toBeNull();
    expect(track([100, CLOSE], [200, SILENT]).closeSinceMs).toBeNull();
  });

  it('keeps the start of a down-time through short answers', () => {
    const down = track([100, SILENT], [5_000, CLOSE], [14_999, CLOSE], [15_000, SILENT]);
    expect(down.silentSinceMs).toBe(100);
  });

  it('forgets a down-time once answers have lasted the stabilization time', () => {
    expect(track([100, SILENT], [5_000, CLOSE], [14_999, CLOSE]).silentSinceMs).toBe(100);
    expect(track([100, SILENT], [5_000, CLOSE], [15_000, CLOSE]).silentSinceMs).toBeNull();
    expect(track([100, SILENT], [5_000, CLOSE], [15_000, CLOSE], [16_000, SILENT]).silentSinceMs).toBe(16_000);
  });

  it('measures a round from its target to the look that sees it reached', () => {
    const at = (match: number): MemberSighting => ({ ...CLOSE, match });
    const looks: Look[] = [
      [0, at(0)],
      [400, at(600), { lastIndex: 1_500 }],
      [700, at(1_100), { lastIndex: 1_600 }],
    ];
    expect(track(...looks)).toMatchObject({ lastRoundMs: 700, roundTarget: 1_600, roundStartedAtMs: 700 });
    expect(track(...looks.slice(0, 2)).lastRoundMs).toBeNull();
  });

  it('counts no round from before a silence', () => {
    expect(track([0, CLOSE], [100, CLOSE]).lastRoundMs).toBe(100);
    expect(track([0, CLOSE], [100, CLOSE], [200, SILENT]).lastRoundMs).toBeNull();
  });
});
