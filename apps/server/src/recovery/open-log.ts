/** Opens the log of a directory that has one. A damaged log is opened to recover where its member has peers for that. */
import { WalError, WalLevel, type WalLevelDeps, type WalLevelOptions } from '@understudy/wal-level';
import type { ClusterReport } from '../bootstrap/discovery.js';
import type { Config } from '../config/config.js';
import type { Logger } from '../telemetry/logger.js';
import { canRefetch, refuseDamagedLog, refuseNameless } from './damage.js';
import { type KnownMembers, readKnownMembers } from './known-members.js';

export interface OpenKnownLogDeps {
  readonly wal: WalLevelDeps;
  /** Where the file of known members is. */
  readonly memberDirectory: string;
  readonly logger: Logger;
  /** Asks the machines that the flags name, where there is no file of known members. */
  readonly ask: () => Promise<readonly ClusterReport[]>;
}

/** Rejects with ConfigError where it is damaged for good, and with what `WalLevel.open` rejects with. */
export async function openKnownLog(
  deps: OpenKnownLogDeps,
  config: Config,
  options: WalLevelOptions,
): Promise<WalLevel> {
  try {
    return await WalLevel.open(deps.wal, options);
  } catch (error) {
    if (!(error instanceof WalError)) throw error;
    if (error.code === 'identity-lost') throw refuseNameless(config.dataDir, error.message);
    if (error.code !== 'damaged') throw error;
    const known = await whoIsThere(deps, config);
    if (!canRefetch(known)) throw refuseDamagedLog(config.dataDir, error.message);
    deps.logger.error(
      { damage: error.message },
      'the log is damaged: this member refetches what it lost from its peers',
    );
  }
  try {
    return await WalLevel.open(deps.wal, { ...options, recover: true });
  } catch (error) {
    if ((error as { code?: string }).code !== 'identity-lost') throw error;
    throw refuseNameless(config.dataDir, (error as Error).message);
  }
}

/** As known last; else as the machines say that the flags name; else as the flags say it themselves. */
async function whoIsThere(deps: OpenKnownLogDeps, config: Config): Promise<KnownMembers> {
  const known = await readKnownMembers(deps.memberDirectory);
  if (known !== null) return known;
  const [report] = await deps.ask();
  const own = config.advertisePeerUrls;
  const described =
    report === undefined
      ? config.initialCluster.map(({ peerUrls }) => ({ peerUrls, voter: true }))
      : report.members.map(({ peerUrls, isLearner }) => ({ peerUrls, voter: !isLearner }));
  // Told apart by their URLs: who this is stands in what is damaged.
  const members = described.map((member, position) => ({ id: position + 1, ...member }));
  const self = members.find(({ peerUrls }) => peerUrls.some((url) => own.includes(url)))?.id ?? 0;
  return { self, members };
}
