/**
 * The asynchronous shell of a member: promises, timers, signals and events around `NodeCore`, which decides.
 */
import { EventEmitter } from 'node:events';
import type { ConfChange, ConfState, SnapshotMeta, StateType } from '@understudy/raft-core';
import { type Clock, systemClock } from './clock.js';
import { RaftNodeError } from './errors.js';
import { type RaftNodeOptions, resolveOptions } from './options.js';
import type { RaftLog } from './raft-log.js';
import type { StateMachine } from './state-machine.js';
import type { RaftNodeStatus } from './status.js';
import type { PeerAddress, Transport } from './transport.js';

export interface Logger {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** Opened by the caller, owned by the node from a successful `start` on: `stop` closes them. */
export interface RaftNodeDeps<Result, Local> {
  readonly log: RaftLog;
  readonly transport: Transport;
  readonly stateMachine: StateMachine<Result, Local>;
  readonly clock?: Clock;
  /** A uniform integer in [0, exclusiveMax). Default: Math.random's. */
  readonly random?: (exclusiveMax: number) => number;
  readonly logger?: Logger;
}

export interface LeaderChange {
  /** 0 when there is none. */
  readonly leader: number;
  readonly term: number;
  readonly state: StateType;
}

export interface ConfChanged {
  readonly confState: ConfState;
  readonly index: number;
  /** Null when a snapshot brought the configuration, or when the change was refused at apply. */
  readonly change: ConfChange | null;
}

export interface RaftNodeEvents {
  'leader-change': [LeaderChange];
  'conf-change': [ConfChanged];
  /** The state was replaced by a snapshot from a peer. */
  'snapshot-installed': [SnapshotMeta];
  /** The outcome of a write or an apply is unknown; nothing more is accepted. The process should exit. */
  fatal: [RaftNodeError];
}

export interface CallOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface ProposeOptions<Local> extends CallOptions {
  /** Given to `apply` on this member, beside the bytes, so that nothing is decoded twice. */
  readonly local?: Local;
}

export class RaftNode<Result = unknown, Local = unknown> extends EventEmitter<RaftNodeEvents> {
  static async start<Result, Local>(
    deps: RaftNodeDeps<Result, Local>,
    options: RaftNodeOptions,
  ): Promise<RaftNode<Result, Local>> {
    const resolved = resolveOptions(options);
    void resolved;
    void (deps.clock ?? systemClock);
    throw new RaftNodeError('failed', 'not wired yet');
  }

  get id(): number {
    throw new RaftNodeError('failed', 'not wired yet');
  }
  get isLeader(): boolean {
    throw new RaftNodeError('failed', 'not wired yet');
  }
  /** 0 when none is known. */
  get leader(): number {
    throw new RaftNodeError('failed', 'not wired yet');
  }
  get term(): number {
    throw new RaftNodeError('failed', 'not wired yet');
  }
  get appliedIndex(): number {
    throw new RaftNodeError('failed', 'not wired yet');
  }
  get confState(): ConfState {
    throw new RaftNodeError('failed', 'not wired yet');
  }

  /** Resolves with what `apply` returned for these bytes, on this member. */
  propose(_data: Uint8Array, _options?: ProposeOptions<Local>): Promise<Result> {
    throw new RaftNodeError('failed', 'not wired yet');
  }
  /** Resolves with a read point: state applied here now holds everything acknowledged before the call. */
  readBarrier(_options?: CallOptions): Promise<number> {
    throw new RaftNodeError('failed', 'not wired yet');
  }
  /** Leader only. Resolves with the configuration once the change is applied here. */
  changeMembership(_change: ConfChange, _options?: CallOptions): Promise<ConfState> {
    throw new RaftNodeError('failed', 'not wired yet');
  }
  /** Leader only. Resolves with the new leader's id. `'any'` is the most caught-up live voter. */
  transferLeadership(_to: number | 'any', _options?: CallOptions): Promise<number> {
    throw new RaftNodeError('failed', 'not wired yet');
  }
  /** A small request to a peer, answered by its `onPeerCall`. */
  callPeer(_to: number, _body: Uint8Array, _options?: CallOptions): Promise<Uint8Array> {
    throw new RaftNodeError('failed', 'not wired yet');
  }
  /** Where the peers are, from the host's own table; this member may be among them. */
  setPeerAddresses(_peers: readonly PeerAddress[]): void {
    throw new RaftNodeError('failed', 'not wired yet');
  }
  status(): RaftNodeStatus {
    throw new RaftNodeError('failed', 'not wired yet');
  }
  /** Flushes the state, then compacts the log down to `keepEntries` (default: the option) behind it. */
  snapshot(_options?: { readonly keepEntries?: number }): Promise<void> {
    throw new RaftNodeError('failed', 'not wired yet');
  }
  /** Hands over leadership if asked to, finishes what is pending, flushes the state, closes log, state and transport. */
  stop(_options?: { readonly handOver?: boolean }): Promise<void> {
    throw new RaftNodeError('failed', 'not wired yet');
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
