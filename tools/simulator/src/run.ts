/**
 * One run: a cluster from a setup, a schedule of faults while clients work, then everything heals, and the cluster must
 * elect a leader, converge and serve. The same setup and the same faults give the same run, to the last bit of its hash.
 */
import { Client } from './clients/client.js';
import { Watching } from './clients/watching.js';
import type { Fault } from './faults/fault.js';
import { Injector } from './faults/injector.js';
import { scheduleOf } from './faults/schedule.js';
import { Operator } from './operator.js';
import type { Process } from './process.js';
import { poisoned } from './poison.js';
import { plainSetup, type Setup, setupOf } from './setup.js';
import { type Broken, Violation } from './violation.js';
import { World } from './world.js';

/** All that a run depends on. */
export interface Plan {
  readonly setup: Setup;
  readonly faults: readonly Fault[];
}

export interface RunResult {
  readonly seed: number;
  readonly violation: Broken | null;
  readonly hash: number;
  readonly simulatedMs: number;
  readonly events: number;
  /** Client operations that were answered, and checked. */
  readonly operations: number;
  /** How often an invariant was asked. */
  readonly asked: number;
  readonly faults: ReadonlyMap<string, number>;
  readonly counted: ReadonlyMap<string, number>;
}

type Trace = (line: string) => void;

const LIVENESS_MS = 40_000;
const LOOK_MS = 100;
/** A hundred times what the longest phase takes: beyond it somebody asks himself for ever. */
const MAX_EVENTS_A_PHASE = 5_000_000;

export function planOf(seed: number): Plan {
  const setup = setupOf(seed);
  return { setup, faults: scheduleOf(setup) };
}

/** For measuring speed: see `plainSetup`. */
export function plainPlanOf(seed: number): Plan {
  const setup = plainSetup(seed);
  return { setup, faults: scheduleOf(setup) };
}

export function run(plan: Plan, trace: Trace | null = null): RunResult {
  return runWith(plan, trace, () => {});
}

/** `prepare` may plan more than the faults, before time begins. */
export function runWith(plan: Plan, trace: Trace | null, prepare: (world: World) => void): RunResult {
  return poisoned(() => new Run(plan, trace).go(prepare));
}

class Run {
  private readonly world: World;
  private readonly operator: Operator;
  private readonly injector: Injector;
  private readonly clients: Client[] = [];
  private readonly watching: Watching[] = [];

  constructor(
    private readonly plan: Plan,
    trace: Trace | null,
  ) {
    this.world = new World(plan.setup, trace);
    this.operator = new Operator(this.world);
    this.injector = new Injector(this.world, this.operator);
  }

  go(prepare: (world: World) => void): RunResult {
    const { world } = this;
    const { setup } = this.plan;
    try {
      world.bootstrap();
      for (let number = 0; number < setup.clients; number++) this.clients.push(new Client(world, number));
      for (let number = 0; number < setup.watchers; number++) this.watching.push(new Watching(world, number));
      for (const actor of [...this.clients, ...this.watching, this.operator]) actor.start();
      this.injector.plan(this.plan.faults);
      prepare(world);
      this.runUntil(setup.safetyMs);
      this.injector.heal();
      world.trace(() => 'everything heals');
      this.converge();
    } catch (error) {
      // What code under test throws would end its process.
      world.checks.violation ??=
        error instanceof Violation ? error : new Violation('member-runs', `a member throws: ${(error as Error).stack}`);
    }
    return this.result();
  }

  private runUntil(untilMs: number): void {
    const { checks, clock } = this.world;
    const limit = clock.events + MAX_EVENTS_A_PHASE;
    while (clock.step(untilMs)) {
      if (checks.violation !== null) throw checks.violation;
      if (clock.events > limit)
        checks.fail('liveness', `time stands still: ${MAX_EVENTS_A_PHASE} events up to ${clock.now} ms`);
    }
  }

  /** The liveness phase. Dissertation, section 3.9: nothing is asked of it but that the faults have ended. */
  private converge(): void {
    const { clock } = this.world;
    const until = clock.now + LIVENESS_MS;
    this.await(until, 'no leader was elected', () => this.world.leader() !== null);
    this.await(until, 'the configuration did not become what was wanted', () => this.settled());
    for (const client of this.clients) client.stopped = true;
    this.serve(until);
    this.await(until, 'the members did not converge', () => this.converged());
    this.await(until, 'the watches were not told everything', () => this.watchesTold());
    this.judgeStates();
  }

