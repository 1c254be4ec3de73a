import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClusterView, MemberRole, type MemberView, type Plan, type Policy, plan, slack } from '../src/index.js';
import { LAST_INDEX, NOW_MS, policy, view, voter } from './views.js';

// Most values are drawn from those at which rules change, so that a run meets every rule and its edges.
const often = <T>(usual: T, ...others: T[]) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) });

const memberOf = (id: number): fc.Arbitrary<MemberView> =>
  fc
    .record({
      role: fc.constantFrom(...Object.values(MemberRole)),
      started: often(true, false),
      answers: often(true, false),
      replication: often<MemberView['replication']>('replicate', 'probe', 'snapshot'),
      match: often(LAST_INDEX, LAST_INDEX - 2_500, LAST_INDEX - 2_501, 0),
      protocol: often<MemberView['protocol']>({ min: 1, max: 2 }, { min: 2, max: 2 }, null),
      closeSinceMs: often<number | null>(NOW_MS - 20_000, NOW_MS - 10_000, NOW_MS - 9_999, NOW_MS, null),
      lastRoundMs: often<number | null>(10, 1_000, 1_001, null),
    })
    .map(({ closeSinceMs, lastRoundMs, ...rest }) => {
      const base = voter(id, rest);
      return { ...base, track: { ...base.track, closeSinceMs, lastRoundMs } };
    });

const views: fc.Arbitrary<ClusterView> = fc
  .tuple(
    fc
      .integer({ min: 0, max: 9 })
      .chain((count) => fc.tuple(...Array.from({ length: count }, (_, i) => memberOf(i + 2)))),
    fc.record({
      leadershipConfirmed: often(true, false),
      committedInTerm: often(true, false),
      configInFlight: often(false, true),
    }),
  )
  .map(([others, rest]) => view([voter(1), ...others], rest));

const policies: fc.Arbitrary<Policy> = fc
  .record({
    activeSize: often<Policy['activeSize']>('auto', 1, 2, 3, 4, 5, 9),
    promotion: often<MemberView['promotion']>('auto', 'manual'),
    paused: often(false, true),
  })
  .map((given) => policy(given));

const idsIn = (cluster: ClusterView, role: MemberRole): number[] =>
  cluster.members.filter((member) => member.role === role).map(({ id }) => id);

/** The cluster after the plan was carried out. */
function carryOut(cluster: ClusterView, { actions }: Plan): ClusterView {
  const promoted = new Set(actions.flatMap((action) => (action.type === 'promote' ? action.memberIds : [])));
  return {
    ...cluster,
    members: cluster.members.map((member) =>
      promoted.has(member.id) ? { ...member, role: MemberRole.Voter } : member,
    ),
  };
}

function holdsForAll(claim: (cluster: ClusterView, rules: Policy, result: Plan) => void): void {
  fc.assert(
    fc.property(views, policies, (cluster, rules) => {
      claim(cluster, rules, plan(cluster, rules, NOW_MS));
    }),
    { numRuns: 3_000 },
  );
}

describe('any plan', () => {
  it('has at most one action', () => {
    holdsForAll((_cluster, _rules, { actions }) => expect(actions.length).toBeLessThanOrEqual(1));
  });

  it('does not lower the slack', () => {
    holdsForAll((cluster, _rules, result) => {
      expect(result.slack).toBe(slack(cluster));
      expect(slack(carryOut(cluster, result))).toBeGreaterThanOrEqual(result.slack);
    });
  });

  it('does nothing when a rule forbids everything', () => {
    holdsForAll((cluster, rules, { actions }) => {
      const free = cluster.leadershipConfirmed && cluster.committedInTerm && !cluster.configInFlight;
      if (!free || rules.paused) expect(actions).toEqual([]);
    });
  });

  it('promotes only learners that are marked, answer, replicate, are close, stable, quick and compatible', () => {
    holdsForAll((cluster, rules, { actions }) => {
      for (const id of actions.flatMap((action) => (action.type === 'promote' ? action.memberIds : []))) {
        const member = cluster.members.find((candidate) => candidate.id === id);
        expect(member).toMatchObject({ role: 'learner', promotion: 'auto', answers: true, replication: 'replicate' });
        expect(LAST_INDEX - (member?.match ?? 0)).toBeLessThanOrEqual(rules.promoteMaxLag);
        expect(NOW_MS - (member?.track.closeSinceMs ?? NOW_MS)).toBeGreaterThanOrEqual(rules.stabilizationTimeMs);
        expect(member?.track.lastRoundMs).toBeLessThanOrEqual(cluster.electionTimeoutMs);
        expect(member?.protocol?.min).toBe(1);
      }
    });
  });

  it('never goes beyond the wanted size, and never comes to rest at two voters unasked', () => {
    holdsForAll((cluster, rules, result) => {
      if (result.actions.length === 0) return;
      const count = idsIn(carryOut(cluster, result), MemberRole.Voter).length;
      if (rules.activeSize !== 'auto') expect(count).toBeLessThanOrEqual(rules.activeSize);
      if (count === 2) expect(rules.activeSize).toBe(2);
    });
  });

  it('accounts for every learner: it is promoted, or held with a reason, unless everything is held', () => {
    holdsForAll((cluster, _rules, { actions, holds }) => {
      if (holds[0]?.memberId === 0) return;
      const named = [
        ...actions.flatMap((action) => (action.type === 'promote' ? action.memberIds : [])),
        ...holds.map(({ memberId }) => memberId),
      ];
      expect(named.sort((a, b) => a - b)).toEqual(idsIn(cluster, MemberRole.Learner));
    });
  });

  it('does not depend on the order of the members', () => {
    holdsForAll((cluster, rules, result) => {
      const reversed = { ...cluster, members: [...cluster.members].reverse() };
      expect(plan(reversed, rules, NOW_MS)).toEqual(result);
    });
  });

  it('asks to be called again only for a moment at which a hold ends', () => {
    holdsForAll((cluster, rules, { holds, nextCheckAtMs }) => {
      if (nextCheckAtMs === null) return;
      expect(nextCheckAtMs).toBeGreaterThan(NOW_MS);
      const ending = holds.filter(({ untilMs }) => untilMs === nextCheckAtMs);
      const later = plan(cluster, rules, nextCheckAtMs).holds;
      for (const { memberId } of ending) {
        expect(later).not.toContainEqual(expect.objectContaining({ memberId, reason: 'not-stable' }));
      }
    });
  });
});

describe('any view', () => {
  it('comes to rest: carrying out plans ends, and no member moves twice', () => {
    fc.assert(
      fc.property(views, policies, (cluster, rules) => {
        let current = cluster;
        for (let step = 0; step <= cluster.members.length; step++) {
          const result = plan(current, rules, NOW_MS);
          if (result.actions.length === 0) return;
          current = carryOut(current, result);
        }
        expect.unreachable('the planner still acts after every member could have moved');
      }),
      { numRuns: 1_000 },
    );
  });
});
