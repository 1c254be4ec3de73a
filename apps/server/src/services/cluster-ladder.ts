/**
 * understudy.v1.Ladder: what the leader sees, plans and did, and the operator's hand on it. Refusals have etcd's codes
 * and our own texts, which say what stands in the way.
 */
import { type ClusterView, type Plan, parseTriggers, quorumSize } from '@understudy/membership';
import {
  AddedRole,
  type AddMemberRequest,
  type AddMemberResponse,
  type ClusterStatusResponse,
  type DrainRequest,
  type LadderMember,
  LadderService,
  type MethodDescriptor,
  type PlanRequest,
  type PlanResponse,
  type ReplaceMemberRequest,
  type ReplaceMemberResponse,
  RpcError,
  StatusCode,
} from '@understudy/protocol';
import type { Ladder } from '../ladder/ladder.js';
import { RefusedChange } from '../ladder/member-commands.js';
import type { MemberPromotion, MemberTriggers } from '../state/member-record.js';
import { canonicalPeerUrls, STATUS_BY_REASON } from './cluster.js';
import { addPolicyMethods } from './cluster-policy.js';
import {
  actionMessage,
  decisionMessage,
  holdMessage,
  holdOf,
  memberMessage,
  standbyMessage,
  waitOf,
} from './cluster-messages.js';
import type { LeaderCalls } from './leader-calls.js';
import type { Member } from './member.js';
import type { Call, ServiceTableBuilder } from './rpc.js';

export function addLadderService(
  table: ServiceTableBuilder,
  member: Member,
  leader: LeaderCalls,
  ladder: Ladder,
): void {
  const service = new LadderAnswers(member, ladder);
  const { methods } = LadderService;
  /** At the leader, whoever is asked. */
  const add = <I extends object, O extends object>(
    method: MethodDescriptor<I, O, 'unary'>,
    handler: (request: I, call: Call) => Promise<O>,
    repeatable = false,
  ): void => {
    table.add(
      method,
      leader.add(method, (request, call) => inOurWords(() => handler(request, call)), { repeatable }),
    );
  };
  add(methods.clusterStatus, async () => service.status(), true);
  add(methods.plan, async (request) => service.plan(request), true);
  add(methods.memberAdd, (request, call) => service.add(request, call));
  add(methods.memberPromote, ({ id }, call) => service.promote(id, call));
  add(methods.memberDemote, ({ id }, call) => service.demote(id, call));
  add(methods.memberReplace, (request, call) => service.replace(request, call));
  add(methods.drain, (request, call) => service.drain(request, call), true);
  add(methods.standbyList, async () => service.standbys(), true);
  addPolicyMethods(add, member, ladder);
}

export type AddLadderMethod = <I extends object, O extends object>(
  method: MethodDescriptor<I, O, 'unary'>,
  handler: (request: I, call: Call) => Promise<O>,
  repeatable?: boolean,
) => void;

class LadderAnswers {
  readonly #member: Member;
  readonly #ladder: Ladder;

  constructor(member: Member, ladder: Ladder) {
    this.#member = member;
    this.#ladder = ladder;
  }

  status(): ClusterStatusResponse {
    const { executor, policy } = this.#ladder;
    const view = executor.view();
    const plan = executor.plan();
    const nowMs = performance.now();
    const voters = view.members.filter(({ role }) => role === 'voter');
    return {
      header: this.#member.header(),
      leader: view.leaderId,
      term: view.term,
      configIndex: view.configIndex,
      configInFlight: view.configInFlight,
      voters: voters.length,
      answeringVoters: voters.filter(({ answers }) => answers).length,
      quorum: quorumSize(voters.length),
      slack: plan.slack,
      failureTolerance: Math.max(0, plan.slack),
      paused: policy.policy.paused,
      policyVersion: policy.version,
      lastIndex: view.lastIndex,
      members: this.#members(view, plan),
      actions: plan.actions.map((action) => actionMessage(action, view)),
      holds: plan.holds.map((hold) => holdMessage(hold, nowMs)),
      explain: [...plan.explain],
      nextCheckMs: waitOf(plan, nowMs),
      decisions: executor.decisions.list().map(decisionMessage),
      standbys: view.standbys.length,
    };
  }

