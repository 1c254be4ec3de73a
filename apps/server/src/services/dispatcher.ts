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
import type { Member } from './member.js';
import type { Call, ServiceTable, StreamHandler, StreamSink } from './rpc.js';

export class Dispatcher {
  readonly #member: Member;
  readonly #table: ServiceTable;

  constructor(member: Member, table: ServiceTable) {
    this.#member = member;
    this.#table = table;
  }

  /** Rejects with an RpcError, and with nothing else. */
  async unary(method: MethodDescriptor, request: object, call: Call): Promise<object> {
    try {
      const handler = this.#table.unary.get(method);
      if (handler === undefined) throw unimplemented(method);
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

  /** Throws an RpcError where the stream cannot be opened. */
  stream(method: MethodDescriptor, sink: StreamSink, call: Call): StreamHandler {
    const opener = this.#table.streams.get(method);
    if (opener === undefined) throw unimplemented(method);
    this.#checkRole(method, {});
    this.#count(method, StatusCode.OK);
    return opener(sink, call);
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
