/**
 * The requests that the state machine carries out, field for field as on the etcd wire. Revisions are safe integers:
 * whoever decodes saturates beyond 2^53. Nothing here is trusted to be well formed: `request-check.ts` judges.
 */

export const SortOrder = { none: 0, ascend: 1, descend: 2 } as const;
export type SortOrder = (typeof SortOrder)[keyof typeof SortOrder];

export const SortTarget = { key: 0, version: 1, create: 2, mod: 3, value: 4 } as const;
export type SortTarget = (typeof SortTarget)[keyof typeof SortTarget];

export interface RangeRequest {
  readonly key: Uint8Array;
  /** Empty: the one key. `\0`: every key from `key` on. Else exclusive. */
  readonly rangeEnd: Uint8Array;
  /** 0 and below: no limit. */
  readonly limit: number;
  /** 0 and below: now. */
  readonly revision: number;
  readonly sortOrder: number;
  readonly sortTarget: number;
  /** How the read is ordered against writes is the host's; not looked at here. */
  readonly serializable: boolean;
  readonly keysOnly: boolean;
  readonly countOnly: boolean;
  /** Bounds are inclusive; 0 means no bound. */
  readonly minModRevision: number;
  readonly maxModRevision: number;
  readonly minCreateRevision: number;
  readonly maxCreateRevision: number;
}

export interface PutRequest {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  /** 0n: no lease. */
  readonly lease: bigint;
  readonly prevKv: boolean;
  /** Keep the value that the key has; `value` is empty then. */
  readonly ignoreValue: boolean;
  /** Keep the lease that the key has; `lease` is 0n then. */
  readonly ignoreLease: boolean;
}

export interface DeleteRangeRequest {
  readonly key: Uint8Array;
  readonly rangeEnd: Uint8Array;
  readonly prevKv: boolean;
}

export const CompareResult = { equal: 0, greater: 1, less: 2, notEqual: 3 } as const;
export type CompareResult = (typeof CompareResult)[keyof typeof CompareResult];

export const CompareTarget = { version: 0, create: 1, mod: 2, value: 3, lease: 4 } as const;
export type CompareTarget = (typeof CompareTarget)[keyof typeof CompareTarget];

/** `result` says how the stored side relates to the given one: `greater` holds where stored > given. */
export interface Compare {
  readonly result: number;
  readonly target: number;
  readonly key: Uint8Array;
  /** As in a range: the comparison then has to hold for every key of the range. */
  readonly rangeEnd: Uint8Array;
  /** One of these, the one that `target` names; what is absent counts as zero or empty. */
  readonly version?: number | undefined;
  readonly createRevision?: number | undefined;
  readonly modRevision?: number | undefined;
  readonly value?: Uint8Array | undefined;
  readonly lease?: bigint | undefined;
}

/** Exactly one is set. */
export interface RequestOp {
  readonly requestRange?: RangeRequest | undefined;
  readonly requestPut?: PutRequest | undefined;
  readonly requestDeleteRange?: DeleteRangeRequest | undefined;
  readonly requestTxn?: TxnRequest | undefined;
}

export interface TxnRequest {
  readonly compare: readonly Compare[];
  readonly success: readonly RequestOp[];
  readonly failure: readonly RequestOp[];
}
