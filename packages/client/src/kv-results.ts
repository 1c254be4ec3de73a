// What puts, reads, deletes and transactions answer with: the wire's answers, with key-values that can read themselves.
import type {
  DeleteRangeResponse,
  PutResponse,
  RangeResponse,
  ResponseHeader,
  ResponseOp,
  TxnResponse,
} from '@understudy/protocol';
import { KeyValue, wrapKeyValue } from './key-value.js';

export interface PutResult {
  readonly header: ResponseHeader;
  /** The version before; only where asked for, and where there was one. */
  readonly prevKv: KeyValue | undefined;
}

export interface GetResult {
  readonly header: ResponseHeader;
  /** Undefined: there is no such key. */
  readonly kv: KeyValue | undefined;
}

export interface RangeResult {
  readonly header: ResponseHeader;
  readonly kvs: readonly KeyValue[];
  /** `limit` cut the answer. */
  readonly more: boolean;
  /** Keys in the range, whatever the limit. */
  readonly count: number;
}

export interface DeleteResult {
  readonly header: ResponseHeader;
  readonly deleted: number;
  /** Only where asked for. */
  readonly prevKvs: readonly KeyValue[];
}

/** The answer of one operation of a transaction. */
export type OpResult =
  | { readonly type: 'range'; readonly result: RangeResult }
  | { readonly type: 'put'; readonly result: PutResult }
  | { readonly type: 'delete'; readonly result: DeleteResult }
  | { readonly type: 'txn'; readonly result: TxnResult };

export interface TxnResult {
  readonly header: ResponseHeader;
  /** Every comparison held, and the operations of `success` were carried out. */
  readonly succeeded: boolean;
  /** One for each operation carried out, in their order. */
  readonly responses: readonly OpResult[];
}

const NO_HEADER: ResponseHeader = { clusterId: 0, memberId: 0, revision: 0, raftTerm: 0 };

/** The header of an answer; zeros where the server sent none. */
export function headerOf(answer: { header: ResponseHeader | undefined }): ResponseHeader {
  return answer.header ?? NO_HEADER;
}

export function putResult(answer: PutResponse): PutResult {
  return { header: headerOf(answer), prevKv: wrapKeyValue(answer.prevKv) };
}

export function getResult(answer: RangeResponse): GetResult {
  return { header: headerOf(answer), kv: wrapKeyValue(answer.kvs[0]) };
}

export function rangeResult(answer: RangeResponse): RangeResult {
  const kvs = answer.kvs.map((kv) => new KeyValue(kv));
  return { header: headerOf(answer), kvs, more: answer.more, count: answer.count };
}

export function deleteResult(answer: DeleteRangeResponse): DeleteResult {
  const prevKvs = answer.prevKvs.map((kv) => new KeyValue(kv));
  return { header: headerOf(answer), deleted: answer.deleted, prevKvs };
}

export function txnResult(answer: TxnResponse): TxnResult {
  return { header: headerOf(answer), succeeded: answer.succeeded, responses: answer.responses.map(opResult) };
}

function opResult(op: ResponseOp): OpResult {
  if (op.responseRange !== undefined) return { type: 'range', result: rangeResult(op.responseRange) };
  if (op.responsePut !== undefined) return { type: 'put', result: putResult(op.responsePut) };
  if (op.responseDeleteRange !== undefined) return { type: 'delete', result: deleteResult(op.responseDeleteRange) };
  if (op.responseTxn !== undefined) return { type: 'txn', result: txnResult(op.responseTxn) };
  // A server newer than this client answered an operation that it cannot have sent.
  return { type: 'range', result: { header: NO_HEADER, kvs: [], more: false, count: 0 } };
}
