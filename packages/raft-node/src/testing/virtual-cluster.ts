/**
 * Members of a cluster in one process on virtual time: the real decision logic over memory logs, memory state machines
 * and a memory network. Nothing happens between calls of `time.run`; the same seed gives the same run.
 */
import { type ConfChange, type ConfState, NO_LIMIT } from '@understudy/raft-core';
import type { RaftNodeError } from '../errors.js';
import { NodeCore } from '../node-core.js';
import type { ConfChanged, LeaderChange, SnapshotPace } from '../node-effects.js';
import { type BootstrapMember, type RaftNodeOptions, resolveOptions } from '../options.js';
import { prepareStart, type StartState } from '../start-state.js';
import type { StateSnapshot } from '../state-machine.js';
import type { Lane, SendResult } from '../transport.js';
import { ListDisk, ListMachine, type ListSnapshot } from './list-machine.js';
import { MemoryDisk, MemoryLog } from './memory-log.js';
import { VirtualTime } from './virtual-time.js';

export interface VirtualClusterOptions {
  readonly seed?: number;
  /** One way, milliseconds. Default 2. */
  readonly latencyMs?: number;
  /** A disk operation, milliseconds. Default 1. */
  readonly diskMs?: number;
  /** From its cause to a turn, milliseconds: how busy the process is. Default 0. */
  readonly turnMs?: number;
  /** From the start of a snapshot stream to its last byte, milliseconds. Default: five times `latencyMs`. */
  readonly streamMs?: number;
  /** See MemoryLogOptions. Default: none. */
  readonly cachedEntries?: number;
  /** For every member. */
  readonly node?: Omit<RaftNodeOptions, 'id' | 'bootstrap'>;
}

/** A snapshot travels in pieces of this size. */
const STREAM_CHUNK_BYTES = 1024;

/** What became of a request. */
export interface Outcome<T> {
  value: T | undefined;
  error: RaftNodeError | null;
  done: boolean;
}

/** One life of one member. */
export class VirtualMember {
  core!: NodeCore<number, string>;
  alive = true;
  failure: RaftNodeError | null = null;
  readonly leaderChanges: LeaderChange[] = [];
  readonly confChanges: ConfChanged[] = [];
  readonly warnings: string[] = [];
  snapshotsInstalled = 0;
  /** Recoveries that came to their end. */
  recoveries = 0;
  framesSent = 0;
  /** Set: disk operations end only when it is cleared. */
  diskStalled = false;

  constructor(
    readonly id: number,
    readonly log: MemoryLog,
    readonly machine: ListMachine,
  ) {}
}

interface Disks {
  readonly log: MemoryDisk;
  readonly state: ListDisk;
}

export class VirtualCluster {
  readonly time = new VirtualTime();
  readonly members = new Map<number, VirtualMember>();
  readonly #disks = new Map<number, Disks>();
  // Pairs `from>to` that hear nothing.
  readonly #blocked = new Set<string>();
  readonly #options: Required<Omit<VirtualClusterOptions, 'node'>> & { readonly node: Omit<RaftNodeOptions, 'id'> };
  #random: number;

