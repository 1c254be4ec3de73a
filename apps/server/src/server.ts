/**
 * The composition of one member. Ports are bound first, so that a port in use touches no data; then data directory,
 * log, state, transport, node, services, and at last the doors open. A stop goes the other way.
 */
import { formatId } from './bootstrap/member-id.js';
import type { Config } from './config/config.js';
import { ClientDoors } from './doors/client-doors.js';
import { PeerDoor } from './doors/peer-door.js';
import { type Expulsion, type OpenMember, openMember } from './open-member.js';
import { type OpenServices, openServices } from './open-services.js';
import type { Logger } from './telemetry/logger.js';

/** Why a server has ended. */
export type ServerEnd =
  | { readonly kind: 'stopped'; readonly reason: string }
  /** The outcome of a write or an apply is unknown: the disk decides at the next start. */
  | { readonly kind: 'failed'; readonly error: unknown };

export interface RunningServer {
  readonly memberId: number;
  /** Resolves when the server has ended, for whatever reason; never rejects. */
  readonly ended: Promise<ServerEnd>;
  /** Hands over leadership, finishes what is under way, closes everything. Resolves when that is done. */
  stop(): Promise<void>;
}

/**
 * Throws ConfigError where the configuration, a port or the data directory cannot be used, and RemovedError where the
 * member was removed from its cluster.
 */
export async function startServer(deps: { readonly logger: Logger }, config: Config): Promise<RunningServer> {
  const server = new Server(deps.logger);
  try {
    await server.start(config);
    return server;
  } catch (error) {
    await server.abort();
    throw error;
  }
}

class Server implements RunningServer {
  readonly #logger: Logger;
  readonly #peerDoor = new PeerDoor();
  readonly #clientDoors = new ClientDoors();
  #member: OpenMember | null = null;
  #services: OpenServices | null = null;
  #stopping: Promise<void> | null = null;
  #failing = false;
  #end: (end: ServerEnd) => void = () => undefined;
  readonly ended = new Promise<ServerEnd>((resolve) => {
    this.#end = resolve;
  });

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  get memberId(): number {
    return this.#member?.id ?? 0;
  }

  async start(config: Config): Promise<void> {
    const logger = this.#logger;
    await this.#peerDoor.listen(config.listenPeerUrls);
    await this.#clientDoors.listen(config.listenClientUrls, config.listenMetricsUrls);
    const onExpelled = (why: Expulsion): void => this.#expelled(why);
    const member = await openMember({ logger, peerDoor: this.#peerDoor, onExpelled }, config);
    this.#member = member;
    member.node.on('fatal', (error) => void this.#fail(error));
    member.state.on('failure', (error) => void this.#fail(error));
    // The first turn may have failed before there was anybody to tell.
    if (member.node.failure !== null) throw member.node.failure;
    this.#services = openServices({ logger, onExpelled, ...member }, config);
    this.#clientDoors.open(this.#services.backend, this.#services.probes);
    const { id, clusterId } = member;
    logger.info({ id: formatId(id), cluster: formatId(clusterId), client: config.listenClientUrls }, 'serving');
  }

  stop(): Promise<void> {
    return this.#stop('stopped');
  }

  /** Of a start that failed half-way; why it failed is more than what closing may add. */
  async abort(): Promise<void> {
    await this.#closeDoors();
    await this.#member?.node.stop().catch(() => undefined);
  }

  #stop(reason: string): Promise<void> {
    this.#stopping ??= this.#stopInOrder(reason);
    return this.#stopping;
  }

  async #stopInOrder(reason: string): Promise<void> {
    this.#services?.drain();
    this.#clientDoors.drain();
    try {
      const voters = this.#member?.state.confState.voters.length ?? 0;
      await this.#member?.node.stop({ handOver: voters > 1 });
      await this.#closeDoors();
      this.#end({ kind: 'stopped', reason });
    } catch (error) {
      await this.#fail(error);
    }
  }

  #expelled(why: Expulsion): void {
    if (why === 'removed') void this.#stop('this member was removed from the cluster');
    else void this.#fail(new Error('the cluster has seen this member with another data directory; it must not serve'));
  }

  async #fail(error: unknown): Promise<void> {
    if (this.#failing) return;
    this.#failing = true;
    this.#services?.failed();
    // The calls that failed with it are answered first.
    await new Promise((resolve) => setImmediate(resolve));
    await this.#closeDoors();
    this.#end({ kind: 'failed', error });
    // For a host that lives on; the failure itself is told already.
    await this.#member?.node.stop().catch(() => undefined);
  }

  async #closeDoors(): Promise<void> {
    this.#services?.stop();
    await this.#clientDoors.close();
    this.#peerDoor.close();
  }
}
