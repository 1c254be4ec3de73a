/** What a scenario sees of a run, and does in it. Machines are named by slot, as faults name them. */
import type { ClientOutcome } from '../clients/request.js';
import type { Host } from '../host.js';
import type { OperationResult } from '../state/operation.js';
import type { World } from '../world.js';
import { type AddOptions, type Command, Commands } from './commands.js';

const TIMEOUT_MS = 5_000;

export interface Machine {
  /** Of its member; 0 before it becomes one. */
  readonly id: number;
  /** By the latest configuration that anybody has applied. */
  readonly role: 'voter' | 'learner' | 'none';
  readonly running: boolean;
  readonly leads: boolean;
  readonly term: number;
  readonly commit: number;
  readonly applied: number;
}

/** Of a request that a step made; `pending` until it is answered. */
export interface Answer {
  outcome: 'pending' | 'done' | Exclude<ClientOutcome['kind'], 'done'>;
}

export class Stage {
  private readonly commands: Commands;
  private readonly kept = new Map<string, Answer | Command>();

  constructor(private readonly world: World) {
    this.commands = new Commands(world);
  }

  get nowMs(): number {
    return this.world.clock.now;
  }

  /** The slot of the leader of the highest term that runs; null where there is none. */
  get leader(): number | null {
    return this.world.leader()?.host.slot ?? null;
  }

  /** Slots of the voters in force, ascending. */
  get voters(): number[] {
    const { hosts } = this.world;
    return hosts.filter((host) => this.roleOf(host) === 'voter').map(({ slot }) => slot);
  }

  /** How often something that the run counts has happened. */
  counted(what: string): number {
    return this.world.counted.get(what) ?? 0;
  }

  /** How many entries are committed, by whoever knows most. */
  get commit(): number {
    return this.world.ledger.commit;
  }

  machine(slot: number): Machine {
    const host = this.host(slot);
    const process = host.process?.serves === true ? host.process : null;
    const { applied, commit, term } = process?.seen ?? { applied: 0, commit: 0, term: 0 };
    const leads = process?.core?.isLeader === true;
    return { id: host.id, role: this.roleOf(host), running: host.running, leads, term, commit, applied };
  }

  /** Writes through the member of that machine. */
  put(slot: number, key: string, value: string): Answer {
    const answer: Answer = { outcome: 'pending' };
    const { process } = this.host(slot);
    if (process?.serves !== true) return { outcome: 'not-applied' };
    const operation = { kind: 'put', op: this.world.newOp(), key, value, lease: 0 } as const;
    process.propose(operation, (error, _result: OperationResult | undefined) => {
      if (error === null) answer.outcome = 'done';
      else answer.outcome = error.outcome === 'not-applied' ? 'not-applied' : 'unknown';
    });
    return answer;
  }

  /** A linearizable read at the member of that machine. */
  read(slot: number): Answer {
    const answer: Answer = { outcome: 'pending' };
    const { process } = this.host(slot);
    if (process?.serves !== true) return { outcome: 'unknown' };
    process.enter(() =>
      process.core?.readBarrier(TIMEOUT_MS, (error) => {
        answer.outcome = error === null ? 'done' : 'unknown';
      }),
    );
    return answer;
  }

  /** An operator adds the machine, which was none so far. */
  add(slot: number, role: 'voter' | 'learner', options: AddOptions = {}): Command {
    return this.commands.add(this.host(slot), role, options);
  }

  /** An operator promotes the learner. */
  promote(slot: number): Command {
    return this.commands.promote(this.host(slot));
  }

  /** An operator wants the machine to lead. */
  transfer(slot: number): Command {
    return this.commands.transfer(this.host(slot));
  }

  /** The machine starts, as it would have when it was added. */
  start(slot: number): void {
    this.host(slot).start();
  }

  /** Remembers under a name what was asked for, so that a later step can look at what became of it. */
  keep(name: string, asked: Answer | Command): void {
    this.kept.set(name, asked);
  }

  outcome(name: string): (Answer | Command)['outcome'] | undefined {
    return this.kept.get(name)?.outcome;
  }

  /** Of everything that was kept. */
  get outcomes(): (Answer | Command)['outcome'][] {
    return [...this.kept.values()].map(({ outcome }) => outcome);
  }

  private host(slot: number): Host {
    const host = this.world.hosts[slot];
    if (host === undefined) throw new Error(`there is no machine ${slot}; there are ${this.world.hosts.length}`);
    return host;
  }

  private roleOf({ id }: Host): Machine['role'] {
    const { learners, learnersNext, voters, votersOutgoing } = this.world.conf.confState;
    if (id === 0) return 'none';
    if (voters.includes(id) || votersOutgoing.includes(id)) return 'voter';
    return learners.includes(id) || learnersNext.includes(id) ? 'learner' : 'none';
  }
}
