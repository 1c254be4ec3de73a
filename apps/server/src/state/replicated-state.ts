/**
 * The state machine of the server: key-value state, leases and members, as raft-node drives it, and the life of the
 * database that they lie in. Applying is synchronous and in memory, and `apply-command.ts` says what it does; flushes carry
 * what changed, with the index that it stands for, in one synced batch. One flush or install runs at a time.
 */
import { EventEmitter } from 'node:events';
import { LongChange, type Mvcc, type MvccOptions } from '@understudy/mvcc';
import type { ConfChange, ConfState, SnapshotMeta } from '@understudy/raft-core';
import type { Command, LongApply, StagedSnapshot, StateMachine, StateSnapshot } from '@understudy/raft-node';
import { applyCommand, type ApplyListener, type ApplyResult, type LocalRequest } from './apply-command.js';
import { ApplyCounts } from './apply-counts.js';
import { applyChange, refuseChange } from './apply-own.js';
import { openOrStartOver } from './damaged-state.js';
import { DiskUsage } from './disk-usage.js';
import type { LadderTable } from './ladder-table.js';
import type { MemberTable } from './member-table.js';
import { type ReceivedSnapshot, receiveSnapshot } from './received-snapshot.js';
import type { StandbyTable } from './standby-table.js';
import { openStateDatabase, type StateDatabase, type StateEvents } from './state-database.js';
import type { StateDirectory } from './state-directory.js';
import { flushDatabase } from './state-flush.js';
import { exportOf, snapshotOf, type StateExport } from './state-views.js';
import { closeStore, reclaimSpace } from './store-calls.js';
import type { TokenGrant } from './token-grant.js';
import { Wholeness } from './wholeness.js';

interface ReplicatedStateEvents {
  /** The table of members, or the roles, may have changed. Told after the turn that applied it. */
  members: [];
  /** Policy, drains or silences may have changed. Told after the turn that applied it. */
  ladder: [];
  /** The register of standbys may have changed. Told after the turn that applied it. */
  standbys: [];
  /** A user has proven who it is. Told at once, in the turn that applies it. */
  token: [TokenGrant];
  /** A snapshot from a peer is the state now. */
  installed: [];
  /** The state on disk cannot be read: this member must stop. */
  failure: [Error];
}

export interface ReplicatedStateDeps {
  readonly directory: StateDirectory;
  readonly mvccOptions: MvccOptions;
  /** Told after each flush how long its synced batch took, milliseconds. */
  readonly onFlush?: (durationMs: number) => void;
  /**
   * The state on disk is damaged; once this returns it is thrown away, and the state begins empty, at index 0. What it
   * throws keeps the state as it is, and is what `open` rejects with: a StateDamageError, where this is absent.
   */
  readonly onDamage?: (damage: string) => void;
}

const DEFRAGMENT_PIECES = 16;

