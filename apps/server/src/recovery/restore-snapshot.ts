/**
 * Makes the data directory of a member of a new cluster from a snapshot file: its state is the file's, its log begins
 * behind that, and its members are those of the flags. Every member of the new cluster is made from the same file with
 * the same flags. Nothing is there under the directory's name before all of it is, checked and on disk.
 */
import { randomBytes } from 'node:crypto';
import { access, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type MvccOptions, readSnapshot, type SnapshotStatus } from '@understudy/mvcc';
import { EMPTY_CONF_STATE, type SnapshotMeta } from '@understudy/raft-core';
import { openLevelStore, type Store } from '@understudy/store';
import { WalLevel } from '@understudy/wal-level';
import { describedCluster } from '../bootstrap/start-plan.js';
import { resolveConfig } from '../config/config.js';
import { ConfigError } from '../config/config-error.js';
import { parseCommandLine } from '../config/command-line.js';
import { renameDurably } from '../durable-file.js';
import { APPLIED_KEY, encodeAppliedRecord } from '../state/applied-record.js';
import type { MemberRecord } from '../state/member-record.js';
import { MemberTable } from '../state/member-table.js';
import { MVCC_PREFIX, openStateDatabase } from '../state/state-database.js';
import { StateDirectory } from '../state/state-directory.js';
import { closeStore, writeBatch } from '../state/store-calls.js';
import { RunningTableSum } from '../state/table-sum.js';
import { formatId } from '../bootstrap/member-id.js';

export interface RestoreOptions {
  readonly name: string;
  readonly dataDir: string;
  /** As the server's flags have them. */
  readonly initialCluster: string;
  readonly initialAdvertisePeerUrls: string;
  /** Undefined: one of this snapshot's own, where the usual one would give the id of the cluster it is of. */
  readonly initialClusterToken: string | undefined;
  /** False: the hash at the file's end may be another. */
  readonly checkHash: boolean;
}

export interface RestoredMember {
  /** Sixteen hexadecimal digits. */
  readonly memberId: string;
  readonly clusterId: string;
  readonly snapshot: SnapshotStatus;
}

/** The log of the new cluster begins behind this entry, in this term. */
const START = { index: 1, term: 1 };
const MVCC_OPTIONS: MvccOptions = {};
const NOBODY = { onWork: (): void => undefined, onFailure: (): void => undefined };

/** Rejects with ConfigError where flags or directory do not do, with MvccError where the file is damaged. */
export async function restoreSnapshot(
  chunks: AsyncIterable<Uint8Array>,
  options: RestoreOptions,
): Promise<RestoredMember> {
  const { dataDir } = options;
  await refuseExisting(dataDir);
  await mkdir(dirname(dataDir), { recursive: true });
  const building = `${dataDir}.restoring-${randomBytes(4).toString('hex')}`;
  try {
    const states = await StateDirectory.open(join(building, 'member', 'state'));
    const store = await openLevelStore(states.current);
    const { status, restored } = await fill(store, chunks, options).finally(() => closeStore(store));
    const checked = await openStateDatabase(states.current, MVCC_OPTIONS, NOBODY);
    await closeStore(checked.store);
    await beginLog(join(building, 'member', 'wal'), restored, status.hash);
    await refuseExisting(dataDir);
    await renameDurably(building, dataDir);
    const { memberId, clusterId } = restored;
    return { memberId: formatId(memberId), clusterId: formatId(clusterId), snapshot: status };
  } catch (error) {
    await rm(building, { recursive: true, force: true });
    throw error;
  }
}

async function refuseExisting(dataDir: string): Promise<void> {
  const exists = await access(dataDir).then(
    () => true,
    () => false,
  );
  if (exists) throw new ConfigError(`data-dir "${dataDir}" exists`);
}

interface Identity {
  readonly memberId: number;
  readonly clusterId: number;
  readonly meta: SnapshotMeta;
}

async function fill(
  store: Store,
  chunks: AsyncIterable<Uint8Array>,
  options: RestoreOptions,
): Promise<{ status: SnapshotStatus; restored: Identity }> {
  const records: Parameters<typeof readSnapshot>[2] = {
    records: (list) =>
      writeBatch(
        store,
        list.map((record) => ({ type: 'put' as const, ...record })),
        false,
      ),
  };
  const { checkHash } = options;
  const status = await readSnapshot(chunks, MVCC_PREFIX, records, { checkHash });
  const { clusterId, members } = newCluster(options, status);
  const own = members.find(({ name }) => name === options.name);
  if (own === undefined) throw new ConfigError(`--initial-cluster: has no member "${options.name}"`);
  const meta = { ...START, confState: { ...EMPTY_CONF_STATE, voters: members.map(({ id }) => id) } };
  const table = new MemberTable();
  for (const member of members) table.put(member);
  const rows = table.takeWrites();
  const sum = new RunningTableSum();
  sum.apply(rows);
  const applied = encodeAppliedRecord({ ...meta, recordsSum: status.sum, tablesSum: sum.value() });
  // One synced write makes everything before it durable too.
  await writeBatch(store, [...rows, { type: 'put', key: APPLIED_KEY, value: applied }], true);
  return { status, restored: { memberId: own.id, clusterId, meta } };
}

/** Never under the id of the cluster that the file is of, whose members may still be about. */
function newCluster(
  options: RestoreOptions,
  status: SnapshotStatus,
): { clusterId: number; members: readonly MemberRecord[] } {
  const token = options.initialClusterToken;
  const flags = [
    `--name=${options.name}`,
    `--data-dir=${options.dataDir}`,
    `--initial-cluster=${options.initialCluster}`,
    `--initial-advertise-peer-urls=${options.initialAdvertisePeerUrls}`,
    ...(token === undefined ? [] : [`--initial-cluster-token=${token}`]),
  ];
  const parsed = parseCommandLine(flags, {}, '');
  if (parsed.kind === 'done') throw new ConfigError('the flags describe no member');
  const config = resolveConfig(parsed.flags, false);
  const described = describedCluster(config);
  if (formatId(described.clusterId) !== status.clusterId) return described;
  if (token === undefined) {
    return describedCluster({ initialCluster: config.initialCluster, clusterToken: `restored-${status.hash}` });
  }
  throw new ConfigError(
    `--initial-cluster-token: with these members it gives cluster ${status.clusterId}, which the snapshot is of; use another token`,
  );
}

async function beginLog(directory: string, { memberId, clusterId, meta }: Identity, hash: string): Promise<void> {
  const log = await WalLevel.open({ directory }, { identity: { memberId, clusterId } });
  try {
    await durable((done) => log.beginInstall({ ...meta, hash }, done));
    const hardState = { term: meta.term, vote: 0, commit: meta.index };
    await durable((done) => log.append({ hardState, entries: [], snapshot: meta, mustSync: true }, done));
  } finally {
    await durable((done) => log.close(done));
  }
}

function durable(start: (done: (error: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error === null ? resolve() : reject(error)));
  });
}
