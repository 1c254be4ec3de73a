/**
 * etcdserverpb.Cluster: the operator's commands on members. The leader judges them, with the checks of `membership`
 * and what it alone knows of each member's progress; other members pass them on.
 */
import { once } from 'node:events';
import {
  type CheckOptions,
  type CheckResult,
  checkAddMember,
  checkPromote,
  checkRemoveMember,
  checkUpdate,
  type Policy,
  type RefusalReason,
} from '@understudy/membership';
import {
  ClusterService,
  etcdErrors,
  type MemberAddRequest,
  type MemberAddResponse,
  type MemberListRequest,
  type MemberListResponse,
  type MemberPromoteRequest,
  type MemberRemoveRequest,
  type MemberUpdateRequest,
  type Member as MemberMessage,
  RpcError,
  type RpcStatus,
} from '@understudy/protocol';
import { ConfChangeTransition, ConfChangeType } from '@understudy/raft-core';
import { randomId } from '../bootstrap/member-id.js';
import { canonicalUrl } from '../config/urls.js';
import { encodeConfChangeContext } from '../state/conf-change-context.js';
import { type MemberRecord, newMemberRecord } from '../state/member-record.js';
import { isLearner } from '../state/member-view.js';
import { clusterView } from './cluster-view.js';
import { failure, fromRaft } from './failures.js';
import type { LeaderCalls } from './leader-calls.js';
import type { Member } from './member.js';
import type { Call, ServiceTableBuilder } from './rpc.js';

interface MembersAnswer {
  readonly header: MemberListResponse['header'];
  readonly members: MemberMessage[];
}

export function addClusterService(
  table: ServiceTableBuilder,
  member: Member,
  leader: LeaderCalls,
  policy: Policy,
): void {
  const commands = new ClusterCommands(member, policy);
  const { methods } = ClusterService;
  const remove = leader.add(methods.memberRemove, (request, call) => commands.remove(request, call));
  table.add(methods.memberList, (request, call) => commands.list(request, call));
  table.add(
    methods.memberAdd,
    leader.add(methods.memberAdd, (request, call) => commands.add(request, call)),
  );
  table.add(methods.memberRemove, async (request, call) => {
    try {
      return await remove(request, call);
    } catch (error) {
      // A member that is removed may be cut off before it hears the answer; that it was removed, it knows itself.
      if (request.id === member.id && (await commands.seesItselfRemoved())) return commands.answer();
      throw error;
    }
  });
  table.add(
    methods.memberUpdate,
    leader.add(methods.memberUpdate, (request, call) => commands.update(request, call)),
  );
  table.add(
    methods.memberPromote,
    leader.add(methods.memberPromote, (request, call) => commands.promote(request, call)),
  );
}

class ClusterCommands {
  readonly #member: Member;
  readonly #policy: Policy;
  readonly #options: CheckOptions;

  constructor(member: Member, policy: Policy) {
    this.#member = member;
    this.#policy = policy;
    this.#options = { strict: member.config.strictReconfigCheck };
  }

  async list(request: MemberListRequest, call: Call): Promise<MemberListResponse> {
    if (request.linearizable) await this.#member.readBarrier(call);
    return this.answer();
  }

  async add(request: MemberAddRequest, call: Call): Promise<MemberAddResponse> {
    const { state } = this.#member;
    let id = randomId();
    while (state.members.get(id) !== undefined || state.members.wasRemoved(id)) id = randomId();
    const record = newMemberRecord({ id, peerUrls: peerUrls(request.peerUrls), origin: 'operator' });
    const role = request.isLearner ? 'learner' : 'voter';
    this.#accept(checkAddMember(this.#view(), { id, role, peerUrls: record.peerUrls }, this.#policy, this.#options));
    await this.#change(request.isLearner ? ConfChangeType.AddLearnerNode : ConfChangeType.AddNode, record, call);
    const { header, members } = this.answer();
    return { header, member: members.find((candidate) => candidate.id === id), members };
  }

  async remove({ id }: MemberRemoveRequest, call: Call): Promise<MembersAnswer> {
    const record = this.#find(id);
    this.#accept(checkRemoveMember(this.#view(), id, this.#options));
    if (id === this.#member.id) await this.#handOver();
    await this.#change(ConfChangeType.RemoveNode, record, call);
    return this.answer();
  }

  /**
   * A leader is removed by its successor: where it alone knows that its removal is committed, the others cannot elect
   * anybody without it. Throws `not leader` once it has handed over; nothing was applied then.
   */
  async #handOver(): Promise<never> {
    try {
      await this.#member.node.transferLeadership('any');
    } catch (error) {
      throw fromRaft(error);
    }
    throw failure(etcdErrors.notLeader);
  }

