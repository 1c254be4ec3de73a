// The members of the cluster. An operator's calls: none is repeated when its outcome is unknown.
import {
  ClusterService,
  type MemberAddResponse,
  type MemberListResponse,
  type MemberPromoteResponse,
  type MemberRemoveResponse,
  type MemberUpdateResponse,
} from '@understudy/protocol';
import { type CallOptions, NO_OPTIONS } from './call-options.js';
import type { Dispatcher } from './dispatcher.js';

export interface NewMember {
  /** `http(s)://host:port`, where the other members reach it. */
  readonly peerUrls: readonly string[];
  /** It gets the log and does not vote until it is promoted. Default false. */
  readonly isLearner?: boolean | undefined;
}

const { methods } = ClusterService;

/** Member ids are safe integers, printed as hexadecimal. */
export class Cluster {
  private readonly dispatcher: Dispatcher;

  /** For `Client`. */
  constructor(dispatcher: Dispatcher) {
    this.dispatcher = dispatcher;
  }

  memberList(options: CallOptions = NO_OPTIONS): Promise<MemberListResponse> {
    return this.dispatcher.call(methods.memberList, { linearizable: true }, options, same);
  }

  /** @throws ClientError FAILED_PRECONDITION when a peer url is taken or too few members are up */
  memberAdd(member: NewMember, options: CallOptions = NO_OPTIONS): Promise<MemberAddResponse> {
    const request = { peerUrls: [...member.peerUrls], isLearner: member.isLearner ?? false };
    return this.dispatcher.call(methods.memberAdd, request, options, same);
  }

  /** @throws ClientError NOT_FOUND */
  memberRemove(id: number, options: CallOptions = NO_OPTIONS): Promise<MemberRemoveResponse> {
    return this.dispatcher.call(methods.memberRemove, { id }, options, same);
  }

  /** @throws ClientError NOT_FOUND, or FAILED_PRECONDITION when a peer url is taken */
  memberUpdate(
    id: number,
    peerUrls: readonly string[],
    options: CallOptions = NO_OPTIONS,
  ): Promise<MemberUpdateResponse> {
    return this.dispatcher.call(methods.memberUpdate, { id, peerUrls: [...peerUrls] }, options, same);
  }

  /** Makes a learner a voter. @throws ClientError FAILED_PRECONDITION when it is no learner or has not caught up */
  memberPromote(id: number, options: CallOptions = NO_OPTIONS): Promise<MemberPromoteResponse> {
    return this.dispatcher.call(methods.memberPromote, { id }, options, same);
  }
}

function same<T>(answer: T): T {
  return answer;
}
