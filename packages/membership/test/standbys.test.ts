import { describe, expect, it } from 'vitest';
import { standbyCheckIntervalMs } from '../src/index.js';
import { learner, planned, policy, silentFor, standby, voter } from './views.js';

const PAIR = [voter(1), voter(2)];
const RESERVED = { token: 5, term: 7, purpose: 'size', forMemberId: 0 } as const;

describe('standbys', () => {
  it('are reserved, then activated, while there are fewer voters than wanted', () => {
    const given = { activeSize: 3 } as const;
    expect(planned(PAIR, given, { standbys: [standby(9), standby(8)] }).does).toEqual(['reserve 8 size 0']);
    const standbys = [standby(9), standby(8, { reservation: RESERVED })];
    expect(planned(PAIR, given, { standbys }).does).toEqual(['activate 8 size 0']);
  });

  it('are not activated for a place to which a learner is on its way', () => {
    const started = learner(3, { origin: 'automation', started: false, ...silentFor(2_000), addedAtMs: 998_000 });
    expect(planned([...PAIR, started], { activeSize: 3 }, { standbys: [standby(9)] }).does).toEqual([]);
  });

  it('lose a reservation of an earlier term', () => {
    const standbys = [standby(9, { reservation: { ...RESERVED, term: 6 } })];
    expect(planned(PAIR, { activeSize: 3 }, { standbys }).does).toEqual(['release 9']);
  });

  it('are never taken when they are standby-only, drained, away or of another protocol', () => {
    const standbys = [
      standby(5, { standbyOnly: true }),
      standby(6, { drained: true }),
      standby(7, { connected: false }),
      standby(8, { protocol: { min: 2, max: 3 } }),
      standby(9, { protocol: null }),
    ];
    const { does, full } = planned(PAIR, { activeSize: 3 }, { standbys });
    expect(does).toEqual([]);
    expect(full.holds[0]?.text).toBe(
      '2 voters are to stay, and activeSize is 3; of 5 standbys none can be taken: 1 drained, 1 not connected, 2 of another protocol, 1 standby-only',
    );
  });

  it('are taken from the zone with the fewest voters, those that failed before last', () => {
    const members = [voter(1, { zone: 'a' }), voter(2, { zone: 'b' })];
    const standbys = [
      standby(5, { zone: 'c', failedActivations: 1 }),
      standby(6, { zone: 'a' }),
      standby(7, { zone: 'c' }),
    ];
    expect(planned(members, { activeSize: 3 }, { standbys }).does).toEqual(['reserve 7 size 0']);
    expect(planned(members, { activeSize: 3, spreadBy: 'none' }, { standbys }).does).toEqual(['reserve 6 size 0']);
  });

  it('are not activated beyond maxLearners, nor for a trigger that is off', () => {
    const standbys = [standby(9, { reservation: RESERVED })];
    const manual = learner(3, { promotion: 'manual' });
    const full = planned([...PAIR, manual], { activeSize: 3, maxLearners: 1 }, { standbys });
    expect(full).toMatchObject({ does: [], holds: ['0 too-many-learners', '3 manual'] });
    const autoPromote = { join: true, size: false, failover: true };
    expect(planned(PAIR, { activeSize: 3, autoPromote }, { standbys })).toMatchObject({
      does: ['release 9'],
      holds: ['0 trigger-off'],
    });
  });

  it('are forgotten when they were not heard of for removeDelay', () => {
    const standbys = [standby(8, { connected: false, lastSeenMs: 0 }), standby(9)];
    const trio = [...PAIR, voter(3)];
    expect(planned(trio, { activeSize: 3, removeDelayMs: 1_000_000 }, { standbys }).does).toEqual(['forget 8']);
    const later = planned(trio, { activeSize: 3, removeDelayMs: 1_000_001 }, { standbys });
    expect(later.does).toEqual([]);
    // Nothing else need happen until then.
    expect(later.full.nextCheckAtMs).toBe(1_000_001);
  });

  it('fix activeSize at the voters of that moment, and those that are joining, when the first registers', () => {
    const joining = learner(4, { promotion: 'join', match: 0 });
    const standbys = [standby(9)];
    expect(planned([...PAIR, voter(3)], {}, { standbys }).does).toEqual(['size 3']);
    expect(planned([...PAIR, joining], {}, { standbys }).does).toEqual(['size 3']);
    expect(planned([...PAIR, voter(3)], { activeSize: 3 }, { standbys }).does).toEqual([]);
  });

  it('check in fast when reserved, and the more rarely the more there are', () => {
    const rules = policy();
    expect(standbyCheckIntervalMs(standby(9), 1, rules)).toBe(5_000);
    expect(standbyCheckIntervalMs(standby(9), 10, rules)).toBe(5_000);
    expect(standbyCheckIntervalMs(standby(9), 200, rules)).toBe(100_000);
    expect(standbyCheckIntervalMs(standby(9), 10_000, rules)).toBe(600_000);
    expect(standbyCheckIntervalMs(standby(9, { reservation: RESERVED }), 10_000, rules)).toBe(1_000);
  });
});
