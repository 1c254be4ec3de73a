/**
 * The state machine of a simulated member: the real mvcc on a simulated disk, driven as the server drives it. Flushes
 * carry the applied index in the same batch; a snapshot is written aside and takes the state's place in one step. No
 * promises: snapshots travel as lists of records, handed over by the network.
 */
import { CompareResult, CompareTarget, Mvcc, type MvccOptions, SortOrder, SortTarget } from '@understudy/mvcc';
import { type ConfChange, EMPTY_CONF_STATE, type SnapshotMeta } from '@understudy/raft-core';
import type { Command, StagedSnapshot, StateMachine, StateSnapshot } from '@understudy/raft-node';
import { crc32c, type StoreRecord, type StoreWrite } from '@understudy/store';
import { MemoryMedium } from '@understudy/store/testing';
import type { StagedFile } from '../disk/disk.js';
import { DiskStore, type DiskStoreDeps } from '../disk/disk-store.js';
import { decodeOperation, type Operation, type OperationResult } from './operation.js';

const APPLIED_KEY = Uint8Array.of(0x01);
const MVCC_PREFIX = 0x10;
const NOTHING: SnapshotMeta = { index: 0, term: 0, confState: EMPTY_CONF_STATE };

export interface SimulatedSnapshot extends StateSnapshot {
  readonly records: readonly StoreRecord[];
}

export interface SimulatedStateDeps extends Omit<DiskStoreDeps, 'medium'> {
  readonly mvccOptions: MvccOptions;
  /** What the member is told of each applied operation. */
  readonly onApply: (command: Command<Operation>, operation: Operation, result: OperationResult) => void;
  readonly onDurable: (meta: SnapshotMeta) => void;
  readonly onInstalled: () => void;
  /** A watch met damage. */
  readonly onFailure: (error: Error) => void;
}

interface Database {
  readonly store: DiskStore;
  readonly mvcc: Mvcc;
  readonly meta: SnapshotMeta;
}

type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly damage: string };
type Opened<T> = (error: Error | null, outcome: Outcome<T> | null) => void;

export class SimulatedState implements StateMachine<OperationResult, Operation> {
  private database: Database;
  durable: SnapshotMeta;
  // durable.index <= applied.index
  private applied: SnapshotMeta;
  private flushing = false;
  // Of a flush: nothing is flushed after it, and the process ends.
  private failure: Error | null = null;
  // Flushes and installs that wait for the one under way.
  private readonly waiting: (() => void)[] = [];
  private stepPlanned = false;
  /** A snapshot's state is being put into place: it may be ahead of the log. */
  installing = false;

  static open(deps: SimulatedStateDeps, done: Opened<SimulatedState>): void {
    const { disk } = deps;
    if (disk.stateUnopenable) {
      done(null, { ok: false, damage: 'the files do not open' });
      return;
    }
    let state: SimulatedState | null = null;
    openDatabase(
      deps,
      disk.state,
      () => state?.planStep(),
      (error, outcome) => {
        if (outcome === null || !outcome.ok) return done(error, outcome);
        state = new SimulatedState(deps, outcome.value);
        state.planStep();
        done(null, { ok: true, value: state });
      },
    );
  }

  private constructor(
    private readonly deps: SimulatedStateDeps,
    database: Database,
  ) {
    this.database = database;
    this.durable = database.meta;
    this.applied = database.meta;
  }

  get mvcc(): Mvcc {
    return this.database.mvcc;
  }

  get appliedIndex(): number {
    return this.applied.index;
  }

  get appliedTerm(): number {
    return this.applied.term;
  }

  apply(command: Command<Operation>): OperationResult {
    const operation = command.local ?? decodeOperation(command.data);
    const result = carryOut(this.mvcc, operation, command.term);
    this.deps.onApply(command, operation, result);
    return result;
  }

  applyConfChange(_change: ConfChange | null, at: SnapshotMeta): void {
    this.applied = { index: at.index, term: at.term, confState: at.confState };
  }

  appliedTo(index: number, term: number): void {
    this.applied = { index, term, confState: this.applied.confState };
    this.mvcc.endApply();
  }

