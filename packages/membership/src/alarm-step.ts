/** Which alarms are to stand now, and so which to raise and which to lower. */
import type { AlarmAction } from './action.js';
import type { AlarmKind } from './alarm.js';
import { describeMember, findMember, type MemberView } from './cluster-view.js';
import { flappingUntil, stallDueAt } from './down-time.js';
import type { Need } from './need.js';
import type { Situation } from './situation.js';
import { stamp } from './step.js';

const MEANING: Readonly<Record<AlarmKind, string>> = {
  flapping: 'falls silent again and again',
  'no-replacement': 'is silent, and nobody can take its place',
  stalled: 'makes no progress',
  'never-started': 'was added and has not started',
};

/** `unmet`: needs for which there is nobody. */
export function planAlarms(situation: Situation, unmet: readonly Need[]): AlarmAction[] {
  const causes = new Map<string, { readonly alarm: AlarmKind; readonly memberId: number }>();
  const raise = (alarm: AlarmKind, memberId: number): void => {
    causes.set(`${memberId} ${alarm}`, { alarm, memberId });
  };
  for (const member of situation.view.members) for (const alarm of alarmsOf(situation, member)) raise(alarm, member.id);
  for (const need of unmet) if (need.purpose === 'failover' && need.due) raise('no-replacement', need.forMemberId);
  const raised = new Set(situation.view.alarms.map(({ alarm, memberId }) => `${memberId} ${alarm}`));
  const missing = [...causes].filter(([key]) => !raised.has(key)).map(([, cause]) => ({ ...cause, raised: true }));
  const over = situation.view.alarms
    .filter(({ alarm, memberId }) => !causes.has(`${memberId} ${alarm}`))
    .map(({ alarm, memberId }) => ({ alarm, memberId, raised: false }));
  return [...missing, ...over]
    .sort((a, b) => a.memberId - b.memberId || (a.alarm < b.alarm ? -1 : 1))
    .map((change) => ({ type: 'alarm', ...change, ...stamp(situation, describe(situation, change)) }));
}

function alarmsOf({ policy, nowMs, view }: Situation, member: MemberView): AlarmKind[] {
  if (member.id === view.leaderId) return [];
  const flapping: AlarmKind[] = flappingUntil(member, policy, nowMs) === null ? [] : ['flapping'];
  if (nowMs < stallDueAt(member, policy)) return flapping;
  if (!member.started && !member.answers) return [...flapping, 'never-started'];
  return member.role === 'voter' ? flapping : [...flapping, 'stalled'];
}

function describe(
  { view }: Situation,
  { alarm, memberId, raised }: { readonly alarm: AlarmKind; readonly memberId: number; readonly raised: boolean },
): string {
  const who = describeMember(findMember(view, memberId) ?? { id: memberId, name: '' });
  return raised ? `raise alarm ${alarm}: ${who} ${MEANING[alarm]}` : `lower alarm ${alarm} of ${who}`;
}
