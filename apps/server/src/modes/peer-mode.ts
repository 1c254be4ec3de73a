/**
 * The process as a member: data directory, log, state, transport, node and services, opened in this order once the ports
 * are bound, and closed the other way round.
 */
import { formatId } from '../bootstrap/member-id.js';
import type { Config } from '../config/config.js';
import type { ClientDoors } from '../doors/client-doors.js';
import type { PeerDoor } from '../doors/peer-door.js';
import { type Expulsion, type Occasion, type OpenMember, openMember, type StartedMember } from '../open-member.js';
import { type OpenServices, openServices } from '../open-services.js';
import { explainDiskFull } from '../recovery/ballast.js';
import { clusterReport } from '../state/cluster-report.js';
import type { Logger } from '../telemetry/logger.js';
import type { Mode, ModeEnd } from './mode.js';

export interface PeerModeDeps {
  readonly logger: Logger;
  readonly peerDoor: PeerDoor;
  readonly clientDoors: ClientDoors;
}

/**
 * Answers with what this process is instead, where it is no member. Throws where it cannot start, with nothing left open
 * but the ports.
 */
export async function openPeerMode(
  deps: PeerModeDeps,
  config: Config,
  occasion: Occasion,
): Promise<PeerMode | Exclude<StartedMember, { kind: 'member' }>> {
  const expelled: { why: Expulsion | null; tell: (why: Expulsion) => void } = {
    why: null,
    tell: (why) => {
      expelled.why = why;
    },
  };
  const started = await openMember({ ...deps, onExpelled: (why) => expelled.tell(why) }, config, occasion);
  if (started.kind !== 'member') return started;
  const { member } = started;
  try {
    // The first turn may have failed before there was anybody to tell.
    if (member.node.failure !== null) throw member.node.failure;
    const mode = new PeerMode(deps, config, member);
    expelled.tell = (why) => mode.expelled(why);
    await mode.open(expelled.tell);
    if (expelled.why !== null) mode.expelled(expelled.why);
    return mode;
  } catch (error) {
    deps.peerDoor.release();
    // Why it failed is more than what closing may add.
    await member.node.stop().catch(() => undefined);
    throw error;
  }
}

/** The cluster does not let this member take part; nothing is wrong with its disk. */
export class ExpelledError extends Error {
  override readonly name = 'ExpelledError';
}

export class PeerMode implements Mode {
  readonly kind = 'peer';
  readonly #deps: PeerModeDeps;
  readonly #config: Config;
  readonly #member: OpenMember;
  #services: OpenServices | null = null;
  #stopping: Promise<void> | null = null;
  #failing = false;
  #end: (end: ModeEnd) => void = () => undefined;
  readonly ended = new Promise<ModeEnd>((resolve) => {
    this.#end = resolve;
  });

  constructor(deps: PeerModeDeps, config: Config, member: OpenMember) {
    this.#deps = deps;
    this.#config = config;
    this.#member = member;
  }

  get memberId(): number {
    return this.#member.id;
  }

  /** Once, before anything else. */
  async open(onExpelled: (why: Expulsion) => void): Promise<void> {
    const { logger, clientDoors } = this.#deps;
    const { id, clusterId, node, state } = this.#member;
    node.on('fatal', (error) => void this.#fail(error));
    state.on('failure', (error) => void this.#fail(error));
    const services = openServices({ logger, onExpelled, ...this.#member }, this.#config);
    this.#services = services;
    try {
      await services.checkBeforeServing();
    } catch (error) {
      services.stop();
      throw error;
    }
    clientDoors.open(services.backend, services.probes);
    const client = this.#config.listenClientUrls;
    void this.#member.ballast.keep();
    logger.info({ id: formatId(id), cluster: formatId(clusterId), client }, 'serving');
  }

  stop(): void {
    const { voters } = this.#member.state.confState;
    this.#stopping ??= this.#stop({ kind: 'stopped' }, voters.length > 1);
  }

  expelled(why: Expulsion): void {
    if (why === 'removed') {
      const { clusterId, state, node } = this.#member;
      // Read before the state is closed: a standby begins with it.
      this.#stopping ??= this.#stop({ kind: 'removed', cluster: clusterReport(clusterId, state, node.leader) }, false);
    } else if (why === 'rolled-back') {
      // It knows, and was opened as that.
      if (this.#member.log.recovering?.voteProven === false) return;
      const forgotten = 'another member has seen more of this data directory than it has itself';
      this.#stopping ??= this.#stop({ kind: 'rolled-back', forgotten }, false);
    } else if (why === 'other-directory') {
      void this.#fail(
        new ExpelledError('the cluster has seen this member with another data directory; it must not serve'),
      );
    } else if (!this.#isPublished) {
      const { dataDir } = this.#config;
      const text = `another process that lives runs on a copy of the data directory ${dataDir}, under the same member id; this one stops. Give it an empty directory and add it as a new member`;
      void this.#fail(new ExpelledError(text));
    }
  }

  /** The cluster has taken this very run for the member: whoever else says that it is the member is the copy. */
  get #isPublished(): boolean {
    const { id, life, state } = this.#member;
    return state.members.get(id)?.life?.lifeId === life.lifeId;
  }

  async #stop(end: ModeEnd, handOver: boolean): Promise<void> {
    this.#services?.drain();
    // Where the process goes on as a standby, its port stays open.
    const exits = end.kind === 'stopped' || this.#config.onRemoval === 'exit';
    if (exits) this.#deps.clientDoors.drain();
    try {
      await this.#member.node.stop({ handOver });
      await this.#release();
      this.#end(end);
    } catch (error) {
      await this.#fail(error);
    }
  }

  async #fail(error: unknown): Promise<void> {
    if (this.#failing) return;
    this.#failing = true;
    this.#services?.failed();
    const told = await explainDiskFull(error, this.#config.dataDir, this.#member.ballast);
    // The calls that failed with it are answered first.
    await new Promise((resolve) => setImmediate(resolve));
    void this.#release();
    this.#end({ kind: 'failed', error: told });
    // For a host that lives on; the failure itself is told already.
    await this.#member.node.stop().catch(() => undefined);
  }

  /** Resolves when nothing is written any more. */
  async #release(): Promise<void> {
    this.#services?.stop();
    this.#deps.clientDoors.release();
    this.#deps.peerDoor.release();
    await Promise.all([this.#member.ballast.stop(), this.#member.knownFile.close()]);
  }
}
