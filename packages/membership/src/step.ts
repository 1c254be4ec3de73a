/** What one part of the planner has to say: at most one action of those of which a plan has one, and why not more. */
import type { Action } from './action.js';
import type { Hold } from './hold.js';
import { holdMember, type Situation } from './situation.js';

export interface Candidate {
  readonly action: Action;
  /** Whom it is about: they are held, with `next`, when another action goes first. */
  readonly memberIds: readonly number[];
  readonly registrationId: number;
}

export interface Step {
  readonly candidate: Candidate | null;
  readonly holds: readonly Hold[];
}

export const NOTHING: Step = { candidate: null, holds: [] };

export function hold(...holds: Hold[]): Step {
  return { candidate: null, holds };
}

export function act(
  action: Action,
  memberIds: readonly number[],
  holds: readonly Hold[] = [],
  registrationId = 0,
): Step {
  return { candidate: { action, memberIds, registrationId }, holds };
}

/** What every action carries, so that it is only done to the cluster that it was planned for. */
export function stamp({ view }: Situation, text: string): { term: number; configIndex: number; text: string } {
  return { term: view.term, configIndex: view.configIndex, text };
}

/** All their holds, and the first action; what the later ones would have done is held, since one goes at a time. */
export function firstOf(steps: readonly Step[]): Step {
  const [first, ...others] = steps.flatMap(({ candidate }) => (candidate === null ? [] : [candidate]));
  const holds = [...steps.flatMap((step) => step.holds), ...others.flatMap(holdBack)];
  return { candidate: first ?? null, holds };
}

function holdBack({ action, memberIds, registrationId }: Candidate): Hold[] {
  const text = `${action.text}; another change goes first`;
  if (registrationId !== 0) return [{ memberId: 0, registrationId, reason: 'next', text, untilMs: null }];
  return memberIds.map((id) => holdMember({ id }, 'next', text));
}
