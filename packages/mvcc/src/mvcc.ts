/**
 * The state machine's face: revisions of keys, leases and watches over one prefix of a store. Applying is synchronous
 * and deterministic: the same calls in the same order give the same state on every member. No clock, no timers, no
 * promises: time is an argument, background work is done in `step`, and what is to be made durable is handed out by
 * `collectFlush`.
 */
import type { Store, StoreRange } from '@understudy/store';
import type { AlarmTable } from './alarm-table.js';
import type { AuthState } from './auth/auth-state.js';
import { CatchUp } from './catch-up.js';
import { Compaction } from './compaction.js';
import { Flush, type FlushBatch, type FlushWalk } from './flush.js';
import { bytesOf } from './key-bytes.js';
import { isLongDecision, keysInSpan } from './keys-concerned.js';
import { KvState } from './kv-state.js';
import { Lease, type LeaseView } from './lease-table.js';
import { Lessor } from './lessor.js';
import { atOnce, type Begun, LongChange, longKeys, type Steps } from './long-change.js';
import { type Damage, MvccError } from './mvcc-error.js';
import { OpenScan, type Opened } from './open-scan.js';
import {
  deleteKey,
  deleteRangeInSteps,
  endDeletion,
  lacksLease,
  lacksPrevious,
  runPut,
  runRange,
} from './operations.js';
import { type MvccOptions, type ResolvedOptions, resolveOptions } from './options.js';
import type { Outcome, Reason, Refusal } from './outcome.js';
import { RangeCursor } from './range-cursor.js';
import { piecesOf } from './record-ranges.js';
import type { RecordsSum } from './records-sum.js';
import type { DeleteRangeRequest, PutRequest, RangeRequest, TxnRequest } from './request.js';
import { checkDeleteRange, checkPut, checkRange, checkTxn } from './request-check.js';
import type { DeleteRangeResponse, PutResponse, RangeResponse, TxnResponse } from './response.js';
import { revokeInSteps } from './revoke.js';
import { readRevision } from './selection.js';
import { type MvccStats, statsOf } from './mvcc-stats.js';
import { HashWalk, type KvHash } from './state-hash.js';
import { type Decision, decide, refusalOfDecision, txnAtOnce, txnInSteps } from './txn.js';
import { WatchHub } from './watch-hub.js';
import type { Watch, WatchRequest, WatchSink } from './watcher.js';

export interface MvccDeps {
  readonly store: Store;
  /** The first byte of every key this state writes; all other keys of the store are the host's. */
  readonly prefix: number;
  /**
   * The sum that the host stored with its last applied record; null where it stored none, and the prefix must then be
   * empty.
   */
  readonly expectedSum: RecordsSum | null;
  /** There is work for `step` where there was none. Called from any method; only schedule in it. */
  readonly onWork?: (() => void) | undefined;
  /**
   * A read of history for a watch failed, with StoreError, or with MvccError `damaged-record`: the state is to be
   * thrown away. Absent: it is thrown where it happens.
   */
  readonly onFailure?: ((error: Error) => void) | undefined;
}

export type OpenOutcome = { readonly ok: true; readonly mvcc: Mvcc } | { readonly ok: false; readonly damage: Damage };

export class Mvcc {
  /** When leases expire: volatile, the leader's. */
  readonly lessor: Lessor;
  private readonly compaction: Compaction;
  private readonly writer: Flush;
  private readonly hub: WatchHub;
  private readonly catchUp: CatchUp;
  /** The host knows that there is work. */
  private signalled = false;

  private constructor(
    private readonly state: KvState,
    private readonly deps: MvccDeps,
    private readonly options: ResolvedOptions,
    opened: Opened,
  ) {
    const { store, prefix } = deps;
    this.lessor = new Lessor(state.leases, options.checkpointIntervalMs);
    this.compaction = new Compaction(state, options, opened.meta?.scrubbed ?? -1);
    this.writer = new Flush(state, this.compaction, prefix, opened.sum, opened.metaChecksum);
    const onReady = (): void => this.signal();
    this.hub = new WatchHub(state, onReady);
    const onFailure = deps.onFailure ?? throwFailure;
    this.catchUp = new CatchUp(
      { store, state, hub: this.hub, onReady, onFailure },
      prefix,
      options.catchUpRecords,
      options.catchUpBytes,
    );
    this.signal();
  }

  /**
   * `done` gets an error where the store failed (StoreError); damage is an outcome. Throws a RangeError for an option
   * out of range, and StoreError `closed` for a closed store.
   */
  static open(
    deps: MvccDeps,
    options: MvccOptions,
    done: (error: Error | null, outcome: OpenOutcome | null) => void,
  ): void {
    const { store, prefix, expectedSum } = deps;
    if (!Number.isInteger(prefix) || prefix < 0 || prefix > 255) {
      throw new RangeError(`prefix must be a byte; it is ${prefix}`);
    }
    const resolved = resolveOptions(options);
    const state = new KvState(store, prefix, resolved.cacheBytes);
    new OpenScan(store, prefix, state, expectedSum, resolved.openRecords, (error, outcome) => {
      if (outcome === null || !outcome.ok) {
        done(error, outcome);
        return;
      }
      if (outcome.opened.meta !== null) state.restoreRevisions(outcome.opened.meta);
      done(null, { ok: true, mvcc: new Mvcc(state, deps, resolved, outcome.opened) });
    }).run();
  }

