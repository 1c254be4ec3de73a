/**
 * Everything of one run, wired: clock, chance, network, machines, invariants, clients and operator. It decides nothing
 * itself; whoever is in it finds the others here.
 */
import type { ConfState } from '@understudy/raft-core';
import { AcknowledgedWrites } from './checks/acknowledged-writes.js';
import { Checks } from './checks/checks.js';
import { CommitQuorum } from './checks/commit-quorum.js';
import { DurableBeforeSent } from './checks/durable-before-sent.js';
import { ElectionQuorum } from './checks/election-quorum.js';
import { History } from './checks/history.js';
import { LeaderCompleteness } from './checks/leader-completeness.js';
import { LeaseKept } from './checks/lease-kept.js';
import { Ledger } from './checks/ledger.js';
import { Linearizable } from './checks/linearizable.js';
import { LogBehindState } from './checks/log-behind-state.js';
import { LogMatching } from './checks/log-matching.js';
import { NeverBack } from './checks/never-back.js';
import { OneConfChange } from './checks/one-conf-change.js';
import { OneLeaderATerm } from './checks/one-leader-a-term.js';
import { PromotionRules } from './checks/promotion-rules.js';
import { Recovering } from './checks/recovering.js';
import { RestartKeepsPromises } from './checks/restart-keeps-promises.js';
import { StateEquality } from './checks/state-equality.js';
import { StateMachineSafety } from './checks/state-machine-safety.js';
import { WatchOrder } from './checks/watch-order.js';
import type { DiskEvent } from './disk/disk.js';
import { Host } from './host.js';
import { Leases } from './leases.js';
import { Network } from './network/network.js';
import type { Process } from './process.js';
import { Random } from './random.js';
import type { Setup } from './setup.js';
import type { SimulatedSnapshot } from './state/simulated-state.js';
import { VirtualClock } from './virtual-clock.js';

/** What the cluster's configuration is, by the latest change that any member has applied. */
export interface KnownConf {
  readonly index: number;
  readonly confState: ConfState;
}

export class World {
  readonly clock = new VirtualClock();
  readonly random: Random;
  readonly diskRandom: Random;
  readonly network: Network;
  readonly ledger = new Ledger();
  readonly history = new History();
  readonly linearizable = new Linearizable(this.history);
  readonly watchOrder = new WatchOrder(this.history);
  readonly leaseKept: LeaseKept;
  readonly checks: Checks;
  readonly leases: Leases;
  readonly hosts: Host[] = [];
  readonly byId = new Map<number, Host>();
  conf: KnownConf = {
    index: 0,
    confState: { voters: [], votersOutgoing: [], learners: [], learnersNext: [], autoLeave: false },
  };
  /** Told once, of the next member that has a snapshot ready to be installed. */
  whenStaged: ((process: Process) => void) | null = null;
  /** Told whenever a log takes a batch that is not synced, with how many of it are not. */
  whenUnsynced: ((host: Host, batches: number) => void) | null = null;
  /** Nothing happens any more. */
  over = false;
  /** Changes with every event that matters: equal runs have equal hashes. */
  hash = 0;
  private nextId = 1;
  private nextOp = 1;
  private readonly counts = new Map<string, number>();
  /** What the disks of all machines did. */
  readonly diskCounts = new Map<DiskEvent, number>();

  constructor(
    readonly setup: Setup,
    private readonly traceTo: ((line: string) => void) | null,
  ) {
    const { seed } = setup;
    this.random = Random.of(seed, 'world');
    this.diskRandom = Random.of(seed, 'disk');
    this.network = new Network(this.clock, Random.of(seed, 'network'), setup.network, {
      deliver: (from, to, _lane, frame) => this.deliver(from, to, frame),
      disconnected: (peer, of) => this.disconnected(peer, of),
    });
    this.leaseKept = new LeaseKept(this.history, () => this.clock.now);
    this.leases = new Leases(this);
    this.checks = new Checks(this.ledger, this.allChecks());
    for (let slot = 0; slot < setup.voters + setup.spares; slot++) this.hosts.push(new Host(this, slot));
  }

  bootstrap(): void {
    const first = this.hosts.slice(0, this.setup.voters);
    for (const host of first) {
      host.join(this.newId());
      host.wanted = 'voter';
    }
    const members = first.map(({ id }) => ({ id }));
    for (const host of first) host.start(members);
  }

  newId(): number {
    return this.nextId++;
  }

  newOp(): number {
    return this.nextOp++;
  }

  trace(line: () => string): void {
    this.traceTo?.(`${(this.clock.now / 1_000).toFixed(4).padStart(9)}  ${line()}`);
  }

  get traces(): boolean {
    return this.traceTo !== null;
  }

