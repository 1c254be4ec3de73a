// Views for tests: small by default, with everything about them changeable.
import {
  type Action,
  type ClusterView,
  MEMBER_DEFAULTS,
  MemberRole,
  type MemberTrack,
  type MemberView,
  type Plan,
  type Policy,
  plan,
  resolvePolicy,
  type StandbyView,
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

/** Silent without a break, for so long. */
export function silentFor(durationMs: number, rest: Partial<MemberTrack> = {}): Partial<MemberView> {
  const sinceMs = NOW_MS - durationMs;
  const silent = { answersSinceMs: null, quietSinceMs: sinceMs, silentSinceMs: sinceMs, closeSinceMs: null };
  const track: MemberTrack = { ...STEADY, ...silent, lastRoundMs: null, progressAtMs: sinceMs, ...rest };
  return { answers: false, replication: 'probe', track };
}

export function standby(id: number, rest: Partial<StandbyView> = {}): StandbyView {
  return {
    registrationId: id,
    name: `s${id}`,
    peerUrls: [`http://10.0.1.${id}:2380`],
    clientUrls: [`http://10.0.1.${id}:2379`],
    zone: '',
    standbyOnly: false,
    drained: false,
    connected: true,
    lastSeenMs: NOW_MS,
    protocol: { min: 1, max: 1 },
    failedActivations: 0,
    reservation: null,
    ...rest,
  };
}

/** What a plan does, in short, alarms aside; and its holds as `member reason`. */
export function planned(
  members: readonly MemberView[],
  given: Partial<Policy> = {},
  rest: Partial<ClusterView> = {},
): { readonly does: string[]; readonly alarms: string[]; readonly holds: string[]; readonly full: Plan } {
  const full = plan(view(members, rest), policy(given), NOW_MS);
  const alarms = full.actions.flatMap((action) =>
    action.type === 'alarm' ? [`${action.raised ? 'raise' : 'lower'} ${action.alarm} ${action.memberId}`] : [],
  );
  const does = full.actions.filter(({ type }) => type !== 'alarm').map(inShort);
  return { does, alarms, holds: full.holds.map(({ memberId, reason }) => `${memberId} ${reason}`), full };
}

function inShort(action: Action): string {
  switch (action.type) {
    case 'promote':
      return `promote ${action.memberIds.join()}`;
    case 'remove':
      return `remove ${action.memberIds.join()} ${action.cause}`;
    case 'swap':
      return `swap ${action.demoteId} for ${action.promoteId}`;
    case 'activate':
    case 'reserve':
      return `${action.type} ${action.registrationId} ${action.purpose} ${action.forMemberId}`;
    case 'release':
      return `release ${action.registrationId}`;
    case 'forget':
      return `forget ${action.registrationIds.join()}`;
    case 'transfer-leadership':
      return `transfer to ${action.toId}`;
    case 'fix-active-size':
      return `size ${action.size}`;
    case 'alarm':
      return `alarm ${action.alarm}`;
  }
}

export function policy(given: Partial<Policy> = {}): Policy {
  const result = resolvePolicy(given);
  if (!result.ok) throw new Error(result.text);
  return result.policy;
}
