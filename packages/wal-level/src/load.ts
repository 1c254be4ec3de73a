/**
 * The start of a log on a store: reads and judges everything, and begins the new boot with a durable batch of its own.
 * Callbacks only, so that a simulator starts logs with the same code. It writes nothing to a log that it refuses.
 */
import type { SnapshotMeta } from '@understudy/raft-core';
import type { InstallIntent } from '@understudy/raft-node';
import type { Store, StoreCursor, StoreRecord, StoreWrite } from '@understudy/store';
import type { Damage, DamagePlace } from './damage.js';
import { encodeHighWater, type HighWaterRead, type HighWaterSlot, readHighWater } from './high-water.js';
import type { HighWaterDevice } from './high-water-device.js';
import {
  type DirectoryIdentity,
  decodeIdentity,
  encodeIdentity,
  type IdentityCopy,
  judgeIdentity,
  type MemberIdentity,
} from './identity.js';
import { LogInspector, type Verdict } from './inspect.js';
import { ENTRIES_END, entryKey, IDENTITY_KEY, INSTALL_KEY, indexOfKey, SNAPSHOT_KEY, STATE_KEY } from './keys.js';
import { decodeState, encodeState, type LogState, NEW_LOG_STATE } from './log-state.js';
import type { ResolvedLogOptions } from './options.js';
import type { RecordRead } from './record.js';
import { decodeInstall, decodeSnapshot } from './snapshot-record.js';
import { Tail } from './tail.js';
import { TermTable } from './term-table.js';
import { damagedError, toWalError, WalError } from './wal-error.js';

const SCAN_STEP_RECORDS = 512;

export interface LoadDeps {
  readonly store: Store;
  readonly highWater: HighWaterDevice;
}

export interface LoadOptions {
  readonly log: ResolvedLogOptions;
  /** For messages: the directory. */
  readonly name: string;
  readonly identityFile: IdentityCopy;
  readonly expected: MemberIdentity | null;
  /** For a new directory: 32 random hex digits. */
  readonly newDirectoryId: string;
  readonly systemBootId: string;
}

/** Records that a compaction or a snapshot left behind. */
export interface Leftovers {
  readonly from: number;
  readonly through: number;
}

export interface LoadedLog {
  readonly verdict: 'new' | 'clean' | 'torn-tail-dropped';
  readonly state: LogState;
  readonly identity: DirectoryIdentity;
  /** The copy of the identity that was lost; the owner writes the file in any case. */
  readonly restoredIdentity: 'file' | 'record' | null;
  readonly snapshot: SnapshotMeta | null;
  readonly pendingInstall: InstallIntent | null;
  readonly tail: Tail;
  readonly terms: TermTable;
  readonly leftovers: Leftovers | null;
  /** The slot that is not the newest. */
  readonly nextSlot: HighWaterSlot;
}

type Loaded = (error: WalError | null, log: LoadedLog | null) => void;

/** `done` gets WalErrors: `damaged`, an identity refusal, `io`, `full`. */
export function loadLog(deps: LoadDeps, options: LoadOptions, done: Loaded): void {
  new LogLoader(deps, options, done).start();
}

class LogLoader {
  readonly #store: Store;
  readonly #device: HighWaterDevice;
  readonly #options: LoadOptions;
  readonly #done: Loaded;
  readonly #tail: Tail;
  readonly #terms = new TermTable();
  readonly #highWater: HighWaterRead;
  // Set before `done` is called.
  #finished = false;

  constructor(deps: LoadDeps, options: LoadOptions, done: Loaded) {
    this.#store = deps.store;
    this.#device = deps.highWater;
    this.#options = options;
    this.#done = done;
    this.#tail = new Tail(options.log.tailBytes);
    this.#highWater = readHighWater(deps.highWater.initial);
  }