  async update({ id, peerUrls: urls }: MemberUpdateRequest, call: Call): Promise<MembersAnswer> {
    const record = this.#find(id);
    const updated = { ...record, peerUrls: peerUrls(urls) };
    this.#accept(checkUpdate(this.#view(), id, updated.peerUrls));
    await this.#change(ConfChangeType.UpdateNode, updated, call);
    return this.answer();
  }

  async promote({ id }: MemberPromoteRequest, call: Call): Promise<MembersAnswer> {
    const record = this.#find(id);
    this.#accept(checkPromote(this.#view(), id, this.#policy, this.#options));
    await this.#change(ConfChangeType.AddNode, record, call);
    return this.answer();
  }

  async #change(type: ConfChangeType, record: MemberRecord, call: Call): Promise<void> {
    const change = {
      transition: ConfChangeTransition.Auto,
      changes: [{ type, nodeId: record.id }],
      context: encodeConfChangeContext({ members: [record] }),
    };
    try {
      await this.#member.node.changeMembership(
        change,
        call.timeoutMs === undefined ? {} : { timeoutMs: call.timeoutMs },
      );
    } catch (error) {
      throw fromRaft(error);
    }
  }

  /** Waits for it, at most an election timeout. */
  async seesItselfRemoved(): Promise<boolean> {
    const { id, state, config } = this.#member;
    if (!state.members.wasRemoved(id)) {
      const signal = AbortSignal.timeout(config.electionTimeoutMs);
      await once(state, 'members', { signal }).catch(() => undefined);
    }
    return state.members.wasRemoved(id);
  }

  /** The error is etcd's; what exactly stands in the way is in the log. */
  #accept(result: CheckResult): void {
    if (result.ok) return;
    this.#member.logger.info({ reason: result.reason }, `refused a change of members: ${result.text}`);
    throw RpcError.from(BY_REASON[result.reason], { cause: new Error(result.text) });
  }

  #find(id: number): MemberRecord {
    const record = this.#member.state.members.get(id);
    if (record === undefined) throw failure(etcdErrors.memberNotFound);
    return record;
  }

  #view(): ReturnType<typeof clusterView> {
    return clusterView(this.#member, this.#policy, performance.now());
  }

  answer(): MembersAnswer {
    const { state } = this.#member;
    const members = state.members.list().map(({ id, name, peerUrls: urls, clientUrls }) => ({
      id,
      name,
      peerUrls: [...urls],
      clientUrls: [...clientUrls],
      isLearner: isLearner(state.confState, id),
    }));
    return { header: this.#member.header(), members };
  }
}

/** As they are compared: scheme, host and port, sorted. Throws where one is no http URL with a port. */
function peerUrls(urls: readonly string[]): string[] {
  return urls
    .map((text) => {
      const url = URL.canParse(text) ? new URL(text) : null;
      if (url === null || !/^https?:$/.test(url.protocol) || url.pathname !== '/')
        throw failure(etcdErrors.memberBadUrls);
      return canonicalUrl(url);
    })
    .sort();
}

const BY_REASON: Readonly<Record<RefusalReason, RpcStatus>> = {
  'not-found': etcdErrors.memberNotFound,
  'id-exists': etcdErrors.memberExists,
  'peer-urls-invalid': etcdErrors.memberBadUrls,
  'peer-url-exists': etcdErrors.peerUrlExists,
  'too-many-learners': etcdErrors.tooManyLearners,
  'too-many-readers': etcdErrors.tooManyLearners,
  'not-enough-started': etcdErrors.memberNotEnoughStarted,
  unhealthy: etcdErrors.unhealthy,
  'last-voter': etcdErrors.memberNotEnoughStarted,
  'not-learner': etcdErrors.memberNotLearner,
  silent: etcdErrors.learnerNotReady,
  'in-snapshot': etcdErrors.learnerNotReady,
  probing: etcdErrors.learnerNotReady,
  lagging: etcdErrors.learnerNotReady,
  recovering: etcdErrors.learnerNotReady,
  'not-voter': etcdErrors.memberNotFound,
  replacing: etcdErrors.memberExists,
};
