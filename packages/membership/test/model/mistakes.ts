// Planners that make one mistake each. Most are the real planner with a lie about what it looks at: it then does what a
// planner would do that does not look there. The checks must catch every one, by the rule that is named.
import { type ClusterView, type MemberView, MemberRole, type Plan, type Policy, plan } from '../../src/index.js';
import { LAST_INDEX } from '../views.js';
import type { Planner } from './follow.js';

export interface Mistake {
  readonly what: string;
  /** The beginning of what the checks say, one of these. */
  readonly caughtBy: readonly string[];
  readonly planner: Planner;
}

const lieOfView =
  (lie: (view: ClusterView, nowMs: number) => Partial<ClusterView>): Planner =>
  (view, policy, nowMs) =>
    plan({ ...view, ...lie(view, nowMs) }, policy, nowMs);

const lieOfMembers = (lie: (member: MemberView, nowMs: number) => Partial<MemberView>): Planner =>
  lieOfView(({ members }, nowMs) => ({ members: members.map((member) => ({ ...member, ...lie(member, nowMs) })) }));

const lieOfPolicy =
  (lie: (policy: Policy) => Partial<Policy>): Planner =>
  (view, policy, nowMs) =>
    plan(view, { ...policy, ...lie(policy) }, nowMs);

const lieOfLearners = (lie: Partial<MemberView>): Planner =>
  lieOfMembers(({ role }) => (role === MemberRole.Learner ? lie : {}));

const spoil =
  (change: (planned: Plan, view: ClusterView) => Partial<Plan>): Planner =>
  (view, policy, nowMs) => {
    const planned = plan(view, policy, nowMs);
    return { ...planned, ...change(planned, view) };
  };