  count(what: string, by = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + by);
  }

  get counted(): ReadonlyMap<string, number> {
    return this.counts;
  }

  mix(value: number): void {
    this.hash = Math.imul(this.hash ^ value, 0x01000193) + 0x9e3779b9;
    this.hash ^= this.hash >>> 15;
  }

  /** Processes that take requests. */
  serving(): Process[] {
    const serving: Process[] = [];
    for (const { process } of this.hosts) if (process?.serves) serving.push(process);
    return serving;
  }

  /** The leader of the highest term that runs. */
  leader(): Process | null {
    let leader: Process | null = null;
    for (const { process } of this.hosts) {
      if (process === null || !process.serves || !process.core?.isLeader) continue;
      if (leader === null || process.seen.term > leader.seen.term) leader = process;
    }
    return leader;
  }

  /** Whether `member` sees that the process of `peer` is gone: its connections were closed and cannot be opened. */
  knowsDead(_member: number, peer: number): boolean {
    const host = this.byId.get(peer);
    return host === undefined || host.id !== peer || (!host.running && host.crashedBy === 'kill');
  }

  tellDeath(id: number): void {
    for (const { process } of this.hosts) {
      if (process === null || !process.alive || process.id === id || !this.network.isOpen(id, process.id)) continue;
      process.later(this.clock.now + this.random.between(0.5, 5), () => {
        if (this.byId.get(id)?.running) return;
        process.core?.peerDisconnected(id, 'bulk');
        process.core?.peerDisconnected(id, 'control');
        process.core?.peerDead(id);
      });
    }
  }

  started(process: Process): void {
    this.trace(() => `member ${process.id} runs, applied ${process.seen.applied}, commit ${process.seen.commit}`);
    for (const { process: other } of this.hosts) {
      if (other?.serves && other.id !== process.id) this.connect(process.id, other.id);
    }
  }

  /** Both see the connection open, a moment from now, if it can be. */
  private connect(a: number, b: number): void {
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const process = this.byId.get(one)?.process ?? null;
      process?.later(this.clock.now + this.random.between(0.5, 5), () => {
        if (process.id !== one || !this.byId.get(other)?.running || !this.network.isOpen(other, one)) return;
        process.core?.peerConnected(other, 'control');
      });
    }
  }

  confApplied(process: Process, confState: ConfState, index: number): void {
    if (index > this.conf.index) {
      this.conf = { index, confState };
      this.count('configurations');
      this.trace(() => `configuration at ${index}: ${describe(confState)}, applied by ${process.id}`);
    }
  }

  /** Whether enough of these voters have their disks to decide on their own. */
  survives(voters: readonly number[], without = 0): boolean {
    const intact = voters.filter((id) => {
      const host = this.byId.get(id);
      return id !== without && host?.id === id && !host.broken && host.disk.whole;
    });
    return 2 * intact.length > voters.length;
  }

  /**
   * Whether a majority of the voters have the latest configuration in their durable state: only then can those who are
   * not in it any more be gone for good. Before, a restart could bring the former configuration back.
   */
  confIsDurable(without = 0): boolean {
    const { confState, index } = this.conf;
    const { voters, votersOutgoing } = confState;
    const knowing = voters.filter((id) => id !== without && this.ledger.member(id).stateIndex >= index);
    return votersOutgoing.length === 0 && 2 * knowing.length > voters.length;
  }

  receiveSnapshot(
    from: number,
    to: number,
    header: Uint8Array,
    snapshot: SimulatedSnapshot,
    finish: (error: Error | null) => void,
    isOver: () => boolean,
  ): void {
    const process = this.byId.get(to)?.process ?? null;
    if (process === null || process.id !== to || !process.serves || !this.network.isOpen(from, to)) {
      finish(new Error('not connected'));
      return;
    }
    process.enter(() => {
      const { core, state } = process;
      if (core === null || state === null || isOver()) return;
      let message: ReturnType<typeof core.snapshotOffered>;
      try {
        message = core.snapshotOffered(from, header);
      } catch (error) {
        finish(error as Error);
        return;
      }
      state.stage(snapshot.meta, snapshot.records, (staged) => {
        if (isOver()) {
          state.discardStaged();
          core.stagingFailed();
          return;
        }
        const { whenStaged } = this;
        this.whenStaged = null;
        whenStaged?.(process);
        finish(core.snapshotStaged(message, staged) ? null : new Error('not needed any more'));
      });
    });
  }

  private deliver(from: number, to: number, frame: Uint8Array): void {
    const process = this.byId.get(to)?.process ?? null;
    if (process === null || process.id !== to) return;
    this.mix(from * 256 + to);
    this.mix(frame.length);
    process.enter(() => process.core?.frameReceived(from, frame));
  }

  private disconnected(peer: number, of: number): void {
    const process = this.byId.get(of)?.process ?? null;
    if (process === null || process.id !== of) return;
    process.enter(() => {
      process.core?.peerDisconnected(peer, 'bulk');
      process.core?.peerDisconnected(peer, 'control');
    });
  }

  private allChecks() {
    const { history, ledger } = this;
    return [
      new OneLeaderATerm(),
      new LogMatching(ledger),
      new LeaderCompleteness(ledger),
      new CommitQuorum(ledger),
      new ElectionQuorum(ledger),
      new DurableBeforeSent(ledger),
      new NeverBack(ledger),
      new RestartKeepsPromises(ledger),
      new Recovering(ledger),
      new OneConfChange(ledger),
      new PromotionRules(ledger),
      new StateMachineSafety(ledger, history),
      new StateEquality(history),
      new LogBehindState(ledger),
      new AcknowledgedWrites(history),
      this.linearizable,
      this.watchOrder,
      this.leaseKept,
    ];
  }
}

function describe({ voters, votersOutgoing, learners, learnersNext }: ConfState): string {
  const outgoing = votersOutgoing.length === 0 ? '' : ` and [${votersOutgoing.join(' ')}]`;
  return `voters [${voters.join(' ')}]${outgoing}, learners [${[...learners, ...learnersNext].join(' ')}]`;
}