  flush(done: (error: Error | null, durable: SnapshotMeta | null) => void): void {
    if (this.flushing) {
      this.waiting.push(() => this.flush(done));
      return;
    }
    if (this.failure !== null) {
      done(this.failure, null);
      this.next();
      return;
    }
    this.flushing = true;
    const { store, mvcc } = this.database;
    const target = this.applied;
    const { writes, sum } = mvcc.collectFlush();
    const applied: StoreWrite = { type: 'put', key: APPLIED_KEY, value: encodeApplied(target, sum) };
    store.batch(writes.concat([applied]), { sync: true }, (error) => {
      if (error === null) {
        mvcc.flushed();
        this.durable = target;
        this.deps.onDurable(target);
      }
      this.failure = error;
      done(error, error === null ? target : null);
      this.next();
    });
  }

  openSnapshot(done: (error: Error | null, snapshot: SimulatedSnapshot | null) => void): void {
    this.flush((error, meta) => {
      if (error !== null || meta === null) return done(error, null);
      const records = this.database.store.medium.view();
      done(null, { meta, sizeHint: records.length, records, chunks: notStreamed, close: () => {} });
    });
  }

  stageSnapshot(): Promise<StagedSnapshot> {
    throw new Error('snapshots are handed over by the simulated network');
  }

  /** Writes an incoming snapshot aside. */
  stage(meta: SnapshotMeta, records: readonly StoreRecord[], done: (staged: StagedSnapshot) => void): void {
    const { disk } = this.deps;
    const medium = new MemoryMedium();
    medium.apply(
      records.map(({ key, value }) => ({ type: 'put', key, value })),
      true,
    );
    this.deps.later(disk.doneAt(this.deps.now()), () => {
      const staged: StagedFile = { meta, hash: `${meta.term}.${meta.index}.${records.length}`, medium };
      disk.staged = staged;
      done({ meta, hash: staged.hash });
    });
  }

  stagedSnapshot(): StagedSnapshot | null {
    const { staged } = this.deps.disk;
    return staged === null ? null : { meta: staged.meta, hash: staged.hash };
  }

  /** The staged state is opened beside the old one; what makes it the state is one durable step. */
  installSnapshot(staged: StagedSnapshot, done: (error: Error | null) => void): void {
    const { deps } = this;
    const file = deps.disk.staged;
    if (file === null || file.hash !== staged.hash) {
      const inPlace = this.durable.index === staged.meta.index;
      deps.defer(() => done(inPlace ? null : new Error(`no snapshot ${staged.hash} is staged`)));
      return;
    }
    openDatabase(
      deps,
      file.medium,
      () => this.planStep(),
      (error, outcome) => {
        if (outcome === null) return done(error);
        if (!outcome.ok) return done(new Error(`the staged state is damaged: ${outcome.damage}`));
        const database = outcome.value;
        deps.later(deps.disk.doneAt(deps.now()), () => {
          deps.disk.replaceState(file.medium);
          deps.disk.staged = null;
          this.installing = true;
          this.moveTo(database);
          this.installing = false;
          done(null);
        });
      },
    );
  }

  discardStaged(): void {
    this.deps.disk.staged = null;
  }

  async close(): Promise<void> {}

  private moveTo(database: Database): void {
    const old = this.database;
    this.database = database;
    this.durable = database.meta;
    this.applied = database.meta;
    old.mvcc.moveWatchesTo(database.mvcc);
    this.deps.onDurable(database.meta);
    this.deps.onInstalled();
    this.planStep();
  }

  private next(): void {
    this.flushing = false;
    this.waiting.shift()?.();
  }

  /** Background work of the key-value state, a piece at a time. */
  private planStep(): void {
    if (this.stepPlanned) return;
    this.stepPlanned = true;
    this.deps.later(this.deps.now() + 0.5, () => {
      this.stepPlanned = false;
      if (this.mvcc.step()) this.planStep();
    });
  }
}

async function* notStreamed(): AsyncGenerator<Uint8Array> {}

function openDatabase(
  deps: SimulatedStateDeps,
  medium: MemoryMedium,
  onWork: () => void,
  done: Opened<Database>,
): void {
  const store = new DiskStore({ ...deps, medium }, 'state');
  const bytes = store.getSync(APPLIED_KEY);
  const applied = bytes === undefined ? { meta: NOTHING, sum: null } : decodeApplied(bytes);
  if (applied === null) {
    done(null, { ok: false, damage: 'the applied record does not match its checksum' });
    return;
  }
  const { meta, sum } = applied;
  const mvccDeps = { store, prefix: MVCC_PREFIX, expectedSum: sum, onWork, onFailure: deps.onFailure };
  Mvcc.open(mvccDeps, deps.mvccOptions, (error, outcome) => {
    if (outcome === null) done(error, null);
    else if (outcome.ok) done(null, { ok: true, value: { store, mvcc: outcome.mvcc, meta } });
    else done(null, { ok: false, damage: `${outcome.damage.kind}, ${outcome.damage.message}` });
  });
}

