/**
 * What a request changes: whether anything, and what it needs of the quota. Deleting needs nothing, since it is the way
 * out of having no space.
 */
import type { PutRequest, RequestOp, TxnRequest } from '@understudy/protocol';

/** Of a key beside its own bytes and its value's. */
const KEY_OVERHEAD_BYTES = 256;
export const LEASE_BYTES = 64;

export function bytesOfPut({ key, value }: PutRequest): number {
  return KEY_OVERHEAD_BYTES + key.length + value.length;
}

/** Of the branch that takes more; 0 where none puts anything. */
export function bytesOfTxn({ success, failure }: TxnRequest): number {
  return Math.max(bytesOfOps(success), bytesOfOps(failure));
}

function bytesOfOps(ops: readonly RequestOp[]): number {
  let bytes = 0;
  for (const { requestPut, requestTxn } of ops) {
    if (requestPut !== undefined) bytes += bytesOfPut(requestPut);
    else if (requestTxn !== undefined) bytes += bytesOfTxn(requestTxn);
  }
  return bytes;
}

/** Whichever branch it takes. */
export function isReadOnly({ success, failure }: TxnRequest): boolean {
  const reads = ({ requestRange, requestTxn }: RequestOp): boolean =>
    requestRange !== undefined || (requestTxn !== undefined && isReadOnly(requestTxn));
  return success.every(reads) && failure.every(reads);
}
