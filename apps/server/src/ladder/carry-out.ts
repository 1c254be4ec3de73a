/**
 * The effect of one planned action. It is carried out only by the leader that a quorum has just answered, and only while
 * term and configuration are those that it was planned for; both are looked at in the turn that proposes.
 */
import { setTimeout } from 'node:timers/promises';
import type { ActivateAction, Action, SwapAction } from '@understudy/membership';
import { type ConfChange, ConfChangeTransition, ConfChangeType } from '@understudy/raft-core';
import type { PeerProgress } from '@understudy/raft-node';
import { formatId, randomId } from '../bootstrap/member-id.js';
import type { Member } from '../services/member.js';
import { CommandKind } from '../state/command.js';
import { type ConfChangeContext, encodeConfChangeContext } from '../state/conf-change-context.js';
import { encodeLadderCommand } from '../state/ladder-command.js';
import type { LadderOutcome } from '../state/ladder-table.js';
import { type MemberRecord, newMemberRecord } from '../state/member-record.js';
import type { Alarms } from './alarms.js';
import type { Outcome } from './decision-log.js';
import type { StandbyRegistry } from './standby-registry.js';

export interface CarryOutDeps {
  readonly member: Member;
  readonly alarms: Alarms;
  readonly standbys: StandbyRegistry;
}

export interface CarriedOut {
  readonly outcome: Outcome;
  readonly detail: string;
  /** Of the configuration that it led to; 0 where it led to none. */
  readonly configIndex: number;
}

/** Never rejects. */
export async function carryOut(deps: CarryOutDeps, action: Action): Promise<CarriedOut> {
  const { node, config } = deps.member;
  try {
    // A round to a quorum: a leader that was cut off finds it out here.
    await node.readBarrier({ timeoutMs: config.electionTimeoutMs });
  } catch (error) {
    return { outcome: 'dropped', detail: `no quorum answers: ${(error as Error).message}`, configIndex: 0 };
  }
  if (action.type === 'remove') await untilFollowing(deps.member, action.memberIds);
  const moved = whatMoved(deps.member, action);
  if (moved !== null) return { outcome: 'dropped', detail: moved, configIndex: 0 };
  try {
    const configIndex = await run(deps, action);
    return { outcome: 'done', detail: '', configIndex };
  } catch (error) {
    const { code, outcome } = error as { code?: string; outcome?: 'not-applied' | 'unknown' };
    // An operator was faster: what is to be done after that, the next plan says.
    if (code === 'conf-change-pending') {
      return { outcome: 'dropped', detail: (error as Error).message, configIndex: 0 };
    }
    return {
      outcome: outcome === 'not-applied' ? 'refused' : 'failed',
      detail: (error as Error).message,
      configIndex: 0,
    };
  }
}

/**
 * A member that is removed hears of it through its log, and answers then whoever waits for what it passed on: it should
 * follow the log closely before. One that does not answer, or does not get there soon, is not waited for.
 */
async function untilFollowing({ node, config }: Member, ids: readonly number[]): Promise<void> {
  const { electionTimeoutMs, heartbeatIntervalMs } = config;
  const untilMs = performance.now() + electionTimeoutMs;
  const { lastIndex } = node.status();
  const isBehind = ({ id, answeredMs, state, match }: PeerProgress): boolean => {
    const answers = answeredMs !== null && answeredMs <= electionTimeoutMs;
    return ids.includes(id) && answers && (state !== 'replicate' || match < lastIndex);
  };
  while (node.status().peers.some(isBehind) && performance.now() < untilMs) await setTimeout(heartbeatIntervalMs);
}

function whatMoved({ node }: Member, { term, configIndex }: Action): string | null {
  const status = node.status();
  if (!node.isLeader) return 'this member does not lead any more';
  if (status.term !== term) return `planned in term ${term}, and it is term ${status.term}`;
  if (status.confIndex !== configIndex) {
    return `planned for the configuration of index ${configIndex}, and it is that of ${status.confIndex}`;
  }
  return null;
}