  /** Starts at 1; one more with each request that changed keys. */
  get revision(): number {
    return this.state.revision;
  }

  /** -1 before the first compaction. */
  get compactedRevision(): number {
    return this.state.compacted;
  }

  /** flushedRevision <= revision */
  get flushedRevision(): number {
    return this.writer.revision;
  }

  /** After the last `collectFlush`, or as opened. */
  get recordsSum(): RecordsSum {
    return this.writer.sum;
  }

  /** Users and roles: changed through the log like the keys, but with no revision and no event. */
  get auth(): AuthState {
    return this.state.auth;
  }

  /** Alarms of members: the same. */
  get alarms(): AlarmTable {
    return this.state.alarms;
  }

  put(request: PutRequest): Outcome<PutResponse> {
    this.assertWhole();
    const reason = checkPut(request);
    if (reason !== null) return refuse(reason);
    if (lacksLease(this.state, request)) return refuse('lease-not-found');
    if (lacksPrevious(this.state, request)) return refuse('key-not-found');
    const prevKv = runPut(this.state, request);
    return { ok: true, header: undefined, revision: this.state.endRevision(), prevKv };
  }

  range(request: RangeRequest): Outcome<RangeResponse> {
    const reason = checkRange(request);
    if (reason !== null) return refuse(reason);
    const found = runRange(this.state, request);
    if ('ok' in found) return found;
    const { kvs, more, count } = found;
    return { ok: true, header: undefined, revision: this.state.revision, kvs, more, count };
  }

  /** The same read in pieces, for ranges too large for one turn. Close it: compaction waits for it. */
  openRange(request: RangeRequest): Outcome<{ readonly cursor: RangeCursor }> {
    const reason = checkRange(request);
    if (reason !== null) return refuse(reason);
    const revision = readRevision(this.state, request.revision);
    if (typeof revision !== 'number') return revision;
    return { ok: true, cursor: new RangeCursor(this.state, request, revision, () => this.signal()) };
  }

  deleteRange(request: DeleteRangeRequest): Outcome<DeleteRangeResponse> {
    this.assertWhole();
    const reason = checkDeleteRange(request);
    if (reason !== null) return refuse(reason);
    if (request.rangeEnd.length === 0) return endDeletion(this.state, deleteKey(this.state, request));
    return atOnce(deleteRangeInSteps(this.state, request));
  }

  /**
   * As `deleteRange`, for a host whose turns must be short: in steps where very many keys are concerned. Until the last of
   * them readers see what was before, and nothing else may be applied or flushed (`misuse`).
   */
  startDeleteRange(request: DeleteRangeRequest): Begun<Outcome<DeleteRangeResponse>> {
    const isLong = checkDeleteRange(request) === null && keysInSpan(this.state, request) > longKeys;
    return isLong ? this.begin(deleteRangeInSteps(this.state, request)) : this.deleteRange(request);
  }

  txn(request: TxnRequest): Outcome<TxnResponse> {
    const decision = this.decideTxn(request);
    return 'ok' in decision ? decision : txnAtOnce(this.state, decision);
  }

  /** As `startDeleteRange`. The comparisons are made at once. */
  startTxn(request: TxnRequest): Begun<Outcome<TxnResponse>> {
    const decision = this.decideTxn(request);
    if ('ok' in decision) return decision;
    const isLong = isLongDecision(this.state, decision);
    return isLong ? this.begin(txnInSteps(this.state, decision)) : txnAtOnce(this.state, decision);
  }

  /**
   * Forgets the history before `revision`, except what is live at it. Refused as `compacted` where that was done
   * already. Takes effect at once; the records go in the background, see `step`.
   */
  compact(revision: number): Outcome<{ readonly revision: number }> {
    this.assertWhole();
    if (revision <= this.state.compacted) return refuse('compacted');
    if (revision > this.state.revision) return refuse('future-revision');
    this.state.compacted = revision;
    this.signal();
    return { ok: true, revision: this.state.revision };
  }

  /** `ttl` in seconds; raised to `minLeaseTtl`. The answer has what was granted. */
  leaseGrant(id: bigint, ttl: number): Outcome<{ readonly id: bigint; readonly ttl: number }> {
    const lease = this.state.leases.grant(id, ttl, this.options.minLeaseTtl);
    return lease instanceof Lease ? { ok: true, id, ttl: lease.ttl } : lease;
  }

  /** Deletes the lease's keys, in key order, in one revision. */
  leaseRevoke(id: bigint): Outcome<{ readonly revision: number }> {
    this.assertWhole();
    const lease = this.state.leases.get(id);
    if (lease === undefined) return refuse('lease-not-found');
    return atOnce(revokeInSteps(this.state, lease));
  }

