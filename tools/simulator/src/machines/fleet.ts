/**
 * Many machines on virtual time: whoever asks another one finds it here. It decides nothing; it starts and ends processes,
 * moves time, and says what the cluster is.
 */
import { EntryType } from '@understudy/raft-core';
import { MemoryHub } from '@understudy/raft-node/testing';
import { type Config, parseCommandLine, resolveConfig } from '@understudy/server';
import type { ClusterReport } from '@understudy/server/testing';
import type { ClusterView, Plan } from '@understudy/membership';
import { Random } from '../random.js';
import { VirtualClock } from '../virtual-clock.js';
import { Machine, type Peer } from './machine.js';
import { advance, onVirtualTime } from './virtual-globals.js';

const LATENCY_MS = 2;
/** Conditions are looked at a thousand times within their time, and not more often than this. */
const MIN_LOOK_MS = 20;
const LOOKS = 1_000;
const WATCH_MS = 500;

export interface FleetOptions {
  readonly seed?: number;
  /** The first so many machines vote from the beginning on. */
  readonly voters: number;
  /** Flags of every machine. */
  readonly flags?: readonly string[];
}

/** What a machine has of its own. */
export interface MachineOptions {
  readonly zone?: string;
  readonly standbyOnly?: boolean;
}

/** Runs it with the clocks and timers of the fleet. Whatever a machine fails with, it fails with. */
export async function withFleet(options: FleetOptions, run: (fleet: Fleet) => Promise<void>): Promise<void> {
  const fleet = new Fleet(options);
  await onVirtualTime(fleet.clock, fleet.random, async () => {
    await run(fleet);
    fleet.judge();
  });
}

export class Fleet {
  readonly clock = new VirtualClock();
  readonly random: Random;
  readonly hub: MemoryHub;
  readonly machines: Machine[] = [];
  private readonly options: FleetOptions;
  private readonly byUrl = new Map<string, Machine>();
  private readonly configs = new Map<string, Config>();
  private failure: unknown = null;

  constructor(options: FleetOptions) {
    this.options = options;
    this.random = Random.of(options.seed ?? 1, 'fleet');
    this.hub = new MemoryHub({ defer: (work) => this.clock.after(LATENCY_MS, work) });
  }

  /** Machines `m1`, `m2` and so on; the first are those that vote from the beginning on. None of them runs yet. */
  add(count: number, options: MachineOptions = {}): Machine[] {
    const added = Array.from({ length: count }, () => {
      const number = this.machines.length + 1;
      const machine = new Machine(this, this.configOf(number, options));
      this.machines.push(machine);
      this.byUrl.set(peerUrl(number), machine);
      return machine;
    });
    return added;
  }

  machine(name: string): Machine {
    const machine = this.machines.find((candidate) => candidate.name === name);
    if (machine === undefined) throw new Error(`there is no machine ${name}`);
    return machine;
  }

  at(url: string): Machine | undefined {
    return this.byUrl.get(url);
  }

  /** What the machines with these peer URLs say of their cluster. */
  async ask(urls: readonly string[]): Promise<ClusterReport[]> {
    await this.pause(LATENCY_MS);
    return urls.flatMap((url) => this.at(url)?.report() ?? []);
  }

  pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.clock.after(ms, resolve));
  }

  /** A machine cannot go on: the run is over. */
  failed(machine: Machine, error: unknown): void {
    this.failure ??= new Error(`${machine.name} fails at ${this.clock.now} ms`, { cause: error });
  }

  judge(): void {
    if (this.failure !== null) throw this.failure;
  }

  async run(ms: number): Promise<void> {
    await advance(this.clock, this.clock.now + ms);
    this.judge();
  }

  /** Runs until it holds; throws where it does not within so many milliseconds. */
  async until(what: string, withinMs: number, holds: () => boolean): Promise<void> {
    const lookMs = lookWithin(withinMs);
    const untilMs = this.clock.now + withinMs;
    while (!holds()) {
      if (this.clock.now >= untilMs) throw new Error(`not so within ${withinMs} ms: ${what}; ${this.describe()}`);
      await this.run(lookMs);
    }
  }

  /** Runs for so long; throws as soon as it does not hold. */
  async always(what: string, ms: number, holds: () => boolean): Promise<void> {
    const lookMs = lookWithin(ms);
    const untilMs = this.clock.now + ms;
    while (this.clock.now < untilMs) {
      if (!holds()) throw new Error(`not so at ${this.clock.now} ms: ${what}; ${this.describe()}`);
      await this.run(lookMs);
    }
  }

  /** From now on to the end; where it does not hold, the run fails. Not asked while nobody leads. */
  watch(what: string, holds: () => boolean): void {
    const look = (): void => {
      if (this.leader !== null && !holds())
        this.failure ??= new Error(`not so at ${this.clock.now} ms: ${what}; ${this.describe()}`);
      if (this.failure === null) this.clock.after(WATCH_MS, look);
    };
    look();
  }

  /** While the work goes on, time passes. */
  async done<T>(work: Promise<T>, withinMs = 20_000): Promise<T> {
    let over = false;
    const settled = (): void => {
      over = true;
    };
    work.then(settled, settled);
    await this.until('a command is over', withinMs, () => over);
    return work;
  }

  peers(): Peer[] {
    return this.machines.flatMap(({ peer }) => peer ?? []);
  }

  /** Of the highest term, if there is one. */
  get leader(): Machine | null {
    let leader: Machine | null = null;
    for (const machine of this.machines) {
      if (machine.peer?.node.isLeader !== true) continue;
      if (leader === null || machine.peer.node.term > (leader.peer?.node.term ?? 0)) leader = machine;
    }
    return leader;
  }

  /** The leader as a member; throws where there is none. */
  get leading(): Peer {
    const peer = this.leader?.peer;
    if (peer === undefined || peer === null)
      throw new Error(`nobody leads at ${this.clock.now} ms; ${this.describe()}`);
    return peer;
  }

  /** Names, by what the leader has applied; those of machines that are gone as well. In their order. */
  get voters(): string[] {
    const { confState } = this.leading.state;
    return this.named([...new Set([...confState.voters, ...confState.votersOutgoing])]);
  }

  get learners(): string[] {
    const { learners, learnersNext } = this.leading.state.confState;
    return this.named([...learners, ...learnersNext]);
  }

  /** Names in the register of standbys. */
  get standbys(): string[] {
    return sorted(this.leading.state.standbys.list().map(({ name }) => name));
  }

  /** Names of those that a reservation is for. */
  get reserved(): string[] {
    const list = this.leading.state.standbys.list();
    return sorted(list.filter(({ reservation }) => reservation !== null).map(({ name }) => name));
  }

  get view(): ClusterView {
    return this.leading.ladder.executor.view();
  }

  get plan(): Plan {
    return this.leading.ladder.executor.plan();
  }

  /** Of everything that the leader's log has, how many entries change the configuration. */
  get configEntries(): number {
    const entries = this.leading.log.disk.entries;
    return entries.filter(({ data, type }) => type !== EntryType.Normal && data.length > 0).length;
  }

  /** Sets the policy, as an operator does: `activeSize=3`. */
  async set(...words: string[]): Promise<void> {
    const changed = await this.done(this.leading.ladder.changes.setPolicy(words, null, NO_CALLER));
    if (!changed.ok) throw new Error(changed.text);
  }

  describe(): string {
    const lines = this.machines
      .slice(0, 12)
      .map(
        ({ name, peer, running, standby }) =>
          `${name} ${peer?.node.isLeader ? 'leads' : peer ? 'is a peer' : standby ? 'stands by' : running ? 'runs' : 'is down'}`,
      );
    const plan = this.leader === null ? [] : this.plan.explain;
    return [...lines, ...plan].join('; ');
  }

  private named(ids: readonly number[]): string[] {
    const { members } = this.leading.state;
    return sorted(
      ids.map((id) => {
        const [url = ''] = members.get(id)?.peerUrls ?? [];
        return this.at(url)?.name ?? `member ${id}`;
      }),
    );
  }

  /** The flags are parsed once for those that vote first and once for the others. */
  private configOf(number: number, { zone = '', standbyOnly = false }: MachineOptions): Config {
    const { flags = [], voters } = this.options;
    const first = number <= voters;
    const key = `${first}`;
    const urls = Array.from({ length: voters }, (_, index) => peerUrl(index + 1));
    let config = this.configs.get(key);
    if (config === undefined) {
      const own = first ? 1 : voters + 1;
      const parsed = parseCommandLine(
        [
          `--initial-advertise-peer-urls=${peerUrl(own)}`,
          `--advertise-client-urls=${clientUrl(own)}`,
          `--bootstrap-expect=${voters}`,
          `--join=${urls.join()}`,
          ...flags,
        ],
        {},
        '0',
      );
      if (parsed.kind !== 'run') throw new Error('the flags start nothing');
      config = resolveConfig(parsed.flags, false);
      this.configs.set(key, config);
    }
    return {
      ...config,
      name: `m${number}`,
      zone,
      role: standbyOnly ? 'standby-only' : 'any',
      advertisePeerUrls: [peerUrl(number)],
      advertiseClientUrls: [clientUrl(number)],
    };
  }
}

const NO_CALLER = { raw: null, timeoutMs: undefined };

function lookWithin(ms: number): number {
  return Math.max(MIN_LOOK_MS, ms / LOOKS);
}

function peerUrl(number: number): string {
  return `http://m${number}:2380`;
}

function clientUrl(number: number): string {
  return `http://m${number}:2379`;
}

/** By their numbers. */
function sorted(names: readonly string[]): string[] {
  return [...names].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
}
