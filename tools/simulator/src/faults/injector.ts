/**
 * Carries out a schedule of faults. What would end the cluster for good is left undone: a disk is only lost while a
 * majority of the voters keeps theirs, and two machines at least stay voters.
 */
import type { Host } from '../host.js';
import type { Operator } from '../operator.js';
import type { World } from '../world.js';
import { type Fault, sortOf, type Target } from './fault.js';

/** More than a heartbeat interval. */
const LATE_MS = 150;
/** Less than a leader goes on for that hears from no quorum. */
const ITS_ANSWER_MS = 700;
/** About what it takes to hand over to a member that has everything. */
const HANDED_OVER_MS = 5;

export class Injector {
  /** By sort. */
  readonly injected = new Map<string, number>();
  private over = false;

  constructor(
    private readonly world: World,
    private readonly operator: Operator,
  ) {}

  plan(faults: readonly Fault[]): void {
    for (const fault of faults) {
      this.world.clock.at(fault.at, () => {
        if (this.over) return;
        if (!this.inject(fault)) return;
        const sort = sortOf(fault);
        this.injected.set(sort, (this.injected.get(sort) ?? 0) + 1);
        this.world.trace(() => `fault: ${JSON.stringify(fault)}`);
      });
    }
  }

  /** Everything heals: what is down starts, what is cut is joined, what is wanted can be had. */
  heal(): void {
    const { world } = this;
    this.over = true;
    world.network.heal();
    for (const host of world.hosts) {
      host.disk.stalledUntil = 0;
      host.disk.slowness = 1;
      host.disk.failure = null;
      if (host.process !== null) host.process.pausedUntil = Math.min(host.process.pausedUntil, world.clock.now);
      if (host.broken || host.id === 0) continue;
      host.start();
    }
  }

  /** False where there is nobody to do it to, or where it must not be done. */
  private inject(fault: Fault): boolean {
    const { world } = this;
    const untilMs = world.clock.now + ('ms' in fault ? fault.ms : 0);
    switch (fault.kind) {
      case 'weather':
        world.network.weather = fault;
        world.clock.at(untilMs, () => {
          if (world.network.weather === fault)
            world.network.weather = { drop: 0, repeat: 0, reorder: 0, delay: 0, delayMs: 0 };
        });
        return true;
      case 'crash-all':
        for (const host of world.hosts) this.crash(host, fault.power, fault.downMs);
        return true;
      case 'partition':
        return this.partition(fault.side, untilMs, fault.known);
      case 'cut':
      case 'clog':
      case 'reset':
        return this.onLink(fault, untilMs);
      case 'transfer':
        return this.transfer(fault.to, fault.lateMs ?? 0);
      case 'ambush':
        if (fault.moment === 'change') this.operator.whenAsked = (leader) => this.ambush(leader.host, fault);
        else world.whenStaged = (process) => this.ambush(process.host, fault);
        return true;
      case 'catch-unsynced':
        world.whenUnsynced = (host, batches) => this.catchUnsynced(host, batches, fault);
        return true;
      default: {
        const host = this.find(fault.target);
        return host !== null && this.onHost(fault, host, untilMs);
      }
    }
  }

