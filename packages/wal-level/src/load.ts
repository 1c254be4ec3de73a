/**
 * The start of a log on a store: judges what is there, and begins the new boot with a durable batch of its own. A damaged
 * log is refused, with nothing written to it, or goes on as recovering. Callbacks only, so that a simulator starts logs
 * with the same code.
 */
import type { SnapshotMeta } from '@understudy/raft-core';
import type { InstallIntent } from '@understudy/raft-node';
import type { Store, StoreWrite } from '@understudy/store';
import { type Damage, describeDamage, withLogFault } from './damage.js';
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
import type { Verdict } from './inspect.js';
import { ENTRIES_END, entryKey, IDENTITY_KEY, INSTALL_KEY, SNAPSHOT_KEY, STATE_KEY } from './keys.js';
import { encodeState, type LogState, NEW_LOG_STATE } from './log-state.js';
import type { ResolvedLogOptions } from './options.js';
import { planRecovery } from './recovery.js';
import { type Leftovers, readRecord, type Survey, surveyLog } from './survey.js';
import { Tail } from './tail.js';
import { TermTable } from './term-table.js';
import { damagedError, toWalError, WalError } from './wal-error.js';

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
  /** Damage that was found before there was a store to load: what is there now is not all of the log. */
  readonly damage?: Damage;
  /** Of what the store keeps its records in: told with the damage that is found. */
  readonly storeFault?: string;
}

