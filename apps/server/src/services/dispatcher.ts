/**
 * The one way from a door to a method: refuses what this member may not do now, runs the method, counts the outcome.
 */
import type { Caller } from '@understudy/mvcc';
import { etcdErrors, type MethodDescriptor, type MethodPermission, RpcError, StatusCode } from '@understudy/protocol';
import type { TxnRequest } from '@understudy/protocol';
import { isReadOnly } from '../state/request-effect.js';
import type { Access } from './auth/access.js';
import { LateStream } from './auth/late-stream.js';
import { countStream } from './counted-stream.js';
import { asRpcError, failure } from './failures.js';
import { LeaderRequired } from './leader-required.js';
import { answersAsLearner } from './learner-answers.js';
import type { LeaderCalls } from './leader-calls.js';
import type { Member } from './member.js';
import type { Call, RpcTarget, ServiceTable, StreamHandler, StreamSink } from './rpc.js';

const READING: ReadonlySet<MethodPermission> = new Set(['range', 'lease_keys', 'own_user', 'own_role']);
const OPEN_TO_ALL: ReadonlySet<MethodPermission> = new Set(['none', 'watch']);

export class Dispatcher implements RpcTarget {
  readonly #member: Member;
  readonly #table: ServiceTable;
  readonly #access: Access;
  readonly #leaderCalls: Pick<LeaderCalls, 'catchUp'> | null;
  readonly #leaderRequired: LeaderRequired;

  /** @param leaderCalls null where no call is passed on to another member. */
  constructor(
    member: Member,
    table: ServiceTable,
    access: Access,
    leaderCalls: Pick<LeaderCalls, 'catchUp'> | null = null,
  ) {
    this.#member = member;
    this.#access = access;
    this.#leaderCalls = leaderCalls;
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
      if (this.#member.state.mvcc.auth.enabled) await this.#admit(method, request, call);
      const answer = await handler(request, call);
      // What was read may be newer than the judgement.
      if (call.identity !== undefined && reads(method, request)) this.#access.check(method, request, call);
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
    return countStream(this.#member.metrics.rpcs, method, sink, (counted) => {
      this.#checkRole(method, {});
      const open = (guarded: StreamSink): StreamHandler => opener(guarded, call);
      const start = (): StreamHandler =>
        call.requireLeader === true ? this.#leaderRequired.open(counted, open) : open(counted);
      return this.#admitStream(method, counted, call, start);
    });
  }

  async #admit(method: MethodDescriptor, request: object, call: Call): Promise<void> {
    if (method.permission !== 'none') {
      call.identity = await this.#access.identify(call);
      await this.#leaderCalls?.catchUp(method, call);
    }
    this.#access.check(method, request, call);
  }

  /** A watch is opened for anybody: it is judged by what it watches, when it is known. */
  #admitStream(method: MethodDescriptor, sink: StreamSink, call: Call, start: () => StreamHandler): StreamHandler {
    if (!this.#member.state.mvcc.auth.enabled || OPEN_TO_ALL.has(method.permission)) return start();
    const admitted = (identity: Caller | null): StreamHandler => {
      call.identity = identity;
      this.#access.check(method, {}, call);
      return start();
    };
    const identified = this.#access.identify(call);
    return identified instanceof Promise ? new LateStream(sink, identified.then(admitted)) : admitted(identified);
  }

  #checkRole(method: MethodDescriptor, request: object): void {
    if (!this.#member.isLearner || answersAsLearner(method, request, this.#member.isReader)) return;
    throw failure(etcdErrors.notSupportedForLearner);
  }

  #count(method: MethodDescriptor, code: StatusCode): void {
    this.#member.metrics.rpcs.unary(method, code);
  }
}

/** Only what has changed nothing may still be refused when it is done. */
function reads({ permission }: MethodDescriptor, request: object): boolean {
  return READING.has(permission) || (permission === 'txn' && isReadOnly(request as TxnRequest));
}

function unimplemented(method: MethodDescriptor): RpcError {
  return new RpcError(StatusCode.UNIMPLEMENTED, `unknown method ${method.name} for service ${method.service}`);
}
