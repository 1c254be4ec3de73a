// The rules of the design's section 8, said a second time and differently from the planner: each looks at one view and one
// plan and names what is broken. Nothing of the planner's own reasoning is imported.
import type { Action, ClusterView, ConfigAction, MemberView, Plan, Policy } from '../../src/index.js';

const CONFIG = new Set(['promote', 'swap', 'remove', 'activate']);
const GENERAL = new Set(['paused', 'leadership-unconfirmed', 'nothing-committed', 'config-in-flight']);
const MINUTE_MS = 60_000;

export interface Case {
  readonly view: ClusterView;
  readonly policy: Policy;
  readonly nowMs: number;
  readonly plan: Plan;
}

type Rule = (given: Case, action: Action) => string | false;

const byId = (view: ClusterView, id: number): MemberView | undefined => view.members.find((member) => member.id === id);
const votersOf = (view: ClusterView): MemberView[] => view.members.filter(({ role }) => role === 'voter');
const helps = (member: MemberView): boolean => member.answers && !member.recovering;

/** How many of these may fail before no majority of them is left. */
function spare(voters: readonly MemberView[]): number {
  return voters.filter(helps).length - (Math.floor(voters.length / 2) + 1);
}

function votersAfter(view: ClusterView, action: Action): MemberView[] {
  const voters = votersOf(view);
  const named = (ids: readonly number[]): MemberView[] => view.members.filter(({ id }) => ids.includes(id));
  if (action.type === 'promote') return [...voters, ...named(action.memberIds)];
  if (action.type === 'remove') return voters.filter(({ id }) => !action.memberIds.includes(id));
  if (action.type === 'swap')
    return [...voters.filter(({ id }) => id !== action.demoteId), ...named([action.promoteId])];
  return voters;
}

const isLeaving = (view: ClusterView, member: MemberView): boolean =>
  member.draining || votersOf(view).some(({ replaces }) => replaces === member.id);

const removed = (view: ClusterView, action: Action): MemberView[] =>
  action.type === 'remove' ? view.members.filter(({ id }) => action.memberIds.includes(id)) : [];

const promotedIds = (action: Action): readonly number[] =>
  action.type === 'promote' ? action.memberIds : action.type === 'swap' ? [action.promoteId] : [];

function isFlapping(member: MemberView, policy: Policy, nowMs: number): boolean {
  const windowMs = Math.max(MINUTE_MS, 6 * policy.stabilizationTimeMs);
  return member.track.falls.filter((fallMs) => fallMs > nowMs - windowMs).length > 2;
}

const quietFor = (member: MemberView, nowMs: number): number =>
  member.answers || member.track.quietSinceMs === null ? -1 : nowMs - member.track.quietSinceMs;

const downFor = (member: MemberView, nowMs: number): number =>
  member.answers ? -1 : nowMs - (member.track.silentSinceMs ?? nowMs);

