/**
 * A member of a Raft group, for embedders: the asynchronous shell (promises, timers, signals, events) around
 * `NodeCore`, which decides. Nothing that the protocol depends on is decided here.
 */
import { EventEmitter } from 'node:events';
import type { ConfChange, ConfState, SnapshotMeta } from '@understudy/raft-core';
import { type Clock, systemClock } from './clock.js';
import type { Waiter } from './deadline-wheel.js';
import { RaftNodeError } from './errors.js';
import { NodeCore } from './node-core.js';
import type { ConfChanged, LeaderChange, NodeEffects } from './node-effects.js';
import { type RaftNodeOptions, type ResolvedOptions, resolveOptions } from './options.js';
import type { CallHandler } from './peer-calls.js';
import type { RaftLog } from './raft-log.js';
import { prepareStart, type StartState } from './start-state.js';
import type { StateMachine } from './state-machine.js';
import type { RaftNodeStatus } from './status.js';
import { paced } from './paced-chunks.js';
import { Ticker } from './ticker.js';
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

export interface RaftNodeEvents {
  'leader-change': [LeaderChange];
  'conf-change': [ConfChanged];
  /** The state was replaced by a snapshot from a peer. */
  'snapshot-installed': [SnapshotMeta];
  /** The log had lost entries; they are refetched, and this member votes and counts again. */
  recovered: [];
  /** The outcome of a write or an apply is unknown; nothing more is accepted. The process should exit. */
  fatal: [RaftNodeError];
}

export interface CallOptions {
  /** Rounded up to whole heartbeat intervals. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface ProposeOptions<Local> extends CallOptions {
  /** Given to `apply` on this member, beside the bytes, so that nothing is decoded twice. */
  readonly local?: Local;
}

type Answer<T> = (error: Error | null, value: T | undefined) => void;

export class RaftNode<Result = unknown, Local = unknown> extends EventEmitter<RaftNodeEvents> {
  readonly #deps: RaftNodeDeps<Result, Local>;
  readonly #options: ResolvedOptions;
  readonly #clock: Clock;
  readonly #core: NodeCore<Result, Local>;
  readonly #ticker: Ticker;
  #stopped: Promise<void> | null = null;

  /**
   * Finishes what a crash interrupted, bootstraps a new cluster where `options.bootstrap` says so, and starts. Rejects
   * with `invalid-options`, `damaged`, or what log and state machine throw; the caller then closes what it opened.
   */
  static async start<Result, Local>(
    deps: RaftNodeDeps<Result, Local>,
    options: RaftNodeOptions,
  ): Promise<RaftNode<Result, Local>> {
    const resolved = resolveOptions(options);
    const start = await new Promise<StartState>((resolve, reject) => {
      prepareStart(deps, resolved.bootstrap?.members ?? null, (error, state) =>
        state === null ? reject(error) : resolve(state),
      );
    });
    const node = new RaftNode(deps, resolved, start);
    node.#tellDamage(start);
    node.#run();
    return node;
  }