export interface LoadedLog {
  readonly verdict: 'new' | 'clean' | 'torn-tail-dropped' | 'recovering';
  readonly state: LogState;
  /** In words, where the log is recovering. */
  readonly recoveryReason: string;
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
    const deps = {
      store: this.#store,
      highWater: this.#highWater,
      systemBootId: this.#options.systemBootId,
      onEntry: (entry: Parameters<Tail['append']>[0]): void => {
        this.#tail.append(entry);
        this.#terms.append(entry.index, entry.term);
      },
    };
    surveyLog(deps, (error, survey) => {
      this.#guarded(() => {
        if (survey === null) throw error;
        this.#judge(survey);
      });
    });
  }

  #judge(survey: Survey): void {
    const { verdict } = survey;
    // Before the damage: a directory that is somebody else's is to be named as that.
    const { identity, restored } = this.#judgeIdentity(verdict);
    const found = this.#damageOf(verdict, identity);
    const damage = found === null ? null : withLogFault(found, this.#options.storeFault ?? null);
    if (damage !== null && !this.#options.log.recover) throw damagedError(this.#options.name, damage);
    const { newClusterId } = this.#options.log;
    const judged = stateOf(survey, damage);
    // In a cluster of its own nobody holds anything against this member any more.
    const state = newClusterId === null ? judged : { ...judged, recovery: null };
    this.#tail.truncateFrom(state.last.index + 1);
    this.#terms.truncateFrom(state.last.index + 1);
    const log: LoadedLog = {
      verdict: verdict.kind === 'damaged' || damage !== null ? 'recovering' : verdict.kind,
      state: { ...state, counter: state.counter + 1 },
      recoveryReason: damage === null ? 'an earlier start found damage' : describeDamage(damage),
      identity: nextIdentity(identity, newClusterId),
      restoredIdentity: restored,
      snapshot: damage === null ? survey.snapshot : null,
      pendingInstall: damage === null ? survey.pendingInstall : null,
      tail: this.#tail,
      terms: this.#terms,
      leftovers: survey.leftovers,
      nextSlot: this.#highWater.kind === 'read' && this.#highWater.slot === 0 ? 1 : 0,
    };
    if (damage !== null) this.#cut(log);
    else this.#beginBoot(log, verdict.kind === 'torn-tail-dropped' ? verdict.droppedThrough : state.last.index, []);
  }

  #damageOf(verdict: Verdict, identity: DirectoryIdentity): Damage | null {
    if (this.#options.damage !== undefined) return this.#options.damage;
    if (verdict.kind === 'damaged') return verdict.damage;
    if (verdict.kind !== 'new' || identity.bootCount === 0) return null;
    const detail = `the directory was opened ${identity.bootCount} times, the log is empty`;
    return { what: 'missing', where: 'state', index: 1, detail };
  }

  #judgeIdentity(verdict: Verdict): { identity: DirectoryIdentity; restored: LoadedLog['restoredIdentity'] } {
    const { identityFile, expected, newDirectoryId, name } = this.#options;
    const record = readRecord(this.#store, IDENTITY_KEY, decodeIdentity);
    const judged = judgeIdentity({ file: identityFile, record, expected, inUse: verdict.kind !== 'new' });
    if (judged.kind === 'refused') throw new WalError(judged.code, `${name}: ${judged.detail}`);
    if (judged.kind === 'known') return judged;
    const { memberId, clusterId } = judged.member;
    const identity = { memberId, clusterId, directoryId: newDirectoryId, bootCount: 0, formerClusterId: 0 };
    return { identity, restored: null };
  }

  /** What did not pass is deleted; a crash before the boot's batch leaves a log that is damaged as before. */
  #cut(log: LoadedLog): void {
    this.#store.clear({ gte: entryKey(log.state.last.index + 1), lt: ENTRIES_END }, (error) => {
      this.#guarded(() => {
        if (error !== null) throw error;
        const forgotten: StoreWrite[] = [
          { type: 'del', key: SNAPSHOT_KEY },
          { type: 'del', key: INSTALL_KEY },
        ];
        this.#beginBoot(log, log.state.last.index, forgotten);
      });
    });
  }

  /** The first batch of this boot: nothing of the boot before is left to be told apart from now on. */
  #beginBoot(log: LoadedLog, droppedThrough: number, also: readonly StoreWrite[]): void {
    const writes: StoreWrite[] = [
      { type: 'put', key: IDENTITY_KEY, value: encodeIdentity(log.identity) },
      { type: 'put', key: STATE_KEY, value: encodeState(log.state) },
      ...also,
    ];
    for (let index = log.state.last.index + 1; index <= droppedThrough; index++) {
      writes.push({ type: 'del', key: entryKey(index) });
    }
    this.#store.batch(writes, { sync: true }, (error) => {
      this.#guarded(() => {
        if (error !== null) throw error;
        this.#writeHighWater(log, 0);
      });
    });
  }

  /** Into both slots where one of them was lost, so that they vouch for each other again. */
  #writeHighWater(log: LoadedLog, written: number): void {
    const { paranoid } = this.#options.log;
    const record = encodeHighWater(highWaterOf(log.state, log.identity, this.#options.systemBootId, paranoid));
    this.#device.write(log.nextSlot, record, true, (failure) => {
      this.#guarded(() => {
        if (failure !== null) throw failure;
        const next: LoadedLog = { ...log, nextSlot: log.nextSlot === 0 ? 1 : 0 };
        const whole = this.#highWater.kind === 'read' && this.#highWater.complete;
        if (!whole && written === 0) {
          this.#writeHighWater(next, 1);
          return;
        }
        this.#finished = true;
        this.#done(null, next);
      });
    });
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

function nextIdentity(identity: DirectoryIdentity, newClusterId: number | null): DirectoryIdentity {
  const opened = { ...identity, bootCount: identity.bootCount + 1 };
  if (newClusterId === null) return opened;
  // The first one is what flags and other machines still speak of.
  const formerClusterId = identity.formerClusterId === 0 ? identity.clusterId : identity.formerClusterId;
  return { ...opened, clusterId: newClusterId, formerClusterId };
}

function stateOf({ verdict, evidence, intact }: Survey, damage: Damage | null): LogState {
  if (damage !== null) return planRecovery(evidence, intact);
  return verdict.kind === 'clean' || verdict.kind === 'torn-tail-dropped' ? verdict.state : NEW_LOG_STATE;
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
    voteLost: state.recovery?.voteProven === false,
  };
}