  /** As `startDeleteRange`. */
  startLeaseRevoke(id: bigint): Begun<Outcome<{ readonly revision: number }>> {
    const lease = this.state.leases.get(id);
    const isLong = lease !== undefined && lease.keys.size > longKeys;
    return isLong ? this.begin(revokeInSteps(this.state, lease)) : this.leaseRevoke(id);
  }

  /** Stores what is left of a long lease, so that a new leader does not start over; 0 forgets it. Seconds. */
  leaseCheckpoint(id: bigint, remainingTtl: number): Outcome<{ readonly remainingTtl: number }> {
    const lease = this.state.leases.get(id);
    if (lease === undefined) return refuse('lease-not-found');
    this.state.leases.checkpoint(lease, remainingTtl);
    return { ok: true, remainingTtl: lease.remainingTtl };
  }

  lease(id: bigint): LeaseView | undefined {
    const lease = this.state.leases.get(id);
    return lease === undefined ? undefined : this.state.leases.view(lease);
  }

  /** Whether `holds` says so of every key on the lease; true where there is no such lease. */
  everyLeasedKey(id: bigint, holds: (key: Uint8Array) => boolean): boolean {
    const lease = this.state.leases.get(id);
    if (lease !== undefined) for (const key of lease.keys) if (!holds(bytesOf(key))) return false;
    return true;
  }

  /** Ascending. */
  leaseIds(): bigint[] {
    return this.state.leases.ids();
  }

  /** Once per run of applied requests: tells the watches. */
  endApply(): void {
    this.hub.notify();
  }

  watch(request: WatchRequest, sink: WatchSink): Outcome<{ readonly watch: Watch }> {
    return this.hub.watch(request, sink);
  }

  /** Moves every watch to another state of the same cluster, as after an installed snapshot. This one is then done. */
  moveWatchesTo(next: Mvcc): void {
    this.endApply();
    this.catchUp.close();
    this.hub.moveTo(next.hub);
  }

  /** A bounded piece of background work: compaction, watches that catch up. True: there is more to do now. */
  step(): boolean {
    this.signalled = true;
    this.endApply();
    this.catchUp.step();
    this.compaction.step();
    this.signalled = this.catchUp.ready || this.compaction.ready;
    return this.signalled;
  }

  /**
   * What changed since the last call, to be written as one batch with the host's applied record. The next call comes
   * after `flushed`; a batch that failed is not tried again: the process ends, and the store decides at the next start.
   */
  collectFlush(): FlushBatch {
    const walk = this.beginFlush();
    const writes = walk.next(Number.POSITIVE_INFINITY);
    return { writes, sum: walk.sum, revision: walk.revision };
  }

  /** The same in pieces of your size, which still make one batch; other things may be applied in between. */
  beginFlush(): FlushWalk {
    this.assertWhole();
    this.endApply();
    return this.writer.begin();
  }

  /** The batch is durable. With `maxRecords` in pieces: call it until it returns true. */
  flushed(maxRecords: number = Number.POSITIVE_INFINITY): boolean {
    const done = this.writer.finish(maxRecords);
    if (done) this.signal();
    return done;
  }

  /**
   * Over the live history up to `revision`; 0: now. The same on every member at the same compacted revision. Walk it in
   * steps, and close it: compaction waits for it.
   */
  openHash(revision: number): Outcome<{ readonly walk: HashWalk }> {
    const last = readRevision(this.state, revision);
    if (typeof last !== 'number') return last;
    return { ok: true, walk: new HashWalk(this.state, last, () => this.signal()) };
  }

  /** The same at once. */
  hashKv(revision: number): Outcome<KvHash> {
    const opened = this.openHash(revision);
    if (!opened.ok) return opened;
    const hash = opened.walk.step(Number.POSITIVE_INFINITY) as KvHash;
    opened.walk.close();
    return { ok: true, ...hash };
  }

  /** All records lie in these ranges of the store, about as many versions in each but the first and the last. */
  recordRanges(pieces: number): StoreRange[] {
    return piecesOf(this.deps.prefix, this.state.revision, pieces);
  }

  stats(): MvccStats {
    return statsOf(this.state, this.hub, this.compaction);
  }

  private decideTxn(request: TxnRequest): Decision | Refusal {
    this.assertWhole();
    const fault = checkTxn(request, Number.POSITIVE_INFINITY);
    if (fault !== null) return refuse(fault);
    const decision = decide(this.state, request);
    const reason = refusalOfDecision(this.state, decision);
    return reason === null ? decision : refuse(reason);
  }

  private begin<Result>(steps: Steps<Result>): LongChange<Result> {
    this.assertWhole();
    return new LongChange(this.state, steps, () => this.signal());
  }

  /** A long change has all of the state to itself, but for reads. */
  private assertWhole(): void {
    if (this.state.paused) throw new MvccError('misuse', 'a long change is not done yet');
  }

  private signal(): void {
    if (this.signalled || !(this.catchUp.ready || this.compaction.ready)) return;
    this.signalled = true;
    this.deps.onWork?.();
  }
}

function refuse(reason: Reason): Refusal {
  return { ok: false, reason };
}

function throwFailure(error: Error): never {
  throw error;
}
