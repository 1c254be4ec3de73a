/**
 * A survivor's directory, handled while no member runs on it: what a forced new cluster would keep and lose, found out by
 * making one of a copy, and the making itself.
 */
import { constants } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RaftNode, type Transport } from '@understudy/raft-node';
import { inspectLog, WalLevel } from '@understudy/wal-level';
import { ConfigError } from '../config/config-error.js';
import { type DataDirectory, dataDirectoryOf } from '../data-directory.js';
import { ReplicatedState } from '../state/replicated-state.js';
import { StateDirectory } from '../state/state-directory.js';
import { writeKnownMembers } from './known-members.js';
import { type ForcedCluster, forceNewCluster, newClusterId } from './force-new-cluster.js';

export interface Survivor extends ForcedCluster {
  /** Of the key-value state, once everything that is kept is applied. */
  readonly revision: number;
  /** What is wrong with the log, in words; null where it is whole. */
  readonly damage: string | null;
  /** It had acknowledged entries up to here, and no longer has those after `lastIndex`. */
  readonly acknowledgedIndex: number;
}

/**
 * What `recoverSurvivor` would make of the directory, which is only read; the ids of the new cluster are not kept. Needs
 * room for a copy in the system's temporary directory. Rejects with ConfigError, or WalError `locked`, `io`.
 */
export async function inspectSurvivor(dataDir: string): Promise<Survivor> {
  const { member, wal } = dataDirectoryOf(dataDir);
  const report = await inspectLog(wal);
  if (report.verdict === 'new') throw new ConfigError(`${dataDir} has no log of a member`);
  if (report.identityFault !== null) {
    throw new ConfigError(`nobody can say which member the log in ${dataDir} is of: ${report.identityFault}`);
  }
  const scratch = await mkdtemp(join(tmpdir(), 'understudy-recover-'));
  try {
    const copy = dataDirectoryOf(scratch);
    const filter = (path: string): boolean => !/[\\/]LOCK$/.test(path);
    await cp(member, copy.member, { recursive: true, mode: constants.COPYFILE_FICLONE, filter });
    const { forced, revision } = await withSurvivor(copy, async (log, state) => {
      const outcome = await forceNewCluster(log, state);
      return { forced: outcome, revision: await revisionAfter(log, state, outcome.memberId) };
    });
    const { damage, acknowledged, recovery } = report;
    return {
      ...forced,
      revision,
      damage: damage === null ? null : `${damage.what} ${damage.where}: ${damage.detail}`,
      acknowledgedIndex: Math.max(forced.lastIndex, acknowledged?.lastIndex ?? 0, recovery?.highWaterIndex ?? 0),
    };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Makes the directory a cluster of one. Rejects with ConfigError where its state is beyond help, WalError `locked`, `io`. */
export async function recoverSurvivor(dataDir: string): Promise<ForcedCluster> {
  const directory = dataDirectoryOf(dataDir);
  return withSurvivor(directory, async (log, state) => {
    const forced = await forceNewCluster(log, state);
    const own = state.members.get(forced.memberId);
    const alone = { id: forced.memberId, peerUrls: own?.peerUrls ?? [], voter: true };
    await writeKnownMembers(directory.member, { self: forced.memberId, members: [alone] });
    await state.close();
    await new Promise<void>((resolve, reject) => {
      log.close((error) => (error === null ? resolve() : reject(error)));
    });
    return forced;
  });
}

/** `work` closes both when it is done. */
async function withSurvivor<T>(
  directory: DataDirectory,
  work: (log: WalLevel, state: ReplicatedState) => Promise<T>,
): Promise<T> {
  const log = await WalLevel.open({ directory: directory.wal }, { recover: true, newClusterId: newClusterId() });
  try {
    const state = await ReplicatedState.open({
      directory: await StateDirectory.open(directory.state),
      mvccOptions: {},
      onDamage: (damage) => {
        if (log.firstIndex() === 1) return;
        throw new ConfigError(
          `the state is damaged, and the log does not go back far enough to build it again: ${damage}`,
        );
      },
    });
    if (state.durable.index < log.firstIndex() - 1) {
      throw new ConfigError(`the state ends at ${state.durable.index}, and the log begins at ${log.firstIndex()}`);
    }
    return await work(log, state);
  } catch (error) {
    await new Promise<void>((resolve) => log.close(() => resolve()));
    throw error;
  }
}

/** It only has to elect itself and apply what is there. */
const REPLAY_TIMEOUT_MS = 120_000;

const ALONE: Transport = {
  start: () => undefined,
  setPeers: () => undefined,
  send: () => 'unknown-peer',
  sendSnapshot: () => Promise.reject(new Error('there is nobody to send to')),
  peerStatus: () => null,
  stop: () => Promise.resolve(),
};

/** Runs the member without a network until it has applied everything. Closes log and state. */
async function revisionAfter(log: WalLevel, state: ReplicatedState, id: number): Promise<number> {
  const node = await RaftNode.start({ log, transport: ALONE, stateMachine: state }, { id });
  try {
    await new Promise<void>((resolve, reject) => {
      node.on('fatal', reject);
      node.on('leader-change', () => {
        if (node.leader !== 0) resolve();
      });
      if (node.leader !== 0) resolve();
    });
    await node.readBarrier({ timeoutMs: REPLAY_TIMEOUT_MS });
    return state.mvcc.revision;
  } finally {
    await node.stop();
  }
}
