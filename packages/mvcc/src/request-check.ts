/**
 * Whether a request may be carried out at all: for the host to ask before it proposes, so that a bad request costs no
 * log entry. Null: fine. The rules and their order are etcd's.
 */
import type { Reason } from './outcome.js';
import type { DeleteRangeRequest, PutRequest, RangeRequest, TxnRequest } from './request.js';

export declare function checkRange(request: RangeRequest): Reason | null;
export declare function checkPut(request: PutRequest): Reason | null;
export declare function checkDeleteRange(request: DeleteRangeRequest): Reason | null;
/** `maxOps` bounds compares, successes and failures each, over all nesting together (etcd: 128). */
export declare function checkTxn(request: TxnRequest, maxOps: number): Reason | null;