  private onHost(fault: Extract<Fault, { readonly target: Target }>, host: Host, untilMs: number): boolean {
    const { world } = this;
    const { disk, process } = host;
    switch (fault.kind) {
      case 'crash':
        return this.crash(host, fault.power, fault.downMs);
      case 'pause':
        process?.pause(untilMs);
        return host.running;
      case 'isolate':
        for (const other of world.hosts) {
          if (other === host || other.id === 0) continue;
          if (fault.ways === 'late') this.hearLate(host.id, other.id, untilMs);
          else if (fault.ways !== 'in') world.network.cut(host.id, other.id, untilMs, false);
          if (fault.ways === 'in' || fault.ways === 'both') world.network.cut(other.id, host.id, untilMs, false);
        }
        if (fault.stall) disk.stalledUntil = Math.max(disk.stalledUntil, untilMs + 50);
        return true;
      case 'stall':
        disk.stalledUntil = Math.max(disk.stalledUntil, untilMs);
        return true;
      case 'slow-disk':
        disk.slowness = fault.times;
        world.clock.at(untilMs, () => {
          disk.slowness = 1;
        });
        return true;
      case 'write-error':
        if (!host.running) return false;
        disk.failure = { code: fault.code, file: fault.file };
        return true;
      case 'wipe':
        if (!this.mayLose(host)) return false;
        host.wipe();
        return true;
      case 'damage':
        if (!this.mayLose(host)) return false;
        if (!fault.late) return this.damage(host, fault);
        this.sayLate(host, fault);
        return true;
      case 'damage-state':
        if (!this.mayLose(host)) return false;
        host.crash('kill');
        host.startAfter(fault.downMs);
        return disk.damageState(fault.how);
      case 'role':
        return this.want(host, fault.wanted);
      case 'compact-log':
        process?.enter(() => process.core?.snapshot(fault.keep, () => {}));
        return host.running;
    }
  }

  /** First the answers are held up, a little later the questions are lost. */
  private hearLate(member: number, peer: number, untilMs: number): void {
    const { clock, network } = this.world;
    network.clog(peer, member, untilMs);
    clock.after(LATE_MS, () => {
      if (!this.over) network.cut(member, peer, untilMs, false);
    });
  }

  /** What it says is held up for a while; then its process ends, and that arrives when it may be back. */
  private sayLate(host: Host, fault: Extract<Fault, { readonly kind: 'damage' }>): void {
    const { clock, hosts, network } = this.world;
    const peers = hosts.filter((other) => other !== host && other.id !== 0);
    const { life } = host;
    for (const { id } of peers) network.clog(host.id, id, clock.now + 2 * LATE_MS);
    clock.after(LATE_MS, () => {
      if (this.over || life !== host.life || !this.mayLose(host)) return;
      this.damage(host, fault);
      for (const { id } of peers) network.reset(host.id, id, true);
      this.makeItsAnswerCount(host, clock.now + fault.downMs + ITS_ANSWER_MS);
    });
  }

  /** Until then, so few others answer the leader in time that one answer of this member more makes a quorum. */
  private makeItsAnswerCount(host: Host, untilMs: number): void {
    const { conf, network } = this.world;
    const leader = this.world.leader();
    if (leader === null || leader.host === host) return;
    const { voters } = conf.confState;
    const others = voters.filter((id) => id !== leader.id && id !== host.id);
    for (const id of others.slice(Math.floor(voters.length / 2) - 1)) network.clog(id, leader.id, untilMs);
  }

  /** False where there was nothing to damage. */
  private damage(host: Host, { downMs, how }: Extract<Fault, { readonly kind: 'damage' }>): boolean {
    host.crash('kill');
    const done = host.disk.damageLog(how);
    host.startAfter(downMs);
    return done;
  }

  private ambush(host: Host, fault: Extract<Fault, { readonly kind: 'ambush' }>): void {
    const { afterMs, downMs, moment, power } = fault;
    const { clock, hosts, network } = this.world;
    if (this.over) return;
    if (moment === 'change') {
      for (const { id } of hosts) if (id !== host.id) network.cut(host.id, id, clock.now + afterMs + downMs, false);
    }
    const { life } = host;
    clock.after(afterMs, () => {
      if (life === host.life && !this.over) this.crash(host, power, downMs);
    });
  }

  /** In an event of its own: whoever wrote goes on to the end of this one. */
  private catchUnsynced(
    host: Host,
    batches: number,
    { all, batches: wanted, downMs }: Extract<Fault, { readonly kind: 'catch-unsynced' }>,
  ): void {
    const { world } = this;
    if (this.over || batches < wanted) return;
    world.whenUnsynced = null;
    world.clock.after(0, () => {
      for (const each of all ? world.hosts : [host]) if (!this.over) this.crash(each, true, downMs);
    });
  }

