/**
 * Transactions, as etcd carries them out: all comparisons, nested ones included, are decided on the state before; then
 * the operations that will run are checked against it; only then is anything changed, so a refused transaction changes
 * nothing. Everything it changes is one revision.
 */
import { holds } from './compare.js';
import type { KvState } from './kv-state.js';
import { lacksLease, lacksPrevious, type RangeFound, runDeleteRange, runPut, runRange } from './operations.js';
import type { Outcome, Reason } from './outcome.js';
import type { RangeRequest, RequestOp, TxnRequest } from './request.js';
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
  const responses = runDecision(state, decision);
  return { ok: true, header: undefined, revision: state.endRevision(), succeeded: decision.succeeded, responses };
}

function runDecision(state: KvState, decision: Decision): ResponseOp[] {
  const responses = new Array<ResponseOp>(decision.ops.length);
  let next = 0;
  for (let i = 0; i < responses.length; i++) {
    const op = decision.ops[i] as RequestOp;
    responses[i] =
      op.requestTxn === undefined ? runOp(state, op) : runNested(state, decision.nested[next++] as Decision);
  }
  return responses;
}

function runNested(state: KvState, decision: Decision): ResponseOp {
  const responses = runDecision(state, decision);
  return { responseTxn: { header: innerHeader(0), revision: 0, succeeded: decision.succeeded, responses } };
}

/** An operation that is no transaction. */
export function runOp(state: KvState, op: RequestOp): ResponseOp {
  if (op.requestPut !== undefined) {
    const prevKv = runPut(state, op.requestPut);
    const revision = state.visibleRevision;
    return { responsePut: { header: innerHeader(revision), revision, prevKv } };
  }
  if (op.requestDeleteRange !== undefined) {
    const { deleted, prevKvs } = runDeleteRange(state, op.requestDeleteRange);
    const revision = state.visibleRevision;
    return { responseDeleteRange: { header: innerHeader(revision), revision, deleted, prevKvs } };
  }
  const revision = state.visibleRevision;
  // The casts are sound: every operation has exactly one request, and ranges were checked.
  const { kvs, more, count } = runRange(state, op.requestRange as RangeRequest) as RangeFound;
  return { responseRange: { header: innerHeader(revision), revision, kvs, more, count } };
}
