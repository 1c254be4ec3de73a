/**
 * The process as a standby: it knows the cluster and sends clients to it, has no log, and answers 404 on its peer port. It
 * is over when a committed configuration has this machine as a member.
 */
import { type ClusterReport, findCluster } from '../bootstrap/discovery.js';
import { planJoin } from '../bootstrap/start-plan.js';
import type { Config } from '../config/config.js';
import { formerMemberIds } from '../data-directory.js';
import type { ClientDoors } from '../doors/client-doors.js';
import { hostGuard } from '../doors/host-guard.js';
import type { PeerDoor } from '../doors/peer-door.js';
import { clientTargets } from '../standby/client-target.js';
import { linkToLeader } from '../standby/registration-link.js';
import { StandbyDoor } from '../standby/standby-door.js';
import { lockStandby } from '../standby/standby-lock.js';
import { newStandbyInfo, readStandbyInfo, writeStandbyInfo } from '../standby/standby-info.js';
import { type Activation, StandbyLoop } from '../standby/standby-loop.js';
import { machineOf } from '../standby/standby-machine.js';
import type { Logger } from '../telemetry/logger.js';
import { standbyProbes } from '../telemetry/standby-metrics.js';
import type { Mode, ModeEnd } from './mode.js';

export interface StandbyModeDeps {
  readonly logger: Logger;
  readonly peerDoor: PeerDoor;
  readonly clientDoors: ClientDoors;
}

/** `cluster` is what is known of it from a log or from flags; null for nothing. Throws where the disk cannot be used. */
export async function openStandbyMode(
  deps: StandbyModeDeps,
  config: Config,
  cluster: ClusterReport | null,
): Promise<StandbyMode> {
  const unlock = await lockStandby(config.dataDir);
  try {
    return new StandbyMode(deps, config, await openLoop(deps, config, cluster), unlock);
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function openLoop(deps: StandbyModeDeps, config: Config, cluster: ClusterReport | null): Promise<StandbyLoop> {
  const kept = await readStandbyInfo(config.dataDir);
  const info = kept === null ? newStandbyInfo(cluster) : { ...kept, cluster: cluster ?? kept.cluster };
  await writeStandbyInfo(config.dataDir, info);
  const machine = machineOf(config, await formerMemberIds(config.dataDir));
  return new StandbyLoop(
    {
      logger: deps.logger,
      link: linkToLeader(machine, deps.peerDoor.dialTls),
      find: (urls) => findCluster(urls, deps.peerDoor.dialTls),
      save: (changed) => writeStandbyInfo(config.dataDir, changed),
    },
    machine,
    info,
  );
}

export class StandbyMode implements Mode {
  readonly kind = 'standby';
  readonly memberId = 0;
  readonly ended: Promise<ModeEnd>;
  readonly #deps: StandbyModeDeps;
  readonly #loop: StandbyLoop;
  readonly #unlock: () => Promise<void>;

  constructor(deps: StandbyModeDeps, config: Config, loop: StandbyLoop, unlock: () => Promise<void>) {
    this.#deps = deps;
    this.#loop = loop;
    this.#unlock = unlock;
    const guard = hostGuard(config);
    const targets = (): string[] => clientTargets(loop.cluster, config.advertiseClientUrls);
    deps.peerDoor.standBy();
    deps.clientDoors.open(
      new StandbyDoor(
        {
          ...{ guard, targets, tls: deps.clientDoors.dialTls },
          onDefect: (error) => deps.logger.error({ err: error }, 'a call was not forwarded, and should have been'),
        },
        config.standbyMode,
      ),
      standbyProbes(loop),
    );
    deps.logger.info(
      { registration: loop.registration, cluster: loop.cluster?.clusterId, client: config.listenClientUrls },
      'standing by',
    );
    this.ended = this.#run();
  }

  stop(): void {
    this.#loop.stop();
  }

  async #run(): Promise<ModeEnd> {
    try {
      const activation = await this.#loop.run();
      return activation === null ? { kind: 'stopped' } : this.#activated(activation);
    } catch (error) {
      return { kind: 'failed', error };
    } finally {
      this.#deps.clientDoors.release();
      this.#deps.peerDoor.release();
      // A lock that cannot be let go of dies with the process.
      await this.#unlock().catch(() => undefined);
    }
  }

  #activated({ member, cluster }: Activation): ModeEnd {
    this.#deps.logger.info({ id: member.id, cluster: cluster.clusterId }, 'the cluster has made this machine a member');
    return { kind: 'activated', plan: planJoin(Number.parseInt(member.id, 16), cluster) };
  }
}
