/**
 * etcdserverpb.Cluster: the operator's commands on members, with etcd's words and errors. The leader judges them, other
 * members pass them on. A member that is added to vote begins as a learner all the same, and is shown as one, until it is
 * in sync; `--new-member=voter` has it vote at once, as etcd does.
 */
import { once } from 'node:events';
import type { RefusalReason } from '@understudy/membership';
import {
  ClusterService,
  etcdErrors,
  type MemberAddRequest,
  type MemberAddResponse,
  type MemberListRequest,
  type MemberListResponse,
  type Member as MemberMessage,
  RpcError,
  type RpcStatus,
} from '@understudy/protocol';
import { canonicalUrl } from '../config/urls.js';
import { type MemberCommands, RefusedChange } from '../ladder/member-commands.js';
import { isLearner } from '../state/member-view.js';
import { failure } from './failures.js';
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
  commands: MemberCommands,
): void {
  const service = new ClusterAnswers(member, commands);
  const { methods } = ClusterService;
  const remove = leader.add(methods.memberRemove, ({ id }, call) => service.after(() => commands.remove(id, call)));
  table.add(methods.memberList, (request, call) => service.list(request, call));
  table.add(
    methods.memberAdd,
    leader.add(methods.memberAdd, (request, call) => service.add(request, call)),
  );
  table.add(methods.memberRemove, async (request, call) => {
    try {
      return await remove(request, call);
    } catch (error) {
      // A member that is removed may be cut off before it hears the answer; that it was removed, it knows itself.
      if (request.id === member.id && (await service.seesItselfRemoved())) return service.answer();
      throw error;
    }
  });
  table.add(
    methods.memberUpdate,
    leader.add(methods.memberUpdate, ({ id, peerUrls }, call) =>
      service.after(() => commands.update(id, canonicalPeerUrls(peerUrls), call)),
    ),
  );
  table.add(
    methods.memberPromote,
    leader.add(methods.memberPromote, ({ id }, call) => service.after(() => commands.promote(id, call))),
  );
}

class ClusterAnswers {
  readonly #member: Member;
  readonly #commands: MemberCommands;

  constructor(member: Member, commands: MemberCommands) {
    this.#member = member;
    this.#commands = commands;
  }

  async list(request: MemberListRequest, call: Call): Promise<MemberListResponse> {
    if (request.linearizable) await this.#member.readBarrier(call);
    return this.answer();
  }

  async add(request: MemberAddRequest, call: Call): Promise<MemberAddResponse> {
    const peerUrls = canonicalPeerUrls(request.peerUrls);
    const role = request.isLearner ? 'learner' : this.#member.config.newMember;
    const id = await inEtcdWords(() => this.#commands.add({ role, peerUrls }, call));
    const { header, members } = this.answer();
    return { header, member: members.find((candidate) => candidate.id === id), members };
  }

  async after(command: () => Promise<void>): Promise<MembersAnswer> {
    await inEtcdWords(command);
    return this.answer();
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

  answer(): MembersAnswer {
    const { state } = this.#member;
    const members = state.members.list().map(({ id, name, peerUrls: urls, clientUrls }) => ({
      id,
      name,
      peerUrls: [...urls],
      clientUrls: [...clientUrls],
      isLearner: isLearner(state.confState, id),
    }));
    // As etcd's: members are no part of the state that revisions count.
    return { header: this.#member.header(0), members };
  }
}

/** As they are compared: scheme, host and port, sorted. Throws where one is no http URL with a port. */
export function canonicalPeerUrls(urls: readonly string[]): string[] {
  return urls
    .map((text) => {
      const url = URL.canParse(text) ? new URL(text) : null;
      if (url === null || !/^https?:$/.test(url.protocol) || url.pathname !== '/')
        throw failure(etcdErrors.memberBadUrls);
      return canonicalUrl(url);
    })
    .sort();
}

/** The error is etcd's; what exactly stands in the way is in the log. */
async function inEtcdWords<T>(command: () => Promise<T>): Promise<T> {
  try {
    return await command();
  } catch (error) {
    if (!(error instanceof RefusedChange)) throw error;
    throw RpcError.from(STATUS_BY_REASON[error.reason], { cause: error });
  }
}

export const STATUS_BY_REASON: Readonly<Record<RefusalReason, RpcStatus>> = {
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
  'no-standby': etcdErrors.memberNotEnoughStarted,
};
