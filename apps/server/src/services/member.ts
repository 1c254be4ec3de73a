/**
 * What the services share: this member's node, its state and its limits, and the header of every answer.
 */
import { etcdErrors, type ResponseHeader } from '@understudy/protocol';
import type { RaftNode } from '@understudy/raft-node';
import type { Config } from '../config/config.js';
import { type CommandKind, encodeCommand } from '../state/command.js';
import { isLearner } from '../state/member-view.js';
import type { ApplyResult, LocalRequest, ReplicatedState } from '../state/replicated-state.js';
import type { ServerMetrics } from '../telemetry/metrics.js';
import type { Logger } from '../telemetry/logger.js';
import { failure, fromRaft } from './failures.js';
import type { Call } from './rpc.js';

export interface MemberDeps {
  readonly id: number;
  readonly clusterId: number;
  readonly config: Config;
  readonly node: RaftNode<ApplyResult, LocalRequest>;
  readonly state: ReplicatedState;
  readonly metrics: ServerMetrics;
  readonly logger: Logger;
}

export class Member {
  readonly id: number;
  readonly clusterId: number;
  readonly config: Config;
  readonly node: RaftNode<ApplyResult, LocalRequest>;
  readonly state: ReplicatedState;
  readonly metrics: ServerMetrics;
  readonly logger: Logger;

  constructor(deps: MemberDeps) {
    this.id = deps.id;
    this.clusterId = deps.clusterId;
    this.config = deps.config;
    this.node = deps.node;
    this.state = deps.state;
    this.metrics = deps.metrics;
    this.logger = deps.logger;
  }

  get isLearner(): boolean {
    return isLearner(this.state.confState, this.id);
  }

  /** `revision` is the one that the answer speaks of; the current one where it does not matter. */
  header(revision: number = this.state.mvcc.revision): ResponseHeader {
    return { clusterId: this.clusterId, memberId: this.id, revision, raftTerm: this.node.term };
  }

  /** Throws where the state is over its quota. */
  checkSpace(): void {
    if (this.state.mvcc.stats().bytes > this.config.quotaBackendBytes) throw failure(etcdErrors.noSpace);
  }

  /** Replicates a command. Resolves with its result, once applied here; throws RpcError where Raft fails. */
  async propose<Result extends ApplyResult>(
    kind: CommandKind,
    request: Uint8Array,
    local: LocalRequest | undefined,
    call: Call,
  ): Promise<Result> {
    try {
      const timeout = call.timeoutMs === undefined ? {} : { timeoutMs: call.timeoutMs };
      const options = local === undefined ? timeout : { ...timeout, local };
      return (await this.node.propose(encodeCommand(kind, request), options)) as Result;
    } catch (error) {
      this.metrics.proposalsFailed.inc();
      throw fromRaft(error);
    }
  }

  /** After it, what is read here holds everything acknowledged before the call. */
  async readBarrier(call: Call): Promise<void> {
    try {
      await this.node.readBarrier(call.timeoutMs === undefined ? {} : { timeoutMs: call.timeoutMs });
    } catch (error) {
      throw fromRaft(error);
    }
  }
}