export const MISTAKES: readonly Mistake[] = [
  {
    what: 'counts voters that are silent',
    caughtBy: ['a voter that answers stays', 'no repair lowers the slack', 'acts only as a confirmed leader'],
    planner: lieOfMembers(({ role }) => (role === MemberRole.Voter ? { answers: true } : {})),
  },
  {
    what: 'counts voters that are recovering',
    caughtBy: ['a voter that answers stays', 'hands over to a voter', 'acts only as a confirmed', 'no repair lowers'],
    planner: lieOfMembers(() => ({ recovering: false })),
  },
  {
    what: 'counts learners',
    caughtBy: ['a voter that answers stays', 'keeps to the size', 'undoes no command', 'hands over to a voter'],
    planner: lieOfLearners({ role: MemberRole.Voter }),
  },
  {
    what: 'promotes a learner that does not answer, so that the slack falls',
    caughtBy: ['no repair lowers the slack', 'promotes only what is ready'],
    planner: lieOfMembers(({ role, track }, nowMs) =>
      role === MemberRole.Learner
        ? {
            ...{ answers: true, replication: 'replicate', match: Number.MAX_SAFE_INTEGER },
            track: { ...track, quietSinceMs: null, closeSinceMs: 0, lastRoundMs: 1, progressAtMs: nowMs },
          }
        : {},
    ),
  },
  {
    what: 'promotes a learner that lags',
    caughtBy: ['promotes only what is ready'],
    planner: lieOfMembers(({ role, track }) =>
      role === MemberRole.Learner ? { match: LAST_INDEX * 100, track: { ...track, closeSinceMs: 0 } } : {},
    ),
  },
  {
    what: 'promotes a learner that is being sent a snapshot',
    caughtBy: ['promotes only what is ready'],
    planner: lieOfMembers(({ role, replication, track }) =>
      role === MemberRole.Learner && replication === 'snapshot'
        ? { replication: 'replicate', match: 1e9, track: { ...track, closeSinceMs: 0 } }
        : {},
    ),
  },
  {
    what: 'promotes a learner that was close for a moment',
    caughtBy: ['promotes only what is ready'],
    planner: lieOfPolicy(() => ({ stabilizationTimeMs: 0 })),
  },
  {
    what: 'promotes a learner that is too slow',
    caughtBy: ['promotes only what is ready'],
    planner: lieOfMembers(({ track }) => ({ track: { ...track, lastRoundMs: 1 } })),
  },
  {
    what: 'promotes a learner of another protocol',
    caughtBy: ['promotes only what is ready', 'takes a standby that can be taken'],
    planner: lieOfView(({ members, standbys, protocol }) => ({
      members: members.map((member) => ({ ...member, protocol: { min: protocol, max: protocol } })),
      standbys: standbys.map((standby) => ({ ...standby, protocol: { min: protocol, max: protocol } })),
    })),
  },
  {
    what: 'promotes readers',
    caughtBy: ['promotes only what is ready'],
    planner: lieOfMembers(({ role }) =>
      role === MemberRole.Reader ? { role: MemberRole.Learner, promotion: 'join' } : {},
    ),
  },
  {
    what: 'promotes a learner that waits for a command',
    caughtBy: ['promotes only what may be'],
    planner: lieOfLearners({ promotion: 'auto' }),
  },
  {
    what: 'promotes a failover node to fill a place',
    caughtBy: ['promotes only what may be'],
    planner: lieOfMembers(({ promotion }) => (promotion === 'failover' ? { promotion: 'auto' } : {})),
  },
  {
    what: 'does not look at the triggers',
    caughtBy: ['promotes only what may be'],
    planner: lieOfPolicy(() => ({ autoPromote: { join: true, size: true, failover: true } })),
  },
  {
    what: 'grows beyond the size',
    caughtBy: ['keeps to the size'],
    planner: lieOfPolicy(({ activeSize }) => (activeSize === 'auto' ? {} : { activeSize: activeSize + 2 })),
  },
  {
    what: 'shrinks below the size',
    caughtBy: ['keeps to the size'],
    planner: lieOfPolicy(({ activeSize }) =>
      activeSize === 'auto' ? {} : { activeSize: Math.max(1, activeSize - 2) },
    ),
  },
  {
    what: 'shrinks while the size is auto',
    caughtBy: ['keeps to the size', 'removes a silent voter only', 'undoes no command'],
    planner: lieOfPolicy(({ activeSize }) => (activeSize === 'auto' ? { activeSize: 1 } : {})),
  },
  {
    what: 'rests at two voters',
    caughtBy: ['never rests at two'],
    planner: lieOfPolicy(({ activeSize }) => (activeSize === 'auto' || activeSize === 3 ? { activeSize: 2 } : {})),
  },
  {
    what: 'swaps a voter that flaps',
    caughtBy: ['swaps a voter that is silent for long enough', 'removes a silent voter only'],
    planner: lieOfMembers(({ track }) => ({ track: { ...track, falls: [] } })),
  },
  {
    what: 'swaps a voter that has just fallen silent',
    caughtBy: ['swaps a voter that is silent for long enough'],
    planner: lieOfPolicy(() => ({ failoverAfterMs: 1 })),
  },
  {
    what: 'takes whoever is silent for one that lost its data',
    caughtBy: ['removes as lost only who is'],
    planner: lieOfMembers(({ answers }) => (answers ? {} : { lost: true })),
  },
  {
    what: 'removes one that lost its data too early',
    caughtBy: ['removes as lost only who is'],
    planner: lieOfMembers(({ lost, track }) => (lost ? { track: { ...track, quietSinceMs: 0 } } : {})),
  },
  {
    what: 'swaps a voter that answers',
    caughtBy: ['swaps a voter that is silent for long enough', 'a voter that answers stays'],
    planner: lieOfView(({ members, leaderId }) => {
      const last = members.filter(({ id, role }) => role === MemberRole.Voter && id !== leaderId).at(-1);
      const silent = (member: MemberView): MemberView => ({
        ...member,
        answers: false,
        track: { ...member.track, quietSinceMs: 0, silentSinceMs: 0, falls: [] },
      });
      return { members: members.map((member) => (member === last ? silent(member) : member)) };
    }),
  },
  {
    what: 'removes a silent voter too early',
    caughtBy: ['removes a silent voter only after the delay', 'undoes no command'],
    planner: lieOfPolicy(() => ({ removeDelayMs: 1 })),
  },
  {
    what: 'removes more than it may within the window',
    caughtBy: ['removes so many in a window'],
    planner: lieOfView(() => ({ removals: [] })),
  },
  {
    what: 'removes what an operator pinned',
    caughtBy: ['undoes no command', 'keeps to the size'],
    planner: lieOfMembers(() => ({ pinned: false })),
  },
  {
    what: 'takes an operator’s learner for its own',
    caughtBy: ['undoes no command'],
    planner: lieOfMembers(() => ({ origin: 'automation' })),
  },
  {
    what: 'gives its own learners no time',
    caughtBy: ['undoes no command'],
    planner: lieOfPolicy(() => ({ learnerStallMs: 1 })),
  },
  {
    what: 'removes without an alarm before',
    caughtBy: ['undoes no command'],
    planner: (view, policy, nowMs) => {
      const alarms = view.members.map(({ id }) => ({ alarm: 'stalled', memberId: id }) as const);
      const planned = plan({ ...view, alarms }, policy, nowMs);
      return { ...planned, actions: planned.actions.filter(({ type }) => type !== 'alarm') };
    },
  },
  {
    what: 'drains whom nobody drained',
    caughtBy: ['undoes no command'],
    planner: lieOfMembers(({ id }) => ({ draining: id % 2 === 0 })),
  },
  {
    what: 'removes the leader',
    caughtBy: ['the leader is never removed'],
    planner: lieOfView(({ members, leaderId }) => ({
      leaderId:
        members.find(({ id, role, answers }) => role === MemberRole.Voter && answers && id !== leaderId)?.id ??
        leaderId,
    })),
  },
  {
    what: 'hands over to a learner',
    caughtBy: ['hands over to a voter that can lead'],
    planner: spoil(({ actions }, { members }) => ({
      actions: actions.map((action) =>
        action.type === 'transfer-leadership'
          ? { ...action, toId: members.find(({ role }) => role !== MemberRole.Voter)?.id ?? 0 }
          : action,
      ),
    })),
  },
  {
    what: 'activates two standbys for one place',
    caughtBy: ['takes as many as are missing'],
    planner: (view, policy, nowMs) => {
      const members = view.members.filter(({ role }) => role !== MemberRole.Learner);
      return { ...plan({ ...view, members }, policy, nowMs), holds: plan(view, policy, nowMs).holds };
    },
  },
  {
    what: 'takes standbys that are standby-only, drained or away',
    caughtBy: ['takes a standby that can be taken'],
    planner: lieOfView(({ standbys }) => ({
      standbys: standbys.map((standby) => ({ ...standby, standbyOnly: false, drained: false, connected: true })),
    })),
  },
  {
    what: 'honours the reservation of an earlier term',
    caughtBy: ['takes a standby that can be taken'],
    planner: lieOfView(({ standbys, term }) => ({
      standbys: standbys.map((standby) =>
        standby.reservation === null ? standby : { ...standby, reservation: { ...standby.reservation, term } },
      ),
    })),
  },
  {
    what: 'reserves what is reserved',
    caughtBy: ['takes a standby that can be taken'],
    planner: lieOfView(({ standbys }) => ({
      standbys: standbys.map((standby) => ({ ...standby, reservation: null })),
    })),
  },
  {
    what: 'never lets go of a standby',
    caughtBy: ['comes to rest', 'the model cannot', 'finishes', 'takes'],
    planner: spoil(({ actions }) => ({ actions: actions.filter(({ type }) => type !== 'release') })),
  },
  {
    what: 'acts without a quorum behind it',
    caughtBy: ['acts only as a confirmed leader'],
    planner: lieOfView(() => ({ leadershipConfirmed: true })),
  },
  {
    what: 'acts before anything of its term is committed',
    caughtBy: ['acts only as a confirmed leader'],
    planner: lieOfView(() => ({ committedInTerm: true })),
  },
  {
    what: 'acts while it is paused',
    caughtBy: ['acts only as a confirmed leader'],
    planner: lieOfPolicy(() => ({ paused: false })),
  },
  {
    what: 'changes the configuration while a change is under way',
    caughtBy: ['one change at a time'],
    planner: lieOfView(() => ({ configInFlight: false })),
  },
  {
    what: 'plans a change twice',
    caughtBy: ['one change at a time'],
    planner: spoil(({ actions }) => ({ actions: [...actions, ...actions] })),
  },
  {
    what: 'plans for another term',
    caughtBy: ['is stamped'],
    planner: lieOfView(({ term }) => ({ term: term + 1 })),
  },
  {
    what: 'forgets to say why',
    caughtBy: ['gives a reason'],
    planner: spoil(() => ({ holds: [] })),
  },
  {
    what: 'does nothing for good',
    caughtBy: ['finishes', 'gives a reason'],
    planner: spoil(() => ({ actions: [] })),
  },
  {
    what: 'raises its alarms again and again',
    caughtBy: ['the model cannot carry this out: no change', 'comes to rest'],
    planner: lieOfView(() => ({ alarms: [] })),
  },
];
