/**
 * Whether a request may be carried out at all: for the host to ask before it proposes, so that a bad request costs no
 * log entry, and asked again when it is applied. Null: fine. The rules and their order are etcd's.
 */
import type { Reason } from './outcome.js';
import type { DeleteRangeRequest, PutRequest, RangeRequest, RequestOp, TxnRequest } from './request.js';
import { findsDuplicateKey } from './write-overlap.js';

export function checkRange(request: RangeRequest): Reason | null {
  return request.key.length === 0 ? 'empty-key' : null;
}

export function checkPut(request: PutRequest): Reason | null {
  if (request.key.length === 0) return 'empty-key';
  if (request.ignoreValue && request.value.length !== 0) return 'value-provided';
  if (request.ignoreLease && request.lease !== 0n) return 'lease-provided';
  return null;
}

export function checkDeleteRange(request: DeleteRangeRequest): Reason | null {
  return request.key.length === 0 ? 'empty-key' : null;
}

/** `maxOps` bounds compares, successes and failures each; what one level uses, those nested in it lack (etcd: 128). */
export function checkTxn(request: TxnRequest, maxOps: number): Reason | null {
  const reason = checkOps(request, maxOps);
  if (reason !== null) return reason;
  return findsDuplicateKey(request) ? 'duplicate-key' : null;
}

function checkOps(request: TxnRequest, maxOps: number): Reason | null {
  const ops = Math.max(request.compare.length, request.success.length, request.failure.length);
  if (ops > maxOps) return 'too-many-ops';
  for (const compare of request.compare) if (compare.key.length === 0) return 'empty-key';
  return checkList(request.success, maxOps - ops) ?? checkList(request.failure, maxOps - ops);
}

function checkList(ops: readonly RequestOp[], maxOps: number): Reason | null {
  for (const op of ops) {
    const reason = checkOp(op, maxOps);
    if (reason !== null) return reason;
  }
  return null;
}

function checkOp(op: RequestOp, maxOps: number): Reason | null {
  if (op.requestRange !== undefined) return checkRange(op.requestRange);
  if (op.requestPut !== undefined) return checkPut(op.requestPut);
  if (op.requestDeleteRange !== undefined) return checkDeleteRange(op.requestDeleteRange);
  if (op.requestTxn !== undefined) return checkOps(op.requestTxn, maxOps);
  return 'empty-op';
}
