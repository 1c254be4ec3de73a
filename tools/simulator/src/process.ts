/**
 * One life of one member's process: the real log, state and decision logic on a simulated disk, network and clock. Every
 * event enters through `enter`, which lets what was deferred follow and then has the invariants look. A process that was
 * killed hears of nothing any more; one that is paused hears of everything later, in order.
 */
import { type ConfState, type Message, MessageType } from '@understudy/raft-core';
import type { BootstrapMember, Lane, RaftNodeError, SendResult, StateSnapshot } from '@understudy/raft-node';
import { type FrameSink, NodeCore, prepareStart, readFrame, resolveOptions } from '@understudy/raft-node/testing';
import { type Damage, type LoadedLog, loadLog, type ResolvedLogOptions, StoreLog } from '@understudy/wal-level';
import { DiskHighWater } from './disk/disk-high-water.js';
import { DiskStore } from './disk/disk-store.js';
import type { Host } from './host.js';
import { ObservedLog } from './observed-log.js';
import { HEARTBEAT_MS } from './setup.js';
import type { Operation, OperationResult } from './state/operation.js';
import { encodeOperation } from './state/operation.js';
import { openState } from './state/open-state.js';
import type { SimulatedSnapshot, SimulatedState } from './state/simulated-state.js';
import type { World } from './world.js';

const UNOPENABLE: Damage = { what: 'unreadable', where: 'store', index: null, detail: 'the files do not open' };
const CLUSTER_ID = 7;
const HIGH_WATER_LAG_MS = 100;
const LEASE_LOOK_TICKS = 5;
/** What one event may bring about at most. */
const MAX_DEFERRED = 100_000;

export class Process {
  core: NodeCore<OperationResult, Operation> | null = null;
  state: SimulatedState | null = null;
  alive = true;
  failure: RaftNodeError | null = null;
  /** As of the last event: what the invariants compare with. */
  readonly seen = { term: 0, commit: 0, applied: 0, leaderTerm: 0 };
  /** The configuration in force before the event that is running. */
  confBefore: ConfState | null = null;
  pausedUntil = 0;
  // What came in while it was paused.
  private backlog: (() => void)[] = [];
  // What follows the current event.
  private deferred: (() => void)[] = [];
  private ticks = 0;
  private mayRepeat = true;
  private readonly frameSink: FrameSink;

  constructor(
    readonly world: World,
    readonly host: Host,
    readonly id: number,
  ) {
    this.frameSink = {
      onMessage: (message) => this.onSend(message),
      onCall: () => {
        this.mayRepeat = false;
      },
      onAnswer: () => {},
      onRefusal: () => {},
      onSourceWords: () => {},
    };
  }

  get installing(): boolean {
    return this.state?.installing ?? false;
  }

  get serves(): boolean {
    return this.alive && this.core !== null && this.failure === null;
  }

  readonly now = (): number => this.world.clock.now;
  readonly later = (atMs: number, work: () => void): void => this.world.clock.at(atMs, () => this.enter(work));
  readonly defer = (work: () => void): void => {
    this.deferred.push(work);
  };

  enter(work: () => void): void {
    if (!this.alive) return;
    const { clock } = this.world;
    if (clock.now < this.pausedUntil) {
      if (this.backlog.length === 0) clock.at(this.pausedUntil, () => this.resume());
      this.backlog.push(work);
      return;
    }
    if (this.backlog.length > 0) {
      this.backlog.push(work);
      return;
    }
    this.run(work);
  }

  pause(untilMs: number): void {
    this.pausedUntil = Math.max(this.pausedUntil, untilMs);
  }

