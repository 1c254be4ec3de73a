/**
 * The one way from a door to a method: refuses what this member may not do now, runs the method, counts the outcome.
 */
import {
  etcdErrors,
  KVService,
  MaintenanceService,
  type MethodDescriptor,
  RpcError,
  StatusCode,
} from '@understudy/protocol';
import type { RangeRequest } from '@understudy/protocol';
import { asRpcError, failure } from './failures.js';
import { LeaderRequired } from './leader-required.js';
import type { Member } from './member.js';
import type { Call, RpcTarget, ServiceTable, StreamHandler, StreamSink } from './rpc.js';

export class Dispatcher implements RpcTarget {
  readonly #member: Member;
  readonly #table: ServiceTable;
  readonly #leaderRequired: LeaderRequired;

  constructor(member: Member, table: ServiceTable) {
    this.#member = member;
    this.#table = table;
    this.#leaderRequired = new LeaderRequired(member);
  }

  /** Rejects with an RpcError, and with nothing else. */
  async unary(method: MethodDescriptor, request: object, call: Call): Promise<object> {
    try {
      const handler = this.#table.unary.get(method);
      if (handler === undefined) throw unimplemented(method);
      if (call.requireLeader === true && this.#member.node.leader === 0) throw failure(etcdErrors.noLeader);
      this.#checkRole(method, request);
      const answer = await handler(request, call);
      this.#count(method, StatusCode.OK);
      return answer;
    } catch (error) {
      const failed = asRpcError(error);
      if (failed.code === StatusCode.INTERNAL) {
        this.#member.logger.error({ err: error, method: method.path }, 'a call failed in a way that it should not');
      }
      this.#count(method, failed.code);
      throw failed;
    }
  }

  /** Throws an RpcError where the stream cannot be opened, or its client wants a leader and there is none. */
  stream(method: MethodDescriptor, sink: StreamSink, call: Call): StreamHandler {
    const opener = this.#table.streams.get(method);
    if (opener === undefined) throw unimplemented(method);
    this.#checkRole(method, {});
    const open = (guarded: StreamSink): StreamHandler => opener(guarded, call);
    const handler = call.requireLeader === true ? this.#leaderRequired.open(sink, open) : open(sink);
    this.#count(method, StatusCode.OK);
    return handler;
  }

  /** A learner answers serializable ranges and its status, nothing else. */
  #checkRole(method: MethodDescriptor, request: object): void {
    if (!this.#member.isLearner) return;
    const { path } = method;
    if (path === MaintenanceService.methods.status.path) return;
    if (path === KVService.methods.range.path && (request as RangeRequest).serializable) return;
    throw failure(etcdErrors.notSupportedForLearner);
  }

  #count(method: MethodDescriptor, code: StatusCode): void {
    this.#member.metrics.countRpc(method.path, code);
  }
}

function unimplemented(method: MethodDescriptor): RpcError {
  return new RpcError(StatusCode.UNIMPLEMENTED, `${method.path} is not served by this version`);
}
