/**
 * The Raft log on a store: group commit, reads from memory, compaction behind the scenes. Callbacks only; disk, file and
 * clock are given to it, so that a simulator runs it on its own.
 *
 * Order of a batch: sync it, write the high-water record, show it, acknowledge it. Callbacks are made in the order of the
 * calls, never before a call returns. After a failed write nothing is accepted any more: what is on disk is unknown.
 */
import assert from 'node:assert/strict';
import type { Entry, HardState, LogReadFailure, SnapshotMeta } from '@understudy/raft-core';
import type { InstallIntent, LogRecovery, LogWrite, RaftLog } from '@understudy/raft-node';
import type { Done, Store } from '@understudy/store';
import { BatchEncoder, type EncodedBatch } from './batch-encoder.js';
import { BatchPlan } from './batch-plan.js';
import { EntryFetcher } from './entry-fetcher.js';
import { readPoint } from './entry-reader.js';
import { encodeHighWater, type HighWaterSlot } from './high-water.js';
import type { HighWaterDevice, Scheduler } from './high-water-device.js';
import type { DirectoryIdentity } from './identity.js';
import { highWaterOf, type LoadedLog } from './load.js';
import { LogIndex } from './log-index.js';
import type { LogPoint } from './log-state.js';
import { LogCounts, type LogStatistics } from './log-statistics.js';
import type { ResolvedLogOptions } from './options.js';
import { Reclaimer } from './reclaimer.js';
import { weaker } from './recovery.js';
import { damagedError, toWalError, WalError } from './wal-error.js';
import { addToPlan, type QueuedWork, type QueuedWrite, WriteQueue } from './write-queue.js';

export interface StoreLogDeps {
  readonly store: Store;
  readonly highWater: HighWaterDevice;
  readonly scheduler: Scheduler;
  /** Told after each synced batch how long its sync took, milliseconds, and its bytes. Must not throw. */
  readonly onSync?: ((durationMs: number, bytes: number) => void) | undefined;
}

export interface StoreLogOptions {
  readonly log: ResolvedLogOptions;
  /** For messages: the directory. */
  readonly name: string;
  readonly systemBootId: string;
}

export class StoreLog implements RaftLog {
  readonly identity: DirectoryIdentity;
  readonly #store: Store;
  readonly #device: HighWaterDevice;
  readonly #scheduler: Scheduler;
  readonly #onSync: ((durationMs: number, bytes: number) => void) | undefined;
  readonly #options: StoreLogOptions;
  readonly #queue: WriteQueue;
  readonly #encoder = new BatchEncoder();
  readonly #index: LogIndex;
  readonly #fetcher: EntryFetcher;
  readonly #reclaimer: Reclaimer;
  #recoveryReason: string;
  #snapshot: SnapshotMeta | null;
  #pendingInstall: InstallIntent | null;
  #nextSlot: HighWaterSlot;
  // The term and vote in the high-water record on disk: others may hold them against this member.
  #provenTerm: number;
  #provenVote: number;
  // The batch on its way to disk. At most one: its outcome is the ground of the next.
  #inFlight: readonly QueuedWrite[] | null = null;
  #flushScheduled = false;
  // The commit index in memory is ahead of the one on disk.
  #commitUnsaved = false;
  // Where the log will end once everything queued is done.
  #queuedLastIndex: number;
  #failure: WalError | null = null;
  // Who waits for the close; null before it was asked for.
  #closing: Done[] | null = null;
  #closed = false;
  // And everybody was told.
  #ended = false;
  readonly #counts = new LogCounts();

