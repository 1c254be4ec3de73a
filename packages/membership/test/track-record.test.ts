import { describe, expect, it } from 'vitest';
import {
  isTrackNews,
  type MemberSighting,
  type MemberTrack,
  restoreTrack,
  saveTrack,
  trackMember,
} from '../src/index.js';

const CONTEXT = { lastIndex: 1_000, promoteMaxLag: 100, stabilizationTimeMs: 10_000 };
const UP: MemberSighting = { answers: true, replication: 'replicate', match: 1_000 };
const DOWN: MemberSighting = { answers: false, replication: 'probe', match: 1_000 };

const look = (
  track: MemberTrack | undefined,
  sighting: MemberSighting,
  nowMs: number,
  lastIndex = 1_000,
): MemberTrack => trackMember(track, sighting, { ...CONTEXT, lastIndex }, nowMs);

describe('the record of a track', () => {
  it('lets a new leader, with another clock, go on counting a silence', () => {
    const old = look(look(undefined, UP, 500_000), DOWN, 520_000);
    const record = JSON.parse(JSON.stringify(saveTrack(old, 525_000)));
    expect(record).toEqual({ quietForMs: 5_000, silentForMs: 5_000, fallsAgoMs: [5_000] });
    // The new leader's clock was at 70,000 when it applied the record, and is at 80,000 when it first looks.
    const next = look(restoreTrack(record, 70_000), DOWN, 80_000);
    expect(next).toMatchObject({ quietSinceMs: 65_000, silentSinceMs: 65_000, falls: [65_000] });
  });

  it('gives nobody a closeness that the new leader has not seen', () => {
    const close = look(undefined, UP, 0);
    expect(close.closeSinceMs).toBe(0);
    expect(look(restoreTrack(saveTrack(close, 9_000), 9_000), UP, 10_000).closeSinceMs).toBe(10_000);
  });

  it('is written anew when a silence or a down-time begins or ends, and not for growing older', () => {
    const up = look(undefined, UP, 0);
    expect(isTrackNews(undefined, up)).toBe(false);
    const down = look(up, DOWN, 1_000);
    expect(isTrackNews(undefined, down)).toBe(true);
    expect(isTrackNews(up, down)).toBe(true);
    expect(isTrackNews(down, look(down, DOWN, 2_000))).toBe(false);
    const back = look(down, UP, 3_000);
    expect(isTrackNews(down, back)).toBe(true);
    expect(isTrackNews(back, look(back, UP, 13_000))).toBe(true);
  });
});

describe('a track', () => {
  it('remembers the last eight falls, and a fall is only after an answer', () => {
    let track = look(undefined, DOWN, 0);
    for (let round = 1; round <= 10; round++) track = look(look(track, UP, round * 10), DOWN, round * 10 + 5);
    expect(track.falls).toEqual([35, 45, 55, 65, 75, 85, 95, 105]);
    expect(look(track, DOWN, 200).falls).toEqual(track.falls);
  });

  it('counts an unbroken silence from its own start, and a down-time from the first', () => {
    const flickered = look(look(look(undefined, DOWN, 0), UP, 5_000), DOWN, 8_000);
    expect(flickered).toMatchObject({ quietSinceMs: 8_000, silentSinceMs: 0 });
    expect(look(flickered, UP, 9_000).quietSinceMs).toBeNull();
  });

  it('sees progress in entries, in bytes of a snapshot, and in being close', () => {
    const behind = { ...UP, match: 10 };
    const start = look(undefined, behind, 0);
    expect(look(start, behind, 100).progressAtMs).toBe(0);
    expect(look(start, { ...behind, match: 11 }, 100).progressAtMs).toBe(100);
    expect(look(start, UP, 100).progressAtMs).toBe(100);
    const sending = { ...behind, replication: 'snapshot', snapshot: { sentBytes: 5, totalBytes: 10 } } as const;
    expect(look(start, sending, 100).progressAtMs).toBe(100);
    expect(look(look(start, sending, 100), sending, 200).progressAtMs).toBe(100);
  });

  it('starts its estimate anew with each way of catching up', () => {
    const start = look(undefined, { ...UP, match: 10 }, 0);
    expect(start.catchUp).toEqual({ replication: 'replicate', sinceMs: 0, lag: 990, sentBytes: 0 });
    expect(look(start, { ...UP, match: 400 }, 100).catchUp).toEqual(start.catchUp);
    const sending = { ...UP, match: 10, replication: 'snapshot', snapshot: { sentBytes: 5, totalBytes: 10 } } as const;
    expect(look(start, sending, 100).catchUp).toMatchObject({ replication: 'snapshot', sinceMs: 100, sentBytes: 5 });
    expect(look(start, DOWN, 100).catchUp.sinceMs).toBe(100);
  });
});
