/**
 * Standbys for the needs that no learner is there for: each gets one reserved, and when the need's time has come that one
 * is activated, with the token of its reservation; so there is one activation for a need, however many leaders plan it. A
 * reservation that no need has, or of an earlier term, is released.
 */
import type { Action } from './action.js';
import { findMember, type MemberView } from './cluster-view.js';
import type { Hold } from './hold.js';
import type { Need } from './need.js';
import { holdMember, type Situation } from './situation.js';
import { bestStandby, describeUnfit, unfit } from './standby-choice.js';
import { describeStandby, type Reservation, type StandbyView } from './standby-view.js';
import type { Post } from './staffing.js';
import { act, type Candidate, type Step, stamp } from './step.js';

export interface StandbyPlan {
  /** Changes of the registry: all of them may go in one plan. */
  readonly registry: readonly Action[];
  /** At most one activation. */
  readonly step: Step;
  /** The needs for which there is neither learner nor standby. */
  readonly unmet: readonly Need[];
  /** The voters for whose places a standby is kept. */
  readonly awaited: ReadonlySet<number>;
  /** When the next one that is silent is forgotten; null for none. */
  readonly forgetAtMs: number | null;
}

interface Reserved {
  readonly standby: StandbyView;
  readonly reservation: Reservation;
}

export function planStandbys(situation: Situation, posts: readonly Post[]): StandbyPlan {
  const forgotten = overdue(situation);
  const present = situation.view.standbys
    .filter((standby) => !forgotten.includes(standby))
    .sort((a, b) => a.registrationId - b.registrationId);
  const { open, holds } = openNeeds(situation, posts);
  const reserved = present.flatMap((standby): Reserved[] =>
    standby.reservation === null ? [] : [{ standby, reservation: standby.reservation }],
  );
  const kept = keep(situation, open, reserved);
  const released = reserved.filter(({ standby }) => ![...kept.values()].some((other) => other.standby === standby));
  const free = new Set(present.filter((standby) => standby.reservation === null && !unfit(situation, standby)));
  const registry: Action[] = [];
  if (forgotten.length > 0) registry.push(forget(situation, forgotten));
  registry.push(...released.map((stale) => release(situation, stale)));
  const unmet: Need[] = [];
  const awaited = new Set<number>();
  for (const need of open) {
    const chosen = kept.has(need) ? undefined : bestStandby(situation, [...free], need.forMemberId);
    if (chosen !== undefined) {
      free.delete(chosen);
      registry.push(reserve(situation, need, chosen));
    } else if (!kept.has(need)) {
      unmet.push(need);
      const subject = findMember(situation.view, need.forMemberId) ?? { id: 0 };
      holds.push(holdMember(subject, 'no-standby', `${need.text}; ${describeUnfit(situation)}`));
      continue;
    }
    awaited.add(need.forMemberId);
  }
  const forgetAtMs = nextForgetting(situation, present);
  return { registry, step: activation(situation, kept, holds), unmet, awaited, forgetAtMs };
}

/** Not heard of for `removeDelayMs`. */
function overdue({ view, policy, nowMs }: Situation): StandbyView[] {
  return view.standbys.filter(({ connected, lastSeenMs }) => !connected && nowMs - lastSeenMs >= policy.removeDelayMs);
}

function nextForgetting({ policy }: Situation, present: readonly StandbyView[]): number | null {
  const moments = present.flatMap(({ connected, lastSeenMs }) =>
    connected ? [] : [lastSeenMs + policy.removeDelayMs],
  );
  return moments.length === 0 ? null : Math.min(...moments);
}

/** The needs that a standby may meet: nobody is there, and the policy lets the automation promote for it. */
function openNeeds({ policy, view }: Situation, posts: readonly Post[]): { open: Need[]; holds: Hold[] } {
  const open: Need[] = [];
  const holds: Hold[] = [];
  for (const { need, learner } of posts) {
    if (learner !== undefined) continue;
    const trigger = need.purpose === 'failover' ? 'failover' : 'size';
    if (policy.autoPromote[trigger]) {
      open.push(need);
      continue;
    }
    const subject: Pick<MemberView, 'id'> = findMember(view, need.forMemberId) ?? { id: 0 };
    holds.push(holdMember(subject, 'trigger-off', `${need.text}; autoPromote is off for ${trigger}`));
  }
  return { open, holds };
}

/** Which need each reservation that still holds is for. */
function keep({ view, ...rest }: Situation, open: readonly Need[], reserved: readonly Reserved[]): Map<Need, Reserved> {
  const kept = new Map<Need, Reserved>();
  for (const one of reserved) {
    const { reservation, standby } = one;
    if (reservation.term !== view.term || unfit({ view, ...rest }, standby) !== undefined) continue;
    const need = open.find(
      (candidate) =>
        !kept.has(candidate) &&
        candidate.purpose === reservation.purpose &&
        candidate.forMemberId === reservation.forMemberId,
    );
    if (need !== undefined) kept.set(need, one);
  }
  return kept;
}

function activation(situation: Situation, kept: ReadonlyMap<Need, Reserved>, holds: Hold[]): Step {
  const { policy, learners } = situation;
  let candidate: Candidate | null = null;
  for (const [need, { standby, reservation }] of kept) {
    const who = describeStandby(standby);
    const held = (reason: Hold['reason'], text: string, untilMs: number | null): void => {
      holds.push({ memberId: 0, registrationId: standby.registrationId, reason, text, untilMs });
    };
    if (!need.due && !policy.warmReserve) {
      held('suspect', `${who} is reserved: ${need.text}`, need.dueAtMs);
    } else if (learners.length >= policy.maxLearners) {
      const limit = `maxLearners is ${policy.maxLearners}`;
      held('too-many-learners', `${who} is to be activated; there are ${learners.length} learners, and ${limit}`, null);
    } else if (candidate !== null) {
      held('next', `${who} is to be activated, and waits for the change that goes first`, null);
    } else {
      const { token, purpose, forMemberId } = reservation;
      const text = `activate ${who} as a learner: ${need.text}`;
      const { registrationId } = standby;
      const what = { promotion: 'auto', triggers: {}, ...stamp(situation, text) } as const;
      const action = { type: 'activate', registrationId, token, purpose, forMemberId, ...what } as const;
      ({ candidate } = act(action, [], [], registrationId));
    }
  }
  return { candidate, holds };
}

function reserve(situation: Situation, need: Need, standby: StandbyView): Action {
  const { registrationId } = standby;
  const { purpose, forMemberId } = need;
  const text = `reserve ${describeStandby(standby)}: ${need.text}`;
  return { type: 'reserve', registrationId, purpose, forMemberId, ...stamp(situation, text) };
}

function release(situation: Situation, { standby, reservation }: Reserved): Action {
  const { term } = situation.view;
  const who = describeStandby(standby);
  const why = reservation.term === term ? 'it is not needed now' : `its reservation is of term ${reservation.term}`;
  const { registrationId } = standby;
  return { type: 'release', registrationId, token: reservation.token, ...stamp(situation, `release ${who}: ${why}`) };
}

function forget(situation: Situation, standbys: readonly StandbyView[]): Action {
  const registrationIds = standbys.map(({ registrationId }) => registrationId).sort((a, b) => a - b);
  const text = `forget ${standbys.length} standbys that were not heard of for removeDelay`;
  return { type: 'forget', registrationIds, ...stamp(situation, text) };
}