/** By rule; the key names it in the list of planted mistakes. */
export const RULES: Readonly<Record<string, Rule>> = {
  'acts only as a confirmed leader': ({ view, policy }) =>
    (!view.leadershipConfirmed || !view.committedInTerm || policy.paused || spare(votersOf(view)) < 0) &&
    'acted though it must not',
  'one change at a time': ({ view, plan }) => {
    if (view.configInFlight || view.outgoingVoters.length > 0) return 'a change is under way';
    return (
      plan.actions.filter(({ type }) => CONFIG.has(type) || type === 'transfer-leadership').length > 1 && 'two changes'
    );
  },
  'is stamped': ({ view }, action) =>
    (action.term !== view.term || action.configIndex !== view.configIndex) && 'wrong term or config index',
  'no repair lowers the slack': ({ view, policy }, action) => {
    const before = spare(votersOf(view));
    const after = spare(votersAfter(view, action));
    if (after >= before) return false;
    if (action.type !== 'remove') return `${action.type} lowers it from ${before} to ${after}`;
    const one = votersAfter(view, action).length === 1;
    if (action.cause === 'drained' || action.cause === 'replaced')
      return after < 1 && !one && 'a departure leaves none';
    if (action.cause !== 'over-size' || policy.activeSize === 'auto') return `${action.cause} lowers it`;
    return after < Math.ceil(policy.activeSize / 2) - 1 && 'a shrink goes below the tolerance of the size';
  },
  'a voter that answers stays': ({ view }, action) => {
    const live = removed(view, action).filter(({ role, answers }) => role === 'voter' && answers);
    if (action.type !== 'remove' || live.length === 0) return false;
    if (!['over-size', 'drained', 'replaced'].includes(action.cause)) return `removed as ${action.cause}`;
    const rest = votersAfter(view, action);
    if (rest.length === 1) return !rest.every(helps) && 'the one that is left does not answer';
    return spare(rest) < 1 && 'no slack is left';
  },
  'the leader is never removed': ({ view }, action) =>
    (removed(view, action).some(({ id }) => id === view.leaderId) ||
      (action.type === 'swap' && action.demoteId === view.leaderId)) &&
    'it is the leader',
  'promotes only what is ready': ({ view, policy, nowMs }, action) => {
    for (const id of promotedIds(action)) {
      const member = byId(view, id);
      if (member?.role !== 'learner') return `${id} is a ${member?.role}`;
      if (!helps(member) || member.replication !== 'replicate') return `${id} does not replicate`;
      if (view.lastIndex - member.match > policy.promoteMaxLag) return `${id} lags`;
      const { closeSinceMs, lastRoundMs } = member.track;
      if (lastRoundMs === null || lastRoundMs > view.electionTimeoutMs) return `${id} is slow`;
      const awaited = member.promotion === 'join' || byId(view, member.replaces)?.role === 'voter';
      if (!awaited && (closeSinceMs === null || nowMs - closeSinceMs < policy.stabilizationTimeMs))
        return `${id} is young`;
      const { protocol } = member;
      if (protocol === null || protocol.min > view.protocol || protocol.max < view.protocol) return `${id}: protocol`;
      if (member.draining) return `${id} is draining`;
    }
    return false;
  },
  'promotes only what may be': ({ view, policy }, action) => {
    for (const id of promotedIds(action)) {
      const member = byId(view, id);
      if (member === undefined || byId(view, member.replaces)?.role === 'voter') continue;
      if (member.promotion === 'manual') return `${id} waits for a command`;
      if (member.promotion === 'failover' && action.type !== 'swap') return `${id} is for failover only`;
      if (member.promotion !== 'auto') continue;
      const { join, size, failover } = { ...policy.autoPromote, ...member.triggers };
      if (action.type === 'swap' ? !failover : !join && !size) return `${id}: trigger off`;
      if (action.type === 'promote' && policy.activeSize === 'auto' && !join) return `${id} is not asked for`;
    }
    return false;
  },
  'keeps to the size': ({ view, policy }, action) => {
    if (policy.activeSize === 'auto') return action.type === 'remove' && action.cause === 'over-size' && 'it is auto';
    const stay = votersOf(view).filter((voter) => !isLeaving(view, voter));
    if (action.type === 'promote') {
      const counted = action.memberIds.filter((id) => byId(view, byId(view, id)?.replaces ?? 0)?.role !== 'voter');
      return counted.length > 0 && stay.length + counted.length > policy.activeSize && 'more than activeSize';
    }
    if (action.type !== 'remove' || action.cause !== 'over-size') return false;
    const pinned = stay.filter((voter) => voter.pinned).length;
    return stay.length - pinned - action.memberIds.length < policy.activeSize && 'fewer than activeSize';
  },
  'never rests at two': ({ view, policy }, action) => {
    const after = votersAfter(view, action);
    if (after.length !== 2 || votersOf(view).length === 2 || policy.activeSize === 2) return false;
    // One that will never answer again is no third.
    if (action.type === 'remove') return policy.activeSize !== 1 && action.cause !== 'lost' && 'removed down to two';
    return after.filter((voter) => !isLeaving(view, voter)).length !== 1 && 'promoted to two';
  },
  'swaps a voter that is silent for long enough': ({ view, policy, nowMs }, action) => {
    if (action.type !== 'swap') return false;
    const voter = byId(view, action.demoteId);
    if (voter?.role !== 'voter' || voter.answers) return 'it answers, or is no voter';
    if (quietFor(voter, nowMs) < policy.failoverAfterMs) return 'too early';
    return isFlapping(voter, policy, nowMs) && 'it is flapping';
  },
  'removes a silent voter only after the delay': ({ view, policy, nowMs }, action) => {
    if (action.type !== 'remove' || action.cause !== 'silent') return false;
    if (policy.activeSize === 'auto') return 'activeSize is not set';
    for (const member of removed(view, action)) {
      if (downFor(member, nowMs) < policy.removeDelayMs) return `${member.id}: too early`;
      if (quietFor(member, nowMs) < policy.failoverAfterMs) return `${member.id}: it answered just now`;
      if (member.role === 'voter' && isFlapping(member, policy, nowMs)) return `${member.id} is flapping`;
    }
    return false;
  },
  'removes as lost only who is, and is silent': ({ view, policy, nowMs }, action) => {
    if (action.type !== 'remove' || action.cause !== 'lost') return false;
    if (policy.activeSize === 'auto') return 'activeSize is not set';
    for (const member of removed(view, action)) {
      if (!member.lost || member.answers) return `${member.id} is not lost`;
      if (member.role === 'voter' && quietFor(member, nowMs) < policy.failoverAfterMs) return `${member.id}: too early`;
    }
    return false;
  },
  'undoes no command': ({ view, policy, nowMs }, action) => {
    if (action.type !== 'remove' || action.cause === 'lost') return false;
    for (const member of removed(view, action)) {
      if (action.cause === 'over-size') {
        if (member.role !== 'voter') return `${member.id} is no voter`;
        if (member.pinned) return `${member.id} is pinned`;
        continue;
      }
      const leaves = member.draining || votersOf(view).some(({ replaces }) => replaces === member.id);
      const asked = leaves && (action.cause === 'drained' || action.cause === 'replaced');
      if (asked || (member.role === 'voter' && action.cause === 'silent')) continue;
      if (action.cause === 'drained' || action.cause === 'replaced') return `${member.id} was not asked away`;
      if (member.origin === 'automation') {
        if (action.cause === 'surplus') continue;
        const still = nowMs - Math.max(member.track.progressAtMs, member.addedAtMs);
        if (still < policy.learnerStallMs) return `${member.id} is not stalled`;
        continue;
      }
      if (policy.activeSize === 'auto') return `${member.id}: activeSize is not set`;
      if (!view.alarms.some(({ memberId }) => memberId === member.id)) return `${member.id}: no alarm before`;
      const since = member.started ? nowMs - downFor(member, nowMs) : member.addedAtMs;
      if (member.answers || nowMs - since < policy.removeDelayMs) return `${member.id}: too early`;
    }
    return false;
  },
  'removes so many in a window': ({ view, policy, nowMs }, action) => {
    if (action.type !== 'remove') return false;
    const asked = action.cause === 'drained' || action.cause === 'replaced';
    if (asked === action.automatic) return 'counts what it should not, or does not count what it should';
    const recent = view.removals.filter(({ atMs }) => atMs > nowMs - policy.removalWindowMs).length;
    return action.automatic && recent >= policy.maxAutoRemovals && `${recent} were removed`;
  },
  'hands over to a voter that can lead': ({ view }, action) => {
    if (action.type !== 'transfer-leadership') return false;
    const to = byId(view, action.toId);
    const fit = to?.role === 'voter' && helps(to) && to.replication === 'replicate' && to.id !== view.leaderId;
    return !fit && 'it cannot lead';
  },
  'takes a standby that can be taken': ({ view }, action) => {
    if (action.type !== 'reserve' && action.type !== 'activate') return false;
    const standby = view.standbys.find(({ registrationId }) => registrationId === action.registrationId);
    if (standby === undefined) return 'it is not there';
    if (standby.standbyOnly || standby.drained || !standby.connected) return 'it may not be, or is away';
    const { protocol, reservation } = standby;
    if (protocol === null || protocol.min > view.protocol || protocol.max < view.protocol) return 'protocol';
    if (action.type === 'reserve') return reservation !== null && 'it is reserved';
    return (reservation?.token !== action.token || reservation.term !== view.term) && 'its token does not hold';
  },
  'takes as many as are missing': (given, action) => {
    if (action.type !== 'reserve' && action.type !== 'activate') return false;
    const missing = missingVoters(given);
    const coming = given.view.members.filter((member) => isComing(given, member)).length;
    if (action.type === 'activate') {
      const learners = given.view.members.filter(({ role }) => role === 'learner').length;
      if (learners >= given.policy.maxLearners) return 'too many learners';
      return coming >= missing && `${coming} are coming, ${missing} are missing`;
    }
    const reserves = given.plan.actions.filter(({ type }) => type === 'reserve').length;
    return reserves + coming > missing && `${reserves} reserved, ${coming} coming, ${missing} missing`;
  },
  'lets go of what it does not need': ({ view, plan }, action) => {
    if (action.type !== 'release') return false;
    const standby = view.standbys.find(({ registrationId }) => registrationId === action.registrationId);
    if (standby?.reservation?.token !== action.token) return 'not its token';
    const used = plan.actions.some(
      (other) =>
        (other.type === 'activate' || other.type === 'reserve') && other.registrationId === action.registrationId,
    );
    return used && 'released and used';
  },
};

