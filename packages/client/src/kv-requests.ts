// Puts, reads and deletes as their callers write them, turned into the wire's requests; direct calls and transactions
// share these.
import {
  type DeleteRangeRequest,
  type PutRequest,
  type RangeRequest,
  SortOrder,
  SortTarget,
} from '@understudy/protocol';
import { type Bytes, type KeyRange, toBytes, toWireRange } from './key-range.js';

/** A lease id; a number only where it is a safe integer. */
export type LeaseId = bigint | number;

export interface PutFields {
  /** The key goes when this lease does. Default: none. */
  readonly lease?: LeaseId | undefined;
  /** Answer with the version before. */
  readonly prevKv?: boolean | undefined;
  /** Keep the value the key has; `value` must be empty. Fails with `INVALID_ARGUMENT` when there is no such key. */
  readonly ignoreValue?: boolean | undefined;
  /** Keep the lease the key has. */
  readonly ignoreLease?: boolean | undefined;
}

export interface ReadFields {
  /** The store as it was at this revision. Default: the newest. */
  readonly revision?: number | undefined;
  /**
   * `linearizable` (the default) sees every write that was answered before the read began. `serializable` is answered
   * from one member's own state, which may be behind; its header says how far it is.
   */
  readonly consistency?: 'linearizable' | 'serializable' | undefined;
}

export interface RangeFields extends ReadFields {
  /** At most so many keys. Default 0: all. */
  readonly limit?: number | undefined;
  /** Default: by key, ascending. */
  readonly sortBy?: 'key' | 'version' | 'create' | 'modify' | 'value' | undefined;
  readonly order?: 'ascend' | 'descend' | undefined;
  readonly keysOnly?: boolean | undefined;
  readonly countOnly?: boolean | undefined;
  /** The four bounds are inclusive; 0 is none. */
  readonly minModRevision?: number | undefined;
  readonly maxModRevision?: number | undefined;
  readonly minCreateRevision?: number | undefined;
  readonly maxCreateRevision?: number | undefined;
}

export interface DeleteFields {
  /** Answer with what was deleted. */
  readonly prevKv?: boolean | undefined;
}

const TARGETS = {
  key: SortTarget.KEY,
  version: SortTarget.VERSION,
  create: SortTarget.CREATE,
  modify: SortTarget.MOD,
  value: SortTarget.VALUE,
} as const;

const ORDERS = { ascend: SortOrder.ASCEND, descend: SortOrder.DESCEND } as const;

export function putRequest(key: Bytes, value: Bytes, fields: PutFields): PutRequest {
  return {
    key: toBytes(key),
    value: toBytes(value),
    lease: fields.lease === undefined ? 0n : BigInt(fields.lease),
    prevKv: fields.prevKv ?? false,
    ignoreValue: fields.ignoreValue ?? false,
    ignoreLease: fields.ignoreLease ?? false,
  };
}

export function rangeRequest(keys: Bytes | KeyRange, fields: RangeFields): RangeRequest {
  const { key, rangeEnd } = toWireRange(keys);
  // A sort target without an order still asks for sorting: etcd's tools read it as ascending.
  const sorted = fields.sortBy !== undefined || fields.order !== undefined;
  return {
    key,
    rangeEnd,
    limit: fields.limit ?? 0,
    revision: fields.revision ?? 0,
    sortOrder: sorted ? ORDERS[fields.order ?? 'ascend'] : SortOrder.NONE,
    sortTarget: TARGETS[fields.sortBy ?? 'key'],
    serializable: fields.consistency === 'serializable',
    keysOnly: fields.keysOnly ?? false,
    countOnly: fields.countOnly ?? false,
    minModRevision: fields.minModRevision ?? 0,
    maxModRevision: fields.maxModRevision ?? 0,
    minCreateRevision: fields.minCreateRevision ?? 0,
    maxCreateRevision: fields.maxCreateRevision ?? 0,
  };
}

export function deleteRequest(keys: Bytes | KeyRange, fields: DeleteFields): DeleteRangeRequest {
  const { key, rangeEnd } = toWireRange(keys);
  return { key, rangeEnd, prevKv: fields.prevKv ?? false };
}