  constructor(deps: StoreLogDeps, options: StoreLogOptions, loaded: LoadedLog) {
    this.#store = deps.store;
    this.#device = deps.highWater;
    this.#scheduler = deps.scheduler;
    this.#onSync = deps.onSync;
    this.#options = options;
    this.identity = loaded.identity;
    this.#snapshot = loaded.snapshot;
    this.#pendingInstall = loaded.pendingInstall;
    this.#recoveryReason = loaded.recoveryReason;
    this.#nextSlot = loaded.nextSlot;
    this.#provenTerm = loaded.state.hardState.term;
    this.#provenVote = loaded.state.hardState.vote;
    this.#index = new LogIndex(options.log, loaded);
    this.#fetcher = new EntryFetcher(
      { store: deps.store, scheduler: deps.scheduler, index: this.#index, counts: this.#counts },
      { name: options.name, maxRunBytes: options.log.readCacheBytes / 4, isWriting: () => this.#inFlight !== null },
    );
    this.#queue = new WriteQueue(options.log.maxBatchBytes);
    this.#queuedLastIndex = this.#index.lastIndex;
    this.#reclaimer = new Reclaimer(deps.store, options.log.reclaimStepEntries, (error) => this.#fail(error));
    this.#device.onFailure((error) => this.#fail(error));
    if (loaded.leftovers !== null) this.#reclaimer.add(loaded.leftovers.from, loaded.leftovers.through);
  }

  /** How often the directory was opened, this time included. */
  get bootCount(): number {
    return this.identity.bootCount;
  }

  /** As of the last acknowledged write. */
  get hardState(): HardState {
    return this.#index.state.hardState;
  }

  get recovering(): LogRecovery | null {
    const { recovery } = this.#index.state;
    return recovery === null ? null : { ...recovery, reason: this.#recoveryReason };
  }

  /** The snapshot that the log was last restarted from, if any. */
  get snapshot(): SnapshotMeta | null {
    return this.#snapshot;
  }

  /** An announced install that was neither ended by a snapshot nor abandoned; set at open when a crash interrupted it. */
  get pendingInstall(): InstallIntent | null {
    return this.#pendingInstall;
  }

  /** Set once a write failed; every call with a callback fails with it. */
  get failure(): WalError | null {
    return this.#failure;
  }

  firstIndex(): number {
    return this.#index.firstIndex;
  }

  lastIndex(): number {
    return this.#index.lastIndex;
  }

  term(index: number): number | 'compacted' | 'unavailable' {
    return this.#index.term(index);
  }

  entries(lo: number, hi: number, maxBytes: number): readonly Entry[] | LogReadFailure {
    return this.#index.entries(lo, hi, maxBytes);
  }

  /** Milliseconds since the oldest write that still waits for its sync was queued; 0 when none does. */
  appendAgeMs(nowMs = this.#scheduler.now()): number {
    const inFlight = this.#inFlight?.find(({ needsSync }) => needsSync)?.queuedAtMs;
    const since = inFlight ?? this.#queue.oldestSyncAtMs();
    return since === null ? 0 : Math.max(0, nowMs - since);
  }

  statistics(): LogStatistics {
    return {
      ...this.#counts,
      queuedWrites: this.#queue.length,
      queuedBytes: this.#queue.bytes,
      tailBytes: this.#index.tailBytes,
      readCacheBytes: this.#index.cacheBytes,
      unreclaimedEntries: this.#reclaimer.pendingEntries,
    };
  }

  append(write: LogWrite, done: Done): void {
    const { entries, snapshot, hardState } = write;
    if (snapshot !== null) this.#queuedLastIndex = snapshot.index;
    let bytes = 0;
    const first = entries[0];
    if (first !== undefined) {
      assert(
        first.index <= this.#queuedLastIndex + 1,
        `entry ${first.index} to append, but the log ends at ${this.#queuedLastIndex}`,
      );
      let expected = first.index;
      for (const entry of entries) {
        assert(entry.index === expected, `entry ${entry.index} in the place of ${expected}`);
        expected += 1;
        bytes += entry.data.length;
      }
      this.#queuedLastIndex = expected - 1;
    }
    const promised = this.#index.state.hardState;
    // Judged here as well as by the caller: no fact that others may depend on is left to ride along.
    const binding = hardState !== null && (hardState.term !== promised.term || hardState.vote !== promised.vote);
    const needsSync = write.mustSync || binding || first !== undefined || snapshot !== null;
    this.#enqueue({ kind: 'write', write }, needsSync, bytes, done);
  }

  beginInstall(intent: InstallIntent, done: Done): void {
    this.#enqueue({ kind: 'begin-install', intent }, true, 0, done);
  }

  abandonInstall(done: Done): void {
    this.#enqueue({ kind: 'abandon-install' }, true, 0, done);
  }

  endRecovery(done: Done): void {
    assert(this.recovering?.voteProven ?? true, 'a recovery without a proven vote has no end');
    this.#enqueue({ kind: 'recovery', recovery: null }, this.recovering !== null, 0, done);
  }

  /**
   * What the log itself cannot see says that it lost what it had acknowledged, up to `highWaterIndex` at least: from now
   * on, and at every start, it is recovering. To be called before raft-node starts on it.
   */
  beginRecovery({ reason, ...recovery }: LogRecovery, done: Done): void {
    this.#recoveryReason = reason;
    this.#enqueue({ kind: 'recovery', recovery: weaker(recovery, this.recovering) }, true, 0, done);
  }

  compact(index: number, done: Done): void {
    assert(index <= this.lastIndex(), `compaction at ${index}, but the log ends at ${this.lastIndex()}`);
    this.#enqueue({ kind: 'compact', index }, index >= this.firstIndex(), 0, done);
  }

  fetch(lo: number, hi: number, maxBytes: number, done: Done): void {
    const refusal = this.#refusal();
    if (refusal !== null) {
      this.#scheduler.defer(() => done(refusal));
      return;
    }
    this.#fetcher.fetch(lo, hi, maxBytes, done);
  }

  /** Writes what is queued, and the commit index, then closes file and store. */
  close(done: Done): void {
    if (this.#ended) {
      this.#scheduler.defer(() => done(null));
      return;
    }
    if (this.#closing !== null) {
      this.#closing.push(done);
      return;
    }
    const flush = this.#commitUnsaved || this.#queue.length > 0 || this.#inFlight !== null;
    if (flush && this.#failure === null) this.#enqueue({ kind: 'flush' }, true, 0, () => {});
    this.#closing = [done];
    this.#reclaimer.stop();
    this.#closeWhenIdle();
  }

  #enqueue(work: QueuedWork, needsSync: boolean, bytes: number, done: Done): void {
    if (this.#failure !== null || this.#closing !== null) {
      this.#scheduler.defer(() => done(this.#refusal()));
      return;
    }
    this.#queue.push({ work, needsSync, bytes, queuedAtMs: this.#scheduler.now(), done });
    this.#scheduleFlush();
  }

  #refusal(): WalError | null {
    if (this.#failure !== null) return this.#failure;
    return this.#closing === null ? null : new WalError('closed', `${this.#options.name}: the log is closed`);
  }

  /** Not at once: what else is appended in this turn goes into the same batch. */
  #scheduleFlush(): void {
    if (this.#flushScheduled || this.#inFlight !== null) return;
    this.#flushScheduled = true;
    this.#scheduler.defer(() => {
      this.#flushScheduled = false;
      if (this.#inFlight === null) this.#flush();
    });
  }

  #flush(): void {
    const writes = this.#queue.take();
    if (writes.length === 0) {
      this.#closeWhenIdle();
      return;
    }
    const { state } = this.#index;
    const plan = new BatchPlan(state.anchor.index, state.last.index);
    for (const { work } of writes) addToPlan(plan, work);
    this.#inFlight = writes;
    if (writes.some(({ needsSync }) => needsSync)) this.#write(plan);
    else this.#moveCommit(plan);
  }

