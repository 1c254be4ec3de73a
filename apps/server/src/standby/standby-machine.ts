/** What a machine says of itself while it stands by, and where it looks for its cluster: from its flags. */
import type { Config } from '../config/config.js';
import type { StandbyMachine } from './standby-loop.js';

/** `formerIds` are those that it had as a member. */
export function machineOf(config: Config, formerIds: readonly string[]): StandbyMachine {
  return {
    name: config.name,
    peerUrls: config.advertisePeerUrls,
    clientUrls: config.advertiseClientUrls,
    zone: config.zone,
    standbyOnly: config.role === 'standby-only',
    formerIds,
    join: [...config.join, ...config.initialCluster.flatMap(({ peerUrls }) => [...peerUrls])].filter(
      (url) => !config.advertisePeerUrls.includes(url) && !config.advertiseClientUrls.includes(url),
    ),
  };
}
