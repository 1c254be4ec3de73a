// Transactions: comparisons, and what is done when all hold or when one does not. Everything happens at one revision.
//
//   await client.txn()
//     .when(compare.version('leader', '=', 0))
//     .do(op.put('leader', 'me'))
//     .otherwise(op.get('leader'))
//     .commit();
import { Compare, CompareResult, CompareTarget, type RequestOp, type TxnRequest } from '@understudy/protocol';
import type { CallOptions } from './call-options.js';
import { type Bytes, type KeyRange, toBytes, toWireRange } from './key-range.js';
import {
  type DeleteFields,
  deleteRequest,
  type LeaseId,
  type PutFields,
  putRequest,
  type RangeFields,
  rangeRequest,
} from './kv-requests.js';
import type { TxnResult } from './kv-results.js';

export type CompareOperator = '=' | '!=' | '>' | '<';

const OPERATORS: Readonly<Record<CompareOperator, CompareResult>> = {
  '=': CompareResult.EQUAL,
  '!=': CompareResult.NOT_EQUAL,
  '>': CompareResult.GREATER,
  '<': CompareResult.LESS,
};

function comparison(keys: Bytes | KeyRange, operator: CompareOperator, union: Partial<Compare>): Compare {
  return Compare.create({ ...toWireRange(keys), result: OPERATORS[operator], ...union });
}

/**
 * Comparisons. A key that does not exist has version, revisions and lease 0 and no value; of a range, every key must
 * hold.
 */
export const compare = {
  version: (keys: Bytes | KeyRange, operator: CompareOperator, version: number): Compare =>
    comparison(keys, operator, { target: CompareTarget.VERSION, version }),
  createRevision: (keys: Bytes | KeyRange, operator: CompareOperator, createRevision: number): Compare =>
    comparison(keys, operator, { target: CompareTarget.CREATE, createRevision }),
  modRevision: (keys: Bytes | KeyRange, operator: CompareOperator, modRevision: number): Compare =>
    comparison(keys, operator, { target: CompareTarget.MOD, modRevision }),
  value: (keys: Bytes | KeyRange, operator: CompareOperator, value: Bytes): Compare =>
    comparison(keys, operator, { target: CompareTarget.VALUE, value: toBytes(value) }),
  lease: (keys: Bytes | KeyRange, operator: CompareOperator, lease: LeaseId): Compare =>
    comparison(keys, operator, { target: CompareTarget.LEASE, lease: BigInt(lease) }),
} as const;

/** Operations of a transaction. */
export const op = {
  put: (key: Bytes, value: Bytes, fields: PutFields = {}): RequestOp => ({
    requestPut: putRequest(key, value, fields),
  }),
  get: (keys: Bytes | KeyRange, fields: RangeFields = {}): RequestOp => ({ requestRange: rangeRequest(keys, fields) }),
  delete: (keys: Bytes | KeyRange, fields: DeleteFields = {}): RequestOp => ({
    requestDeleteRange: deleteRequest(keys, fields),
  }),
  txn: (txn: TxnSpec): RequestOp => ({ requestTxn: txnRequest(txn) }),
} as const;

export interface TxnSpec {
  /** All must hold. Default none: `success` is carried out. */
  readonly compare?: readonly Compare[] | undefined;
  readonly success?: readonly RequestOp[] | undefined;
  readonly failure?: readonly RequestOp[] | undefined;
}

export function txnRequest(txn: TxnSpec): TxnRequest {
  return {
    compare: [...(txn.compare ?? [])],
    success: [...(txn.success ?? [])],
    failure: [...(txn.failure ?? [])],
  };
}

/** Gathers a transaction; each method adds to what was given before. */
export class TxnBuilder {
  private readonly send: (txn: TxnSpec, options: CallOptions | undefined) => Promise<TxnResult>;
  private readonly compares: Compare[] = [];
  private readonly success: RequestOp[] = [];
  private readonly failure: RequestOp[] = [];

  constructor(send: (txn: TxnSpec, options: CallOptions | undefined) => Promise<TxnResult>) {
    this.send = send;
  }

  when(...compares: Compare[]): this {
    this.compares.push(...compares);
    return this;
  }

  /** Carried out when every comparison holds. */
  do(...ops: RequestOp[]): this {
    this.success.push(...ops);
    return this;
  }

  /** Carried out when one does not hold. */
  otherwise(...ops: RequestOp[]): this {
    this.failure.push(...ops);
    return this;
  }

  commit(options?: CallOptions): Promise<TxnResult> {
    return this.send({ compare: this.compares, success: this.success, failure: this.failure }, options);
  }
}