async function run(deps: CarryOutDeps, action: Action): Promise<number> {
  const { member, alarms } = deps;
  const { node } = member;
  switch (action.type) {
    case 'promote':
      return changeRoles(member, ConfChangeType.AddNode, action.memberIds);
    case 'swap':
      return swap(member, action);
    case 'remove': {
      const changes = action.memberIds.map((nodeId) => ({ type: ConfChangeType.RemoveNode, nodeId }));
      const counted: ConfChangeContext = action.automatic
        ? { members: [], automaticAtMs: Date.now() }
        : { members: [] };
      return change(member, changes, action.cause === 'drained' ? { ...counted, withdrawn: true } : counted);
    }
    case 'activate':
      return activate(deps, action);
    case 'reserve': {
      const { registrationId, purpose, forMemberId, term } = action;
      await deps.standbys.reserve({ registrationId, token: randomId(), term, purpose, forMemberId });
      return 0;
    }
    case 'release':
      await deps.standbys.release(action.registrationId, action.token);
      return 0;
    case 'forget':
      await deps.standbys.forget(action.registrationIds);
      return 0;
    case 'transfer-leadership':
      await node.transferLeadership(action.toId);
      return 0;
    case 'alarm':
      alarms.set({ alarm: action.alarm, memberId: action.memberId }, action.raised);
      return 0;
    case 'fix-active-size':
      await setActiveSize(member, action.size);
      return 0;
  }
}

/** The member that is demoted may come back for its place, and never only because it is in sync again. */
function swap(member: Member, { promoteId, demoteId }: SwapAction): Promise<number> {
  const demoted = recordOf(member, demoteId);
  const changes = [
    { type: ConfChangeType.AddNode, nodeId: promoteId },
    { type: ConfChangeType.AddLearnerNode, nodeId: demoteId },
  ];
  const spare: MemberRecord = { ...demoted, promotion: 'auto', triggers: { join: false } };
  return change(member, changes, { members: [recordOf(member, promoteId), spare] });
}

function changeRoles(member: Member, type: ConfChangeType, ids: readonly number[]): Promise<number> {
  const members = ids.map((id) => recordOf(member, id));
  return change(
    member,
    ids.map((nodeId) => ({ type, nodeId })),
    { members },
  );
}

function activate(deps: CarryOutDeps, action: ActivateAction): Promise<number> {
  const { member } = deps;
  const { registrationId, token, purpose, forMemberId, promotion, triggers } = action;
  const standby = deps.standbys.views(performance.now()).find((view) => view.registrationId === registrationId);
  if (standby === undefined) throw new NotCarriedOut(`standby ${formatId(registrationId)} is not registered any more`);
  const registration = formatId(registrationId);
  const record = newMemberRecord({
    id: freshId(member),
    peerUrls: standby.peerUrls,
    zone: standby.zone,
    origin: 'automation',
    addedAtMs: Date.now(),
    promotion,
    triggers,
    registration,
    replaces: purpose === 'drain' ? forMemberId : 0,
  });
  return change(member, [{ type: ConfChangeType.AddLearnerNode, nodeId: record.id }], {
    members: [record],
    activation: { registration, token },
  });
}

/** An id that no member has or had. */
export function freshId({ state }: Member): number {
  let id = randomId();
  while (state.members.get(id) !== undefined || state.members.wasRemoved(id)) id = randomId();
  return id;
}

async function setActiveSize(member: Member, size: number): Promise<void> {
  const { policyVersion } = member.state.ladder;
  const command = encodeLadderCommand({ version: policyVersion, set: { activeSize: size }, reset: [] });
  const call = { raw: null, timeoutMs: undefined };
  const outcome = await member.propose<LadderOutcome>(CommandKind.SetPolicy, command, undefined, call);
  if (!outcome.ok) throw new NotCarriedOut(`the policy has moved since: ${outcome.reason}`);
}

async function change({ node }: Member, changes: ConfChange['changes'], context: ConfChangeContext): Promise<number> {
  await node.changeMembership({
    transition: ConfChangeTransition.Auto,
    changes,
    context: encodeConfChangeContext(context),
  });
  return node.status().confIndex;
}

function recordOf({ state }: Member, id: number): MemberRecord {
  const record = state.members.get(id);
  if (record === undefined) throw new NotCarriedOut(`member ${formatId(id)} is gone`);
  return record;
}

/** Found out before anything was proposed. */
class NotCarriedOut extends Error {
  override readonly name = 'NotCarriedOut';
  readonly outcome = 'not-applied';
}
