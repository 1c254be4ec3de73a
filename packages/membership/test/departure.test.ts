import { describe, expect, it } from 'vitest';
import { type MemberView, plan } from '../src/index.js';
import { type Cluster, carryOut } from './model/carry-out.js';
import { learner, NOW_MS, planned, policy, silentFor, standby, view, voter } from './views.js';

const FIVE = [voter(1), voter(2), voter(3), voter(4), voter(5)];

describe('a voter that is to go', () => {
  it('is replaced by promote, then remove', () => {
    const successor = learner(6, { promotion: 'join', replaces: 2 });
    expect(planned([...FIVE, successor]).does).toEqual(['promote 6']);
    expect(planned([...FIVE, { ...successor, role: 'voter' }]).does).toEqual(['remove 2 replaced']);
  });

  it('hands over first when it leads', () => {
    const successor = voter(6, { replaces: 1 });
    expect(planned([...FIVE, successor]).does).toEqual(['transfer to 2']);
  });

  it('leaves a place that a standby fills, when it is drained', () => {
    const draining = FIVE.map((member) => (member.id === 3 ? { ...member, draining: true } : member));
    const given = { activeSize: 5 } as const;
    expect(planned(draining, given, { standbys: [standby(9)] })).toMatchObject({
      does: ['reserve 9 drain 3'],
      holds: ['3 replacing'],
    });
    expect(planned([...draining, learner(6)], given).does).toEqual(['promote 6']);
    expect(planned([...draining, voter(6)], given).does).toEqual(['remove 3 drained']);
  });

  it('goes without a replacement while the slack stays 1, and not below', () => {
    const drain = (members: readonly MemberView[]) =>
      members.map((one) => (one.id === 2 ? { ...one, draining: true } : one));
    expect(planned(drain(FIVE)).does).toEqual(['remove 2 drained']);
    expect(planned(drain([voter(1), voter(2), voter(3)]))).toMatchObject({ does: [], holds: ['2 slack'] });
    expect(planned(drain([voter(1), voter(2)])).does).toEqual(['remove 2 drained']);
    expect(planned(drain([...FIVE.slice(0, 4), voter(5, silentFor(1_000))]))).toMatchObject({
      holds: expect.arrayContaining(['2 slack']),
    });
  });

  it('lets all five be replaced, one after another, without a moment of less slack', () => {
    let cluster: Cluster = { view: view(FIVE), policy: policy(), nextId: 100 };
    for (const old of FIVE) {
      const successor = learner(old.id + 10, { promotion: 'join', replaces: old.id });
      cluster = { ...cluster, view: { ...cluster.view, members: [...cluster.view.members, successor] } };
      for (let step = 0; step < 4; step++) {
        const { actions, slack } = plan(cluster.view, cluster.policy, NOW_MS);
        expect(slack).toBeGreaterThanOrEqual(2);
        for (const action of actions) cluster = carryOut(cluster, action, NOW_MS, { returns: false });
      }
    }
    expect(cluster.view.members.map(({ id, role }) => `${id} ${role}`)).toEqual(
      [11, 12, 13, 14, 15].map((id) => `${id} voter`),
    );
  });
});

