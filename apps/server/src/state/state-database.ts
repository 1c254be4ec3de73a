/**
 * One state database, opened: the key-value state, the tables of members, of the ladder and of standbys, and the record
 * of how far they go. Damage is an error that names it; nothing is repaired.
 */
import { Mvcc, type MvccOptions } from '@understudy/mvcc';
import { EMPTY_CONF_STATE, type SnapshotMeta } from '@understudy/raft-core';
import { openLevelStore, type Store, type StoreRecord } from '@understudy/store';
import { APPLIED_KEY, type AppliedRecord, decodeAppliedRecord } from './applied-record.js';
import { LADDER_PREFIX, LADDER_TABLE_END, LadderTable } from './ladder-table.js';
import { MEMBER_PREFIX, MEMBER_TABLE_END, MemberTable } from './member-table.js';
import { STANDBY_PREFIX, STANDBY_TABLE_END, StandbyTable } from './standby-table.js';
import { closeStore, nextRecords } from './store-calls.js';
import { EMPTY_TABLE_SUM, RunningTableSum } from './table-sum.js';

/** First byte of every key of the key-value state. */
export const MVCC_PREFIX = 0x10;
const ROWS_A_READ = 256;

export class StateDamageError extends Error {
  override readonly name = 'StateDamageError';
}

export interface StateDatabase {
  readonly store: Store;
  readonly mvcc: Mvcc;
  readonly members: MemberTable;
  readonly ladder: LadderTable;
  readonly standbys: StandbyTable;
  /** Over the rows of these three. */
  readonly tablesSum: RunningTableSum;
  /** Index 0 for a new database. */
  readonly durable: SnapshotMeta;
}

/** Values are kept in memory by mvcc; LevelDB's own cache of blocks would hold most of them a second time. */
const BLOCK_CACHE_BYTES = 4 * 1024 * 1024;

/** What the state tells its owner, from whatever call it happens in. */
export interface StateEvents {
  /** There is background work where there was none. */
  readonly onWork: () => void;
  /** History could not be read: the state is to be thrown away. */
  readonly onFailure: (error: Error) => void;
}

export async function openStateDatabase(
  directory: string,
  options: MvccOptions,
  events: StateEvents,
): Promise<StateDatabase> {
  const store = await openStore(directory);
  try {
    const applied = readApplied(store, directory);
    const tablesSum = await checkTables(store, applied, directory);
    const members = await loadTable(store, new MemberTable(), MEMBER_PREFIX, MEMBER_TABLE_END);
    const ladder = await loadTable(store, new LadderTable(), LADDER_PREFIX, LADDER_TABLE_END);
    const standbys = await loadTable(store, new StandbyTable(), STANDBY_PREFIX, STANDBY_TABLE_END);
    const mvcc = await openMvcc(store, applied, directory, options, events);
    const { index, term, confState } = applied ?? { index: 0, term: 0, confState: EMPTY_CONF_STATE };
    return { store, mvcc, members, ladder, standbys, tablesSum, durable: { index, term, confState } };
  } catch (error) {
    await closeStore(store);
    throw error;
  }
}

async function openStore(directory: string): Promise<Store> {
  try {
    return await openLevelStore(directory, { cacheBytes: BLOCK_CACHE_BYTES });
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    throw code === 'corrupted' ? new StateDamageError(message, { cause: error }) : error;
  }
}

/** Before any row is read: what does not add up is damage, and not a row of another version. */
async function checkTables(store: Store, applied: AppliedRecord | null, directory: string): Promise<RunningTableSum> {
  const found = new RunningTableSum();
  await eachRow(store, MEMBER_PREFIX, STANDBY_TABLE_END, (row) => found.add(row));
  const expected = applied?.tablesSum ?? EMPTY_TABLE_SUM;
  const { rows, sum } = found.value();
  if (rows === expected.rows && sum === expected.sum) return found;
  const detail = `${rows} rows with sum ${sum}; ${expected.rows} with sum ${expected.sum} were written`;
  throw new StateDamageError(`the tables in ${directory} are damaged: ${detail}`);
}

function readApplied(store: Store, directory: string): AppliedRecord | null {
  const bytes = store.getSync(APPLIED_KEY);
  if (bytes === undefined) return null;
  const record = decodeAppliedRecord(bytes);
  if (record === null) throw new StateDamageError(`the applied record of ${directory} is damaged`);
  return record;
}

/** The keys from the byte `first` up to the byte `end`. */
async function loadTable<T extends { load(row: StoreRecord): void }>(
  store: Store,
  table: T,
  first: number,
  end: number,
): Promise<T> {
  await eachRow(store, first, end, (row) => table.load(row));
  return table;
}

async function eachRow(store: Store, first: number, end: number, take: (row: StoreRecord) => void): Promise<void> {
  const cursor = store.cursor({ gte: new Uint8Array([first]), lt: new Uint8Array([end]) });
  try {
    for (;;) {
      const rows = await nextRecords(cursor, ROWS_A_READ);
      if (rows.length === 0) return;
      for (const row of rows) take(row);
    }
  } finally {
    cursor.close();
  }
}

function openMvcc(
  store: Store,
  applied: AppliedRecord | null,
  directory: string,
  options: MvccOptions,
  events: StateEvents,
): Promise<Mvcc> {
  const deps = { store, prefix: MVCC_PREFIX, expectedSum: applied?.recordsSum ?? null, ...events };
  return new Promise((resolve, reject) => {
    Mvcc.open(deps, options, (error, outcome) => {
      if (error !== null) reject(error);
      else if (outcome === null) reject(new Error('the state gave no outcome'));
      else if (outcome.ok) resolve(outcome.mvcc);
      else reject(new StateDamageError(`the state in ${directory} is damaged: ${JSON.stringify(outcome.damage)}`));
    });
  });
}
