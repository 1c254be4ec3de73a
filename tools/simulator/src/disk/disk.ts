/**
 * The disk of one host: how long its operations take, when they fail, and what is left when the process or the power is
 * gone. It holds every file of a member: the log, the high-water record, the identity file, the state and a staged
 * snapshot. What was acknowledged after a sync survives both; what was not may survive in part.
 */
import { MemoryMedium } from '@understudy/store/testing';
import type { StoreWrite } from '@understudy/store';
import type { LoadOptions } from '@understudy/wal-level';
import { HighWaterMedium } from '@understudy/wal-level/testing';
import type { StagedSnapshot } from '@understudy/raft-node';
import type { Random } from '../random.js';
import { BatchHistory } from './batch-history.js';
import { damageHighWater, damageStore, type LogDamage, type StoreDamage } from './damage.js';

export type CrashKind = 'kill' | 'power';

/** What befell a disk, for whoever counts. */
export const DISK_EVENTS = [
  'I/O errors',
  'full',
  'lost what was not synced',
  'lost what was not synced, out of order',
  'lost the batch under way',
  'tore the batch under way',
] as const;
export type DiskEvent = (typeof DISK_EVENTS)[number];

/** Whoever wants to know. */
export interface DiskWatcher {
  befell(what: DiskEvent): void;
  /** The log has so many batches that are not synced, counted when one is added. */
  unsynced(batches: number): void;
}

const NOBODY: DiskWatcher = { befell: () => {}, unsynced: () => {} };

/** A batch that the store was given and has not put on the medium. */
export interface InFlightBatch {
  readonly medium: MemoryMedium;
  readonly writes: readonly StoreWrite[];
}

export interface StagedFile extends StagedSnapshot {
  readonly medium: MemoryMedium;
}

export interface DiskSpeed {
  /** Of a synced write, milliseconds. */
  readonly minMs: number;
  readonly maxMs: number;
}

export class Disk {
  log = new MemoryMedium();
  /** What was written to `log`. */
  history = new BatchHistory();
  readonly highWater = new HighWaterMedium();
  /** The file; the log has the other copy. */
  identity: LoadOptions['identityFile'] = null;
  state = new MemoryMedium();
  private stateHistory = new BatchHistory();
  staged: StagedFile | null = null;
  /** The operating system's boot; another one after a power cut. */
  bootId: string;

  /** Nothing is finished before this time. */
  stalledUntil = 0;
  /** The next write to the log or to the state fails so, once. */
  failure: { readonly code: 'io' | 'full'; readonly file: 'log' | 'state' } | null = null;
  /** What tearing took from the log. Gone for good once the log was written to again; a power cut before brings it back. */
  torn: { readonly key: Uint8Array; readonly value: Uint8Array | null } | null = null;
  /** A write has failed since the process began. */
  failedWrite = false;
  /** Something of the log was changed behind everybody's back, and is not made good. */
  damaged = false;
  /** The same of the state. */
  stateDamaged = false;
  /** LevelDB does not open the files of the log any more. */
  unopenable = false;
  /** Nor those of the state. */
  stateUnopenable = false;
  slowness = 1;
  /** In the order given; at most one a medium. */
  readonly inFlight: InFlightBatch[] = [];

  constructor(
    private readonly random: Random,
    private readonly speed: DiskSpeed,
    private readonly watcher = NOBODY,
  ) {
    this.bootId = random.hex(32);
  }

  /** When an operation that begins now will be done. */
  doneAt(nowMs: number): number {
    const { minMs, maxMs } = this.speed;
    const at = nowMs + this.random.between(minMs, maxMs) * this.slowness;
    return at < this.stalledUntil ? this.stalledUntil + this.random.between(0, maxMs) : at;
  }

  /** True: the acknowledgement comes as a second event, so that a crash can fall between. */
  separatesAcknowledgement(): boolean {
    return this.random.chance(0.2);
  }

  takeFailure(file: 'log' | 'state'): 'io' | 'full' | null {
    const { failure } = this;
    if (failure === null || failure.file !== file) return null;
    this.failure = null;
    this.failedWrite = true;
    this.watcher.befell(failure.code === 'io' ? 'I/O errors' : 'full');
    return failure.code;
  }

  /** The process is gone, or the power. What was on its way is on the disk in whole, in part, or not at all. */
  crash(kind: CrashKind): void {
    if (this.torn !== null && kind === 'power') this.log.damage(this.torn.key, this.torn.value);
    if (kind === 'power') this.torn = null;
    for (const medium of this.media()) {
      const batch = this.inFlight.find((candidate) => candidate.medium === medium);
      const lostSome = kind === 'power' && this.loseUnsynced(medium);
      if (kind === 'kill') medium.crash(medium.unsyncedBatches);
      if (batch !== undefined && !lostSome) this.finishInPart(batch, kind);
    }
    this.inFlight.length = 0;
    if (kind === 'power') {
      this.loseUnsyncedHighWater();
      this.bootId = this.random.hex(32);
    }
    this.failure = null;
    this.failedWrite = false;
  }

  get whole(): boolean {
    return !this.damaged && !this.stateDamaged;
  }

  /**
   * False where there is nothing to damage. Only while no process runs on it. It befalls what is on the disk, with its
   * high-water record: what a power cut hides that comes within the record's lag of a damage, wal-level's README says.
   */
  damageLog(how: LogDamage): boolean {
    this.highWater.sync();
    const done =
      how === 'high-water'
        ? damageHighWater(this.highWater, this.random)
        : how === 'identity'
          ? this.damageIdentity()
          : this.damageLogStore(how);
    this.damaged ||= done;
    return done;
  }

