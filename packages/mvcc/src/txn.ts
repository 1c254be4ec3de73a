/**
 * Transactions, as etcd carries them out: all comparisons, nested ones included, are decided on the state before; then
 * the operations that will run are checked against it; only then is anything changed, so a refused transaction changes
 * nothing. Everything it changes is one revision.
 */
import { holds } from './compare.js';
import type { KeyValue } from './key-value.js';
import type { KvState } from './kv-state.js';
import { atOnce, type Steps } from './long-change.js';
import {
  type Deleted,
  deleteKey,
  deleteKeys,
  lacksLease,
  lacksPrevious,
  type RangeFound,
  readKeys,
  runPut,
  runRange,
} from './operations.js';
import type { Outcome, Reason } from './outcome.js';
import type { RequestOp, TxnRequest } from './request.js';
import { innerHeader, type ResponseOp, type TxnResponse } from './response.js';

/** A transaction with the branch that it takes, and those of the nested ones in that branch, in order. */
export interface Decision {
  readonly succeeded: boolean;
  readonly ops: readonly RequestOp[];
  readonly nested: readonly Decision[];
}

const none: readonly Decision[] = [];

export function decide(state: KvState, request: TxnRequest): Decision {
  const succeeded = request.compare.every((compare) => holds(state, compare));
  const ops = succeeded ? request.success : request.failure;
  let nested: Decision[] | null = null;
  for (const op of ops) {
    if (op.requestTxn === undefined) continue;
    nested ??= [];
    nested.push(decide(state, op.requestTxn));
  }
  return { succeeded, ops, nested: nested ?? none };
}

/** Why the operations that will run cannot: the puts first, then the ranges, as etcd. */
export function refusalOfDecision(state: KvState, decision: Decision): Reason | null {
  return firstRefusal(state, decision, putRefusal) ?? firstRefusal(state, decision, rangeRefusal);
}

function firstRefusal(
  state: KvState,
  decision: Decision,
  refusalOf: (state: KvState, op: RequestOp) => Reason | null,
): Reason | null {
  let next = 0;
  for (const op of decision.ops) {
    const nested = op.requestTxn === undefined ? undefined : decision.nested[next++];
    const reason = nested === undefined ? refusalOf(state, op) : firstRefusal(state, nested, refusalOf);
    if (reason !== null) return reason;
  }
  return null;
}

function putRefusal(state: KvState, op: RequestOp): Reason | null {
  const request = op.requestPut;
  if (request === undefined) return null;
  if (lacksPrevious(state, request)) return 'key-not-found';
  return lacksLease(state, request) ? 'lease-not-found' : null;
}

function rangeRefusal(state: KvState, op: RequestOp): Reason | null {
  const request = op.requestRange;
  if (request === undefined || request.revision === 0) return null;
  if (request.revision > state.revision) return 'future-revision';
  return request.revision < state.compacted ? 'compacted' : null;
}

/** Carries it out, and ends the revision that it makes. */
export function txnAtOnce(state: KvState, decision: Decision): Outcome<TxnResponse> {
  return endTxn(state, decision, atOnce(runOps(state, decision)));
}

export function* txnInSteps(state: KvState, decision: Decision): Steps<Outcome<TxnResponse>> {
  return endTxn(state, decision, yield* runOps(state, decision));
}

function endTxn(state: KvState, { succeeded }: Decision, responses: ResponseOp[]): Outcome<TxnResponse> {
  return { ok: true, header: undefined, revision: state.endRevision(), succeeded, responses };
}

function* runOps(state: KvState, decision: Decision): Steps<ResponseOp[]> {
  const responses = new Array<ResponseOp>(decision.ops.length);
  let next = 0;
  for (let i = 0; i < responses.length; i++) {
    const { requestPut, requestDeleteRange, requestRange } = decision.ops[i] as RequestOp;
    if (requestPut !== undefined) {
      responses[i] = putAnswer(state, runPut(state, requestPut));
    } else if (requestDeleteRange !== undefined) {
      const isKey = requestDeleteRange.rangeEnd.length === 0;
      const found = isKey ? deleteKey(state, requestDeleteRange) : yield* deleteKeys(state, requestDeleteRange);
      responses[i] = deleteAnswer(state, found);
    } else if (requestRange !== undefined) {
      const isKey = requestRange.rangeEnd.length === 0;
      // The cast is sound: its revision was checked with the decision.
      const found = isKey ? (runRange(state, requestRange) as RangeFound) : yield* readKeys(state, requestRange);
      responses[i] = rangeAnswer(state, found);
    } else {
      // The cast is sound: an operation has one request, and a decision one for each nested transaction.
      const nested = decision.nested[next++] as Decision;
      responses[i] = txnAnswer(nested, yield* runOps(state, nested));
    }
  }
  return responses;
}

function putAnswer(state: KvState, prevKv: KeyValue | undefined): ResponseOp {
  const revision = state.visibleRevision;
  return { responsePut: { header: innerHeader(revision), revision, prevKv } };
}

function deleteAnswer(state: KvState, { deleted, prevKvs }: Deleted): ResponseOp {
  const revision = state.visibleRevision;
  return { responseDeleteRange: { header: innerHeader(revision), revision, deleted, prevKvs } };
}

function rangeAnswer(state: KvState, { kvs, more, count }: RangeFound): ResponseOp {
  const revision = state.visibleRevision;
  return { responseRange: { header: innerHeader(revision), revision, kvs, more, count } };
}

function txnAnswer({ succeeded }: Decision, responses: ResponseOp[]): ResponseOp {
  return { responseTxn: { header: innerHeader(0), revision: 0, succeeded, responses } };
}