  private crash(host: Host, power: boolean, downMs: number): boolean {
    if (!host.running) return false;
    host.crash(power ? 'power' : 'kill');
    host.startAfter(downMs);
    return true;
  }

  private partition(side: number, untilMs: number, known: boolean): boolean {
    const { hosts, network } = this.world;
    for (const a of hosts) {
      for (const b of hosts) {
        const apart = (((side >> a.slot) ^ (side >> b.slot)) & 1) === 1;
        if (apart && a.id !== 0 && b.id !== 0) network.cut(a.id, b.id, untilMs, known);
      }
    }
    return true;
  }

  private onLink(fault: Extract<Fault, { readonly from: number }>, untilMs: number): boolean {
    const { hosts, network } = this.world;
    const from = hosts[fault.from % hosts.length]?.id ?? 0;
    const to = hosts[fault.to % hosts.length]?.id ?? 0;
    if (from === 0 || to === 0 || from === to) return false;
    if (fault.kind === 'cut') network.cut(from, to, untilMs, false);
    else if (fault.kind === 'clog') network.clog(from, to, untilMs);
    else network.reset(from, to, fault.late);
    return true;
  }

  private transfer(slot: number, lateMs: number): boolean {
    const { clock, hosts, network } = this.world;
    const leader = this.world.leader();
    const to = hosts[slot % hosts.length]?.id ?? 0;
    if (leader === null || to === 0) return false;
    const handOver = (): void => leader.enter(() => leader.core?.transferLeadership(to, 2_000, () => {}));
    if (lateMs === 0) {
      handOver();
      return true;
    }
    // Held up are first the answers to its heartbeats, then every word of the next leader.
    const untilMs = clock.now + LATE_MS + lateMs;
    const peers = hosts.filter(({ id }) => id !== 0 && id !== leader.id);
    for (const { id } of peers) network.clog(id, leader.id, untilMs, ['control']);
    clock.after(LATE_MS, () => {
      if (this.over) return;
      handOver();
      clock.after(HANDED_OVER_MS, () => {
        if (!this.over) for (const { id } of peers) network.clog(id, leader.id, untilMs);
      });
    });
    return true;
  }

  private want(host: Host, wanted: Host['wanted']): boolean {
    const { hosts } = this.world;
    const others = hosts.filter((other) => other !== host && other.wanted === 'voter').length;
    if (wanted !== 'voter' && others < 2) return false;
    if (host.broken) return false;
    if (wanted === 'none') {
      host.wanted = 'none';
      return true;
    }
    if (host.id === 0 || (host.wanted === 'none' && this.gone(host))) {
      host.crash('power');
      host.join(this.world.newId());
      host.start();
    }
    host.wanted = wanted;
    return true;
  }

  /** It was a member, and is one no more: its id never comes back. */
  private gone({ id }: Host): boolean {
    return this.operator.idle && this.world.confIsDurable() && !this.operator.isMember(id);
  }

  private mayLose(host: Host): boolean {
    const { conf, hosts } = this.world;
    if (host.id === 0 || host.broken || !this.operator.idle || !this.world.confIsDurable(host.id)) return false;
    // One at a time, and only with a leader that has seen the last change through.
    if (hosts.some((other) => other.broken || !other.disk.whole) || this.world.leader() === null) return false;
    return this.world.survives(conf.confState.voters, host.id);
  }

  private find(target: Target): Host | null {
    const { hosts } = this.world;
    if (typeof target === 'number') {
      const host = hosts[target % hosts.length];
      return host === undefined ? null : host;
    }
    const leader = this.world.leader();
    if (leader === null) return null;
    if (target === 'leader') return leader.host;
    return hosts.find((host) => host.running && host !== leader.host) ?? null;
  }
}
