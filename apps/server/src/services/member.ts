/**
 * What the services share: this member's node, its state and its limits, and the header of every answer.
 */
import { AlarmType as StateAlarm } from '@understudy/mvcc';
import { AlarmAction, AlarmRequest, AlarmType, etcdErrors, type ResponseHeader } from '@understudy/protocol';
import type { RaftNode } from '@understudy/raft-node';
import type { Config } from '../config/config.js';
import { isClientKind } from '../state/apply-client.js';
import { encodeCallerCommand } from '../state/caller-command.js';
import { CommandKind, encodeCommand } from '../state/command.js';
import { isLearner } from '../state/member-view.js';
import type { ApplyResult, LocalRequest } from '../state/apply-command.js';
import type { ReplicatedState } from '../state/replicated-state.js';
import { SLOW_READ_INDEX_MS } from '../telemetry/member-counts.js';
import type { ServerMetrics } from '../telemetry/metrics.js';
import type { Logger } from '../telemetry/logger.js';
import { DataAge } from './data-age.js';
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
  /** The disk of this member is full. */
  readonly diskFull: () => boolean;
}

export class Member {
  readonly id: number;
  readonly clusterId: number;
  readonly config: Config;
  readonly node: RaftNode<ApplyResult, LocalRequest>;
  readonly state: ReplicatedState;
  readonly metrics: ServerMetrics;
  readonly logger: Logger;
  /** Of what it serves while it does not vote. */
  readonly dataAge: DataAge;
  readonly diskFull: () => boolean;
  /** The alarm about the quota is on its way. */
  #raising: Promise<unknown> | null = null;

  constructor(deps: MemberDeps) {
    this.id = deps.id;
    this.clusterId = deps.clusterId;
    this.config = deps.config;
    this.node = deps.node;
    this.state = deps.state;
    this.metrics = deps.metrics;
    this.logger = deps.logger;
    const { maxStalenessMs, electionTimeoutMs } = deps.config;
    this.dataAge = new DataAge(
      { readBarrier: (timeoutMs) => deps.node.readBarrier({ timeoutMs }), now: () => performance.now() },
      { maxStalenessMs, timeoutMs: electionTimeoutMs },
    );
    this.diskFull = deps.diskFull;
  }

  get isLearner(): boolean {
    return isLearner(this.state.confState, this.id);
  }

  /** A learner that serves linearizable reads as well. */
  get isReader(): boolean {
    return this.isLearner && this.state.members.get(this.id)?.reader === true;
  }

  /** `revision` is the one that the answer speaks of; the current one where it does not matter. */
  header(revision: number = this.state.mvcc.revision): ResponseHeader {
    return { clusterId: this.clusterId, memberId: this.id, revision, raftTerm: this.node.term };
  }

  /** There is room for so many bytes more, and no alarm says otherwise. */
  hasSpace(bytes: number): boolean {
    const { mvcc } = this.state;
    if (this.diskFull() || mvcc.alarms.active(StateAlarm.noSpace)) return false;
    return mvcc.stats().bytes + bytes <= this.config.quotaBackendBytes;
  }

  /** Throws where there is no room for so many bytes more, and has raised the alarm by then. */
  async demandSpace(bytes: number): Promise<void> {
    if (this.hasSpace(bytes)) return;
    // Of this member alone, and over by itself once there is room: no alarm for the cluster.
    if (this.diskFull()) throw failure(etcdErrors.noSpace);
    if (!this.state.mvcc.alarms.active(StateAlarm.noSpace)) await this.#raiseNoSpace();
    throw failure(etcdErrors.noSpace);
  }

  /** A failure leaves the refusal as it is: the next one who needs space raises it again. */
  #raiseNoSpace(): Promise<unknown> {
    this.#raising ??= this.raiseAlarm(AlarmType.NOSPACE)
      .catch((error: unknown) => this.logger.warn({ err: error }, 'could not raise the alarm about the quota'))
      .finally(() => {
        this.#raising = null;
      });
    return this.#raising;
  }

  /** Through the log; of this member unless told otherwise. */
  async raiseAlarm(alarm: AlarmType, memberId: number = this.id): Promise<void> {
    const request = AlarmRequest.encode({ action: AlarmAction.ACTIVATE, memberId, alarm });
    await this.proposeOwn(CommandKind.RaiseAlarm, request);
  }

  /** Replicates a command of this member's own. Otherwise as `propose`. */
  proposeOwn<Result extends ApplyResult>(kind: CommandKind, request: Uint8Array): Promise<Result> {
    return this.#replicate(encodeCommand(kind, request), undefined, {});
  }

  /** Replicates a client's command. Resolves with its result, once applied here; throws RpcError where Raft fails. */
  propose<Result extends ApplyResult>(
    kind: CommandKind,
    request: Uint8Array,
    local: LocalRequest | undefined,
    call: Call,
  ): Promise<Result> {
    const { identity } = call;
    if (identity === undefined || !isClientKind(kind))
      return this.#replicate(encodeCommand(kind, request), local, call);
    const command = encodeCallerCommand({ kind, caller: identity, request });
    return this.#replicate(encodeCommand(CommandKind.AsCaller, command), local, call);
  }

  async #replicate<Result extends ApplyResult>(
    command: Uint8Array,
    local: LocalRequest | undefined,
    call: Partial<Pick<Call, 'timeoutMs'>>,
  ): Promise<Result> {
    try {
      const timeout = call.timeoutMs === undefined ? {} : { timeoutMs: call.timeoutMs };
      const options = local === undefined ? timeout : { ...timeout, local };
      return (await this.node.propose(command, options)) as Result;
    } catch (error) {
      this.metrics.proposalsFailed.inc();
      throw fromRaft(error);
    }
  }

  /** After it, what is read here holds everything acknowledged before the call. */
  async readBarrier(call: Call): Promise<void> {
    const { counts } = this.metrics;
    const began = performance.now();
    try {
      await this.node.readBarrier(call.timeoutMs === undefined ? {} : { timeoutMs: call.timeoutMs });
    } catch (error) {
      counts.failedReadIndexes += 1;
      throw fromRaft(error);
    } finally {
      if (performance.now() - began >= SLOW_READ_INDEX_MS) counts.slowReadIndexes += 1;
    }
  }
}
