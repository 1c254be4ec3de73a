/**
 * What an operation answers. `revision` is what etcd puts into the header of the response, also into the headers of
 * the responses inside a transaction.
 */
import type { KeyValue } from './key-value.js';

export interface RangeResponse {
  readonly revision: number;
  readonly kvs: readonly KeyValue[];
  /** The limit cut the list. */
  readonly more: boolean;
  /** Keys in the range at that revision, whatever limit and bounds left of them. */
  readonly count: number;
}

export interface PutResponse {
  readonly revision: number;
  readonly prevKv?: KeyValue | undefined;
}

export interface DeleteRangeResponse {
  readonly revision: number;
  readonly deleted: number;
  /** Empty where the request did not ask for them. */
  readonly prevKvs: readonly KeyValue[];
}

/** Exactly one is set, the one that answers the request's. */
export interface ResponseOp {
  readonly responseRange?: RangeResponse | undefined;
  readonly responsePut?: PutResponse | undefined;
  readonly responseDeleteRange?: DeleteRangeResponse | undefined;
  readonly responseTxn?: TxnResponse | undefined;
}

export interface TxnResponse {
  /** 0 in a nested transaction, as in etcd. */
  readonly revision: number;
  readonly succeeded: boolean;
  readonly responses: readonly ResponseOp[];
}
