/**
 * One process of a cluster. Its ports are bound first, so that a port in use touches no data, and stay bound while it
 * moves between the modes: a peer that is removed stands by from then on, a standby that is activated becomes a peer.
 */
import { formatId } from './bootstrap/member-id.js';
import type { Config } from './config/config.js';
import { makeDirectory, setMemberAside } from './data-directory.js';
import type { TlsFiles } from './config/tls-flags.js';
import { ClientDoors } from './doors/client-doors.js';
import { hostGuard } from './doors/host-guard.js';
import { PeerDoor } from './doors/peer-door.js';
import { TlsIdentity } from './doors/tls-identity.js';
import type { Mode, ModeEnd } from './modes/mode.js';
import { openPeerMode } from './modes/peer-mode.js';
import type { Occasion } from './open-member.js';
import { openStandbyMode } from './modes/standby-mode.js';
import { clearStandbyInfo, newStandbyInfo, writeStandbyInfo } from './standby/standby-info.js';
import type { Logger } from './telemetry/logger.js';

/** Why a server has ended. */
export type ServerEnd =
  | { readonly kind: 'stopped'; readonly reason: string }
  /** The outcome of a write or an apply is unknown: the disk decides at the next start. */
  | { readonly kind: 'failed'; readonly error: unknown };

export interface RunningServer {
  /** 0 while it stands by. */
  readonly memberId: number;
  /** What it is now; null between two modes, and at the end. */
  readonly mode: 'peer' | 'standby' | null;
  /** Resolves when the server has ended, for whatever reason; never rejects. */
  readonly ended: Promise<ServerEnd>;
  /** Hands over leadership, finishes what is under way, closes everything. Resolves when that is done. */
  stop(): Promise<void>;
}

/** With `--on-removal=exit`, of a start whose own state says that it was removed: an orderly end. */
export class RemovedError extends Error {
  override readonly name = 'RemovedError';
}

/**
 * Throws ConfigError where the configuration, a port or the data directory cannot be used, and RemovedError where the
 * member was removed from its cluster and is not to stand by.
 */
export async function startServer(deps: { readonly logger: Logger }, config: Config): Promise<RunningServer> {
  const server = new Server(deps.logger, config);
  try {
    await server.start();
    return server;
  } catch (error) {
    await server.abort();
    throw error;
  }
}

class Server implements RunningServer {
  readonly #logger: Logger;
  readonly #config: Config;
  readonly #peerDoor = new PeerDoor();
  readonly #clientDoors = new ClientDoors();
  readonly #identities: TlsIdentity[] = [];
  #mode: Mode | null = null;
  #stopping = false;
  #end: (end: ServerEnd) => void = () => undefined;
  readonly ended = new Promise<ServerEnd>((resolve) => {
    this.#end = resolve;
  });

  constructor(logger: Logger, config: Config) {
    this.#logger = logger;
    this.#config = config;
  }

  get memberId(): number {
    return this.#mode?.memberId ?? 0;
  }

  get mode(): 'peer' | 'standby' | null {
    return this.#mode?.kind ?? null;
  }

  async start(): Promise<void> {
    const { listenPeerUrls, listenClientUrls, listenMetricsUrls, dataDir, peerTls, clientTls } = this.#config;
    const identity = (files: TlsFiles | null, prefix: '' | 'peer-'): TlsIdentity | null => {
      if (files === null) return null;
      const made = new TlsIdentity(files, prefix, this.#logger);
      this.#identities.push(made);
      return made;
    };
    const guard = hostGuard(this.#config);
    await this.#peerDoor.listen(listenPeerUrls, identity(peerTls, 'peer-'));
    await this.#clientDoors.listen(listenClientUrls, listenMetricsUrls, guard, identity(clientTls, ''));
    await makeDirectory(dataDir);
    this.#mode = await this.#openFirst({ activation: null, rolledBack: null });
    void this.#run(this.#mode);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#mode?.stop();
    await this.ended;
  }

  /** Of a start that failed half-way. */
  abort(): Promise<void> {
    return this.#closeDoors();
  }

  async #run(first: Mode): Promise<void> {
    let mode: Mode | null = first;
    let end: ServerEnd = { kind: 'stopped', reason: 'stopped' };
    try {
      while (mode !== null) {
        const over: ModeEnd = await mode.ended;
        const memberId: number = mode.memberId;
        this.#mode = null;
        if (over.kind === 'failed') throw over.error;
        if (over.kind === 'removed') end = { kind: 'stopped', reason: 'this member was removed from the cluster' };
        mode = this.#stopping ? null : await this.#openNext(over, memberId);
        this.#mode = mode;
        // Whoever stopped the server between two modes found nothing to stop.
        if (this.#stopping) mode?.stop();
      }
    } catch (error) {
      end = { kind: 'failed', error };
    }
    await this.#closeDoors();
    this.#end(end);
  }

  /** Null where the process ends. */
  async #openNext(over: ModeEnd, memberId: number): Promise<Mode | null> {
    if (over.kind === 'activated') return this.#openFirst({ activation: over.plan, rolledBack: null });
    if (over.kind === 'rolled-back') return this.#openFirst({ activation: null, rolledBack: over.forgotten });
    if (over.kind !== 'removed' || this.#config.onRemoval === 'exit') return null;
    return this.#standByAfter(memberId, over.cluster);
  }

  /** The log decides the mode. */
  async #openFirst(occasion: Occasion): Promise<Mode> {
    const opened = await openPeerMode(this.#deps(), this.#config, occasion);
    switch (opened.kind) {
      case 'peer':
        await clearStandbyInfo(this.#config.dataDir);
        return opened;
      case 'standby':
        return openStandbyMode(this.#deps(), this.#config, opened.cluster);
      case 'removed':
        if (this.#config.onRemoval === 'exit') {
          throw new RemovedError(
            `member ${formatId(opened.memberId)} was removed from the cluster; add it again as a new member, with an empty --data-dir`,
          );
        }
        return this.#standByAfter(opened.memberId, opened.cluster);
    }
  }

  /** The file first: a crash before the log is set aside finds both, and then the log decides once more. */
  async #standByAfter(memberId: number, cluster: Parameters<typeof newStandbyInfo>[0]): Promise<Mode> {
    const { dataDir } = this.#config;
    const reason = `member ${formatId(memberId)} was removed from the cluster`;
    const info = newStandbyInfo(cluster);
    await writeStandbyInfo(dataDir, info);
    const directory = await setMemberAside(dataDir, memberId);
    this.#logger.info({ directory }, `${reason}; its data is set aside, and this machine stands by`);
    return openStandbyMode(this.#deps(), this.#config, cluster);
  }

  #deps(): { logger: Logger; peerDoor: PeerDoor; clientDoors: ClientDoors } {
    return { logger: this.#logger, peerDoor: this.#peerDoor, clientDoors: this.#clientDoors };
  }

  async #closeDoors(): Promise<void> {
    for (const identity of this.#identities) identity.stop();
    await this.#clientDoors.close();
    this.#peerDoor.close();
  }
}