/** Places without a voter that answers, and voters that are drained. */
function missingVoters({ view, policy }: Case): number {
  const stay = votersOf(view).filter((voter) => !isLeaving(view, voter));
  const silent = stay.filter(({ answers }) => !answers).length;
  const wanted = policy.activeSize === 'auto' ? stay.length : policy.activeSize;
  return silent + Math.max(0, wanted - stay.length);
}

/** A learner of the automation that is on its way to a place. */
function isComing({ policy, nowMs }: Case, member: MemberView): boolean {
  if (member.role !== 'learner' || member.origin !== 'automation' || member.draining) return false;
  if (nowMs - Math.max(member.track.progressAtMs, member.addedAtMs) >= policy.learnerStallMs) return false;
  return !member.started || quietFor(member, nowMs) < policy.failoverAfterMs;
}

/** `rule: what`, for each rule that this plan breaks. */
export function brokenRules(given: Case): string[] {
  const broken = given.plan.actions.flatMap((action) =>
    Object.entries(RULES).flatMap(([name, rule]) => {
      const found = rule(given, action);
      return found === false ? [] : [`${name}: ${found} (${action.text})`];
    }),
  );
  return [...broken, ...unexplained(given)];
}

const isConfig = (action: Action): action is ConfigAction => CONFIG.has(action.type);