  start(bootstrap: readonly BootstrapMember[] | null): void {
    const { disk } = this.host;
    const recover = this.hasPeers();
    const damage: Damage | null = disk.unopenable ? UNOPENABLE : null;
    if (disk.unopenable && recover) disk.resetLog();
    const common = { disk, now: this.now, later: this.later, defer: this.defer };
    const store = new DiskStore({ ...common, medium: disk.log }, 'log');
    const highWater = new DiskHighWater(common, HIGH_WATER_LAG_MS);
    const { setup } = this.world;
    const log: ResolvedLogOptions = {
      tailBytes: setup.tailBytes,
      readCacheBytes: 4_000,
      maxBatchBytes: 64_000,
      reclaimStepEntries: 16,
      highWaterLagMs: HIGH_WATER_LAG_MS,
      paranoid: false,
      recover,
      newClusterId: null,
    };
    const options = {
      log,
      name: `log of member ${this.id}`,
      identityFile: disk.identity,
      expected: { memberId: this.id, clusterId: CLUSTER_ID },
      newDirectoryId: this.world.random.hex(32),
      systemBootId: disk.bootId,
      ...(damage === null ? {} : { damage }),
    };
    this.enter(() =>
      loadLog({ store, highWater }, options, (error, loaded) => {
        if (loaded === null) return this.refuse(error);
        disk.identity = { ok: true, value: loaded.identity };
        this.host.logOpened(loaded.state.recovery);
        const scheduler = { now: this.now, defer: this.defer, after: () => () => {} };
        const { name, systemBootId } = options;
        this.stateFor(
          new StoreLog({ store, highWater, scheduler }, { log, name, systemBootId }, loaded),
          loaded,
          bootstrap,
        );
      }),
    );
  }

  /** The process ends, at once. */
  kill(): void {
    this.alive = false;
    this.backlog = [];
    this.deferred = [];
    this.core = null;
  }

  propose(
    operation: Operation,
    done: (error: RaftNodeError | null, result: OperationResult | undefined) => void,
  ): void {
    this.enter(() => {
      const { proposalTimeoutMs } = this.world.setup.node;
      this.core?.propose(encodeOperation(operation), operation, proposalTimeoutMs, done);
    });
  }

  private run(work: () => void): void {
    const { world } = this;
    if (world.over) return;
    this.confBefore = this.core === null ? null : this.core.confState;
    work();
    for (let i = 0; i < this.deferred.length && this.alive; i++) {
      if (i > MAX_DEFERRED)
        world.checks.fail('liveness', `member ${this.id} goes on for ever without any time passing`);
      (this.deferred[i] as () => void)();
    }
    if (this.deferred.length > 0) this.deferred = [];
    if (this.alive) world.checks.afterEvent(this);
  }

  private resume(): void {
    const { backlog } = this;
    if (!this.alive) return;
    if (this.world.clock.now < this.pausedUntil) {
      this.world.clock.at(this.pausedUntil, () => this.resume());
      return;
    }
    this.backlog = [];
    for (const work of backlog) if (this.alive) this.run(work);
  }

  /** Without them there is nobody to refetch a damaged log from: it is refused. */
  private hasPeers(): boolean {
    const { voters, votersOutgoing } = this.world.conf.confState;
    return voters.length + votersOutgoing.length > 1;
  }

  private refuse(error: Error | null): void {
    this.world.trace(() => `member ${this.id} cannot open its log: ${error?.message}`);
    this.host.logRefused(this, error);
  }

  private stateFor(log: StoreLog, loaded: LoadedLog, bootstrap: readonly BootstrapMember[] | null): void {
    const { checks } = this.world;
    checks.onLoaded(this, {
      ...log.hardState,
      first: log.firstIndex(),
      last: log.lastIndex(),
      termAt: (index) => log.term(index),
      recovering: log.recovering,
    });
    this.world.trace(
      () => `member ${this.id} opens its log, ${loaded.verdict}, entries ${log.firstIndex()} to ${log.lastIndex()}`,
    );
    const deps = {
      disk: this.host.disk,
      now: this.now,
      later: this.later,
      defer: this.defer,
      mvccOptions: { minLeaseTtl: 1, catchUpRecords: 8, compactionStepKeys: 4, cacheBytes: 2_000 },
      onApply: (...applied: Parameters<typeof checks.onApply> extends [Process, ...infer Rest] ? Rest : never) =>
        checks.onApply(this, ...applied),
      onDurable: (meta: Parameters<typeof checks.onStateDurable>[1]) => {
        checks.onStateDurable(this, meta);
        this.judgeWhole(log, meta.index);
      },
      onInstalled: () => checks.onStateReplaced(this),
      onFailure: (error: Error) =>
        checks.fail('member-runs', `member ${this.id} cannot read history: ${error.message}`),
    };
    const onDamage = (damage: string): void => this.host.stateDamaged(damage);
    openState(deps, log, onDamage, (error, state) => {
      if (state !== null) this.begin(log, state, bootstrap);
      else checks.fail('member-runs', `member ${this.id} cannot open its state: ${error?.message}`);
    });
  }