  /** Nothing here needs to be on disk before it is acknowledged: it is written with the next batch, or at close. */
  #moveCommit(plan: BatchPlan): void {
    const { state } = this.#index;
    if (plan.hardState !== null && plan.hardState.commit !== state.hardState.commit) {
      this.#index.replaceState({ ...state, hardState: plan.hardState });
      this.#commitUnsaved = true;
    }
    this.#acknowledge();
  }

  #write(plan: BatchPlan): void {
    let batch: EncodedBatch;
    try {
      batch = this.#encoder.encode(plan, this.#index.state, (index) => this.#pointAt(index));
    } catch (error) {
      this.#fail(error);
      return;
    }
    const startedMs = this.#scheduler.now();
    this.#store.batch(batch.writes, { sync: true }, (error) => {
      this.#counts.lastSyncMs = this.#scheduler.now() - startedMs;
      if (error === null) this.#onSync?.(this.#counts.lastSyncMs, batch.bytes);
      if (error !== null) this.#fail(error);
      else if (this.#failure === null) this.#writeHighWater(plan, batch);
    });
  }

  #writeHighWater(plan: BatchPlan, batch: EncodedBatch): void {
    const { log, systemBootId } = this.#options;
    const record = encodeHighWater(highWaterOf(batch.state, this.identity, systemBootId, log.paranoid));
    const slot = this.#nextSlot;
    this.#nextSlot = slot === 0 ? 1 : 0;
    const { term, vote } = batch.state.hardState;
    const promised = term !== this.#provenTerm || vote !== this.#provenVote;
    this.#device.write(slot, record, log.paranoid || promised, (error) => {
      if (error === null) {
        this.#provenTerm = term;
        this.#provenVote = vote;
      }
      if (error !== null) this.#fail(error);
      else if (this.#failure === null) this.#complete(plan, batch);
    });
  }

  #complete(plan: BatchPlan, batch: EncodedBatch): void {
    const before = this.#index.state;
    this.#index.apply(plan, batch.state);
    this.#commitUnsaved = false;
    if (plan.snapshot !== null) this.#snapshot = plan.snapshot;
    if (plan.install.kind === 'begin') this.#pendingInstall = plan.install.intent;
    else if (plan.install.kind === 'end') this.#pendingInstall = null;
    this.#counts.addBatch(plan.entries.length, batch.bytes);
    if (batch.state.anchor.index > before.anchor.index) {
      this.#reclaimer.add(before.anchor.index + 1, Math.min(batch.state.anchor.index, before.last.index));
    }
    this.#acknowledge();
  }

  #acknowledge(): void {
    const writes = this.#inFlight ?? [];
    this.#counts.writes += writes.length;
    // Still in flight while it calls: what the callbacks append is one batch.
    for (const { done } of writes) done(null);
    this.#inFlight = null;
    if (this.#queue.length > 0) this.#scheduleFlush();
    else this.#closeWhenIdle();
  }

  #pointAt(index: number): LogPoint {
    const { anchor, last } = this.#index.state;
    if (index === last.index) return last;
    if (index === anchor.index) return anchor;
    const point = readPoint(this.#store, index);
    if ('what' in point) throw damagedError(this.#options.name, point);
    return point;
  }

  /** The outcome of whatever is under way is unknown. */
  #fail(error: unknown): void {
    if (this.#failure !== null) return;
    const cause = toWalError(error, this.#options.name);
    const code = cause.code === 'full' || cause.code === 'damaged' ? cause.code : 'failed';
    const message = `the log failed, and takes nothing more: ${cause.message}`;
    this.#failure = new WalError(code, message, cause.damage === null ? { cause } : { cause, damage: cause.damage });
    const writes = [...(this.#inFlight ?? []), ...this.#queue.takeAll()];
    this.#reclaimer.stop();
    for (const { done } of writes) done(this.#failure);
    this.#inFlight = null;
    this.#closeWhenIdle();
  }

  #closeWhenIdle(): void {
    const waiting = this.#closing;
    if (waiting === null || this.#closed || this.#inFlight !== null || this.#queue.length > 0) return;
    this.#closed = true;
    this.#device.close((deviceError) => {
      this.#store.close((storeError) => {
        const error = this.#failure ?? deviceError ?? storeError;
        const outcome = error === null ? null : toWalError(error, `close ${this.#options.name}`);
        this.#ended = true;
        for (const done of waiting) done(outcome);
      });
    });
  }
}
