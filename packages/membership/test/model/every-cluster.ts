// Every small cluster: up to five voters, two learners and two standbys, each in every state that the rules tell apart, with
// every wanted size. Members in the same state are the same to the rules, so that combinations are enough.
import {
  type ClusterView,
  MEMBER_DEFAULTS,
  MemberRole,
  type MemberTrack,
  type MemberView,
  type Policy,
  type StandbyView,
} from '../../src/index.js';
import { LAST_INDEX, NOW_MS, policy, STEADY, silentFor, standby, view, voter } from '../views.js';
import type { Cluster } from './carry-out.js';

const HOUR_MS = 3_600_000;

const FALLS = [NOW_MS - 40_000, NOW_MS - 30_000, NOW_MS - 20_000];

/** What may be true of a voter that does not lead. */
const VOTERS: readonly Partial<MemberView>[] = [
  {},
  silentFor(1_000),
  silentFor(20_000),
  silentFor(HOUR_MS),
  silentFor(20_000, { falls: FALLS }),
  { recovering: true },
  { draining: true },
];
/** Of a voter whose machine came back without its data. */
const LOST: readonly Partial<MemberView>[] = [
  { lost: true, ...silentFor(1_000) },
  { lost: true, ...silentFor(20_000) },
];
const LEADERS: readonly Partial<MemberView>[] = [{}, { draining: true }];
const LAGGING = { match: 0, track: { ...STEADY, closeSinceMs: null } } as const;
const OWN = { promotion: 'auto', origin: 'automation' } as const;
const LEARNERS: readonly Partial<MemberView>[] = [
  { promotion: 'auto' },
  { promotion: 'auto', ...LAGGING },
  { promotion: 'join', track: { ...STEADY, closeSinceMs: NOW_MS } },
  { promotion: 'failover' },
  { promotion: 'manual', started: false, ...silentFor(HOUR_MS) },
  { promotion: 'auto', replaces: 2 },
  { ...OWN, ...silentFor(HOUR_MS) },
  { role: MemberRole.Reader },
];
const LOST_LEARNERS: readonly Partial<MemberView>[] = [
  { promotion: 'auto', recovering: true },
  { promotion: 'auto', lost: true, ...silentFor(20_000) },
  { ...OWN, lost: true, ...silentFor(20_000) },
];
const RESERVED = { purpose: 'failover', forMemberId: 2 } as const;
const STANDBYS: readonly Partial<StandbyView>[] = [
  {},
  { standbyOnly: true },
  { connected: false, lastSeenMs: 0 },
  { reservation: { ...RESERVED, token: 900, term: 7 } },
];
export const SIZES: readonly Policy['activeSize'][] = ['auto', 1, 2, 3, 5];

/** Every choice of at most so many of these, with repetition, in their order. */
function choices<T>(from: readonly T[], most: number): T[][] {
  const found: T[][] = [[]];
  const extend = (chosen: readonly T[], first: number): void => {
    if (chosen.length === most) return;
    for (let place = first; place < from.length; place++) {
      const next = [...chosen, from[place] as T];
      found.push(next);
      extend(next, place);
    }
  };
  extend([], 0);
  return found;
}

function isLed(voters: readonly Partial<MemberView>[]): boolean {
  const counting = voters.filter(({ answers = true, recovering = false }) => answers && !recovering).length;
  return counting * 2 > voters.length && voters.filter(({ draining = false }) => draining).length <= 2;
}

/** `every`-th of the clusters, so that a quick look meets all kinds. */
export function everyCluster(every = 1, sizes = SIZES): Generator<Cluster> {
  return clustersOf(every, sizes, {
    // A quorum answers, or there is nobody to plan; and an operator does not drain the leader beside two others.
    voters: LEADERS.flatMap((leader) => choices(VOTERS, 4).map((others) => [leader, ...others])).filter(isLed),
    learners: choices(LEARNERS, 2),
    standbys: choices(STANDBYS, 2).filter((chosen) => chosen.length < 2 || chosen[0] === STANDBYS[0]),
  });
}

/** With losses of data among what may be true of voters and learners, and fewer other things. */
export function everyClusterWithLosses(every = 1, sizes = SIZES): Generator<Cluster> {
  const beside = VOTERS.filter(({ recovering = false }) => !recovering);
  const voters = choices([...LOST, ...beside], 4);
  return clustersOf(every, sizes, {
    voters: LEADERS.flatMap((leader) => voters.map((others) => [leader, ...others])).filter(isLed),
    learners: choices([...LOST_LEARNERS, LEARNERS[0] as Partial<MemberView>, LEARNERS[2] as Partial<MemberView>], 2),
    standbys: choices(STANDBYS, 1),
  });
}

interface Groups {
  readonly voters: readonly (readonly Partial<MemberView>[])[];
  readonly learners: readonly (readonly Partial<MemberView>[])[];
  readonly standbys: readonly (readonly Partial<StandbyView>[])[];
}

function* clustersOf(every: number, sizes: readonly Policy['activeSize'][], groups: Groups): Generator<Cluster> {
  const policies = sizes.map((activeSize) => policy({ activeSize }));
  const standbys = groups.standbys.map((chosen) => chosen.map((rest, place) => standby(20 + place, rest)));
  const learners = groups.learners.map((chosen) =>
    chosen.map((rest, place) => member(10 + place, MemberRole.Learner, rest)),
  );
  let count = 0;
  for (const voters of groups.voters) {
    const voting = voters.map((rest, place) => member(1 + place, MemberRole.Voter, rest));
    for (const learning of learners) {
      for (const standing of standbys) {
        for (const wanted of policies) {
          if (count++ % every !== 0) continue;
          const cluster = view([...voting, ...learning], { standbys: standing });
          yield { view: cluster, policy: wanted, nextId: 1_000 };
        }
      }
    }
  }
}

function member(id: number, role: MemberView['role'], rest: Partial<MemberView>): MemberView {
  return voter(id, { ...MEMBER_DEFAULTS, role, ...rest });
}

/** Everybody is up, in sync and has long been so; but for those that lost their data, which have long been silent. */
export function healed(cluster: ClusterView, nowMs: number): ClusterView {
  const track: MemberTrack = {
    ...STEADY,
    ...{ lookedAtMs: nowMs, answersSinceMs: nowMs - HOUR_MS, closeSinceMs: nowMs - HOUR_MS, progressAtMs: nowMs },
  };
  const gone = { ...track, answersSinceMs: null, quietSinceMs: nowMs - HOUR_MS, closeSinceMs: null };
  const well = {
    answers: true,
    started: true,
    recovering: false,
    match: LAST_INDEX,
    replication: 'replicate',
  } as const;
  return {
    ...cluster,
    removals: [],
    members: cluster.members.map((one) => (one.lost ? { ...one, track: gone } : { ...one, ...well, track })),
    standbys: cluster.standbys.map((one) => ({ ...one, connected: true, lastSeenMs: nowMs })),
  };
}