/** Every learner that is not moved, and every voter that is silent or leaving and not moved, has its reason. */
function unexplained({ view, plan }: Case): string[] {
  const moved = plan.actions
    .filter(isConfig)
    .flatMap((action) =>
      action.type === 'swap' ? [action.promoteId, action.demoteId] : action.type === 'activate' ? [] : action.memberIds,
    );
  const handsOver = plan.actions.some(({ type }) => type === 'transfer-leadership') ? [view.leaderId] : [];
  const spoken = new Set([...moved, ...handsOver, ...plan.holds.map(({ memberId }) => memberId)]);
  // What stops everything is reason enough for each.
  const stopped = plan.holds.some(({ reason }) => GENERAL.has(reason));
  const silent = view.members.filter(
    (member) =>
      !spoken.has(member.id) &&
      (member.role === 'learner' || (member.role === 'voter' && (!member.answers || isLeaving(view, member)))),
  );
  const odd = [...plan.explain, ...plan.holds.map(({ text }) => text)].filter((text) =>
    /undefined|NaN|null|\[object/.test(text),
  );
  return [
    ...(stopped ? [] : silent.map(({ id, role }) => `gives a reason: none for the ${role} ${id}`)),
    ...odd.map((text) => `reads well: ${text}`),
  ];
}
