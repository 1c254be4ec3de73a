/**
 * What a log's directory holds, for whoever looks at it while no member runs on it. Reads only: LevelDB cannot open a
 * store without writing to it, so its files are copied, under its lock, and the copy is opened.
 */
import { constants } from 'node:fs';
import { cp, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Entry, EntryType, type HardState, type SnapshotMeta } from '@understudy/raft-core';
import type { InstallIntent } from '@understudy/raft-node';
import { findLogFault, lockLevel, openLevelStore, type Store, StoreError } from '@understudy/store';
import { readFileIfAny } from './atomic-file.js';
import { type Damage, withLogFault } from './damage.js';
import { type HighWater, type HighWaterRead, readHighWater } from './high-water.js';
import { readHighWaterFiles } from './high-water-file.js';
import { type DirectoryIdentity, decodeIdentity, type IdentityCopy, judgeIdentity } from './identity.js';
import { IDENTITY_KEY } from './keys.js';
import { HIGH_WATER_FILES, IDENTITY_FILE, OPENED_BY_NOTE, STORE_DIRECTORY } from './layout.js';
import { type LogState, NEW_LOG_STATE, type StoredRecovery } from './log-state.js';
import { describeHolder } from './opened-by.js';
import { planRecovery } from './recovery.js';
import { readRecord, type Survey, surveyLog } from './survey.js';
import { readSystemBootId } from './system-boot-id.js';
import { toWalError, WalError } from './wal-error.js';

export interface LogReport {
  /** `new`: there is no log. A `torn-tail-dropped` is as healthy as a clean one. */
  readonly verdict: 'new' | 'clean' | 'torn-tail-dropped' | 'damaged';
  /** Set with `damaged`. */
  readonly damage: Damage | null;
  /** Null where no copy of it can be read. */
  readonly identity: DirectoryIdentity | null;
  /** Why nobody can say whose log it is, in words; null where that is known. */
  readonly identityFault: string | null;
  /** Of what is intact; lastIndex = firstIndex - 1 where no entry is. */
  readonly firstIndex: number;
  readonly lastIndex: number;
  readonly hardState: HardState;
  /** What was acknowledged last; null where neither copy can be read. */
  readonly acknowledged: Pick<HighWater, 'counter' | 'lastIndex' | 'term' | 'vote'> | null;
  /** Set where the log is recovering, or would be once a member opens it to recover. */
  readonly recovery: StoredRecovery | null;
  readonly snapshot: SnapshotMeta | null;
  readonly pendingInstall: InstallIntent | null;
}

export interface LoggedEntry {
  readonly index: number;
  readonly term: number;
  readonly type: 'normal' | 'conf-change' | 'conf-change-v2' | `unknown-${number}`;
  readonly data: Uint8Array;
}

export interface InspectLogOptions {
  /** Given every entry that passes its checks, in order. */
  readonly onEntry?: (entry: LoggedEntry) => void;
}

/**
 * Judges the log of a directory as a start would, and changes nothing in it. Needs room in the system's temporary
 * directory for a copy. Rejects with WalError: `locked` where a process has it open, `io` where it cannot be read.
 */
export async function inspectLog(directory: string, options: InspectLogOptions = {}): Promise<LogReport> {
  try {
    await stat(directory);
  } catch (cause) {
    throw new WalError('io', `${directory} cannot be read: ${(cause as Error).message}`, { cause });
  }
  const source = join(directory, STORE_DIRECTORY);
  const release = await lockIfAny(directory, source);
  const scratch = await mkdtemp(join(tmpdir(), 'understudy-inspect-'));
  try {
    const copy = join(scratch, STORE_DIRECTORY);
    await copyStore(source, copy);
    return await inspectCopy(directory, { source, copy }, options.onEntry ?? (() => undefined));
  } catch (error) {
    throw toWalError(error, `inspect ${directory}`);
  } finally {
    await release();
    await rm(scratch, { recursive: true, force: true });
  }
}

interface StorePlaces {
  readonly source: string;
  readonly copy: string;
}

async function inspectCopy(
  directory: string,
  places: StorePlaces,
  onEntry: (entry: LoggedEntry) => void,
): Promise<LogReport> {
  const highWater = readHighWater(await readHighWaterFiles(join(directory, HIGH_WATER_FILES)));
  const file = await readFileIfAny(join(directory, IDENTITY_FILE));
  const identityFile = file === null ? null : decodeIdentity(file);
  const fault = await findLogFault(places.copy);
  const opened = await openCopy(places);
  if ('what' in opened) return reportOf({ highWater, survey: null, damage: opened, identityFile, record: null });
  try {
    const survey = await surveyed(opened, highWater, onEntry);
    const record = readRecord(opened, IDENTITY_KEY, decodeIdentity);
    const damage = survey.verdict.kind === 'damaged' ? withLogFault(survey.verdict.damage, fault) : null;
    return reportOf({ highWater, survey, damage, identityFile, record });
  } finally {
    await new Promise<void>((resolve) => opened.close(() => resolve()));
  }
}

