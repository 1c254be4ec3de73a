/**
 * Opens the state of a member beside its log, and sees to it that the two belong together: a damaged state is thrown
 * away where it can be built again, a log that is behind its state recovers where it has peers, and all else is refused.
 */
import { relative } from 'node:path';
import type { MvccOptions } from '@understudy/mvcc';
import { findLogFault } from '@understudy/store';
import type { WalLevel } from '@understudy/wal-level';
import type { Config } from '../config/config.js';
import type { DataDirectory } from '../data-directory.js';
import { ReplicatedState } from '../state/replicated-state.js';
import { StateDirectory } from '../state/state-directory.js';
import type { DiskTimings } from '../telemetry/disk-timings.js';
import type { Logger } from '../telemetry/logger.js';
import { canRefetch, refuseDamagedLog, refuseDamagedState } from './damage.js';
import type { KnownMembers } from './known-members.js';
import { judgeLogAndState } from './log-and-state.js';

export interface StatePlace {
  readonly directory: DataDirectory;
  readonly disk: DiskTimings;
  readonly logger: Logger;
}

export interface StateContext {
  readonly log: WalLevel;
  readonly known: KnownMembers;
}

/** Rejects with ConfigError where damage cannot be made good, and leaves it as it is. */
export async function openState(place: StatePlace, config: Config, context: StateContext): Promise<ReplicatedState> {
  const { log, known } = context;
  const states = await StateDirectory.open(place.directory.state);
  const fault = await findLogFault(states.current);
  /** With the file that it may come from. */
  const located = (damage: string): string =>
    fault === null ? damage : `${damage} (${relative(config.dataDir, states.current)}/${fault})`;
  const discard = (found: string): void => {
    const damage = located(found);
    // From its first entry on, the log builds it again by itself.
    if (log.firstIndex() > 1 && !canRefetch(known)) throw refuseDamagedState(config.dataDir, damage);
    place.logger.error({ damage }, 'the state is damaged: it is thrown away and built again');
  };
  const open = (): Promise<ReplicatedState> =>
    ReplicatedState.open({
      directory: states,
      mvccOptions: mvccOptions(config),
      onFlush: (durationMs) => place.disk.stateFlushed(durationMs),
      onDamage: discard,
    });
  const state = await open();
  try {
    const agreement = judgeLogAndState(log, state.durable);
    if (agreement.kind === 'agree') return state;
    if (agreement.kind === 'log-behind') {
      if (!canRefetch(known)) throw refuseDamagedLog(config.dataDir, agreement.damage);
      place.logger.error(
        { damage: agreement.damage },
        'the log is behind its state: this member refetches what it lost from its peers',
      );
      await recoverFrom(log, state, agreement.damage);
      return state;
    }
    discard(agreement.damage);
  } catch (error) {
    await state.close();
    throw error;
  }
  await state.close();
  await states.startOver();
  return open();
}

/** How it voted since the copy was made that the log may be, nobody can say. */
function recoverFrom(log: WalLevel, { durable }: ReplicatedState, reason: string): Promise<void> {
  const recovery = { reason, highWaterIndex: durable.index, highWaterTerm: durable.term, voteProven: false };
  return new Promise((resolve, reject) => {
    log.beginRecovery(recovery, (error) => (error === null ? resolve() : reject(error)));
  });
}

/** Flushed values kept in memory for reads. */
const VALUE_CACHE_BYTES = 4 * 1024 * 1024;

/** etcd's rule: a lease lives at least one and a half election timeouts, in whole seconds. */
function mvccOptions(config: Config): MvccOptions {
  return { minLeaseTtl: Math.ceil((3 * config.electionTimeoutMs) / 2 / 1000), cacheBytes: VALUE_CACHE_BYTES };
}
