import { describe, expect, it } from 'vitest';
import { plan } from '../src/index.js';
import { learner, NOW_MS, planned, policy, silentFor, STEADY, standby, view, voter } from './views.js';

const SILENT = silentFor(20_000);
const trio = (rest: Parameters<typeof voter>[1]) => [voter(1), voter(2), voter(3, rest)];

describe('a voter that falls silent', () => {
  it('changes places with a learner that is ready, in one step, once it was silent for failoverAfter', () => {
    const given = { activeSize: 3 } as const;
    expect(planned([...trio(SILENT), learner(4)], given).does).toEqual(['swap 3 for 4']);
    const young = planned([...trio(silentFor(14_999)), learner(4)], given);
    expect(young.does).toEqual([]);
    expect(young.holds).toContain('3 suspect');
    expect(young.full.nextCheckAtMs).toBe(NOW_MS + 1);
  });

  it('is swapped while activeSize is auto too', () => {
    expect(planned([...trio(SILENT), learner(4, { triggers: { join: false } })]).does).toEqual(['swap 3 for 4']);
  });

  it('is swapped for a failover node, which is promoted for nothing else', () => {
    const node = learner(4, { promotion: 'failover' });
    expect(planned([...trio(SILENT), node], { activeSize: 3 }).does).toEqual(['swap 3 for 4']);
    expect(planned([voter(1), voter(2), node], { activeSize: 3 })).toMatchObject({
      does: [],
      holds: ['0 no-standby', '4 spare'],
    });
    expect(planned([...trio({}), node])).toMatchObject({ does: [], holds: ['4 spare'] });
  });

  it('waits for a learner that is on its way', () => {
    const behind = learner(4, { match: 0, track: { ...STEADY, closeSinceMs: null } });
    expect(planned([...trio(SILENT), behind], { activeSize: 3 })).toMatchObject({
      does: [],
      holds: ['3 replacing', '3 silent-delay', '4 lagging'],
    });
  });

  it('does not wait for one that an operator added and that has not started: a standby is there for it', () => {
    const given = { activeSize: 3 } as const;
    const standbys = [standby(9)];
    const mistake = learner(4, { promotion: 'join', name: '', started: false, ...silentFor(20_000) });
    expect(planned([...trio(SILENT), mistake], given, { standbys }).does).toEqual(['reserve 9 failover 3']);
    const replacing = { ...mistake, replaces: 3 };
    expect(planned([...trio(SILENT), replacing], given, { standbys }).does).toEqual(['reserve 9 failover 3']);
    const justAdded = { ...mistake, ...silentFor(1_000) };
    expect(planned([...trio(SILENT), justAdded], given, { standbys }).does).toEqual([]);
  });

  it('waits for a standby that was activated, though it takes its time to begin', () => {
    const beginning = learner(4, { origin: 'automation', started: false, ...silentFor(20_000) });
    const { does, holds } = planned([...trio(SILENT), beginning], { activeSize: 3 }, { standbys: [standby(9)] });
    expect(does).toEqual([]);
    expect(holds).toContain('3 replacing');
  });

  it('is neither swapped nor removed when it falls silent again and again, and raises an alarm', () => {
    const falls = [NOW_MS - 40_000, NOW_MS - 30_000, NOW_MS - 20_000];
    const flapping = [...trio(silentFor(20_000, { falls })), learner(4)];
    const { does, alarms, holds } = planned(flapping, { activeSize: 3 }, { standbys: [standby(9)] });
    expect({ does, alarms, holds }).toEqual({
      does: [],
      alarms: ['raise flapping 3'],
      holds: ['3 flapping', '4 size'],
    });
    const later = plan(view(flapping), policy({ activeSize: 3 }), NOW_MS + 20_001);
    expect(later.actions.map(({ type }) => type)).toContain('swap');
  });

  it('makes the leader reserve a standby, and let go of it when it answers again', () => {
    const given = { activeSize: 3 } as const;
    expect(planned(trio(silentFor(500)), given, { standbys: [standby(9)] }).does).toEqual(['reserve 9 failover 3']);
    const reservation = { token: 5, term: 7, purpose: 'failover', forMemberId: 3 } as const;
    const standbys = [standby(9, { reservation })];
    expect(planned(trio(silentFor(500)), given, { standbys })).toMatchObject({ does: [] });
    expect(planned(trio({}), given, { standbys }).does).toEqual(['release 9']);
  });

  it('has its standby activated with the token: at failoverAfter, or at once where the policy warms', () => {
    const reservation = { token: 5, term: 7, purpose: 'failover', forMemberId: 3 } as const;
    const standbys = [standby(9, { reservation })];
    const late = planned(trio(SILENT), { activeSize: 3 }, { standbys });
    expect(late.full.actions).toMatchObject([{ type: 'activate', registrationId: 9, token: 5, promotion: 'auto' }]);
    const early = planned(trio(silentFor(500)), { activeSize: 3, warmReserve: true }, { standbys });
    expect(early.does).toEqual(['activate 9 failover 3']);
  });

  it('raises an alarm when nobody can take its place, and lowers it again', () => {
    const standbys = [standby(9, { standbyOnly: true })];
    expect(planned(trio(SILENT), { activeSize: 3 }, { standbys })).toMatchObject({
      alarms: ['raise no-replacement 3'],
      holds: ['3 no-standby', '3 silent-delay'],
    });
    const alarms = [{ alarm: 'no-replacement', memberId: 3 }] as const;
    expect(planned(trio({}), { activeSize: 3 }, { alarms }).alarms).toEqual(['lower no-replacement 3']);
  });

  it('is removed after failoverAfter, of three as well, where its machine is back without its data', () => {
    const lost = { ...SILENT, lost: true };
    expect(planned(trio(lost), { activeSize: 3 }).does).toEqual(['remove 3 lost']);
    expect(planned(trio({ ...silentFor(500), lost: true }), { activeSize: 3 })).toMatchObject({
      does: [],
      holds: expect.arrayContaining(['3 silent-delay']),
    });
    expect(planned(trio(lost)).does).toEqual([]);
    expect(planned(trio({ lost: true }), { activeSize: 3 }).does).toEqual([]);
    // Swapped out before, it is a learner, and as lost.
    const swapped = [voter(1), voter(2), voter(4), learner(3, lost)];
    expect(planned(swapped, { activeSize: 3 }).does).toEqual(['remove 3 lost']);
  });

  it('is removed after removeDelay where that leaves more than two, and activeSize is set', () => {
    const gone = silentFor(1_800_000);
    const five = [voter(1), voter(2), voter(3), voter(4), voter(5, gone)];
    expect(planned(five, { activeSize: 5 }).does).toEqual(['remove 5 silent']);
    expect(planned(five)).toMatchObject({ does: [], holds: ['5 no-standby', '5 size'] });
    expect(planned(trio(gone), { activeSize: 3 }).holds).toContain('3 two-voters');
    const removals = [{ atMs: NOW_MS - 1_000, memberIds: [6] }];
    const limited = planned(five, { activeSize: 5 }, { removals });
    expect(limited).toMatchObject({ does: [], holds: expect.arrayContaining(['5 removal-limit']) });
    expect(limited.full.nextCheckAtMs).toBe(NOW_MS + 299_000);
  });
});
