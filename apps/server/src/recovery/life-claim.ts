/** What a member says of this run of its process, and how it goes on where its directory turns out to be of the past. */
import { randomInt } from 'node:crypto';
import type { LifeClaim } from '@understudy/transport-ws';
import type { WalLevel } from '@understudy/wal-level';
import type { Logger } from '../telemetry/logger.js';

/** What `randomInt` can draw from. */
const MAX_LIFE_ID = 2 ** 48 - 1;

/** To be taken before raft-node starts on the log: what it takes in is not of the opening any more. */
export function lifeClaim(log: WalLevel): LifeClaim {
  const { recovering } = log;
  return {
    lifeId: randomInt(1, MAX_LIFE_ID),
    openedTerm: log.hardState.term,
    openedIndex: log.lastIndex(),
    recovering: recovering !== null,
    voteLost: recovering?.voteProven === false,
  };
}

/** It votes no more, and counts for nothing until it has refetched; by then nothing was said to anybody. */
export function forgetVote(log: WalLevel, logger: Logger, forgotten: string): Promise<void> {
  if (log.recovering?.voteProven === false) return Promise.resolve();
  const text =
    'this data directory is an older copy of itself: this member refetches from its peers, and votes no more; remove it and add it again to have its vote back';
  logger.error({ forgotten }, text);
  const lost = { reason: `rolled back: ${forgotten}`, voteProven: false };
  return new Promise((resolve, reject) => {
    log.beginRecovery({ ...lost, highWaterIndex: log.lastIndex(), highWaterTerm: log.hardState.term }, (error) =>
      error === null ? resolve() : reject(error),
    );
  });
}
