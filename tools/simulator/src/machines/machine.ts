/**
 * One machine: its disk, and the process that runs on it as a peer or as a standby, moving between the two as a server
 * does. Raft, the start, the ladder's executor, the registrar and the standby's loop are the server's own code; what is
 * not there are ports, keys and files. A process that was killed does nothing any more.
 */
import { MemoryDisk, MemoryLog } from '@understudy/raft-node/testing';
import { RaftNode, type Transport } from '@understudy/raft-node';
import { type Config, createLogger } from '@understudy/server';
import {
  type ClusterReport,
  clusterReport,
  encodeConfChangeContext,
  knownPeers,
  type Ladder,
  LadderFigures,
  Member,
  type MemberPlan,
  machineOf,
  newStandbyInfo,
  openLadder,
  planJoin,
  planRestart,
  planStart,
  PublishLoop,
  Registrar,
  StandbyLoop,
  type StandbyInfo,
  type StoredIdentity,
} from '@understudy/server/testing';
import type { Fleet } from './fleet.js';
import { lineToLeader } from './registration-line.js';
import { type ApplyOutcome, StateDisk, TablesState } from './tables-state.js';

/** A disk operation. */
const DISK_MS = 1;
/** How often a member that nobody talks to any more is told why. */
const HANDSHAKE_MS = 500;
const FORMER_IDS_KEPT = 2;
const JOIN_RETRY_MS = 1_000;

const logger = createLogger('simulated', 'silent', 'json');

/** What outlives the process. */
class MachineDisk {
  identity: (StoredIdentity & { readonly directoryId: string }) | null = null;
  log = new MemoryDisk();
  state = new StateDisk();
  info: StandbyInfo | null = null;
  formerIds: readonly string[] = [];
  /** How often it was opened. */
  boots = 0;
}

/** A process as a member. */
export interface Peer {
  readonly node: RaftNode<ApplyOutcome>;
  readonly state: TablesState;
  readonly member: Member;
  readonly ladder: Ladder;
  readonly registrar: Registrar;
  readonly log: MemoryLog;
}

/** `alive` is taken away when the process ends. */
interface Life {
  alive: boolean;
  readonly ends: (() => void)[];
}

export class Machine {
  disk = new MachineDisk();
  peer: Peer | null = null;
  standby: StandbyLoop | null = null;
  /** Reports that it has sent to leaders as a standby. */
  reports = 0;
  private life: Life | null = null;

  constructor(
    private readonly fleet: Fleet,
    readonly config: Config,
  ) {}

  get name(): string {
    return this.config.name;
  }

  get running(): boolean {
    return this.life !== null;
  }

  /** 0 while it is no member. */
  get memberId(): number {
    return this.disk.identity?.memberId ?? 0;
  }

  start(): void {
    if (this.life !== null) return;
    const life: Life = { alive: true, ends: [] };
    this.life = life;
    this.live(life).catch((error: unknown) => this.fleet.failed(this, error));
  }

  /** The process ends at once; what it had not made durable is lost. */
  kill(): void {
    const { life } = this;
    if (life === null) return;
    this.life = null;
    this.end(life);
  }

  /** The process ends, and everything on the disk is lost. */
  wipe(): void {
    this.kill();
    this.disk = new MachineDisk();
  }

  /** What it says to whoever asks its peer port; null where it does not answer. */
  report(): ClusterReport | null {
    const { identity } = this.disk;
    if (this.peer === null || identity === null) return null;
    return clusterReport(identity.clusterId, this.peer.state, this.peer.node.leader);
  }

  private end(life: Life): void {
    life.alive = false;
    for (const end of life.ends) end();
    life.ends.length = 0;
    this.peer = null;
    this.standby = null;
  }

  /** One mode after the other, until the process ends. */
  private async live(life: Life): Promise<void> {
    const { disk } = this;
    let plan = await this.begin();
    while (life.alive) {
      if (plan === null) {
        plan = await this.standBy(life);
        continue;
      }
      if (disk.identity === null) {
        const { memberId, clusterId } = plan;
        disk.identity = { memberId, clusterId, formerClusterId: 0, directoryId: this.fleet.random.hex(32) };
        disk.info = null;
      }
      const cluster = await this.vote(life, plan);
      if (!life.alive) return;
      this.setAside(cluster);
      plan = null;
    }
  }

  /** The log decides; without one, whoever answers. Null: to stand by. */
  private async begin(): Promise<MemberPlan | null> {
    const { disk, fleet } = this;
    const deps = {
      ask: (urls: readonly string[]) => fleet.ask(urls),
      onWait: () => {},
      pause: () => fleet.pause(JOIN_RETRY_MS),
    };
    if (disk.identity !== null) return planRestart(deps, this.config, disk.identity);
    const plan = await planStart(deps, this.config, disk.info);
    if (plan.kind !== 'standby') return plan;
    disk.info ??= newStandbyInfo(plan.cluster);
    return null;
  }

  private setAside(cluster: ClusterReport | null): void {
    const { disk } = this;
    const id = this.memberId.toString(16).padStart(16, '0');
    disk.formerIds = [...disk.formerIds, id].slice(-FORMER_IDS_KEPT);
    disk.identity = null;
    disk.log = new MemoryDisk();
    disk.state = new StateDisk();
    disk.info = newStandbyInfo(cluster);
  }