export class ReplicatedState
  extends EventEmitter<ReplicatedStateEvents>
  implements StateMachine<ApplyResult, LocalRequest>
{
  readonly counts = new ApplyCounts();
  /** Of the files that the key-value state and the tables lie in. */
  readonly diskUsage = new DiskUsage(() => this.#deps.directory.current);
  readonly #deps: ReplicatedStateDeps;
  #database: StateDatabase;
  #durable: SnapshotMeta;
  /** durable.index <= applied.index */
  #applied: SnapshotMeta;
  /** Flushes run one at a time, in the order asked for. */
  #flushes: Promise<void> = Promise.resolve();
  readonly #listener: ApplyListener = {
    changed: (table) => (table === 'members' ? this.#announceMembers() : queueMicrotask(() => this.emit(table))),
    granted: (token) => this.emit('token', token),
  };
  /** What was received last and is not installed yet: it was read whole to check it, and need not be once more. */
  #received: ReceivedSnapshot | null = null;
  readonly #events: StateEvents = {
    onWork: () => this.#schedule(),
    onFailure: (error) => this.emit('failure', error),
  };
  /** Whether a change is between two of its steps. */
  readonly #wholeness = new Wholeness();
  #stepping = false;
  #closed = false;
  #announcing = false;

  static async open(deps: ReplicatedStateDeps): Promise<ReplicatedState> {
    // Work may be announced before there is a state to step; the first step is then taken below.
    let state: ReplicatedState | null = null;
    const database = await openOrStartOver(deps, {
      onWork: () => {
        if (state !== null) state.#schedule();
      },
      onFailure: (error) => state?.emit('failure', error),
    });
    state = new ReplicatedState(deps, database);
    state.#schedule();
    return state;
  }

  private constructor(deps: ReplicatedStateDeps, database: StateDatabase) {
    super();
    this.#deps = deps;
    this.#database = database;
    this.#durable = database.durable;
    this.#applied = database.durable;
  }

  get mvcc(): Mvcc {
    return this.#database.mvcc;
  }

  get members(): MemberTable {
    return this.#database.members;
  }

  get ladder(): LadderTable {
    return this.#database.ladder;
  }

  get standbys(): StandbyTable {
    return this.#database.standbys;
  }

  get durable(): SnapshotMeta {
    return this.#durable;
  }

  /** As of the last applied entry; the configuration of that index is in it. */
  get applied(): SnapshotMeta {
    return this.#applied;
  }

  /** The configuration as of the last applied entry. */
  get confState(): ConfState {
    return this.#applied.confState;
  }

  /** In steps where it concerns very many keys. */
  apply(command: Command<LocalRequest>): ApplyResult | LongApply<ApplyResult> {
    const beganMs = performance.now();
    const begun = applyCommand(command, this.#database, this.counts, this.#listener);
    const took = (): void => this.counts.took(beganMs);
    if (begun instanceof LongChange) return this.#wholeness.during(begun.whenDone(took));
    took();
    return begun;
  }

  /** What `read` gives when no change is between two of its steps: for what does not read at a revision. */
  whenWhole<T>(read: (mvcc: Mvcc) => T): Promise<T> {
    return this.#wholeness.look(() => read(this.#database.mvcc));
  }

  /** For raft-node's `validateConfChange`. */
  refuseConfChange(change: ConfChange): string | null {
    return refuseChange(change, this.#database);
  }

  applyConfChange(change: ConfChange | null, at: { index: number; term: number; confState: ConfState }): void {
    if (change !== null) applyChange(change, this.#database);
    this.#applied = { index: at.index, term: at.term, confState: at.confState };
    this.#announceMembers();
  }

  appliedTo(index: number, term: number): void {
    this.#applied = { index, term, confState: this.#applied.confState };
    this.#database.mvcc.endApply();
  }

  flush(done: (error: Error | null, durable: SnapshotMeta | null) => void): void {
    this.#flushes = this.#flushes
      .then(() => this.#flushNow())
      .then(
        (durable) => done(null, durable),
        (error: Error) => done(error, null),
      );
  }

  openSnapshot(done: (error: Error | null, snapshot: StateSnapshot | null) => void): void {
    this.flush((error, meta) => {
      if (error !== null || meta === null) {
        done(error, null);
        return;
      }
      done(null, snapshotOf(this.#database, meta));
    });
  }

  /** The records of the key-value state at one moment, to be kept elsewhere. Close it: it holds disk space. */
  openExport(): Promise<StateExport> {
    return new Promise((resolve, reject) => {
      // In the callback itself: the next flush may be taken up as soon as it is over.
      this.flush((error, meta) => {
        if (meta === null) reject(error);
        else resolve(exportOf(this.#database, meta));
      });
    });
  }

  /** Gives disk space back, a part of the state at a time. */
  async defragment(): Promise<void> {
    const { store, mvcc } = this.#database;
    for (const range of mvcc.recordRanges(DEFRAGMENT_PIECES)) await reclaimSpace(store, range);
    this.diskUsage.changed();
  }

  async stageSnapshot(meta: SnapshotMeta, chunks: AsyncIterable<Uint8Array>): Promise<StagedSnapshot> {
    const { directory } = this.#deps;
    const target = directory.newDirectory();
    try {
      const received = await receiveSnapshot(target, meta, chunks, this.#deps.mvccOptions, this.#events);
      await this.#closeReceived();
      this.#received = received;
      const staged: StagedSnapshot = { meta, hash: received.hash };
      await directory.markStaged(target, staged);
      if (this.#closed) await this.#closeReceived();
      return staged;
    } catch (error) {
      await this.#closeReceived();
      await directory.remove(target);
      throw error;
    }
  }

  stagedSnapshot(): StagedSnapshot | null {
    return this.#deps.directory.staged;
  }

  installSnapshot(staged: StagedSnapshot, done: (error: Error | null) => void): void {
    this.#flushes = this.#flushes
      .then(() => this.#install(staged))
      .then(
        () => done(null),
        (error: Error) => done(error),
      );
  }

  discardStaged(): void {
    this.#flushes = this.#flushes.then(async () => {
      await this.#closeReceived();
      await this.#deps.directory.forgetStaged();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#wholeness.close();
    await this.#flushes;
    await this.#closeReceived();
    await closeStore(this.#database.store);
  }

  async #closeReceived(): Promise<void> {
    const received = this.#received;
    this.#received = null;
    if (received !== null) await closeStore(received.database.store);
  }

  /** Not within the turn: who listens moves streams and proposes, and what the turn still sends must leave first. */
  #announceMembers(): void {
    if (this.#announcing) return;
    this.#announcing = true;
    queueMicrotask(() => {
      this.#announcing = false;
      this.emit('members');
    });
  }

  async #flushNow(): Promise<SnapshotMeta> {
    const { durable, tookMs } = await this.#wholeness.look(() => flushDatabase(this.#database, this.#applied));
    this.#deps.onFlush?.(tookMs);
    this.diskUsage.changed();
    this.#durable = durable;
    return durable;
  }

  /** Makes the staged database the state by one rename, and moves over to it. */
  async #install(staged: StagedSnapshot): Promise<void> {
    const { directory } = this.#deps;
    const database = await this.#openStaged(staged);
    const replaced = directory.current;
    await directory.switchTo(staged);
    const old = this.#database;
    this.#database = database;
    this.#durable = database.durable;
    this.#applied = database.durable;
    old.mvcc.moveWatchesTo(database.mvcc);
    await closeStore(old.store);
    await directory.forgetStaged();
    await directory.remove(replaced);
    this.#schedule();
    this.emit('installed');
    this.emit('ladder');
    this.emit('standbys');
    this.#announceMembers();
  }

  /** As it was received by this process, or read again, beside the old one. */
  async #openStaged(staged: StagedSnapshot): Promise<StateDatabase> {
    const { directory, mvccOptions } = this.#deps;
    const path = directory.directoryOf(staged);
    const received = this.#received;
    if (received?.hash !== staged.hash) return openStateDatabase(path, mvccOptions, this.#events);
    this.#received = null;
    return received.database;
  }

  /** Background work of the key-value state, a bounded piece a turn. */
  #schedule(): void {
    if (this.#stepping || this.#closed) return;
    this.#stepping = true;
    setImmediate(() => {
      this.#stepping = false;
      if (!this.#closed && this.#database.mvcc.step()) this.#schedule();
    });
  }
}
