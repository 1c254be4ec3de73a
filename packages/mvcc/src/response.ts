/**
 * What an operation answers, field for field as on the etcd wire. `header` is undefined at the top, where it is the
 * host's to fill in; the responses inside a transaction have one with only the revision in it, as etcd's do.
 */
import type { KeyValue } from './key-value.js';

export interface ResponseHeader {
  readonly clusterId: number;
  readonly memberId: number;
  readonly revision: number;
  readonly raftTerm: number;
}

interface Response {
  readonly header: ResponseHeader | undefined;
  /** What belongs into the header. */
  readonly revision: number;
}

export interface RangeResponse extends Response {
  readonly kvs: KeyValue[];
  /** The limit cut the list. */
  readonly more: boolean;
  /** Keys in the range at that revision, whatever limit and bounds left of them. */
  readonly count: number;
}

export interface PutResponse extends Response {
  readonly prevKv: KeyValue | undefined;
}

export interface DeleteRangeResponse extends Response {
  readonly deleted: number;
  /** Empty where the request did not ask for them. */
  readonly prevKvs: KeyValue[];
}

/** Exactly one is set, the one that answers the request's. */
export interface ResponseOp {
  readonly responseRange?: RangeResponse | undefined;
  readonly responsePut?: PutResponse | undefined;
  readonly responseDeleteRange?: DeleteRangeResponse | undefined;
  readonly responseTxn?: TxnResponse | undefined;
}

export interface TxnResponse extends Response {
  readonly succeeded: boolean;
  readonly responses: ResponseOp[];
}

/** The header of a response inside a transaction. */
export function innerHeader(revision: number): ResponseHeader {
  return { clusterId: 0, memberId: 0, revision, raftTerm: 0 };
}