  plan({ policy: fields, ignorePaused }: PlanRequest): PlanResponse {
    const { executor, policy } = this.#ladder;
    const tried = policy.tried(fields.map(({ name, value }) => `${name}=${value}`));
    if (!tried.ok) throw invalid(tried.text);
    const wanted = ignorePaused ? { ...tried.policy, paused: false } : tried.policy;
    const plan = executor.plan(wanted);
    const view = executor.view(wanted);
    const nowMs = performance.now();
    return {
      header: this.#member.header(),
      actions: plan.actions.map((action) => actionMessage(action, view)),
      holds: plan.holds.map((hold) => holdMessage(hold, nowMs)),
      slack: plan.slack,
      explain: [...plan.explain],
      nextCheckMs: waitOf(plan, nowMs),
    };
  }

  async add(request: AddMemberRequest, call: Call): Promise<AddMemberResponse> {
    const role = ROLES.get(request.role);
    if (role === undefined) throw invalid(`there is no role ${request.role}`);
    const peerUrls = canonicalPeerUrls(request.peerUrls);
    const promote = promotionOf(request.promote);
    if (request.promote !== '' && role !== 'learner') throw invalid(`a ${role} is not asked how it is promoted`);
    const id = await this.#ladder.commands.add({ role, peerUrls, zone: request.zone, ...promote }, call);
    const members = this.members();
    return { header: this.#member.header(), member: members.find((member) => member.id === id), members };
  }

  async promote(id: number, call: Call) {
    const changed = this.#ladder.commands.roleOf(id) !== 'voter';
    if (changed) await this.#ladder.commands.promote(id, call);
    return { header: this.#member.header(), members: this.members(), changed };
  }

  async demote(id: number, call: Call) {
    const role = this.#ladder.commands.roleOf(id);
    const changed = role === 'voter' || role === undefined;
    if (changed) await this.#ladder.commands.demote(id, call);
    return { header: this.#member.header(), members: this.members(), changed };
  }

  async replace({ id, peerUrls, zone }: ReplaceMemberRequest, call: Call): Promise<ReplaceMemberResponse> {
    const { commands } = this.#ladder;
    const added =
      peerUrls.length === 0
        ? await commands.replaceByStandby(id, call).then(() => 0)
        : await commands.replace(id, { peerUrls: canonicalPeerUrls(peerUrls), zone }, call);
    const members = this.members();
    return { header: this.#member.header(), member: members.find((member) => member.id === added), members };
  }

  async drain({ id, cancel }: DrainRequest, call: Call) {
    await this.#ladder.commands.drain(id, !cancel, call);
    return { header: this.#member.header(), members: this.members() };
  }

  standbys() {
    const nowMs = performance.now();
    const standbys = this.#ladder.executor.view().standbys.map((standby) => standbyMessage(standby, nowMs));
    return { header: this.#member.header(), standbys };
  }

  members(): LadderMember[] {
    const { executor } = this.#ladder;
    return this.#members(executor.view(), executor.plan());
  }

  #members(view: ClusterView, plan: Plan): LadderMember[] {
    const { members: records } = this.#member.state;
    return view.members.flatMap((member) => {
      const record = records.get(member.id);
      return record === undefined ? [] : [memberMessage(view, member, record, holdOf(plan, member.id))];
    });
  }
}

const ROLES: ReadonlyMap<number, 'join' | 'learner' | 'reader' | 'voter'> = new Map([
  [AddedRole.JOIN, 'join'],
  [AddedRole.LEARNER, 'learner'],
  [AddedRole.READER, 'reader'],
  [AddedRole.VOTER, 'voter'],
]);

/** `manual`, `auto`, or the triggers that count for this learner whatever the policy says. */
function promotionOf(text: string): { readonly promotion?: MemberPromotion; readonly triggers?: MemberTriggers } {
  if (text === '' || text === 'manual') return {};
  if (text === 'auto') return { promotion: 'auto' };
  const triggers = parseTriggers(text);
  if (triggers !== undefined) return { promotion: 'auto', triggers };
  throw invalid(`promote must be manual, auto, or some of join,size,failover, not '${text}'`);
}

export function invalid(text: string): RpcError {
  return new RpcError(StatusCode.INVALID_ARGUMENT, `understudy: ${text}`, { outcome: 'not-applied' });
}

async function inOurWords<T>(command: () => Promise<T>): Promise<T> {
  try {
    return await command();
  } catch (error) {
    if (!(error instanceof RefusedChange)) throw error;
    const { code, retryable } = STATUS_BY_REASON[error.reason];
    throw new RpcError(code, `understudy: ${error.message}`, { retryable, outcome: 'not-applied', cause: error });
  }
}