type RecordsSum = ReturnType<Mvcc['collectFlush']>['sum'];

interface AppliedRecord {
  readonly meta: SnapshotMeta;
  readonly sum: RecordsSum | null;
}

const CHECKSUM_BYTES = 4;

/** A checksum, then JSON. */
function encodeApplied(meta: SnapshotMeta, sum: RecordsSum): Uint8Array {
  const body = Buffer.from(JSON.stringify({ meta, sum }), 'latin1');
  const bytes = new Uint8Array(CHECKSUM_BYTES + body.length);
  new DataView(bytes.buffer).setUint32(0, crc32c(body), true);
  bytes.set(body, CHECKSUM_BYTES);
  return bytes;
}

function decodeApplied(record: Uint8Array): AppliedRecord | null {
  const bytes = Buffer.from(record);
  const body = bytes.subarray(CHECKSUM_BYTES);
  if (bytes.length < CHECKSUM_BYTES || bytes.readUInt32LE() !== crc32c(body)) return null;
  return JSON.parse(body.toString('latin1')) as AppliedRecord;
}

const NO_BYTES = new Uint8Array(0);
export const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'latin1');

function putOf(key: string, value: string, lease: number) {
  return {
    key: bytesOf(key),
    value: bytesOf(value),
    lease: BigInt(lease),
    prevKv: false,
    ignoreValue: false,
    ignoreLease: false,
  };
}

export function rangeOf(key: string, end: string, revision: number) {
  return {
    key: bytesOf(key),
    rangeEnd: bytesOf(end),
    limit: 0,
    revision,
    sortOrder: SortOrder.none,
    sortTarget: SortTarget.key,
    serializable: true,
    keysOnly: false,
    countOnly: false,
    minModRevision: 0,
    maxModRevision: 0,
    minCreateRevision: 0,
    maxCreateRevision: 0,
  };
}

function carryOut(mvcc: Mvcc, operation: Operation, term: number): OperationResult {
  switch (operation.kind) {
    case 'put':
      return resultOf(mvcc, mvcc.put(putOf(operation.key, operation.value, operation.lease)).ok, 0);
    case 'delete': {
      const outcome = mvcc.deleteRange({
        key: bytesOf(operation.key),
        rangeEnd: bytesOf(operation.end),
        prevKv: false,
      });
      return resultOf(mvcc, outcome.ok, outcome.ok ? outcome.deleted : 0);
    }
    case 'swap': {
      const { key, mod, also, value } = operation;
      const outcome = mvcc.txn({
        compare: [
          {
            result: CompareResult.equal,
            target: CompareTarget.mod,
            key: bytesOf(key),
            rangeEnd: NO_BYTES,
            modRevision: mod,
          },
        ],
        success: [{ requestPut: putOf(key, value, 0) }, { requestPut: putOf(also, value, 0) }],
        failure: [{ requestRange: rangeOf(key, '', 0) }],
      });
      return resultOf(mvcc, outcome.ok, outcome.ok && outcome.succeeded ? 1 : 0);
    }
    case 'compact':
      return resultOf(mvcc, mvcc.compact(operation.revision).ok, 0);
    case 'grant':
      return resultOf(mvcc, mvcc.leaseGrant(BigInt(operation.lease), operation.ttl).ok, 0);
    case 'revoke':
      return resultOf(mvcc, mvcc.leaseRevoke(BigInt(operation.lease)).ok, 0);
    case 'expire':
      // A leader that has lost its place must not end a lease that its successor has extended.
      return operation.term === term
        ? resultOf(mvcc, mvcc.leaseRevoke(BigInt(operation.lease)).ok, 0)
        : resultOf(mvcc, false, 0);
  }
}

function resultOf(mvcc: Mvcc, ok: boolean, detail: number): OperationResult {
  return { ok, revision: mvcc.revision, detail };
}