describe('over activeSize', () => {
  const given = { activeSize: 3 } as const;

  it('the worst voter goes first: silent, then from the most crowded zone, then the newest', () => {
    const silent = FIVE.map((member) => (member.id === 2 ? { ...member, ...silentFor(1_000) } : member));
    expect(planned(silent, given).does).toEqual(['remove 2 over-size']);
    const zoned = FIVE.map((member) => ({
      ...member,
      zone: member.id === 2 || member.id === 3 ? 'a' : `z${member.id}`,
    }));
    expect(planned(zoned, given).does).toEqual(['remove 3 over-size']);
    expect(planned(FIVE, given).does).toEqual(['remove 5 over-size']);
  });

  it('no healthy voter goes that the slack of the wanted size needs', () => {
    const two = [voter(1), voter(2), voter(3), voter(4), voter(5, { recovering: true })];
    expect(planned(two, given).does).toEqual(['remove 5 over-size']);
    expect(planned([voter(1), voter(2), voter(3)], { activeSize: 2 })).toMatchObject({ does: [], holds: ['3 slack'] });
  });

  it('three become one in one step, the leader last', () => {
    expect(planned([voter(1), voter(2), voter(3)], { activeSize: 1 }).does).toEqual(['remove 2,3 over-size']);
    expect(planned([voter(1, { pinned: true }), voter(2)], { activeSize: 1 }, { leaderId: 2 }).does).toEqual([]);
  });

  it('nobody is reserved for a silent voter that is the one to go', () => {
    const four = [voter(1), voter(2), voter(3), voter(4, silentFor(1_000))];
    expect(planned(four, given, { standbys: [standby(9)] }).does).toEqual(['remove 4 over-size']);
  });

  it('a voter that an operator added goes for none of the others', () => {
    expect(planned([...FIVE.slice(0, 4), voter(5, { pinned: true })], given).does).toEqual(['remove 4 over-size']);
  });

  it('neither a voter that an operator added beyond it goes, nor another for its sake', () => {
    expect(planned([voter(1), voter(2), voter(3), voter(4, { pinned: true })], given).does).toEqual([]);
  });
});

describe('learners that go', () => {
  const TRIO = [voter(1), voter(2), voter(3)];
  const given = { activeSize: 3 } as const;
  const own = { origin: 'automation' } as const;

  it('are the automation’s own when they made no progress for learnerStall, or are not needed', () => {
    expect(planned([...TRIO, learner(4, { ...own, ...silentFor(300_000) })], given).does).toEqual(['remove 4 stalled']);
    const never = learner(4, { ...own, started: false, ...silentFor(300_000) });
    expect(planned([...TRIO, never], given).does).toEqual(['remove 4 never-started']);
    expect(planned([...TRIO, learner(4, own)], given).does).toEqual(['remove 4 surplus']);
    expect(planned([...TRIO, learner(4)], given).does).toEqual([]);
  });

  it('are an operator’s only after removeDelay, with an alarm first', () => {
    const never = learner(4, { promotion: 'join', started: false, ...silentFor(900_000), addedAtMs: NOW_MS - 900_000 });
    const soon = { ...given, removeDelayMs: 900_000 };
    expect(planned([...TRIO, never], given)).toMatchObject({ does: [], alarms: ['raise never-started 4'] });
    expect(planned([...TRIO, never], soon)).toMatchObject({ does: [], alarms: ['raise never-started 4'] });
    const alarms = [{ alarm: 'never-started', memberId: 4 }] as const;
    expect(planned([...TRIO, never], soon, { alarms }).does).toEqual(['remove 4 never-started']);
    expect(planned([...TRIO, never], given, { alarms }).does).toEqual([]);
    // Nobody has said yet how large the cluster is to be: the alarm is all that happens.
    const auto = { removeDelayMs: 900_000 };
    expect(planned([...TRIO, never], auto)).toMatchObject({ does: [], alarms: ['raise never-started 4'] });
    const forEver = planned([...TRIO, never], auto, { alarms });
    expect(forEver.does).toEqual([]);
    expect(forEver.full.explain).toContain(
      'hold: n4 (0000000000000004) has not started, and is not removed for it while activeSize is auto',
    );
    expect(planned([...TRIO, never], given, { alarms }).full.explain).toContain(
      'hold: n4 (0000000000000004) has not started, and is removed when that has lasted 30m',
    );
    const reader = voter(5, { role: 'reader', ...silentFor(900_000) });
    expect(planned([...TRIO, reader], soon, { alarms: [{ alarm: 'stalled', memberId: 5 }] }).does).toEqual([
      'remove 5 silent',
    ]);
  });
});