  private await(untilMs: number, what: string, holds: () => boolean): void {
    const { checks, clock } = this.world;
    while (!holds()) {
      if (clock.now >= untilMs)
        checks.fail('liveness', `${what} within ${LIVENESS_MS} ms of healing: ${this.describe()}`);
      this.runUntil(clock.now + LOOK_MS);
    }
  }

  private settled(): boolean {
    for (const host of this.world.hosts) {
      if (!host.running && !host.broken && host.id !== 0) host.start();
      if (!this.operator.isMember(host.id) || host.broken) continue;
      if (host.process?.serves !== true || !host.disk.whole) return false;
    }
    return this.operator.satisfied;
  }

  /** Every member takes a write and a linearizable read. */
  private serve(untilMs: number): void {
    for (const host of this.world.hosts) {
      if (!this.operator.isMember(host.id)) continue;
      let served = false;
      // A process that ends gives no answer; another one is asked again.
      let asked: Process | null = null;
      this.await(untilMs, `member ${host.id} did not serve`, () => {
        const { process } = host;
        // An entry of before the healing may have made it one, and the operator undone that.
        if (!this.operator.isMember(host.id)) return true;
        if (served || process === null || process === asked || !process.serves) return served;
        asked = process;
        const op = this.world.newOp();
        const over = (error: Error | null): void => {
          served ||= error === null;
          asked = null;
        };
        process.propose({ kind: 'put', op, key: 'k00', value: String(op), lease: 0 }, (error) => {
          if (error !== null) over(error);
          else process.core?.readBarrier(2_000, over);
        });
        return false;
      });
    }
  }

  private converged(): boolean {
    const { commit } = this.world.ledger;
    return this.members().every((process) => process.seen.applied === commit && process.seen.commit === commit);
  }

  private watchesTold(): boolean {
    return this.watching.every(({ range }) => this.world.watchOrder.missing(range) === null);
  }

  private judgeStates(): void {
    const { checks } = this.world;
    // An operation that is still on its way, such as the end of a lease, may be here and not there yet.
    const hashes = new Map<string, { readonly hash: number; readonly id: number }>();
    for (const process of this.members()) {
      checks.onStateReplaced(process);
      const outcome = process.state?.mvcc.hashKv(0);
      if (outcome?.ok !== true) continue;
      const { compactRevision, hash, revision } = outcome;
      const at = `revision ${revision}, compacted at ${compactRevision}`;
      const other = hashes.get(at);
      if (other === undefined) hashes.set(at, { hash, id: process.id });
      else if (other.hash !== hash) {
        checks.fail('state-equality', `members ${other.id} and ${process.id} differ at ${at}`);
      }
    }
  }

  private members() {
    return this.world.serving().filter(({ id }) => this.operator.isMember(id));
  }

  private describe(): string {
    const { conf, hosts } = this.world;
    const text = hosts.map(({ broken, id, process, wanted }) => {
      const seen = process?.serves
        ? `term ${process.seen.term} applied ${process.seen.applied}`
        : broken
          ? 'broken'
          : 'down';
      return `${id} (${wanted}) ${seen}${process?.core?.isLeader ? ' leads' : ''}`;
    });
    return `voters [${conf.confState.voters.join(' ')}]; ${text.join('; ')}`;
  }

  private result(): RunResult {
    const { checks, clock, counted, hash, network, setup } = this.world;
    const faults = new Map<string, number>(this.injector.injected);
    for (const [kind, count] of Object.entries(network.statistics)) {
      if (kind !== 'sent' && count > 0) faults.set(`frames ${kind}`, count);
    }
    for (const [what, count] of this.world.diskCounts) faults.set(`disk ${what}`, count);
    const { violation } = checks;
    return {
      seed: setup.seed,
      violation: violation === null ? null : { invariant: violation.invariant, message: violation.message },
      hash: (hash ^ clock.events) >>> 0,
      simulatedMs: clock.now,
      events: clock.events,
      operations: this.clients.reduce((sum, client) => sum + client.answered, 0),
      asked: checks.asked,
      faults,
      counted,
    };
  }
}
