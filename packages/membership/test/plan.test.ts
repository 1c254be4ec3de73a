import { describe, expect, it } from 'vitest';
import type { ClusterView, MemberView, Plan, Policy } from '../src/index.js';
import { plan } from '../src/index.js';
import { everyCluster } from './model/every-cluster.js';
import { learner, NOW_MS, policy, STEADY, view, voter } from './views.js';

const VOTERS = [voter(1), voter(2), voter(3)];

function planned(
  members: readonly MemberView[],
  given: Partial<Policy> = {},
  rest: Partial<ClusterView> = {},
): { promoted: readonly number[]; holds: string[]; full: Plan } {
  const full = plan(view(members, rest), policy(given), NOW_MS);
  return {
    promoted: full.actions.flatMap((action) => (action.type === 'promote' ? action.memberIds : [])),
    holds: full.holds.map(({ memberId, reason }) => `${memberId} ${reason}`),
    full,
  };
}

describe('plan', () => {
  it('promotes a learner that is marked and ready', () => {
    const { promoted, holds, full } = planned([...VOTERS, learner(4, { match: 9_990 })]);
    expect({ promoted, holds }).toEqual({ promoted: [4], holds: [] });
    expect(full.actions[0]).toMatchObject({ type: 'promote', term: 7, configIndex: 42 });
    expect(full.explain).toEqual([
      '3 of 3 voters answer; quorum 2, slack 1',
      'promote n4 (0000000000000004), 10 entries behind',
    ]);
    expect(full.nextCheckAtMs).toBeNull();
  });

  it('leaves an unmarked learner and a reader alone', () => {
    const reader = voter(5, { role: 'reader', promotion: 'auto' });
    expect(planned([...VOTERS, learner(4, { promotion: 'manual' }), reader])).toMatchObject({
      promoted: [],
      holds: ['4 manual'],
    });
  });

  it.each<[string, Partial<MemberView>]>([
    ['silent', { answers: false }],
    ['in-snapshot', { replication: 'snapshot' }],
    ['probing', { replication: 'probe' }],
    ['lagging', { match: 7_499 }],
    ['not-stable', { track: { ...STEADY, closeSinceMs: null } }],
    ['not-stable', { track: { ...STEADY, closeSinceMs: NOW_MS - 9_999 } }],
    ['slow', { track: { ...STEADY, lastRoundMs: null } }],
    ['slow', { track: { ...STEADY, lastRoundMs: 1_001 } }],
    ['protocol', { protocol: null }],
    ['protocol', { protocol: { min: 2, max: 3 } }],
  ])('holds a learner that is %s: %j', (reason, rest) => {
    const { promoted, holds } = planned([...VOTERS, learner(4, rest)]);
    expect({ promoted, why: holds.filter((hold) => hold !== '4 size') }).toEqual({
      promoted: [],
      why: [`4 ${reason}`],
    });
  });

  it('says when a learner will have been stable for long enough, and promotes it then', () => {
    const closeSinceMs = NOW_MS - 3_000;
    const members = [...VOTERS, learner(4, { track: { ...STEADY, closeSinceMs } })];
    expect(planned(members).full.nextCheckAtMs).toBe(closeSinceMs + 10_000);
    expect(plan(view(members), policy(), closeSinceMs + 10_000).actions).toHaveLength(1);
    expect(plan(view(members), policy(), closeSinceMs + 9_999).actions).toHaveLength(0);
  });

  it.each<[string, Partial<Policy>, Partial<ClusterView>]>([
    ['paused', { paused: true }, {}],
    ['leadership-unconfirmed', {}, { leadershipConfirmed: false }],
    ['nothing-committed', {}, { committedInTerm: false }],
    ['config-in-flight', {}, { configInFlight: true }],
  ])('does nothing at all when %s', (reason, given, rest) => {
    expect(planned([...VOTERS, learner(4)], given, rest)).toMatchObject({ promoted: [], holds: [`0 ${reason}`] });
  });

  it('names no time to plan again when time alone ends nothing', () => {
    const young = learner(4, { track: { ...STEADY, closeSinceMs: NOW_MS - 3_000 } });
    expect(planned([...VOTERS, young], { paused: true }).full.nextCheckAtMs).toBeNull();
    expect(planned([...VOTERS, learner(4, { answers: false })]).full.nextCheckAtMs).toBeNull();
  });

  it('promotes a learner whose last round took an election timeout and no more', () => {
    expect(planned([...VOTERS, learner(4, { track: { ...STEADY, lastRoundMs: 1_000 } })]).promoted).toEqual([4]);
  });

  it('promotes one at a time, the closest first', () => {
    const members = [...VOTERS, learner(4, { match: 9_990 }), learner(5), learner(6)];
    expect(planned(members)).toMatchObject({ promoted: [5], holds: ['4 next', '6 next'] });
  });

  it('keeps a learner a learner when there are as many voters as wanted', () => {
    expect(planned([...VOTERS, learner(4)], { activeSize: 3 })).toMatchObject({ promoted: [], holds: ['4 size'] });
    expect(planned([...VOTERS, learner(4)], { activeSize: 5 })).toMatchObject({ promoted: [4] });
  });

  it('grows one voter to three in one step, and does not stop at two', () => {
    expect(planned([voter(1), learner(2)])).toMatchObject({ promoted: [], holds: ['2 two-voters'] });
    expect(planned([voter(1), learner(2), learner(3), learner(4)])).toMatchObject({
      promoted: [2, 3],
      holds: ['4 next'],
    });
  });

  it('goes to two voters when two are asked for, and on from two that an operator made', () => {
    expect(planned([voter(1), learner(2)], { activeSize: 2 })).toMatchObject({ promoted: [2] });
    expect(planned([voter(1), voter(2), learner(3)])).toMatchObject({ promoted: [3] });
  });

  it('promotes a join learner as soon as it is in sync, and keeps one beyond activeSize a learner', () => {
    const joining = learner(4, { promotion: 'join', track: { ...STEADY, closeSinceMs: NOW_MS } });
    expect(planned([...VOTERS, joining]).promoted).toEqual([4]);
    expect(planned([...VOTERS, { ...joining, promotion: 'auto' }]).promoted).toEqual([]);
    expect(planned([...VOTERS, joining], { activeSize: 3 })).toMatchObject({ promoted: [], holds: ['4 size'] });
  });

  it.each<[string, Partial<MemberView>, Partial<Policy>, readonly number[]]>([
    ['join off, size auto', { triggers: { join: false } }, {}, []],
    ['join off, a place is free', { triggers: { join: false } }, { activeSize: 5 }, [4]],
    ['size off, join on, a place is free', { triggers: { size: false } }, { activeSize: 5 }, [4]],
    ['both off', { triggers: { join: false, size: false } }, { activeSize: 5 }, []],
    ['off by policy', {}, { autoPromote: { join: false, size: false, failover: true } }, []],
    [
      'its own go before the policy',
      { triggers: { join: true } },
      { autoPromote: { join: false, size: false, failover: false } },
      [4],
    ],
    ['the automation’s own never joins for being in sync', { origin: 'automation' }, {}, []],
  ])('goes by the triggers: %s', (_what, rest, given, promoted) => {
    expect(planned([...VOTERS, learner(4, rest)], given).promoted).toEqual(promoted);
  });

  it('says what a pause keeps from happening', () => {
    const { full } = planned([...VOTERS, learner(4)], { paused: true });
    expect(full.explain).toContain('but for the pause: promote n4 (0000000000000004), 0 entries behind');
  });

  it('plans the same for any order of members and standbys', () => {
    for (const cluster of everyCluster(499)) {
      const { members, standbys } = cluster.view;
      const turned = { ...cluster.view, members: [...members].reverse(), standbys: [...standbys].reverse() };
      expect(plan(turned, cluster.policy, NOW_MS)).toEqual(plan(cluster.view, cluster.policy, NOW_MS));
    }
  });

  it('promotes while a voter is silent, since that gains a voter that answers', () => {
    const { promoted, full } = planned([voter(1), voter(2), voter(3, { answers: false }), learner(4)]);
    expect(promoted).toEqual([4]);
    expect(full.slack).toBe(0);
  });
});
