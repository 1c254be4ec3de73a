/** `--force-new-cluster`: before the member opens, once. A flag that stays must not throw out members that came since. */
import { inspectLog } from '@understudy/wal-level';
import { formatId } from '../bootstrap/member-id.js';
import type { Config } from '../config/config.js';
import { ConfigError } from '../config/config-error.js';
import { dataDirectoryOf } from '../data-directory.js';
import type { Logger } from '../telemetry/logger.js';
import { readKnownMembers } from './known-members.js';
import { recoverSurvivor } from './survivor.js';

export async function forceByFlag({ dataDir }: Config, logger: Logger): Promise<void> {
  const { member, wal } = dataDirectoryOf(dataDir);
  const report = await inspectLog(wal).catch((error: Error) => error);
  if (report instanceof Error) {
    throw new ConfigError(`--force-new-cluster: ${report.message}`);
  }
  if (report.verdict === 'new') {
    throw new ConfigError(`--force-new-cluster: ${dataDir} has no log of a member; leave the flag out to begin anew`);
  }
  if (report.identity !== null && report.identity.formerClusterId !== 0) {
    const known = await readKnownMembers(member);
    if (known !== null && known.members.length > 1) {
      throw new ConfigError(
        `--force-new-cluster: ${dataDir} was made a cluster of one already, and members have joined it since; take the flag away. To throw them out, use "understudyctl recover"`,
      );
    }
    logger.warn('--force-new-cluster has done its work already; take it away');
    return;
  }
  const forced = await recoverSurvivor(dataDir);
  logger.warn(
    {
      cluster: formatId(forced.clusterId),
      formerCluster: formatId(forced.formerClusterId),
      lastIndex: forced.lastIndex,
      lastTerm: forced.lastTerm,
      knownCommitted: forced.knownCommitted,
      removed: forced.removed.map(formatId),
    },
    'made this member a cluster of one by force',
  );
}
