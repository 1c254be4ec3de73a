/** Short ways to make requests, to open a state on a store, and to flush it as a host does. */
import { MemoryMedium, MemoryStore } from '@understudy/store/testing';
import type { Store } from '@understudy/store';
import {
  type Compare,
  type DeleteRangeRequest,
  type Event,
  Mvcc,
  type MvccDeps,
  type MvccOptions,
  type OpenOutcome,
  type PutRequest,
  type RangeRequest,
  type RecordsSum,
  type RequestOp,
  type WatchBatch,
  type WatchRequest,
  type WatchSink,
} from '../src/index.js';

export const prefix = 0x6b;

export const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');
export const text = (value: Uint8Array): string => Buffer.from(value).toString('latin1');

export function rangeOf(key: string, rangeEnd = '', more: Partial<RangeRequest> = {}): RangeRequest {
  return {
    key: bytes(key),
    rangeEnd: bytes(rangeEnd),
    limit: 0,
    revision: 0,
    sortOrder: 0,
    sortTarget: 0,
    serializable: false,
    keysOnly: false,
    countOnly: false,
    minModRevision: 0,
    maxModRevision: 0,
    minCreateRevision: 0,
    maxCreateRevision: 0,
    ...more,
  };
}

export function putOf(key: string, value = '', more: Partial<PutRequest> = {}): PutRequest {
  return {
    key: bytes(key),
    value: bytes(value),
    lease: 0n,
    prevKv: false,
    ignoreValue: false,
    ignoreLease: false,
    ...more,
  };
}

export function deleteOf(key: string, rangeEnd = '', prevKv = false): DeleteRangeRequest {
  return { key: bytes(key), rangeEnd: bytes(rangeEnd), prevKv };
}

export function compareOf(key: string, more: Partial<Compare> = {}, rangeEnd = ''): Compare {
  return { result: 0, target: 0, key: bytes(key), rangeEnd: bytes(rangeEnd), ...more };
}

export const opPut = (key: string, value = '', more: Partial<PutRequest> = {}): RequestOp => ({
  requestPut: putOf(key, value, more),
});
export const opRange = (key: string, rangeEnd = '', more: Partial<RangeRequest> = {}): RequestOp => ({
  requestRange: rangeOf(key, rangeEnd, more),
});
export const opDelete = (key: string, rangeEnd = '', prevKv = false): RequestOp => ({
  requestDeleteRange: deleteOf(key, rangeEnd, prevKv),
});
export const opTxn = (compare: Compare[], success: RequestOp[], failure: RequestOp[] = []): RequestOp => ({
  requestTxn: { compare, success, failure },
});

export function watchOf(key: string, rangeEnd = '', more: Partial<WatchRequest> = {}): WatchRequest {
  return {
    key: bytes(key),
    rangeEnd: bytes(rangeEnd),
    startRevision: 0,
    prevKv: false,
    noPut: false,
    noDelete: false,
    ...more,
  };
}

/** The success of an outcome that must be one. */
export function ok<T extends { readonly ok: boolean }>(outcome: T): Extract<T, { readonly ok: true }> {
  if (!outcome.ok) throw new Error(`refused: ${JSON.stringify(outcome)}`);
  return outcome as Extract<T, { readonly ok: true }>;
}

export interface OpenFor extends Partial<MvccDeps> {
  readonly options?: MvccOptions;
}

export function openOutcome(store: Store, expectedSum: RecordsSum | null, more: OpenFor = {}): Promise<OpenOutcome> {
  const { options, ...deps } = more;
  return new Promise((resolve, reject) => {
    Mvcc.open({ store, prefix, expectedSum, ...deps }, options ?? {}, (error, outcome) => {
      if (outcome === null) reject(error ?? new Error('neither error nor outcome'));
      else resolve(outcome);
    });
  });
}

export async function open(store: Store, expectedSum: RecordsSum | null, more: OpenFor = {}): Promise<Mvcc> {
  const outcome = await openOutcome(store, expectedSum, more);
  if (!outcome.ok) throw new Error(`damaged: ${outcome.damage.message}`);
  return outcome.mvcc;
}

/** A state on a fresh store in memory. */
export async function fresh(
  options: MvccOptions = {},
): Promise<{ mvcc: Mvcc; medium: MemoryMedium; store: MemoryStore }> {
  const medium = new MemoryMedium();
  const store = new MemoryStore({ medium });
  return { mvcc: await open(store, null, { options }), medium, store };
}

/** As the host: one synced batch, then the good news. Returns the sum that the host would have stored with it. */
export async function flush(mvcc: Mvcc, store: Store): Promise<RecordsSum> {
  const { writes, sum } = mvcc.collectFlush();
  await new Promise<void>((resolve, reject) => {
    store.batch(writes, { sync: true }, (error) => (error === null ? resolve() : reject(error)));
  });
  mvcc.flushed();
  return sum;
}

/** Runs background work until there is none; on a store whose reads call back at once, all of it. */
export function drain(mvcc: Mvcc, maxSteps = 100_000): void {
  for (let steps = 0; mvcc.step(); steps++) if (steps > maxSteps) throw new Error(`still busy after ${maxSteps} steps`);
}

/** Takes everything while `accepting`, and remembers it. */
export class Recorder implements WatchSink {
  readonly batches: WatchBatch[] = [];
  accepting = true;
  compactedAt: number | null = null;

  events(batch: WatchBatch): boolean {
    if (this.accepting) this.batches.push(batch);
    return this.accepting;
  }

  compacted(compactRevision: number): void {
    this.compactedAt = compactRevision;
  }

  get all(): Event[] {
    return this.batches.flatMap((batch) => batch.events);
  }

  /** `put a=1@2`, `del a@3`, with `(was 0)` where there is a version before. */
  get told(): string[] {
    return this.all.map(tell);
  }
}

export function tell(event: Event): string {
  const { key, value, modRevision } = event.kv;
  const before = event.prevKv === undefined ? '' : ` (was ${text(event.prevKv.value)})`;
  return event.type === 1
    ? `del ${text(key)}@${modRevision}${before}`
    : `put ${text(key)}=${text(value)}@${modRevision}${before}`;
}
