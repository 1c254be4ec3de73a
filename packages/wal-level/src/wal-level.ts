/**
 * The Raft log in a directory: LevelDB for the records, and beside it the high-water file, the second copy of the
 * identity, and a note of who opened it. Opens, checks and closes them in the order that a crash between any two steps
 * leaves readable.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  findLogFault,
  type LevelStoreOptions,
  lockLevel,
  openLevelStore,
  type Store,
  StoreError,
} from '@understudy/store';
import { readFileIfAny, syncDirectory, writeFileAtomically } from './atomic-file.js';
import type { Damage } from './damage.js';
import { type Scheduler, systemScheduler } from './high-water-device.js';
import { type HighWaterFile, openHighWaterFile } from './high-water-file.js';
import { decodeIdentity, encodeIdentity, type IdentityCopy, type MemberIdentity } from './identity.js';
import { STATE_KEY } from './keys.js';
import { HIGH_WATER_FILES, IDENTITY_FILE, OPENED_BY_NOTE, STORE_DIRECTORY } from './layout.js';
import { type LoadDeps, type LoadedLog, type LoadOptions, loadLog } from './load.js';
import { describeHolder, writeOpenedBy } from './opened-by.js';
import { type LogOptions, resolveLogOptions } from './options.js';
import { StoreLog, type StoreLogDeps, type StoreLogOptions } from './store-log.js';
import { readSystemBootId } from './system-boot-id.js';
import { toWalError, WalError } from './wal-error.js';

/** Entries are read back rarely and in long runs, for which a block cache does nothing. */
const LOG_CACHE_BYTES = 1024 * 1024;

export interface WalLevelDeps {
  /** Made, with its parents, when it is not there. Nothing else may be kept in it. */
  readonly directory: string;
  /** In place of LevelDB in the directory; already open, and closed with the log. */
  readonly store?: Store;
  /** In place of the system's clock. */
  readonly scheduler?: Scheduler;
  /** Told after each synced batch how long its sync took, milliseconds, and its bytes; for metrics. Must not throw. */
  readonly onSync?: (durationMs: number, bytes: number) => void;
}

export interface WalLevelOptions extends LogOptions {
  /** Whose log it is: required for a new directory, checked against an old one when given. */
  readonly identity?: MemberIdentity;
  /** Of the LevelDB in the directory. Compression is off unless asked for: entries are written once and rarely read. */
  readonly level?: LevelStoreOptions;
}

export class WalLevel extends StoreLog {
  /** How the log was found. After `torn-tail-dropped`, a batch that nobody was told of is gone. */
  readonly verdict: LoadedLog['verdict'];
  /** The copy of the identity that was lost and written again, if any. */
  readonly restoredIdentity: LoadedLog['restoredIdentity'];

  private constructor(deps: StoreLogDeps, options: StoreLogOptions, loaded: LoadedLog) {
    super(deps, options, loaded);
    this.verdict = loaded.verdict;
    this.restoredIdentity = loaded.restoredIdentity;
  }

  /**
   * Opens the log, or makes it where the directory is new, and counts a boot. Rejects with WalError: `locked`, `damaged`,
   * `identity-required`, `identity-mismatch`, `identity-conflict`, `identity-lost`, `full`, `io`, `invalid-argument`.
   * A damaged log is left as it was found.
   */
  static async open(deps: WalLevelDeps, options: WalLevelOptions = {}): Promise<WalLevel> {
    const log = resolveLogOptions(options);
    checkMember(options.identity);
    const { directory } = deps;
    const scheduler = deps.scheduler ?? systemScheduler;
    const systemBootId = await readSystemBootId();
    const identityPath = join(directory, IDENTITY_FILE);
    const identityBytes = await readFileIfAny(identityPath);
    const identityFile = identityBytes === null ? null : decodeIdentity(identityBytes);
    const opened =
      deps.store === undefined ? await openStore(directory, options, identityFile) : { store: deps.store, fault: null };
    const { store, fault } = opened;
    let file: HighWaterFile | null = null;
    try {
      await writeOpenedBy(join(directory, OPENED_BY_NOTE));
      const create = store.getSync(STATE_KEY) === undefined;
      const path = join(directory, HIGH_WATER_FILES);
      file = await openHighWaterFile({ scheduler }, { path, lagMs: log.highWaterLagMs, create });
      const loadOptions: LoadOptions = {
        log,
        name: directory,
        identityFile,
        expected: options.identity ?? null,
        newDirectoryId: randomBytes(16).toString('hex'),
        systemBootId,
        ...(fault === null ? {} : { storeFault: fault }),
        ...('damage' in opened && opened.damage !== undefined ? { damage: opened.damage } : {}),
      };
      const loaded = await load({ store, highWater: file }, loadOptions);
      await writeFileAtomically(identityPath, encodeIdentity(loaded.identity));
      return new WalLevel(
        { store, highWater: file, scheduler, onSync: deps.onSync },
        { log, name: directory, systemBootId },
        loaded,
      );
    } catch (error) {
      await closeQuietly(file, store);
      throw toWalError(error, `open ${directory}`);
    }
  }