  /** Answers with how to go on as a member; null where the process has ended. */
  private async standBy(life: Life): Promise<MemberPlan | null> {
    const { disk, fleet } = this;
    const info = disk.info ?? newStandbyInfo(null);
    const machine = machineOf(this.config, disk.formerIds);
    const loop = new StandbyLoop(
      {
        logger,
        link: lineToLeader(
          {
            clock: fleet.clock,
            registrarAt: (url) => fleet.at(url)?.peer?.registrar ?? null,
            onReport: () => {
              this.reports++;
            },
          },
          machine,
        ),
        find: (urls) => fleet.ask(urls),
        save: async (changed) => {
          if (life.alive) disk.info = changed;
        },
      },
      machine,
      info,
    );
    life.ends.push(() => loop.stop());
    this.standby = loop;
    const activation = await loop.run();
    if (!life.alive) return null;
    this.standby = null;
    if (activation === null) return null;
    return planJoin(Number.parseInt(activation.member.id, 16), activation.cluster);
  }

  /** Resolves when the cluster has removed it, with what it knew of the cluster, and when the process ends. */
  private async vote(life: Life, plan: MemberPlan): Promise<ClusterReport | null> {
    const { disk, fleet } = this;
    const { identity } = disk;
    if (identity === null) throw new Error(`${this.name} votes without an identity`);
    disk.boots++;
    const defer = (work: () => void): void => fleet.clock.after(DISK_MS, () => life.alive && work());
    const state = new TablesState(disk.state, defer);
    if (state.members.wasRemoved(identity.memberId)) return clusterReport(identity.clusterId, state, 0);
    const log = new MemoryLog(disk.log, { defer });
    const transport = fleet.hub.transport(identity.memberId);
    const node = await this.openNode(life, plan, { log, state, transport });
    if (!life.alive) return null;
    const { ladder, member, publish, registrar } = this.openServices(life, node, state);
    this.peer = { node, state, member, ladder, registrar, log };
    return new Promise((resolve) => {
      const over = (): void => {
        if (life.alive) resolve(clusterReport(identity.clusterId, state, node.leader));
        for (const end of life.ends.splice(0)) end();
        this.peer = null;
        resolve(null);
      };
      const tellPeers = (): void => node.setPeerAddresses(knownPeers(plan, state.members));
      state.on('members', () => {
        if (this.peer?.node !== node) return;
        tellPeers();
        publish.poke();
        if (state.members.wasRemoved(identity.memberId)) over();
      });
      node.on('leader-change', () => publish.poke());
      node.on('fatal', (error) => this.fleet.failed(this, error));
      // Whoever does not want it any more says so when it connects.
      const handshake = setInterval(() => {
        if (fleet.peers().some((other) => other.state.members.wasRemoved(identity.memberId))) over();
      }, HANDSHAKE_MS);
      life.ends.push(() => clearInterval(handshake));
      tellPeers();
    });
  }

  private async openNode(
    life: Life,
    plan: MemberPlan,
    { log, state, transport }: { log: MemoryLog; state: TablesState; transport: Transport },
  ): Promise<RaftNode<ApplyOutcome>> {
    const { config, fleet } = this;
    // The clock of a process that was removed or killed stands still.
    const process = { alive: true };
    life.ends.push(() => {
      process.alive = false;
      void transport.stop();
    });
    const clock = {
      now: () => fleet.clock.now,
      after: (delayMs: number, work: () => void) => {
        let wanted = true;
        fleet.clock.after(delayMs, () => {
          if (wanted && process.alive) work();
        });
        return () => {
          wanted = false;
        };
      },
    };
    const bootstrap = plan.bootstrap.map((record) => ({
      id: record.id,
      context: encodeConfChangeContext({ members: [record] }),
    }));
    return RaftNode.start(
      { log, transport, stateMachine: state, clock, random: fleet.random.below },
      {
        id: this.memberId,
        ...(bootstrap.length === 0 ? {} : { bootstrap: { members: bootstrap } }),
        heartbeatIntervalMs: config.heartbeatIntervalMs,
        electionTimeoutMs: config.electionTimeoutMs,
        snapshotEntries: config.snapshotCount,
        keepEntries: config.catchUpEntries,
        validateConfChange: (change) => state.refuseConfChange(change),
      },
    );
  }

  private openServices(life: Life, node: RaftNode<ApplyOutcome>, state: TablesState) {
    const { config } = this;
    const { clusterId, directoryId } = this.disk.identity as NonNullable<MachineDisk['identity']>;
    // What it lacks of a server's member, nobody here asks for.
    const parts = { id: this.memberId, clusterId, config, node, state, metrics: NO_METRICS, logger };
    const member = new Member({ ...parts, diskFull: () => false } as unknown as ConstructorParameters<
      typeof Member
    >[0]);
    const registrar: Registrar = new Registrar(member, () => ladder.policy.policy);
    const ladder: Ladder = openLadder(member, registrar, new LadderFigures());
    const directory = { id: directoryId, life: { bootCount: this.disk.boots, lifeId: this.fleet.random.word() } };
    const publish = new PublishLoop(member, directory, logger, () => this.fleet.failed(this, 'wiped'));
    life.ends.push(
      () => publish.stop(),
      () => ladder.executor.stop(),
      () => registrar.stop(),
    );
    return { member, registrar, ladder, publish };
  }
}

const NO_METRICS = { proposalsFailed: { inc: () => {} } };
