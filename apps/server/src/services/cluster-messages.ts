/** What the planner knows, as the messages of `understudy.v1`. */
import type { Action, ClusterView, Hold, MemberView, Plan, PromoteTriggers, StandbyView } from '@understudy/membership';
import {
  Decision as DecisionMessage,
  LadderMember,
  type PlanHold,
  PlannedAction,
  StandbyEntry,
} from '@understudy/protocol';
import { formatId } from '../bootstrap/member-id.js';
import type { Decision } from '../ladder/decision-log.js';
import type { MemberRecord } from '../state/member-record.js';

export function memberMessage(view: ClusterView, member: MemberView, record: MemberRecord, hold: string): LadderMember {
  const { track, snapshot, protocol } = member;
  const now = track.lookedAtMs;
  const since = (atMs: number | null): number => (atMs === null ? 0 : Math.max(1, Math.round(now - atMs)));
  return LadderMember.create({
    id: member.id,
    name: member.name,
    role: member.role,
    peerUrls: [...member.peerUrls],
    clientUrls: [...record.clientUrls],
    isLeader: member.id === view.leaderId,
    started: member.started,
    answers: member.answers,
    match: member.match,
    lag: Math.max(0, view.lastIndex - member.match),
    replication: member.replication,
    snapshotSent: snapshot?.sentBytes ?? 0,
    snapshotSize: snapshot?.totalBytes ?? 0,
    silentMs: since(track.silentSinceMs),
    closeMs: since(track.closeSinceMs),
    lastRoundMs: Math.round(track.lastRoundMs ?? 0),
    zone: member.zone,
    promotion: member.promotion,
    promotionTriggers: triggerNames(member.triggers),
    origin: member.origin,
    draining: member.draining,
    registration: record.registration,
    hold,
    replaces: member.replaces,
    recovering: member.recovering,
    minProtocol: protocol?.min ?? 0,
    maxProtocol: protocol?.max ?? 0,
    pinned: member.pinned,
  });
}

function triggerNames(triggers: Partial<PromoteTriggers>): string[] {
  return (['join', 'size', 'failover'] as const).filter((name) => triggers[name] === true);
}

/** Why the plan leaves this member where it is; empty where nothing holds it. */
export function holdOf({ holds }: Plan, memberId: number): string {
  return holds.find((hold) => hold.memberId === memberId)?.text ?? '';
}

export function actionMessage(action: Action, view: ClusterView): PlannedAction {
  const names = new Map(view.members.map(({ id, name }) => [id, name]));
  const registrations = 'registrationIds' in action ? action.registrationIds : [];
  const registration = 'registrationId' in action ? action.registrationId : (registrations[0] ?? 0);
  return PlannedAction.create({
    type: action.type,
    text: action.text,
    members: membersOf(action).map((id) => ({ id, name: names.get(id) ?? '' })),
    registration: registration === 0 ? '' : formatId(registration),
  });
}

function membersOf(action: Action): readonly number[] {
  switch (action.type) {
    case 'promote':
    case 'remove':
      return action.memberIds;
    case 'swap':
      return [action.promoteId, action.demoteId];
    case 'transfer-leadership':
      return [action.toId];
    case 'alarm':
      return [action.memberId];
    default:
      return [];
  }
}

export function holdMessage(hold: Hold, nowMs: number): PlanHold {
  const { memberId, registrationId, reason, text, untilMs } = hold;
  const waitMs = untilMs === null ? 0 : Math.max(1, Math.ceil(untilMs - nowMs));
  return { memberId, reason, text, waitMs, registration: registrationId === 0 ? '' : formatId(registrationId) };
}

export function decisionMessage(decision: Decision): DecisionMessage {
  return DecisionMessage.create(decision);
}

export function standbyMessage(standby: StandbyView, nowMs: number): StandbyEntry {
  const { reservation, protocol } = standby;
  return StandbyEntry.create({
    registration: formatId(standby.registrationId),
    name: standby.name,
    peerUrls: [...standby.peerUrls],
    clientUrls: [...standby.clientUrls],
    zone: standby.zone,
    standbyOnly: standby.standbyOnly,
    minProtocol: protocol?.min ?? 0,
    maxProtocol: protocol?.max ?? 0,
    connected: standby.connected,
    silentMs: standby.connected ? 0 : Math.max(1, Math.round(nowMs - standby.lastSeenMs)),
    reserved: reservation !== null,
    reservedFor: reservation?.forMemberId ?? 0,
    purpose: reservation?.purpose ?? '',
    drained: standby.drained,
    failedActivations: standby.failedActivations,
  });
}

/** When to look again, from now; 0 for only when something changes. */
export function waitOf({ nextCheckAtMs }: Plan, nowMs: number): number {
  return nextCheckAtMs === null ? 0 : Math.max(1, Math.ceil(nextCheckAtMs - nowMs));
}