interface Findings {
  readonly highWater: HighWaterRead;
  /** Null where the store did not open. */
  readonly survey: Survey | null;
  readonly damage: Damage | null;
  readonly identityFile: IdentityCopy;
  readonly record: IdentityCopy;
}

function reportOf({ highWater, survey, damage: found, identityFile, record }: Findings): LogReport {
  const verdict = survey?.verdict ?? null;
  const judged = judgeIdentity({
    file: identityFile,
    record,
    expected: null,
    inUse: verdict?.kind !== 'new',
  });
  const identity = judged.kind === 'known' ? judged.identity : null;
  const damage = found ?? (verdict?.kind === 'new' && identity !== null ? lostWhole(identity) : null);
  const state = stateOf(survey, highWater, damage);
  return {
    verdict: damage === null ? (verdict?.kind ?? 'damaged') : 'damaged',
    damage,
    identity,
    identityFault: judged.kind === 'refused' && judged.code !== 'identity-required' ? judged.detail : null,
    firstIndex: state.anchor.index + 1,
    lastIndex: state.last.index,
    hardState: state.hardState,
    acknowledged: highWater.kind === 'read' ? highWater.highWater : null,
    recovery: state.recovery,
    snapshot: survey?.snapshot ?? null,
    pendingInstall: survey?.pendingInstall ?? null,
  };
}

function stateOf(survey: Survey | null, highWater: HighWaterRead, damage: Damage | null): LogState {
  if (damage !== null) {
    return planRecovery(survey?.evidence ?? { state: null, highWater }, survey?.intact ?? NEW_LOG_STATE.last);
  }
  const verdict = survey?.verdict;
  return verdict?.kind === 'clean' || verdict?.kind === 'torn-tail-dropped' ? verdict.state : NEW_LOG_STATE;
}

/** The same judgement as a start's. */
function lostWhole({ bootCount }: DirectoryIdentity): Damage {
  const detail = `the directory was opened ${bootCount} times, the log is empty`;
  return { what: 'missing', where: 'state', index: 1, detail };
}

async function surveyed(
  store: Store,
  highWater: HighWaterRead,
  onEntry: (entry: LoggedEntry) => void,
): Promise<Survey> {
  const systemBootId = await readSystemBootId();
  return new Promise((resolve, reject) => {
    const deps = { store, highWater, systemBootId, onEntry: (entry: Entry) => onEntry(loggedEntry(entry)) };
    surveyLog(deps, (error, survey) => (survey === null ? reject(error) : resolve(survey)));
  });
}

function loggedEntry({ index, term, type, data }: Entry): LoggedEntry {
  if (type === EntryType.Normal) return { index, term, type: 'normal', data };
  if (type === EntryType.ConfChange) return { index, term, type: 'conf-change', data };
  if (type === EntryType.ConfChangeV2) return { index, term, type: 'conf-change-v2', data };
  return { index, term, type: `unknown-${type as number}`, data };
}

/** Where there is no lock file, nobody holds it, and none is made. */
async function lockIfAny(directory: string, source: string): Promise<() => Promise<void>> {
  try {
    await stat(join(source, 'LOCK'));
  } catch {
    return async () => undefined;
  }
  try {
    return await lockLevel(source);
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'locked') throw toWalError(error, `inspect ${directory}`);
    const holder = await describeHolder(join(directory, OPENED_BY_NOTE));
    throw new WalError('locked', `${directory} is open in ${holder}; stop it first`, { cause: error });
  }
}

async function copyStore(source: string, copy: string): Promise<void> {
  const skipped = /[\\/](LOCK|LOG|LOG\.old)$/;
  const found = await stat(source).catch(() => null);
  if (found === null) return;
  const mode = constants.COPYFILE_FICLONE;
  await cp(source, copy, { recursive: true, mode, filter: (path) => !skipped.test(path) });
}

/** The store, or why LevelDB cannot open it. */
async function openCopy({ source, copy }: StorePlaces): Promise<Store | Damage> {
  try {
    return await openLevelStore(copy, { compression: false });
  } catch (error) {
    const { damage } = toWalError(error, source);
    if (damage === null) throw error;
    return { ...damage, detail: damage.detail.replaceAll(copy, source) };
  }
}
