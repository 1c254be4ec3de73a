/**
 * Which places want a voter that is not there: a voter is silent, there are too few, or one is being drained. A need says
 * since when it may be acted on; before that, somebody is only kept ready for it.
 */
import { describeMember, type MemberView } from './cluster-view.js';
import { failoverDueAt, flappingUntil } from './down-time.js';
import { worstFirst } from './over-size.js';
import type { Situation } from './situation.js';
import type { StandbyPurpose } from './standby-view.js';

export interface Need {
  readonly purpose: StandbyPurpose;
  /** The voter whose place it is; 0 for `size`. */
  readonly forMemberId: number;
  /** Its time has come. */
  readonly due: boolean;
  /** When its time comes; null when it has come. */
  readonly dueAtMs: number | null;
  /** What is missing, for an operator. */
  readonly text: string;
}

/** The most pressing first: voters silent for long enough, places without a voter, voters that fell silent just now. */
export function needsOf(situation: Situation): Need[] {
  const silent = silentNeeds(situation);
  return [...silent.filter(({ due }) => due), ...sizeNeeds(situation), ...silent.filter(({ due }) => !due)];
}

function silentNeeds(situation: Situation): Need[] {
  const { policy, nowMs, staying, excess } = situation;
  const silent = worstFirst(
    situation,
    staying.filter((voter) => !voter.answers),
  );
  // Of voters beyond the wanted size, nobody takes the place.
  return silent.slice(excess).flatMap((voter): Need[] => {
    const dueAtMs = failoverDueAt(voter, policy);
    if (dueAtMs === null || flappingUntil(voter, policy, nowMs) !== null) return [];
    const due = nowMs >= dueAtMs;
    const text = `${describeMember(voter)} is silent`;
    return [{ purpose: 'failover', forMemberId: voter.id, due, dueAtMs: due ? null : dueAtMs, text }];
  });
}

function sizeNeeds({ staying, target, leaving }: Situation): Need[] {
  const drained = leaving.filter(({ draining }) => draining);
  const count = Math.max(0, target - staying.length);
  return Array.from({ length: count }, (_, place): Need => {
    const voter: MemberView | undefined = drained[place];
    if (voter !== undefined) {
      const text = `${describeMember(voter)} is being drained`;
      return { purpose: 'drain', forMemberId: voter.id, due: true, dueAtMs: null, text };
    }
    const text = `${staying.length} voters are to stay, and activeSize is ${target}`;
    return { purpose: 'size', forMemberId: 0, due: true, dueAtMs: null, text };
  });
}
