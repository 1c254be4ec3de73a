/**
 * Many standbys in one process, by the very loop and connection of a standby: to measure what they cost the leader. They
 * listen on no port and keep no file, so they are registered as standby-only and never activated.
 */
import { findCluster } from '../bootstrap/discovery.js';
import { formatId, randomId } from '../bootstrap/member-id.js';
import type { Logger } from '../telemetry/logger.js';
import { linkToLeader } from './registration-link.js';
import { StandbyLoop, type StandbyMachine } from './standby-loop.js';

export interface HostedStandbysOptions {
  readonly count: number;
  /** Client or peer URLs of the cluster. */
  readonly join: readonly string[];
}

export interface HostedStandbys {
  /** How many the leader has on a connection now. */
  readonly registered: number;
  stop(): Promise<void>;
}

export function hostStandbys(
  deps: { readonly logger: Logger },
  { count, join }: HostedStandbysOptions,
): HostedStandbys {
  const loops = Array.from({ length: count }, (_, number) => {
    const machine = hostedMachine(`hosted-${number + 1}`, join);
    const info = { registration: formatId(randomId()), cluster: null };
    return new StandbyLoop(
      {
        logger: deps.logger,
        link: linkToLeader(machine),
        find: (urls) => findCluster(urls),
        save: async () => undefined,
      },
      machine,
      info,
    );
  });
  const runs = loops.map((loop) => loop.run());
  return {
    get registered() {
      return loops.filter((loop) => loop.registered).length;
    },
    stop: async () => {
      for (const loop of loops) loop.stop();
      await Promise.all(runs);
    },
  };
}

/** A name of its own stands for each machine; nothing answers there (RFC 2606). */
function hostedMachine(name: string, join: readonly string[]): StandbyMachine {
  return {
    name,
    peerUrls: [`http://${name}.invalid:2380`],
    clientUrls: [],
    zone: '',
    standbyOnly: true,
    formerIds: [],
    join,
  };
}