  private begin(log: StoreLog, state: SimulatedState, bootstrap: readonly BootstrapMember[] | null): void {
    const { checks, setup } = this.world;
    this.state = state;
    checks.onStateReplaced(this);
    this.judgeWhole(log, state.durable.index);
    const observed = new ObservedLog(log, this, checks);
    prepareStart({ log: observed, stateMachine: state }, bootstrap, (failure, start) => {
      if (start === null) return this.startFailed(failure);
      checks.onStart(this, start);
      const options = resolveOptions({ ...setup.node, heartbeatIntervalMs: HEARTBEAT_MS, id: this.id });
      this.core = new NodeCore(
        {
          log: observed,
          stateMachine: state,
          effects: this.effects(),
          random: this.world.random.below,
          now: this.now,
          start,
          callHandler: null,
        },
        options,
      );
      this.defer(() => this.core?.turn());
      this.armTick(this.world.random.between(0, HEARTBEAT_MS));
      this.world.started(this);
    });
  }

  /** A state that is durable to `index`, and all of the log behind it. */
  private judgeWhole(log: StoreLog, index: number): void {
    if (index >= log.firstIndex() - 1) this.host.stateWhole();
  }

  private startFailed(error: Error | null): void {
    if (this.host.diskFailed(this)) return;
    this.world.checks.fail('member-runs', `member ${this.id} cannot start: ${error?.message}`);
  }

  private armTick(delayMs: number): void {
    this.later(this.now() + delayMs, () => {
      if (this.failure !== null) return;
      this.core?.tick();
      if (++this.ticks % LEASE_LOOK_TICKS === 0) this.world.leases.look(this);
      this.armTick(HEARTBEAT_MS * (this.world.setup.drift[this.host.slot % 8] as number));
    });
  }

  private effects(): ConstructorParameters<typeof NodeCore<OperationResult, Operation>>[0]['effects'] {
    const { world } = this;
    const { checks } = world;
    return {
      // Sometimes a little later, so that several things come in before one turn.
      wake: () => {
        const delay = world.random.chance(0.3) ? world.random.between(0, world.setup.turnMs) : 0;
        world.clock.after(delay, () => this.enter(() => this.core?.turn()));
      },
      send: (to, lane, frame) => this.send(to, lane, frame),
      streamSnapshot: (to, header, snapshot, done) => this.streamSnapshot(to, header, snapshot, done),
      leaderChanged: ({ leader, term, state }) => {
        world.trace(() => `member ${this.id} sees leader ${leader} in term ${term} (${state})`);
        world.leases.leadershipChanged(this);
      },
      confChanged: ({ confState, index }) => {
        world.confApplied(this, confState, index);
      },
      snapshotInstalled: ({ index }) => {
        world.count('snapshots installed');
        world.trace(() => `member ${this.id} has installed a snapshot at ${index}`);
      },
      recovered: () => {
        checks.onRecovered(this);
        this.host.recovered();
        world.trace(() => `member ${this.id} has again what its log had lost`);
      },
      warn: (text, error) => world.trace(() => `member ${this.id}: ${text}: ${error.message}`),
      failed: (error) => {
        this.failure = error;
        this.host.failed(this, error);
      },
    };
  }

  private send(to: number, lane: Lane, frame: Uint8Array): SendResult {
    const { world } = this;
    this.mayRepeat = true;
    readFrame(frame, this.id, to, this.frameSink);
    if (world.knowsDead(this.id, to)) return 'not-connected';
    return world.network.send(this.id, to, lane, frame, this.mayRepeat);
  }

  private onSend(message: Message): void {
    if (message.type === MessageType.Prop) this.mayRepeat = false;
    // A message that was read here lacks its true receiver's view; who it goes to is all that is asked.
    this.world.checks.onSend(this, message);
  }

  private streamSnapshot(
    to: number,
    header: Uint8Array,
    snapshot: StateSnapshot,
    done: (error: Error | null) => void,
  ): () => void {
    const { world } = this;
    let over = false;
    const finish = (error: Error | null): void => {
      if (over) return;
      over = true;
      world.clock.after(1, () => this.enter(() => done(error)));
    };
    const endAt = world.network.streamEnd(this.id, to);
    if (endAt === null) finish(new Error('not connected'));
    else
      world.clock.at(
        endAt,
        () => over || world.receiveSnapshot(this.id, to, header, snapshot as SimulatedSnapshot, finish, () => over),
      );
    world.clock.after(5_000, () => finish(new Error('the stream takes too long')));
    return () => finish(new Error('aborted'));
  }
}