  private constructor(deps: RaftNodeDeps<Result, Local>, options: ResolvedOptions, start: StartState) {
    super();
    this.#deps = deps;
    this.#options = options;
    this.#clock = deps.clock ?? systemClock;
    this.#core = new NodeCore(
      {
        log: deps.log,
        stateMachine: deps.stateMachine,
        effects: this.#effects(),
        random: deps.random ?? ((exclusiveMax) => Math.floor(Math.random() * exclusiveMax)),
        now: () => this.#clock.now(),
        start,
        callHandler: this.#callHandler(),
      },
      options,
    );
    this.#ticker = new Ticker(this.#clock, options.heartbeatIntervalMs, () => this.#core.tick());
  }

  get id(): number {
    return this.#options.id;
  }

  get isLeader(): boolean {
    return this.#core.isLeader;
  }

  /** 0 when none is known. */
  get leader(): number {
    return this.#core.leader;
  }

  get term(): number {
    return this.#core.term;
  }

  /** What `fatal` told, also where it came before anybody listened, as with the first entries after a start. */
  get failure(): RaftNodeError | null {
    return this.#core.failure;
  }

  get appliedIndex(): number {
    return this.#core.applied;
  }

  get confState(): ConfState {
    return this.#core.confState;
  }

  /** Resolves with what `apply` returned for these bytes, on this member. Works on every member that knows a leader. */
  propose(data: Uint8Array, options: ProposeOptions<Local> = {}): Promise<Result> {
    const timeoutMs = options.timeoutMs ?? this.#options.proposalTimeoutMs;
    return request<Result>(options.signal, (answer) => this.#core.propose(data, options.local, timeoutMs, answer));
  }

  /**
   * A linearizable read point. Resolves, with the applied index, once the state here holds everything that was
   * acknowledged anywhere before the call. Works on every member that knows a leader. Dissertation, section 6.4.
   */
  readBarrier(options: CallOptions = {}): Promise<number> {
    const timeoutMs = options.timeoutMs ?? this.#options.readTimeoutMs;
    return request<number>(options.signal, (answer) => this.#core.readBarrier(timeoutMs, answer));
  }

  /** Leader only. Resolves with the configuration once the change is applied here. */
  changeMembership(change: ConfChange, options: CallOptions = {}): Promise<ConfState> {
    const timeoutMs = options.timeoutMs ?? this.#options.proposalTimeoutMs;
    return request<ConfState>(options.signal, (answer) => this.#core.changeMembership(change, timeoutMs, answer));
  }

  /** Leader only. Resolves with the new leader's id. `'any'` is the most caught-up voter that answers. */
  transferLeadership(to: number | 'any', options: CallOptions = {}): Promise<number> {
    const timeoutMs = options.timeoutMs ?? 2 * this.#options.electionTimeoutMs;
    return request<number>(options.signal, (answer) => this.#core.transferLeadership(to, timeoutMs, answer));
  }

  /** A small request to a peer, answered by its `onPeerCall`. Sent at most once. */
  callPeer(to: number, body: Uint8Array, options: CallOptions = {}): Promise<Uint8Array> {
    const timeoutMs = options.timeoutMs ?? this.#options.peerCallTimeoutMs;
    return request<Uint8Array>(options.signal, (answer) => this.#core.callPeer(to, body, timeoutMs, answer));
  }

  /** Where the peers are, from the host's own table: the whole set. This member may be among them. */
  setPeerAddresses(peers: readonly PeerAddress[]): void {
    if (this.#stopped !== null) return;
    const others = peers.filter((peer) => peer.id !== this.id);
    this.#core.retainPeers(new Set(others.map((peer) => peer.id)));
    this.#deps.transport.setPeers(others);
  }

  status(): RaftNodeStatus {
    const { lagMs } = this.#ticker;
    return { ...this.#core.status(), loopLagMs: lagMs, maxLoopLagMs: this.#ticker.takeMaxLagMs() };
  }

  /** Flushes the state, then compacts the log down to `keepEntries` (default: the option) behind it. */
  snapshot(options: { readonly keepEntries?: number } = {}): Promise<void> {
    const keepEntries = options.keepEntries ?? this.#options.keepEntries;
    return new Promise((resolve, reject) => {
      this.#core.snapshot(keepEntries, (error) => (error === null ? resolve() : reject(error)));
    });
  }

  /**
   * Takes nothing new; with `handOver` gives leadership away first; lets pending proposals finish; flushes the state;
   * closes transport, state machine and log. Handing over and finishing are bounded by `drainTimeoutMs` each. Later
   * calls return the same promise.
   */
  stop(options: { readonly handOver?: boolean } = {}): Promise<void> {
    this.#stopped ??= this.#stop(options.handOver ?? false);
    return this.#stopped;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #tellDamage({ recovering, stateLost }: StartState): void {
    const { logger } = this.#deps;
    if (recovering !== null) {
      const { highWaterIndex, reason, voteProven } = recovering;
      logger?.warn('the log lost entries; this member recovers', { reason, highWaterIndex, voteProven });
    }
    if (stateLost) logger?.warn('there is no usable state; a peer is asked for a snapshot');
  }

  #run(): void {
    const core = this.#core;
    this.#deps.transport.start({
      onFrame: (from, _lane, frame) => core.frameReceived(from, frame),
      onSnapshot: (from, header, chunks) => this.#receiveSnapshot(from, header, chunks),
      onConnected: (peer, lane) => core.peerConnected(peer, lane),
      onDisconnected: (peer, lane) => core.peerDisconnected(peer, lane),
      onPeerDead: (peer) => core.peerDead(peer),
    });
    this.#ticker.start();
    core.turn();
  }

  #effects(): NodeEffects {
    const { transport, logger } = this.#deps;
    // Runs at the end of the phase in which sockets and finished disk writes are taken in: a lone request waits for
    // nothing, and everything that arrived together is one turn.
    const turn = () => this.#core.turn();
    return {
      wake: () => {
        setImmediate(turn);
      },
      send: (to, lane, frame) => transport.send(to, lane, frame),
      streamSnapshot: (to, header, snapshot, done, pace) => {
        const controller = new AbortController();
        const { signal } = controller;
        const chunks = paced(snapshot.chunks(signal), pace, this.#clock, signal);
        transport.sendSnapshot(to, header, chunks, signal).then(
          () => done(null),
          (error: unknown) => done(asError(error)),
        );
        return () => controller.abort();
      },
      // Events come after the turn: a listener can neither disturb it nor be called back into it.
      leaderChanged: (change) => {
        logger?.info('leader changed', { ...change });
        queueMicrotask(() => this.emit('leader-change', change));
      },
      confChanged: (change) => queueMicrotask(() => this.emit('conf-change', change)),
      snapshotInstalled: (meta) => {
        logger?.info('snapshot installed', { index: meta.index, term: meta.term });
        queueMicrotask(() => this.emit('snapshot-installed', meta));
      },
      recovered: () => {
        logger?.info('everything that the log had lost is refetched');
        queueMicrotask(() => this.emit('recovered'));
      },
      warn: (text, error) => logger?.warn(text, { error }),
      failed: (error) => {
        logger?.error('the member has failed', { error });
        this.#ticker.stop();
        queueMicrotask(() => this.emit('fatal', error));
      },
    };
  }

  #callHandler(): CallHandler | null {
    const { onPeerCall } = this.#options;
    if (onPeerCall === null) return null;
    return (from, body, answer) => {
      const called = new Promise<Uint8Array>((resolve) => resolve(onPeerCall(from, body)));
      called.then(
        (result) => answer(null, result),
        (error: unknown) => answer(asError(error).message, new Uint8Array(0)),
      );
    };
  }

  async #receiveSnapshot(from: number, header: Uint8Array, chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const message = this.#core.snapshotOffered(from, header);
    const snapshot = message.snapshot as SnapshotMeta;
    const meta = { index: snapshot.index, term: snapshot.term, confState: snapshot.confState };
    const staged = await this.#deps.stateMachine.stageSnapshot(meta, chunks).catch((error: unknown) => {
      this.#core.stagingFailed();
      throw error;
    });
    if (this.#core.snapshotStaged(message, staged)) return;
    throw new RaftNodeError('snapshot-refused', `snapshot at ${meta.index} is not needed any more`);
  }

  async #stop(handOver: boolean): Promise<void> {
    const { log, stateMachine, transport } = this.#deps;
    const { drainTimeoutMs } = this.#options;
    this.#core.refuseNew();
    if (handOver && this.isLeader && drainTimeoutMs > 0) {
      // Without a successor the member stops all the same.
      await this.transferLeadership('any', { timeoutMs: drainTimeoutMs }).catch((error: unknown) =>
        this.#deps.logger?.warn('leadership was not handed over', { error: asError(error) }),
      );
    }
    await this.#drain(drainTimeoutMs);
    // After a failure the state is as durable as it will be.
    await new Promise<void>((resolve) => this.#core.flush(() => resolve()));
    this.#core.halt();
    this.#ticker.stop();
    await transport.stop();
    await stateMachine.close();
    await new Promise<void>((resolve, reject) => log.close((error) => (error === null ? resolve() : reject(error))));
  }

  async #drain(timeoutMs: number): Promise<void> {
    const until = this.#clock.now() + timeoutMs;
    while (this.#core.pendingProposals > 0 && this.#clock.now() < until) {
      await new Promise<void>((resolve) => this.#clock.after(this.#options.heartbeatIntervalMs, resolve));
    }
  }
}

function request<T>(signal: AbortSignal | undefined, begin: (answer: Answer<T>) => Waiter | null): Promise<T> {
  if (signal !== undefined) return abortableRequest(signal, begin);
  return new Promise((resolve, reject) => {
    begin((error, value) => (error === null ? resolve(value as T) : reject(error)));
  });
}

function abortableRequest<T>(signal: AbortSignal, begin: (answer: Answer<T>) => Waiter | null): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(new RaftNodeError('aborted', 'the caller gave up', { cause: signal.reason }));
      return;
    }
    let waiter: Waiter | null = null;
    const onAbort = () => waiter?.end('aborted', 'the caller gave up', signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    waiter = begin((error, value) => {
      signal.removeEventListener('abort', onAbort);
      if (error === null) resolve(value as T);
      else reject(error);
    });
  });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