  start(): void {
    this.#guarded(() => {
      const state = read(this.#store, STATE_KEY, decodeState);
      const { systemBootId } = this.#options;
      const inspector = new LogInspector({ state, highWater: this.#highWater, systemBootId });
      const cursor = this.#store.cursor({ gte: entryKey(inspector.firstIndex), lt: ENTRIES_END });
      this.#scan(inspector, cursor);
    });
  }

  #scan(inspector: LogInspector, cursor: StoreCursor): void {
    cursor.next(SCAN_STEP_RECORDS, (error, records) => {
      this.#guarded(() => {
        if (error !== null) throw error;
        for (const { key, value } of records) {
          const entry = inspector.accept(key, value);
          if (entry === null) continue;
          this.#tail.append(entry);
          this.#terms.append(entry.index, entry.term);
        }
        if (records.length > 0) {
          this.#scan(inspector, cursor);
          return;
        }
        cursor.close();
        this.#judge(inspector.finish(), inspector.firstIndex);
      });
    });
  }

  #judge(verdict: Verdict, firstIndex: number): void {
    // Before the damage: a directory that is somebody else's is to be named as that.
    const { identity, restored } = this.#judgeIdentity(verdict);
    if (verdict.kind === 'damaged') throw damagedError(this.#options.name, verdict.damage);
    if (verdict.kind === 'new' && identity.bootCount > 0) {
      throw this.#damaged(
        'missing',
        'state',
        1,
        `the directory was opened ${identity.bootCount} times, the log is empty`,
      );
    }
    const state = verdict.kind === 'new' ? NEW_LOG_STATE : verdict.state;
    const droppedThrough = verdict.kind === 'torn-tail-dropped' ? verdict.droppedThrough : state.last.index;
    this.#tail.truncateFrom(state.last.index + 1);
    this.#terms.truncateFrom(state.last.index + 1);
    this.#findLeftovers(firstIndex, (leftovers) => {
      const log: LoadedLog = {
        verdict: verdict.kind,
        state: { ...state, counter: state.counter + 1 },
        identity: { ...identity, bootCount: identity.bootCount + 1 },
        restoredIdentity: restored,
        snapshot: this.#named('snapshot', SNAPSHOT_KEY, state.snapshotIndex, decodeSnapshot),
        pendingInstall: this.#named('install', INSTALL_KEY, state.installIndex, decodeInstall),
        tail: this.#tail,
        terms: this.#terms,
        leftovers,
        nextSlot: this.#highWater.kind === 'read' && this.#highWater.slot === 0 ? 1 : 0,
      };
      this.#beginBoot(log, droppedThrough);
    });
  }

  #judgeIdentity(verdict: Verdict): { identity: DirectoryIdentity; restored: LoadedLog['restoredIdentity'] } {
    const { identityFile, expected, newDirectoryId, name } = this.#options;
    const record = read(this.#store, IDENTITY_KEY, decodeIdentity);
    const judged = judgeIdentity({ file: identityFile, record, expected, inUse: verdict.kind !== 'new' });
    if (judged.kind === 'refused') throw new WalError(judged.code, `${name}: ${judged.detail}`);
    if (judged.kind === 'known') return judged;
    const { memberId, clusterId } = judged.member;
    return { identity: { memberId, clusterId, directoryId: newDirectoryId, bootCount: 0 }, restored: null };
  }

  /** A record that the state speaks of, by its index; 0 is none. */
  #named<T extends { readonly index: number }>(
    where: DamagePlace,
    key: Uint8Array,
    index: number,
    decode: (bytes: Uint8Array) => RecordRead<T>,
  ): T | null {
    const found = read(this.#store, key, decode);
    if (found === null) {
      if (index === 0) return null;
      throw this.#damaged('missing', where, index, 'the state record speaks of it');
    }
    if (!found.ok) throw this.#damaged('unreadable', where, index, `the record has a wrong ${found.reason}`);
    if (found.value.index === index) return found.value;
    throw this.#damaged('contradiction', where, index, `the record is of index ${found.value.index}`);
  }

  #findLeftovers(firstIndex: number, then: (leftovers: Leftovers | null) => void): void {
    const below = { gte: entryKey(0), lt: entryKey(firstIndex) };
    this.#first(below, false, (lowest) => {
      if (lowest === null) {
        then(null);
        return;
      }
      this.#first(below, true, (highest) => then({ from: lowest, through: highest ?? lowest }));
    });
  }

  #first(range: { gte: Uint8Array; lt: Uint8Array }, reverse: boolean, then: (index: number | null) => void): void {
    const cursor = this.#store.cursor({ ...range, reverse });
    cursor.next(1, (error, records: readonly StoreRecord[]) => {
      cursor.close();
      this.#guarded(() => {
        if (error !== null) throw error;
        const record = records[0];
        then(record === undefined ? null : indexOfKey(record.key));
      });
    });
  }

  /** The first batch of this boot: nothing of the boot before is left to be told apart from now on. */
  #beginBoot(log: LoadedLog, droppedThrough: number): void {
    const writes: StoreWrite[] = [
      { type: 'put', key: IDENTITY_KEY, value: encodeIdentity(log.identity) },
      { type: 'put', key: STATE_KEY, value: encodeState(log.state) },
    ];
    for (let index = log.state.last.index + 1; index <= droppedThrough; index++) {
      writes.push({ type: 'del', key: entryKey(index) });
    }
    this.#store.batch(writes, { sync: true }, (error) => {
      this.#guarded(() => {
        if (error !== null) throw error;
        const { paranoid } = this.#options.log;
        const highWater = encodeHighWater(highWaterOf(log.state, log.identity, this.#options.systemBootId, paranoid));
        this.#device.write(log.nextSlot, highWater, true, (failure) => {
          this.#guarded(() => {
            if (failure !== null) throw failure;
            this.#finished = true;
            this.#done(null, { ...log, nextSlot: log.nextSlot === 0 ? 1 : 0 });
          });
        });
      });
    });
  }

  #damaged(what: Damage['what'], where: DamagePlace, index: number | null, detail: string): WalError {
    return damagedError(this.#options.name, { what, where, index, detail });
  }

  /** Whatever a step throws is the outcome of the load; what `done` throws is not. */
  #guarded(step: () => void): void {
    try {
      step();
    } catch (error) {
      if (this.#finished) throw error;
      this.#finished = true;
      this.#done(toWalError(error, `open ${this.#options.name}`), null);
    }
  }
}

export function highWaterOf(
  state: LogState,
  identity: DirectoryIdentity,
  systemBootId: string,
  paranoid: boolean,
): Parameters<typeof encodeHighWater>[0] {
  return {
    counter: state.counter,
    lastIndex: state.last.index,
    chain: state.last.chain,
    term: state.hardState.term,
    vote: state.hardState.vote,
    bootCount: identity.bootCount,
    systemBootId,
    paranoid,
  };
}

function read<T>(store: Store, key: Uint8Array, decode: (bytes: Uint8Array) => RecordRead<T>): RecordRead<T> | null {
  const bytes = store.getSync(key);
  return bytes === undefined ? null : decode(bytes);
}