  constructor(options: VirtualClusterOptions = {}) {
    this.#options = {
      seed: options.seed ?? 1,
      latencyMs: options.latencyMs ?? 2,
      diskMs: options.diskMs ?? 1,
      turnMs: options.turnMs ?? 0,
      streamMs: options.streamMs ?? 5 * (options.latencyMs ?? 2),
      cachedEntries: options.cachedEntries ?? NO_LIMIT,
      node: options.node ?? {},
    };
    this.#random = this.#options.seed >>> 0;
  }

  /** A uniform integer in [0, exclusiveMax). */
  readonly random = (exclusiveMax: number): number => {
    this.#random = (this.#random + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#random ^ (this.#random >>> 15), 1 | this.#random);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * exclusiveMax);
  };

  bootstrap(ids: readonly number[]): void {
    const members = ids.map((id) => ({ id }));
    for (const id of ids) this.start(id, members);
    this.time.run(this.#options.diskMs);
  }

  /** Starts a member from its disks; they are empty the first time. */
  start(id: number, bootstrap: readonly BootstrapMember[] | null = null): VirtualMember {
    const disks = this.#disks.get(id) ?? { log: new MemoryDisk(), state: new ListDisk() };
    this.#disks.set(id, disks);
    const member: VirtualMember = new VirtualMember(
      id,
      new MemoryLog(disks.log, {
        defer: (run) => this.#disk(() => member, run),
        cachedEntries: this.#options.cachedEntries,
      }),
      new ListMachine(disks.state, (run) => this.#disk(() => member, run)),
    );
    this.members.set(id, member);
    prepareStart({ log: member.log, stateMachine: member.machine }, bootstrap, (error, state) => {
      if (state === null) throw error;
      this.#run(member, state);
    });
    return member;
  }

  /** The process is killed: what is not durable is lost; its peers see the streams close. */
  crash(id: number): void {
    const member = this.member(id);
    member.alive = false;
    member.log.crash();
    for (const peer of this.members.values()) {
      if (peer.id === id || this.#blocked.has(`${id}>${peer.id}`)) continue;
      this.time.after(this.#options.latencyMs, () => {
        if (!peer.alive || this.member(id).alive) return;
        peer.core.peerDisconnected(id, 'bulk');
        peer.core.peerDisconnected(id, 'control');
        peer.core.peerDead(id);
      });
    }
  }

  /**
   * Kills the member, and loses every entry above `last`; with `forgetsVote` its term and vote too. Its next start finds
   * the damage.
   */
  damageLog(id: number, last: number, forgetsVote = false): void {
    if (this.member(id).alive) this.crash(id);
    this.member(id).log.disk.damage(last, !forgetsVote);
  }

  /** Kills the member, and loses all of its state. */
  loseState(id: number): void {
    if (this.member(id).alive) this.crash(id);
    this.member(id).machine.disk.lose();
  }

  /** Members hear only those of their own group; those not named hear everybody. */
  partition(...groups: (readonly number[])[]): void {
    this.#blocked.clear();
    groups.forEach((group, position) => {
      for (const from of group) {
        for (const to of groups.filter((_, other) => other !== position).flat()) this.#blocked.add(`${from}>${to}`);
      }
    });
  }

  /** `to` hears nothing of `from` any more; the other way stays open. */
  cut(from: number, to: number): void {
    this.#blocked.add(`${from}>${to}`);
  }

  heal(): void {
    this.#blocked.clear();
  }

  member(id: number): VirtualMember {
    const member = this.members.get(id);
    if (member === undefined) throw new Error(`no member ${id}`);
    return member;
  }

  /** The leader of the highest term that is alive. */
  get leader(): VirtualMember | null {
    let leader: VirtualMember | null = null;
    for (const member of this.members.values()) {
      if (!member.alive || !member.core?.isLeader) continue;
      if (leader === null || member.core.term > leader.core.term) leader = member;
    }
    return leader;
  }

  /** Runs until there is a leader whom `ids` (default: all that are alive) follow. */
  elect(ids?: readonly number[], limitMs = 20_000): VirtualMember {
    const followers = () => (ids ?? [...this.members.keys()]).map((id) => this.member(id)).filter((peer) => peer.alive);
    const settled = () => {
      const leader = followers().find((peer) => peer.core.isLeader && peer.core.leader === peer.id);
      return leader !== undefined && followers().every((peer) => peer.core.leader === leader.id);
    };
    if (!this.time.runUntil(settled, limitMs)) throw new Error(`no leader after ${limitMs} ms`);
    return followers().find((peer) => peer.core.isLeader) as VirtualMember;
  }

  propose(id: number, text: string, timeoutMs = 7_000): Outcome<number> {
    return this.request((done) => this.member(id).core.propose(Buffer.from(text), undefined, timeoutMs, done));
  }

  read(id: number, timeoutMs = 7_000): Outcome<number> {
    return this.request((done) => this.member(id).core.readBarrier(timeoutMs, done));
  }

  changeMembership(id: number, change: ConfChange, timeoutMs = 7_000): Outcome<ConfState> {
    return this.request((done) => this.member(id).core.changeMembership(change, timeoutMs, done));
  }

  transfer(id: number, to: number | 'any', timeoutMs = 2_000): Outcome<number> {
    return this.request((done) => this.member(id).core.transferLeadership(to, timeoutMs, done));
  }

  request<T>(begin: (done: (error: RaftNodeError | null, value: T | undefined) => void) => unknown): Outcome<T> {
    const outcome: Outcome<T> = { value: undefined, error: null, done: false };
    begin((error, value) => {
      if (outcome.done) throw new Error('a request was answered twice');
      outcome.done = true;
      outcome.error = error;
      outcome.value = value;
    });
    return outcome;
  }

  /** Runs until the request is answered; returns its outcome. */
  settle<T>(outcome: Outcome<T>, limitMs = 20_000): Outcome<T> {
    if (!this.time.runUntil(() => outcome.done, limitMs)) throw new Error(`no answer within ${limitMs} ms`);
    return outcome;
  }

  #run(member: VirtualMember, start: StartState): void {
    const options = resolveOptions({ ...this.#options.node, id: member.id });
    member.core = new NodeCore(
      {
        log: member.log,
        stateMachine: member.machine,
        effects: {
          wake: () => this.time.after(this.#options.turnMs, () => member.alive && member.core.turn()),
          send: (to, lane, frame) => this.#send(member, to, lane, frame),
          streamSnapshot: (to, header, snapshot, done, pace) => this.#stream(member, to, header, snapshot, done, pace),
          leaderChanged: (change) => member.leaderChanges.push(change),
          confChanged: (change) => member.confChanges.push(change),
          snapshotInstalled: () => member.snapshotsInstalled++,
          warn: (text, error) => member.warnings.push(`${text}: ${error.message}`),
          recovered: () => member.recoveries++,
          failed: (error) => {
            member.failure = error;
          },
        },
        random: this.random,
        now: () => this.time.now,
        start,
        callHandler: (from, body, answer) => answer(null, Buffer.from(`${from}:${Buffer.from(body)}`)),
      },
      options,
    );
    const tick = () => {
      if (!member.alive) return;
      member.core.tick();
      this.time.after(options.heartbeatIntervalMs, tick);
    };
    // Members do not tick in step.
    this.time.after(this.random(options.heartbeatIntervalMs), tick);
    member.core.turn();
    for (const { id } of this.members.values()) if (id !== member.id) this.#connect(member, id);
  }

  #connect(member: VirtualMember, id: number): void {
    this.time.after(2 * this.#options.latencyMs, () => {
      const peer = this.member(id);
      if (!member.alive || !peer.alive || peer.core === undefined || this.#blocked.has(`${id}>${member.id}`)) return;
      member.core.peerConnected(id, 'control');
      peer.core.peerConnected(member.id, 'control');
    });
  }

  #send(from: VirtualMember, to: number, _lane: Lane, frame: Uint8Array): SendResult {
    from.framesSent++;
    const target = this.members.get(to);
    if (target === undefined) return 'unknown-peer';
    if (!target.alive || this.#blocked.has(`${from.id}>${to}`)) return 'not-connected';
    this.time.after(this.#options.latencyMs, () => {
      if (target.alive && target.core !== undefined && !this.#blocked.has(`${from.id}>${to}`)) {
        target.core.frameReceived(from.id, frame);
      }
    });
    return 'sent';
  }

  #stream(
    from: VirtualMember,
    to: number,
    header: Uint8Array,
    snapshot: StateSnapshot,
    done: (error: Error | null) => void,
    pace: SnapshotPace,
  ): () => void {
    const { bytes } = snapshot as ListSnapshot;
    let over = false;
    const finish = (error: Error | null) => {
      if (over) return;
      over = true;
      this.time.after(this.#options.latencyMs, () => from.alive && done(error));
    };
    const arrive = () => {
      const target = this.members.get(to);
      if (over || !from.alive) return;
      if (!target?.alive || this.#blocked.has(`${from.id}>${to}`)) return finish(new Error('not connected'));
      try {
        const message = target.core.snapshotOffered(from.id, header);
        const { index, term, confState } = snapshot.meta;
        const staged = target.machine.stage({ index, term, confState }, bytes);
        finish(target.core.snapshotStaged(message, staged) ? null : new Error('not needed'));
      } catch (error) {
        finish(error as Error);
      }
    };
    let sent = 0;
    const sendOn = () => {
      if (over || !from.alive) return;
      let waitMs = 0;
      while (sent < bytes.length && waitMs === 0) {
        const size = Math.min(STREAM_CHUNK_BYTES, bytes.length - sent);
        sent += size;
        waitMs = pace.sent(size);
      }
      if (waitMs > 0) this.time.after(waitMs, sendOn);
      else this.time.after(this.#options.streamMs, arrive);
    };
    this.time.after(0, sendOn);
    return () => finish(new Error('aborted'));
  }

  #disk(member: () => VirtualMember, run: () => void): void {
    this.time.after(this.#options.diskMs, () => {
      const { alive, diskStalled } = member();
      if (!alive) return;
      if (diskStalled) this.#disk(member, run);
      else run();
    });
  }
}
