// Views for tests: small by default, with everything about them changeable.
import {
  type ClusterView,
  MEMBER_DEFAULTS,
  MemberRole,
  type MemberTrack,
  type MemberView,
  type Policy,
  resolvePolicy,
} from '../src/index.js';

export const NOW_MS = 1_000_000;
export const LAST_INDEX = 10_000;

/** Close for an hour, with quick rounds: nothing about its past holds it back. */
export const STEADY: MemberTrack = {
  lookedAtMs: NOW_MS,
  answersSinceMs: NOW_MS - 3_600_000,
  quietSinceMs: null,
  silentSinceMs: null,
  falls: [],
  closeSinceMs: NOW_MS - 3_600_000,
  progressAtMs: NOW_MS,
  lastRoundMs: 100,
  roundTarget: LAST_INDEX,
  roundStartedAtMs: NOW_MS - 100,
  catchUp: { replication: 'replicate', sinceMs: NOW_MS, lag: 0, sentBytes: 0 },
  match: LAST_INDEX,
  snapshotSentBytes: 0,
};

export function voter(id: number, rest: Partial<MemberView> = {}): MemberView {
  return {
    ...MEMBER_DEFAULTS,
    id,
    name: `n${id}`,
    role: MemberRole.Voter,
    peerUrls: [`http://10.0.0.${id}:2380`],
    started: true,
    answers: true,
    replication: 'replicate',
    match: LAST_INDEX,
    protocol: { min: 1, max: 1 },
    track: STEADY,
    ...rest,
  };
}

/** Ready to be promoted, and marked for it. */
export function learner(id: number, rest: Partial<MemberView> = {}): MemberView {
  return voter(id, { role: MemberRole.Learner, promotion: 'auto', ...rest });
}

export function view(members: readonly MemberView[], rest: Partial<ClusterView> = {}): ClusterView {
  return {
    term: 7,
    configIndex: 42,
    leaderId: 1,
    leadershipConfirmed: true,
    committedInTerm: true,
    configInFlight: false,
    lastIndex: LAST_INDEX,
    electionTimeoutMs: 1_000,
    protocol: 1,
    members,
    outgoingVoters: [],
    standbys: [],
    removals: [],
    alarms: [],
    ...rest,
  };
}

export function policy(given: Partial<Policy> = {}): Policy {
  const result = resolvePolicy(given);
  if (!result.ok) throw new Error(result.text);
  return result.policy;
}