  /** As `damageLog`. */
  damageState(how: StoreDamage): boolean {
    const left = damageStore({ medium: this.state, history: this.stateHistory }, how, this.random);
    if (left === null) return false;
    if (left === 'unopenable') this.stateUnopenable = true;
    else this.state = left;
    this.stateDamaged = true;
    return true;
  }

  /** A batch has reached a medium. `unsynced` as in the history. */
  written(medium: MemoryMedium, writes: readonly StoreWrite[], unsynced: number): void {
    if (medium === this.state) this.stateHistory.add(writes, unsynced);
    if (medium !== this.log) return;
    this.history.add(writes, unsynced);
    if (unsynced > 0) this.watcher.unsynced(unsynced);
    // The log goes on without it: no power cut brings it back.
    this.torn = null;
  }

  /** The files of the log are set aside, and begun anew. */
  resetLog(): void {
    this.log = new MemoryMedium();
    this.history = new BatchHistory();
    this.torn = null;
    this.unopenable = false;
  }

  /** The state is thrown away, for one that is to be built again. */
  resetState(): void {
    this.replaceState(new MemoryMedium());
  }

  replaceState(medium: MemoryMedium): void {
    this.state = medium;
    this.stateHistory = new BatchHistory(medium.clone());
    this.stateUnopenable = false;
  }

  private damageLogStore(how: StoreDamage): boolean {
    if (this.unopenable) return false;
    const left = damageStore({ medium: this.log, history: this.history }, how, this.random);
    if (left === null) return false;
    if (left === 'unopenable') this.unopenable = true;
    else this.log = left;
    return true;
  }

  /** The file, and sometimes the record in the log too: then nobody can say whose directory it is. */
  private damageIdentity(): boolean {
    if (this.identity === null) return false;
    this.identity = this.random.chance(0.5) ? null : { ok: false, reason: 'checksum' };
    if (this.random.chance(BOTH_IDENTITIES)) this.log.damage(IDENTITY_KEY, null);
    return true;
  }

  private *media(): Iterable<MemoryMedium> {
    yield this.log;
    yield this.state;
    if (this.staged !== null && this.staged.medium !== this.state) yield this.staged.medium;
  }

  /** The power is gone: some of what was not synced is on the disk, mostly the oldest. True where something is not. */
  private loseUnsynced(medium: MemoryMedium): boolean {
    const { random } = this;
    const { unsyncedBatches } = medium;
    if (medium === this.log && unsyncedBatches > 0 && random.chance(0.5)) {
      // Pages are written in any order.
      const kept = Array.from({ length: unsyncedBatches }, () => random.chance(0.5));
      this.log = this.history.keepUnsynced(kept);
      const lost = kept.indexOf(false);
      if (lost < 0) return false;
      const inOrder = kept.indexOf(true, lost) < 0;
      this.watcher.befell(inOrder ? 'lost what was not synced' : 'lost what was not synced, out of order');
      return true;
    }
    const kept = random.integer(0, unsyncedBatches);
    medium.crash(kept);
    if (medium === this.log) this.history.keepUnsynced(Array.from({ length: unsyncedBatches }, (_, at) => at < kept));
    if (kept < unsyncedBatches) this.watcher.befell('lost what was not synced');
    return kept < unsyncedBatches;
  }

  /** Its two files are written each on its own. */
  private loseUnsyncedHighWater(): void {
    const written = this.highWater.content;
    this.highWater.crash();
    const { content } = this.highWater;
    if (written === null || content === null) return;
    const half = content.length / 2;
    for (const from of [0, half]) {
      if (this.random.chance(0.3)) content.set(written.subarray(from, from + half), from);
    }
    this.highWater.sync();
  }

  private finishInPart({ medium, writes }: InFlightBatch, kind: CrashKind): void {
    const fate = this.random.unit();
    if (fate < 0.4) {
      this.watcher.befell('lost the batch under way');
      return;
    }
    // Torn: only where the system's boot goes on can the log be sure that nobody was told of the batch.
    const torn = fate > 0.8 && kind === 'kill' && medium === this.log ? lastNewEntry(medium, writes) : null;
    medium.apply(writes, true);
    this.written(medium, writes, 0);
    if (torn === null) return;
    this.watcher.befell('tore the batch under way');
    this.torn = { key: torn.slice(), value: medium.get(torn)?.slice() ?? null };
    medium.damage(torn, null);
  }
}

/** The key of the last entry of a batch that only appends; null for any other batch. */
function lastNewEntry(medium: MemoryMedium, writes: readonly StoreWrite[]): Uint8Array | null {
  let last: Uint8Array | null = null;
  for (const { type, key } of writes) {
    if (type === 'del') return null;
    if (key.length < ENTRY_KEY_BYTES) {
      if (key[0] !== STATE_KEY) return null;
      continue;
    }
    if (medium.get(key) !== undefined) return null;
    last = key;
  }
  return last;
}

const BOTH_IDENTITIES = 0.3;
const IDENTITY_KEY = Uint8Array.of(0x23);
/** Keys of entries are longer than those of the log's other records. */
const ENTRY_KEY_BYTES = 8;
/** The record that every batch of the log replaces. */
const STATE_KEY = 0x20;
