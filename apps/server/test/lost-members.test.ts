import { describe, expect, it } from 'vitest';
import { LostMembers } from '../src/standby/lost-members.js';

describe('a machine that asks with the peer URLs of a member', () => {
  it('says that the member is lost, for as long as it asks', () => {
    const lost = new LostMembers(() => 90);
    expect(lost.claimed(7, 'a', 100)).toBe(true);
    expect(lost.claimed(7, 'a', 200)).toBe(false);
    expect([...lost.since(200)]).toEqual([7]);
    expect([...lost.since(201)]).toEqual([]);
  });

  it('proves nothing, then and later, where the member answers after it had asked', () => {
    let answeredAtMs = 90;
    const lost = new LostMembers(() => answeredAtMs);
    lost.claimed(7, 'other', 100);
    answeredAtMs = 150;
    expect([...lost.since(0)]).toEqual([]);
    expect(lost.claimed(7, 'other', 200)).toBe(false);
    // The member falls silent for a while; the other machine still asks.
    expect(lost.claimed(7, 'other', 9_000)).toBe(false);
    expect([...lost.since(0)]).toEqual([]);
    // Its own machine, without its data, is another registration.
    expect(lost.claimed(7, 'own', 9_100)).toBe(true);
    expect([...lost.since(0)]).toEqual([7]);
  });

  it('is forgotten with the leadership', () => {
    const lost = new LostMembers(() => null);
    lost.claimed(7, 'a', 100);
    lost.clear();
    expect([...lost.since(0)]).toEqual([]);
  });
});
