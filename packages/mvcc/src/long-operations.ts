/** The operations on very many keys as steps: what `operations.ts` and `txn.ts` do in one go, with the same outcome. */
import { endOf, keyOf } from './key-bytes.js';
import { KeyCursor } from './key-cursor.js';
import type { KeyValue } from './key-value.js';
import type { KvState } from './kv-state.js';
import type { Lease } from './lease-table.js';
import { longKeys, stepKeys, type Steps } from './long-change.js';
import { type Deleted, type RangeFound, runDeleteRange } from './operations.js';
import { RangeCursor } from './range-cursor.js';
import type { Outcome } from './outcome.js';
import type { DeleteRangeRequest, RangeRequest } from './request.js';
import { type DeleteRangeResponse, innerHeader, type ResponseOp, type TxnResponse } from './response.js';
import { Candidate, isPlain, needsWalk } from './selection.js';
import { SortedRuns } from './sorted-runs.js';
import { type Decision, runOp } from './txn.js';

const stepBytes = 4 * 1024 * 1024;

/** Keys that exist in the span of a request: a descent of the index, not a walk. */
export function keysInSpan(state: KvState, { key, rangeEnd }: { key: Uint8Array; rangeEnd: Uint8Array }): number {
  if (rangeEnd.length === 0) return 1;
  return Math.max(0, state.index.liveBefore(endOf(rangeEnd)) - state.index.liveBefore(keyOf(key)));
}

/** Keys that a range has to look at: of a page, and of a count, no more than it gives. */
function keysRead(state: KvState, request: RangeRequest): number {
  const keys = keysInSpan(state, request);
  const revision = request.revision > 0 ? request.revision : state.visibleRevision;
  const isPage = isPlain(request) && state.isIndexedAt(revision);
  if (!isPage && needsWalk(state, request, revision)) return keys;
  if (request.countOnly) return 0;
  return request.limit > 0 ? Math.min(request.limit, keys) : keys;
}

/** The branch that is taken reads or deletes very many keys. */
export function isLongDecision(state: KvState, decision: Decision): boolean {
  return keysOfDecision(state, decision) > longKeys;
}

function keysOfDecision(state: KvState, { ops, nested }: Decision): number {
  let keys = 0;
  for (const { requestDeleteRange, requestRange } of ops) {
    if (requestDeleteRange !== undefined) keys += keysInSpan(state, requestDeleteRange);
    else if (requestRange !== undefined) keys += keysRead(state, requestRange);
  }
  for (const inner of nested) keys += keysOfDecision(state, inner);
  return keys;
}

export function* deleteRangeInSteps(state: KvState, request: DeleteRangeRequest): Steps<Outcome<DeleteRangeResponse>> {
  const { deleted, prevKvs } = yield* deleteKeys(state, request);
  return { ok: true, header: undefined, revision: state.endRevision(), deleted, prevKvs };
}

export function* txnInSteps(state: KvState, decision: Decision): Steps<Outcome<TxnResponse>> {
  const responses = yield* runDecision(state, decision);
  return { ok: true, header: undefined, revision: state.endRevision(), succeeded: decision.succeeded, responses };
}

/** Deletes the keys of a lease in key order, and the lease. */
export function* revokeInSteps(state: KvState, lease: Lease): Steps<Outcome<{ readonly revision: number }>> {
  yield* deleteLeased(state, lease);
  state.leases.remove(lease);
  return { ok: true, revision: state.endRevision() };
}

function* deleteKeys(state: KvState, request: DeleteRangeRequest): Steps<Deleted> {
  if (request.rangeEnd.length === 0) return runDeleteRange(state, request);
  const prevKvs: KeyValue[] = [];
  let deleted = 0;
  let visited = 0;
  // Good for all steps: deletions neither add keys to the index nor take any out.
  const cursor = new KeyCursor(state.index, keyOf(request.key), endOf(request.rangeEnd));
  for (let entry = cursor.next(); entry !== null; entry = cursor.next()) {
    if (++visited % stepKeys === 0) yield;
    if (!entry.live) continue;
    if (request.prevKv) prevKvs.push(new Candidate(cursor.key, entry, entry.newest).keyValue(state, false));
    state.delete(cursor.key, entry);
    deleted++;
  }
  return { deleted, prevKvs };
}

function* deleteLeased(state: KvState, lease: Lease): Steps<void> {
  const keys = new SortedRuns<string>((a, b) => (a === b ? 0 : a < b ? -1 : 1));
  let part: string[] = [];
  for (const key of lease.keys) {
    part.push(key);
    if (part.length < stepKeys) continue;
    keys.add(part);
    part = [];
    yield;
  }
  keys.add(part);
  let deleted = 0;
  for (let key = keys.next(); key !== undefined; key = keys.next()) {
    state.deleteLeased(key);
    if (++deleted % stepKeys === 0) yield;
  }
}

function* runDecision(state: KvState, decision: Decision): Steps<ResponseOp[]> {
  const responses: ResponseOp[] = [];
  let next = 0;
  for (const op of decision.ops) {
    if (op.requestDeleteRange !== undefined) {
      const { deleted, prevKvs } = yield* deleteKeys(state, op.requestDeleteRange);
      const revision = state.visibleRevision;
      responses.push({ responseDeleteRange: { header: innerHeader(revision), revision, deleted, prevKvs } });
    } else if (op.requestRange !== undefined) {
      const { kvs, more, count } = yield* range(state, op.requestRange);
      const revision = state.visibleRevision;
      responses.push({ responseRange: { header: innerHeader(revision), revision, kvs, more, count } });
    } else if (op.requestTxn !== undefined) {
      // The cast is sound: a decision has one for each nested transaction.
      const nested = decision.nested[next++] as Decision;
      const inner = yield* runDecision(state, nested);
      const { succeeded } = nested;
      responses.push({ responseTxn: { header: innerHeader(0), revision: 0, succeeded, responses: inner } });
    } else responses.push(runOp(state, op));
  }
  return responses;
}

/** Its revision was checked with the decision. */
function* range(state: KvState, request: RangeRequest): Steps<RangeFound> {
  const revision = request.revision > 0 ? request.revision : state.visibleRevision;
  const cursor = new RangeCursor(state, request, revision, () => {});
  const kvs: KeyValue[] = [];
  try {
    while (!cursor.prepare(stepKeys)) yield;
    for (let piece = cursor.next(stepKeys, stepBytes); piece.length > 0; piece = cursor.next(stepKeys, stepBytes)) {
      for (const kv of piece) kvs.push(kv);
      yield;
    }
    return { kvs, more: cursor.more, count: cursor.count };
  } finally {
    cursor.close();
  }
}
