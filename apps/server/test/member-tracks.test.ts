import { describe, expect, it } from 'vitest';
import { MemberTracks, type Sighting } from '../src/ladder/member-tracks.js';

const CONTEXT = { lastIndex: 100, promoteMaxLag: 10, stabilizationTimeMs: 1000 };

const sees = (id: number, answers: boolean, silentMs: number | null = 0): Sighting => ({
  id,
  answers,
  silentMs,
  replication: 'replicate',
  match: 100,
  snapshot: null,
  recovering: false,
});

describe('what a leader remembers of its members', () => {
  it('counts a silence from the last answer, not from the look that noticed it', () => {
    const tracks = new MemberTracks(1000);
    tracks.look([sees(1, true)], CONTEXT, 0);
    tracks.look([sees(1, false, 1100)], CONTEXT, 2000);
    tracks.look([sees(1, false, 1300)], CONTEXT, 2200);
    expect(tracks.get(1)).toMatchObject({ quietSinceMs: 900, silentSinceMs: 900, falls: [900] });
  });

  it('takes a member that it never saw before, and that is silent already, as silent and not as fallen', () => {
    const tracks = new MemberTracks(1000);
    expect(tracks.look([sees(1, false, 1100)], CONTEXT, 2000)).toBe(true);
    expect(tracks.get(1)).toMatchObject({ quietSinceMs: 900, silentSinceMs: 900, falls: [] });
  });

  it('takes nobody as silent who had no time yet to answer a new leader, and who does not then as silent all along', () => {
    const tracks = new MemberTracks(1000);
    tracks.look([sees(1, true), sees(2, true), sees(3, true)], CONTEXT, 0);
    tracks.restart(5000);
    expect(tracks.look([sees(1, true), sees(2, false, null), sees(3, false, null)], CONTEXT, 5001)).toBe(false);
    expect({ looked: tracks.looked, news: tracks.news(5001) }).toEqual({ looked: false, news: null });
    expect(tracks.look([sees(1, true), sees(2, true), sees(3, false, null)], CONTEXT, 5200)).toBe(true);
    expect(tracks.looked).toBe(true);
    expect(tracks.get(2)).toMatchObject({ quietSinceMs: null, silentSinceMs: null });
    expect(tracks.get(3)).toMatchObject({ quietSinceMs: 5000, silentSinceMs: 5000, falls: [] });
    // Added later, and not started: it is as old as it is.
    tracks.look([sees(1, true), sees(4, false, null)], CONTEXT, 9000);
    expect(tracks.get(4)).toMatchObject({ quietSinceMs: 9000 });
  });

  it('goes on from what the log says where this member begins to lead, on its own clock', () => {
    const first = new MemberTracks(1000);
    first.look([sees(1, true), sees(2, true)], CONTEXT, 0);
    first.look([sees(1, true), sees(2, false, 0)], CONTEXT, 5000);
    first.look([sees(1, true), sees(2, false, 3000)], CONTEXT, 8000);
    const told = first.news(8000);
    expect(told).toEqual([{ id: 2, quietForMs: 3000, silentForMs: 3000, fallsAgoMs: [3000] }]);

    const next = new MemberTracks(1000);
    next.restore(told ?? [], 100_000);
    // Something else in the table has changed.
    next.restore(told ?? [], 100_500);
    next.restart(100_700);
    next.look([sees(1, true), sees(2, false, null)], CONTEXT, 101_000);
    expect(next.get(2)).toMatchObject({ quietSinceMs: 97_000, silentSinceMs: 97_000 });
    expect(next.get(1)).toMatchObject({ silentSinceMs: null });
  });

  it('says when something changed that a plan may depend on, and that time has passed is nothing', () => {
    const tracks = new MemberTracks(1000);
    expect(tracks.look([sees(1, true)], CONTEXT, 0)).toBe(true);
    tracks.look([sees(1, true)], CONTEXT, 100);
    // Looks do not come at an even pace, and a round of catching up takes from one to the next.
    expect(tracks.look([sees(1, true)], CONTEXT, 210)).toBe(false);
    expect(tracks.look([sees(1, true)], CONTEXT, 290)).toBe(false);
    // A round that takes longer than an election timeout speaks against a promotion, until a quicker one.
    expect(tracks.look([{ ...sees(1, true), match: 95 }], CONTEXT, 400)).toBe(false);
    expect(tracks.look([sees(1, true)], CONTEXT, 1400)).toBe(true);
    expect(tracks.look([sees(1, true)], CONTEXT, 1500)).toBe(true);
    expect(tracks.look([{ ...sees(1, true), recovering: true }], CONTEXT, 1600)).toBe(true);
    expect(tracks.look([sees(1, false, 50)], CONTEXT, 1700)).toBe(true);
    expect(tracks.look([], CONTEXT, 1800)).toBe(true);
    expect(tracks.get(1)).toBeUndefined();
  });

  it('tells the log seldom: when a silence begins or ends, again after a minute, never twice in two seconds', () => {
    const tracks = new MemberTracks(1000);
    tracks.look([sees(1, true)], CONTEXT, 0);
    expect(tracks.news(0)).toBeNull();
    tracks.look([sees(1, false, 0)], CONTEXT, 10_000);
    expect(tracks.news(10_000)).toHaveLength(1);
    expect(tracks.news(11_000)).toBeNull();
    const applied = [{ id: 1, quietForMs: 0, silentForMs: 0, fallsAgoMs: [0] }];
    tracks.restore(applied, 10_000);
    tracks.look([sees(1, false, 5000)], CONTEXT, 15_000);
    expect(tracks.news(15_000)).toBeNull();
    expect(tracks.news(70_000)).toMatchObject([{ id: 1, silentForMs: 60_000 }]);
  });
});