  /** As `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return new Promise((resolve, reject) => {
      this.close((error) => (error === null ? resolve() : reject(error)));
    });
  }
}

function checkMember(identity: MemberIdentity | undefined): void {
  if (identity === undefined) return;
  for (const field of ['memberId', 'clusterId'] as const) {
    const id = identity[field];
    if (Number.isSafeInteger(id) && id > 0) continue;
    throw new WalError('invalid-argument', `identity.${field} is ${id}; it must be an integer from 1 to 2^53 - 1`);
  }
}

interface OpenedStore {
  readonly store: Store;
  /** LevelDB's files could not be opened, and were set aside: the store is a new one. */
  readonly damage?: Damage;
  /** A broken record in LevelDB's own log: where a loss comes from, if one is found. */
  readonly fault: string | null;
}

async function openStore(directory: string, options: WalLevelOptions, identity: IdentityCopy): Promise<OpenedStore> {
  const path = join(directory, STORE_DIRECTORY);
  const level = { compression: false, cacheBytes: LOG_CACHE_BYTES, ...options.level };
  try {
    await mkdir(directory, { recursive: true });
    const fault = await findLogFault(path);
    const opened = await openLevelStore(path, level).then(
      (store) => ({ store, fault }),
      async (error: unknown) => {
        const damage = toWalError(error, `open ${path}`).damage;
        if (damage === null || options.recover !== true) throw error;
        if (identity?.ok !== true) {
          const found = identity === null ? 'absent' : 'unreadable';
          const detail = `the file ${IDENTITY_FILE} is ${found}, and the log with the other copy cannot be opened`;
          throw new WalError('identity-lost', `${directory}: ${detail}: ${damage.detail}`, { cause: error });
        }
        await setAside(path);
        return { store: await openLevelStore(path, level), damage, fault };
      },
    );
    await syncDirectory(directory);
    await syncDirectory(dirname(directory));
    return opened;
  } catch (error) {
    if (error instanceof StoreError && error.code === 'locked') {
      const holder = await describeHolder(join(directory, OPENED_BY_NOTE));
      throw new WalError('locked', `${directory} is open in ${holder}`, { cause: error });
    }
    throw toWalError(error, `open ${path}`);
  }
}

/** Kept for whoever wants to look at it, until the next one takes its place. */
async function setAside(path: string): Promise<void> {
  // Its files were read without the lock: who holds it may just have changed them.
  const release = await lockLevel(path);
  try {
    await rm(`${path}.damaged`, { recursive: true, force: true });
    await rename(path, `${path}.damaged`);
    await syncDirectory(dirname(path));
  } finally {
    await release();
  }
}

function load(deps: LoadDeps, options: LoadOptions): Promise<LoadedLog> {
  return new Promise((resolve, reject) => {
    loadLog(deps, options, (error, log) => (log === null ? reject(error) : resolve(log)));
  });
}

/** After a refused open: the reason for that is what the caller needs to hear. */
async function closeQuietly(file: HighWaterFile | null, store: Store): Promise<void> {
  if (file !== null) await new Promise<void>((resolve) => file.close(() => resolve()));
  await new Promise<void>((resolve) => store.close(() => resolve()));
}
