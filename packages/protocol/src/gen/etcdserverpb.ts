// Generated from proto/ by scripts/generate.ts; edit those instead. Messages of the package etcdserverpb.
import { describeField, type EnumDescriptor, type MessageType } from '../message-type.js';
import { EMPTY_BYTES, WireReader } from '../wire/wire-reader.js';
import {
  sizeOfBigint,
  sizeOfInt32,
  sizeOfInt64,
  sizeOfLength,
  sizeOfPacked,
  sizeOfString,
  sizeOfUint32,
  sizeOfUint64,
} from '../wire/wire-size.js';
import { beginMessage, type WireWriter } from '../wire/wire-writer.js';
import {
  KeyValue,
  readKeyValue,
  sizeKeyValue,
  writeKeyValue,
  Event,
  readEvent,
  sizeEvent,
  writeEvent,
} from './mvccpb.js';
import {
  UserAddOptions,
  readUserAddOptions,
  sizeUserAddOptions,
  writeUserAddOptions,
  Permission,
  readPermission,
  sizePermission,
  writePermission,
} from './authpb.js';

/** `etcdserverpb.RangeRequest.SortOrder`. A decoded message may hold any other 32-bit number that its sender chose. */
export const SortOrder = { NONE: 0, ASCEND: 1, DESCEND: 2 } as const;
export type SortOrder = (typeof SortOrder)[keyof typeof SortOrder];
export const SortOrderEnum: EnumDescriptor = {
  typeName: 'etcdserverpb.RangeRequest.SortOrder',
  numberByName: SortOrder,
  nameByNumber: new Map([
    [0, 'NONE'],
    [1, 'ASCEND'],
    [2, 'DESCEND'],
  ]),
};

/** `etcdserverpb.RangeRequest.SortTarget`. A decoded message may hold any other 32-bit number that its sender chose. */
export const SortTarget = { KEY: 0, VERSION: 1, CREATE: 2, MOD: 3, VALUE: 4 } as const;
export type SortTarget = (typeof SortTarget)[keyof typeof SortTarget];
export const SortTargetEnum: EnumDescriptor = {
  typeName: 'etcdserverpb.RangeRequest.SortTarget',
  numberByName: SortTarget,
  nameByNumber: new Map([
    [0, 'KEY'],
    [1, 'VERSION'],
    [2, 'CREATE'],
    [3, 'MOD'],
    [4, 'VALUE'],
  ]),
};

/** `etcdserverpb.Compare.CompareResult`. A decoded message may hold any other 32-bit number that its sender chose. */
export const CompareResult = { EQUAL: 0, GREATER: 1, LESS: 2, NOT_EQUAL: 3 } as const;
export type CompareResult = (typeof CompareResult)[keyof typeof CompareResult];
export const CompareResultEnum: EnumDescriptor = {
  typeName: 'etcdserverpb.Compare.CompareResult',
  numberByName: CompareResult,
  nameByNumber: new Map([
    [0, 'EQUAL'],
    [1, 'GREATER'],
    [2, 'LESS'],
    [3, 'NOT_EQUAL'],
  ]),
};

/** `etcdserverpb.Compare.CompareTarget`. A decoded message may hold any other 32-bit number that its sender chose. */
export const CompareTarget = { VERSION: 0, CREATE: 1, MOD: 2, VALUE: 3, LEASE: 4 } as const;
export type CompareTarget = (typeof CompareTarget)[keyof typeof CompareTarget];
export const CompareTargetEnum: EnumDescriptor = {
  typeName: 'etcdserverpb.Compare.CompareTarget',
  numberByName: CompareTarget,
  nameByNumber: new Map([
    [0, 'VERSION'],
    [1, 'CREATE'],
    [2, 'MOD'],
    [3, 'VALUE'],
    [4, 'LEASE'],
  ]),
};

/** `etcdserverpb.WatchCreateRequest.FilterType`. A decoded message may hold any other 32-bit number that its sender chose. */
export const FilterType = { NOPUT: 0, NODELETE: 1 } as const;
export type FilterType = (typeof FilterType)[keyof typeof FilterType];
export const FilterTypeEnum: EnumDescriptor = {
  typeName: 'etcdserverpb.WatchCreateRequest.FilterType',
  numberByName: FilterType,
  nameByNumber: new Map([
    [0, 'NOPUT'],
    [1, 'NODELETE'],
  ]),
};

/** `etcdserverpb.AlarmType`. A decoded message may hold any other 32-bit number that its sender chose. */
export const AlarmType = { NONE: 0, NOSPACE: 1, CORRUPT: 2 } as const;
export type AlarmType = (typeof AlarmType)[keyof typeof AlarmType];
export const AlarmTypeEnum: EnumDescriptor = {
  typeName: 'etcdserverpb.AlarmType',
  numberByName: AlarmType,
  nameByNumber: new Map([
    [0, 'NONE'],
    [1, 'NOSPACE'],
    [2, 'CORRUPT'],
  ]),
};

/** `etcdserverpb.AlarmRequest.AlarmAction`. A decoded message may hold any other 32-bit number that its sender chose. */
export const AlarmAction = { GET: 0, ACTIVATE: 1, DEACTIVATE: 2 } as const;
export type AlarmAction = (typeof AlarmAction)[keyof typeof AlarmAction];
export const AlarmActionEnum: EnumDescriptor = {
  typeName: 'etcdserverpb.AlarmRequest.AlarmAction',
  numberByName: AlarmAction,
  nameByNumber: new Map([
    [0, 'GET'],
    [1, 'ACTIVATE'],
    [2, 'DEACTIVATE'],
  ]),
};

/** `etcdserverpb.DowngradeRequest.DowngradeAction`. A decoded message may hold any other 32-bit number that its sender chose. */
export const DowngradeAction = { VALIDATE: 0, ENABLE: 1, CANCEL: 2 } as const;
export type DowngradeAction = (typeof DowngradeAction)[keyof typeof DowngradeAction];
export const DowngradeActionEnum: EnumDescriptor = {
  typeName: 'etcdserverpb.DowngradeRequest.DowngradeAction',
  numberByName: DowngradeAction,
  nameByNumber: new Map([
    [0, 'VALIDATE'],
    [1, 'ENABLE'],
    [2, 'CANCEL'],
  ]),
};

export interface ResponseHeader {
  clusterId: number;
  /** who answered */
  memberId: number;
  /** of the store when it answered; in a watch's progress answer: everything up to here was sent */
  revision: number;
  raftTerm: number;
}

export function sizeResponseHeader(m: ResponseHeader): number {
  let n = 0;
  if (m.clusterId !== 0) n += 1 + sizeOfUint64(m.clusterId);
  if (m.memberId !== 0) n += 1 + sizeOfUint64(m.memberId);
  if (m.revision !== 0) n += 1 + sizeOfInt64(m.revision);
  if (m.raftTerm !== 0) n += 1 + sizeOfUint64(m.raftTerm);
  return n;
}

export function writeResponseHeader(m: ResponseHeader, w: WireWriter): void {
  if (m.clusterId !== 0) {
    w.byte(8);
    w.uint64(m.clusterId);
  }
  if (m.memberId !== 0) {
    w.byte(16);
    w.uint64(m.memberId);
  }
  if (m.revision !== 0) {
    w.byte(24);
    w.int64(m.revision);
  }
  if (m.raftTerm !== 0) {
    w.byte(32);
    w.uint64(m.raftTerm);
  }
}

export function readResponseHeader(r: WireReader, end: number): ResponseHeader {
  let clusterId: number = 0;
  let memberId: number = 0;
  let revision: number = 0;
  let raftTerm: number = 0;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 8:
        clusterId = r.uint64(end);
        break;
      case 16:
        memberId = r.uint64(end);
        break;
      case 24:
        revision = r.int64(end);
        break;
      case 32:
        raftTerm = r.uint64(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.ResponseHeader', ResponseHeader.fields);
    }
  }

  return { clusterId, memberId, revision, raftTerm };
}

export const ResponseHeader: MessageType<ResponseHeader> = {
  typeName: 'etcdserverpb.ResponseHeader',
  fields: [
    describeField(1, 'cluster_id', 'clusterId', 'clusterId', 'uint64'),
    describeField(2, 'member_id', 'memberId', 'memberId', 'uint64'),
    describeField(3, 'revision', 'revision', 'revision', 'int64'),
    describeField(4, 'raft_term', 'raftTerm', 'raftTerm', 'uint64'),
  ],
  create(init?: Partial<ResponseHeader>): ResponseHeader {
    return {
      clusterId: init?.clusterId ?? 0,
      memberId: init?.memberId ?? 0,
      revision: init?.revision ?? 0,
      raftTerm: init?.raftTerm ?? 0,
    };
  },
  sizeOf: sizeResponseHeader,
  encode(m: ResponseHeader): Uint8Array {
    const w = beginMessage(sizeResponseHeader(m));
    writeResponseHeader(m, w);
    return w.take();
  },
  write: writeResponseHeader,
  encodeInto(m: ResponseHeader, w: WireWriter): void {
    w.reserve(sizeResponseHeader(m));
    writeResponseHeader(m, w);
  },
  decode(bytes: Uint8Array): ResponseHeader {
    const r = new WireReader(bytes);
    return readResponseHeader(r, r.end);
  },
};

export interface RangeRequest {
  key: Uint8Array;
  /** exclusive; empty: this key only; one zero byte: every key from `key` on */
  rangeEnd: Uint8Array;
  /** 0: none */
  limit: number;
  /** 0 or less: the newest */
  revision: number;
  sortOrder: SortOrder;
  sortTarget: SortTarget;
  /** answer from this member's own state, which may be behind */
  serializable: boolean;
  keysOnly: boolean;
  countOnly: boolean;
  /** the four bounds are inclusive; 0: none */
  minModRevision: number;
  maxModRevision: number;
  minCreateRevision: number;
  maxCreateRevision: number;
}

export function sizeRangeRequest(m: RangeRequest): number {
  let n = 0;
  if (m.key.length > 0) n += 1 + sizeOfLength(m.key.length);
  if (m.rangeEnd.length > 0) n += 1 + sizeOfLength(m.rangeEnd.length);
  if (m.limit !== 0) n += 1 + sizeOfInt64(m.limit);
  if (m.revision !== 0) n += 1 + sizeOfInt64(m.revision);
  if (m.sortOrder !== 0) n += 1 + sizeOfInt32(m.sortOrder);
  if (m.sortTarget !== 0) n += 1 + sizeOfInt32(m.sortTarget);
  if (m.serializable) n += 2;
  if (m.keysOnly) n += 2;
  if (m.countOnly) n += 2;
  if (m.minModRevision !== 0) n += 1 + sizeOfInt64(m.minModRevision);
  if (m.maxModRevision !== 0) n += 1 + sizeOfInt64(m.maxModRevision);
  if (m.minCreateRevision !== 0) n += 1 + sizeOfInt64(m.minCreateRevision);
  if (m.maxCreateRevision !== 0) n += 1 + sizeOfInt64(m.maxCreateRevision);
  return n;
}

export function writeRangeRequest(m: RangeRequest, w: WireWriter): void {
  if (m.key.length > 0) {
    w.byte(10);
    w.bytes(m.key);
  }
  if (m.rangeEnd.length > 0) {
    w.byte(18);
    w.bytes(m.rangeEnd);
  }
  if (m.limit !== 0) {
    w.byte(24);
    w.int64(m.limit);
  }
  if (m.revision !== 0) {
    w.byte(32);
    w.int64(m.revision);
  }
  if (m.sortOrder !== 0) {
    w.byte(40);
    w.int32(m.sortOrder);
  }
  if (m.sortTarget !== 0) {
    w.byte(48);
    w.int32(m.sortTarget);
  }
  if (m.serializable) {
    w.byte(56);
    w.bool(m.serializable);
  }
  if (m.keysOnly) {
    w.byte(64);
    w.bool(m.keysOnly);
  }
  if (m.countOnly) {
    w.byte(72);
    w.bool(m.countOnly);
  }
  if (m.minModRevision !== 0) {
    w.byte(80);
    w.int64(m.minModRevision);
  }
  if (m.maxModRevision !== 0) {
    w.byte(88);
    w.int64(m.maxModRevision);
  }
  if (m.minCreateRevision !== 0) {
    w.byte(96);
    w.int64(m.minCreateRevision);
  }
  if (m.maxCreateRevision !== 0) {
    w.byte(104);
    w.int64(m.maxCreateRevision);
  }
}

export function readRangeRequest(r: WireReader, end: number): RangeRequest {
  let key: Uint8Array = EMPTY_BYTES;
  let rangeEnd: Uint8Array = EMPTY_BYTES;
  let limit: number = 0;
  let revision: number = 0;
  let sortOrder: SortOrder = 0;
  let sortTarget: SortTarget = 0;
  let serializable: boolean = false;
  let keysOnly: boolean = false;
  let countOnly: boolean = false;
  let minModRevision: number = 0;
  let maxModRevision: number = 0;
  let minCreateRevision: number = 0;
  let maxCreateRevision: number = 0;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        key = r.bytes(end);
        break;
      case 18:
        rangeEnd = r.bytes(end);
        break;
      case 24:
        limit = r.int64(end);
        break;
      case 32:
        revision = r.int64(end);
        break;
      case 40:
        sortOrder = r.int32(end) as SortOrder;
        break;
      case 48:
        sortTarget = r.int32(end) as SortTarget;
        break;
      case 56:
        serializable = r.bool(end);
        break;
      case 64:
        keysOnly = r.bool(end);
        break;
      case 72:
        countOnly = r.bool(end);
        break;
      case 80:
        minModRevision = r.int64(end);
        break;
      case 88:
        maxModRevision = r.int64(end);
        break;
      case 96:
        minCreateRevision = r.int64(end);
        break;
      case 104:
        maxCreateRevision = r.int64(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.RangeRequest', RangeRequest.fields);
    }
  }

  return {
    key,
    rangeEnd,
    limit,
    revision,
    sortOrder,
    sortTarget,
    serializable,
    keysOnly,
    countOnly,
    minModRevision,
    maxModRevision,
    minCreateRevision,
    maxCreateRevision,
  };
}

export const RangeRequest: MessageType<RangeRequest> = {
  typeName: 'etcdserverpb.RangeRequest',
  fields: [
    describeField(1, 'key', 'key', 'key', 'bytes'),
    describeField(2, 'range_end', 'rangeEnd', 'rangeEnd', 'bytes'),
    describeField(3, 'limit', 'limit', 'limit', 'int64'),
    describeField(4, 'revision', 'revision', 'revision', 'int64'),
    describeField(5, 'sort_order', 'sortOrder', 'sortOrder', 'enum', { enumType: SortOrderEnum }),
    describeField(6, 'sort_target', 'sortTarget', 'sortTarget', 'enum', { enumType: SortTargetEnum }),
    describeField(7, 'serializable', 'serializable', 'serializable', 'bool'),
    describeField(8, 'keys_only', 'keysOnly', 'keysOnly', 'bool'),
    describeField(9, 'count_only', 'countOnly', 'countOnly', 'bool'),
    describeField(10, 'min_mod_revision', 'minModRevision', 'minModRevision', 'int64'),
    describeField(11, 'max_mod_revision', 'maxModRevision', 'maxModRevision', 'int64'),
    describeField(12, 'min_create_revision', 'minCreateRevision', 'minCreateRevision', 'int64'),
    describeField(13, 'max_create_revision', 'maxCreateRevision', 'maxCreateRevision', 'int64'),
  ],
  create(init?: Partial<RangeRequest>): RangeRequest {
    return {
      key: init?.key ?? EMPTY_BYTES,
      rangeEnd: init?.rangeEnd ?? EMPTY_BYTES,
      limit: init?.limit ?? 0,
      revision: init?.revision ?? 0,
      sortOrder: init?.sortOrder ?? 0,
      sortTarget: init?.sortTarget ?? 0,
      serializable: init?.serializable ?? false,
      keysOnly: init?.keysOnly ?? false,
      countOnly: init?.countOnly ?? false,
      minModRevision: init?.minModRevision ?? 0,
      maxModRevision: init?.maxModRevision ?? 0,
      minCreateRevision: init?.minCreateRevision ?? 0,
      maxCreateRevision: init?.maxCreateRevision ?? 0,
    };
  },
  sizeOf: sizeRangeRequest,
  encode(m: RangeRequest): Uint8Array {
    const w = beginMessage(sizeRangeRequest(m));
    writeRangeRequest(m, w);
    return w.take();
  },
  write: writeRangeRequest,
  encodeInto(m: RangeRequest, w: WireWriter): void {
    w.reserve(sizeRangeRequest(m));
    writeRangeRequest(m, w);
  },
  decode(bytes: Uint8Array): RangeRequest {
    const r = new WireReader(bytes);
    return readRangeRequest(r, r.end);
  },
};

export interface RangeResponse {
  header: ResponseHeader | undefined;
  kvs: KeyValue[];
  /** `limit` cut the answer */
  more: boolean;
  /** keys in the range, whatever the limit and the bounds */
  count: number;
  stalenessMs?: number | undefined;
}

export function sizeRangeResponse(m: RangeResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  for (const item of m.kvs) n += 1 + sizeOfLength(sizeKeyValue(item));
  if (m.more) n += 2;
  if (m.count !== 0) n += 1 + sizeOfInt64(m.count);
  if (m.stalenessMs !== undefined) n += 2 + sizeOfUint64(m.stalenessMs);
  return n;
}

export function writeRangeResponse(m: RangeResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  for (const item of m.kvs) {
    w.byte(18);
    w.varint32(sizeKeyValue(item));
    writeKeyValue(item, w);
  }
  if (m.more) {
    w.byte(24);
    w.bool(m.more);
  }
  if (m.count !== 0) {
    w.byte(32);
    w.int64(m.count);
  }
  if (m.stalenessMs !== undefined) {
    w.varint32(8000);
    w.uint64(m.stalenessMs);
  }
}

export function readRangeResponse(r: WireReader, end: number): RangeResponse {
  let header: ResponseHeader | undefined = undefined;
  const kvs: KeyValue[] = [];
  let more: boolean = false;
  let count: number = 0;
  let stalenessMs: number | undefined = undefined;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 18:
        kvs.push(readKeyValue(r, r.nested(end)));
        break;
      case 24:
        more = r.bool(end);
        break;
      case 32:
        count = r.int64(end);
        break;
      case 8000:
        stalenessMs = r.uint64(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.RangeResponse', RangeResponse.fields);
    }
  }

  return { header, kvs, more, count, stalenessMs };
}

export const RangeResponse: MessageType<RangeResponse> = {
  typeName: 'etcdserverpb.RangeResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'kvs', 'kvs', 'kvs', 'message', { repeated: true, messageType: () => KeyValue }),
    describeField(3, 'more', 'more', 'more', 'bool'),
    describeField(4, 'count', 'count', 'count', 'int64'),
    describeField(1000, 'staleness_ms', 'stalenessMs', 'stalenessMs', 'uint64', { oneof: 'bound' }),
  ],
  create(init?: Partial<RangeResponse>): RangeResponse {
    return {
      header: init?.header,
      kvs: init?.kvs ?? [],
      more: init?.more ?? false,
      count: init?.count ?? 0,
      stalenessMs: init?.stalenessMs,
    };
  },
  sizeOf: sizeRangeResponse,
  encode(m: RangeResponse): Uint8Array {
    const w = beginMessage(sizeRangeResponse(m));
    writeRangeResponse(m, w);
    return w.take();
  },
  write: writeRangeResponse,
  encodeInto(m: RangeResponse, w: WireWriter): void {
    w.reserve(sizeRangeResponse(m));
    writeRangeResponse(m, w);
  },
  decode(bytes: Uint8Array): RangeResponse {
    const r = new WireReader(bytes);
    return readRangeResponse(r, r.end);
  },
};

export interface PutRequest {
  key: Uint8Array;
  value: Uint8Array;
  /** 0: none */
  lease: bigint;
  /** answer with the version before */
  prevKv: boolean;
  /** keep the value, which must exist */
  ignoreValue: boolean;
  /** keep the lease of the key, which must exist */
  ignoreLease: boolean;
}

export function sizePutRequest(m: PutRequest): number {
  let n = 0;
  if (m.key.length > 0) n += 1 + sizeOfLength(m.key.length);
  if (m.value.length > 0) n += 1 + sizeOfLength(m.value.length);
  if (m.lease !== 0n) n += 1 + sizeOfBigint(m.lease);
  if (m.prevKv) n += 2;
  if (m.ignoreValue) n += 2;
  if (m.ignoreLease) n += 2;
  return n;
}

export function writePutRequest(m: PutRequest, w: WireWriter): void {
  if (m.key.length > 0) {
    w.byte(10);
    w.bytes(m.key);
  }
  if (m.value.length > 0) {
    w.byte(18);
    w.bytes(m.value);
  }
  if (m.lease !== 0n) {
    w.byte(24);
    w.bigint64(m.lease);
  }
  if (m.prevKv) {
    w.byte(32);
    w.bool(m.prevKv);
  }
  if (m.ignoreValue) {
    w.byte(40);
    w.bool(m.ignoreValue);
  }
  if (m.ignoreLease) {
    w.byte(48);
    w.bool(m.ignoreLease);
  }
}

export function readPutRequest(r: WireReader, end: number): PutRequest {
  let key: Uint8Array = EMPTY_BYTES;
  let value: Uint8Array = EMPTY_BYTES;
  let lease: bigint = 0n;
  let prevKv: boolean = false;
  let ignoreValue: boolean = false;
  let ignoreLease: boolean = false;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        key = r.bytes(end);
        break;
      case 18:
        value = r.bytes(end);
        break;
      case 24:
        lease = r.bigint64(end);
        break;
      case 32:
        prevKv = r.bool(end);
        break;
      case 40:
        ignoreValue = r.bool(end);
        break;
      case 48:
        ignoreLease = r.bool(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.PutRequest', PutRequest.fields);
    }
  }

  return { key, value, lease, prevKv, ignoreValue, ignoreLease };
}

export const PutRequest: MessageType<PutRequest> = {
  typeName: 'etcdserverpb.PutRequest',
  fields: [
    describeField(1, 'key', 'key', 'key', 'bytes'),
    describeField(2, 'value', 'value', 'value', 'bytes'),
    describeField(3, 'lease', 'lease', 'lease', 'exact64'),
    describeField(4, 'prev_kv', 'prevKv', 'prevKv', 'bool'),
    describeField(5, 'ignore_value', 'ignoreValue', 'ignoreValue', 'bool'),
    describeField(6, 'ignore_lease', 'ignoreLease', 'ignoreLease', 'bool'),
  ],
  create(init?: Partial<PutRequest>): PutRequest {
    return {
      key: init?.key ?? EMPTY_BYTES,
      value: init?.value ?? EMPTY_BYTES,
      lease: init?.lease ?? 0n,
      prevKv: init?.prevKv ?? false,
      ignoreValue: init?.ignoreValue ?? false,
      ignoreLease: init?.ignoreLease ?? false,
    };
  },
  sizeOf: sizePutRequest,
  encode(m: PutRequest): Uint8Array {
    const w = beginMessage(sizePutRequest(m));
    writePutRequest(m, w);
    return w.take();
  },
  write: writePutRequest,
  encodeInto(m: PutRequest, w: WireWriter): void {
    w.reserve(sizePutRequest(m));
    writePutRequest(m, w);
  },
  decode(bytes: Uint8Array): PutRequest {
    const r = new WireReader(bytes);
    return readPutRequest(r, r.end);
  },
};

export interface PutResponse {
  header: ResponseHeader | undefined;
  prevKv: KeyValue | undefined;
}

export function sizePutResponse(m: PutResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  if (m.prevKv !== undefined) n += 1 + sizeOfLength(sizeKeyValue(m.prevKv));
  return n;
}

export function writePutResponse(m: PutResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  if (m.prevKv !== undefined) {
    w.byte(18);
    w.varint32(sizeKeyValue(m.prevKv));
    writeKeyValue(m.prevKv, w);
  }
}

export function readPutResponse(r: WireReader, end: number): PutResponse {
  let header: ResponseHeader | undefined = undefined;
  let prevKv: KeyValue | undefined = undefined;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 18:
        prevKv = readKeyValue(r, r.nested(end));
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.PutResponse', PutResponse.fields);
    }
  }

  return { header, prevKv };
}

export const PutResponse: MessageType<PutResponse> = {
  typeName: 'etcdserverpb.PutResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'prev_kv', 'prevKv', 'prevKv', 'message', { messageType: () => KeyValue }),
  ],
  create(init?: Partial<PutResponse>): PutResponse {
    return { header: init?.header, prevKv: init?.prevKv };
  },
  sizeOf: sizePutResponse,
  encode(m: PutResponse): Uint8Array {
    const w = beginMessage(sizePutResponse(m));
    writePutResponse(m, w);
    return w.take();
  },
  write: writePutResponse,
  encodeInto(m: PutResponse, w: WireWriter): void {
    w.reserve(sizePutResponse(m));
    writePutResponse(m, w);
  },
  decode(bytes: Uint8Array): PutResponse {
    const r = new WireReader(bytes);
    return readPutResponse(r, r.end);
  },
};

export interface DeleteRangeRequest {
  key: Uint8Array;
  /** as in RangeRequest */
  rangeEnd: Uint8Array;
  prevKv: boolean;
}

export function sizeDeleteRangeRequest(m: DeleteRangeRequest): number {
  let n = 0;
  if (m.key.length > 0) n += 1 + sizeOfLength(m.key.length);
  if (m.rangeEnd.length > 0) n += 1 + sizeOfLength(m.rangeEnd.length);
  if (m.prevKv) n += 2;
  return n;
}

export function writeDeleteRangeRequest(m: DeleteRangeRequest, w: WireWriter): void {
  if (m.key.length > 0) {
    w.byte(10);
    w.bytes(m.key);
  }
  if (m.rangeEnd.length > 0) {
    w.byte(18);
    w.bytes(m.rangeEnd);
  }
  if (m.prevKv) {
    w.byte(24);
    w.bool(m.prevKv);
  }
}

export function readDeleteRangeRequest(r: WireReader, end: number): DeleteRangeRequest {
  let key: Uint8Array = EMPTY_BYTES;
  let rangeEnd: Uint8Array = EMPTY_BYTES;
  let prevKv: boolean = false;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        key = r.bytes(end);
        break;
      case 18:
        rangeEnd = r.bytes(end);
        break;
      case 24:
        prevKv = r.bool(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.DeleteRangeRequest', DeleteRangeRequest.fields);
    }
  }

  return { key, rangeEnd, prevKv };
}

export const DeleteRangeRequest: MessageType<DeleteRangeRequest> = {
  typeName: 'etcdserverpb.DeleteRangeRequest',
  fields: [
    describeField(1, 'key', 'key', 'key', 'bytes'),
    describeField(2, 'range_end', 'rangeEnd', 'rangeEnd', 'bytes'),
    describeField(3, 'prev_kv', 'prevKv', 'prevKv', 'bool'),
  ],
  create(init?: Partial<DeleteRangeRequest>): DeleteRangeRequest {
    return { key: init?.key ?? EMPTY_BYTES, rangeEnd: init?.rangeEnd ?? EMPTY_BYTES, prevKv: init?.prevKv ?? false };
  },
  sizeOf: sizeDeleteRangeRequest,
  encode(m: DeleteRangeRequest): Uint8Array {
    const w = beginMessage(sizeDeleteRangeRequest(m));
    writeDeleteRangeRequest(m, w);
    return w.take();
  },
  write: writeDeleteRangeRequest,
  encodeInto(m: DeleteRangeRequest, w: WireWriter): void {
    w.reserve(sizeDeleteRangeRequest(m));
    writeDeleteRangeRequest(m, w);
  },
  decode(bytes: Uint8Array): DeleteRangeRequest {
    const r = new WireReader(bytes);
    return readDeleteRangeRequest(r, r.end);
  },
};

export interface DeleteRangeResponse {
  header: ResponseHeader | undefined;
  deleted: number;
  prevKvs: KeyValue[];
}

export function sizeDeleteRangeResponse(m: DeleteRangeResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  if (m.deleted !== 0) n += 1 + sizeOfInt64(m.deleted);
  for (const item of m.prevKvs) n += 1 + sizeOfLength(sizeKeyValue(item));
  return n;
}

export function writeDeleteRangeResponse(m: DeleteRangeResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  if (m.deleted !== 0) {
    w.byte(16);
    w.int64(m.deleted);
  }
  for (const item of m.prevKvs) {
    w.byte(26);
    w.varint32(sizeKeyValue(item));
    writeKeyValue(item, w);
  }
}

export function readDeleteRangeResponse(r: WireReader, end: number): DeleteRangeResponse {
  let header: ResponseHeader | undefined = undefined;
  let deleted: number = 0;
  const prevKvs: KeyValue[] = [];

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 16:
        deleted = r.int64(end);
        break;
      case 26:
        prevKvs.push(readKeyValue(r, r.nested(end)));
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.DeleteRangeResponse', DeleteRangeResponse.fields);
    }
  }

  return { header, deleted, prevKvs };
}

export const DeleteRangeResponse: MessageType<DeleteRangeResponse> = {
  typeName: 'etcdserverpb.DeleteRangeResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'deleted', 'deleted', 'deleted', 'int64'),
    describeField(3, 'prev_kvs', 'prevKvs', 'prevKvs', 'message', { repeated: true, messageType: () => KeyValue }),
  ],
  create(init?: Partial<DeleteRangeResponse>): DeleteRangeResponse {
    return { header: init?.header, deleted: init?.deleted ?? 0, prevKvs: init?.prevKvs ?? [] };
  },
  sizeOf: sizeDeleteRangeResponse,
  encode(m: DeleteRangeResponse): Uint8Array {
    const w = beginMessage(sizeDeleteRangeResponse(m));
    writeDeleteRangeResponse(m, w);
    return w.take();
  },
  write: writeDeleteRangeResponse,
  encodeInto(m: DeleteRangeResponse, w: WireWriter): void {
    w.reserve(sizeDeleteRangeResponse(m));
    writeDeleteRangeResponse(m, w);
  },
  decode(bytes: Uint8Array): DeleteRangeResponse {
    const r = new WireReader(bytes);
    return readDeleteRangeResponse(r, r.end);
  },
};

export interface RequestOp {
  requestRange?: RangeRequest | undefined;
  requestPut?: PutRequest | undefined;
  requestDeleteRange?: DeleteRangeRequest | undefined;
  requestTxn?: TxnRequest | undefined;
}

export function sizeRequestOp(m: RequestOp): number {
  let n = 0;
  if (m.requestRange !== undefined) n += 1 + sizeOfLength(sizeRangeRequest(m.requestRange));
  if (m.requestPut !== undefined) n += 1 + sizeOfLength(sizePutRequest(m.requestPut));
  if (m.requestDeleteRange !== undefined) n += 1 + sizeOfLength(sizeDeleteRangeRequest(m.requestDeleteRange));
  if (m.requestTxn !== undefined) n += 1 + sizeOfLength(sizeTxnRequest(m.requestTxn));
  return n;
}

export function writeRequestOp(m: RequestOp, w: WireWriter): void {
  if (m.requestRange !== undefined) {
    w.byte(10);
    w.varint32(sizeRangeRequest(m.requestRange));
    writeRangeRequest(m.requestRange, w);
  }
  if (m.requestPut !== undefined) {
    w.byte(18);
    w.varint32(sizePutRequest(m.requestPut));
    writePutRequest(m.requestPut, w);
  }
  if (m.requestDeleteRange !== undefined) {
    w.byte(26);
    w.varint32(sizeDeleteRangeRequest(m.requestDeleteRange));
    writeDeleteRangeRequest(m.requestDeleteRange, w);
  }
  if (m.requestTxn !== undefined) {
    w.byte(34);
    w.varint32(sizeTxnRequest(m.requestTxn));
    writeTxnRequest(m.requestTxn, w);
  }
}

export function readRequestOp(r: WireReader, end: number): RequestOp {
  let requestRange: RangeRequest | undefined = undefined;
  let requestPut: PutRequest | undefined = undefined;
  let requestDeleteRange: DeleteRangeRequest | undefined = undefined;
  let requestTxn: TxnRequest | undefined = undefined;
  r.enter();
  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        requestRange = readRangeRequest(r, r.nested(end));
        requestPut = undefined;
        requestDeleteRange = undefined;
        requestTxn = undefined;
        break;
      case 18:
        requestPut = readPutRequest(r, r.nested(end));
        requestRange = undefined;
        requestDeleteRange = undefined;
        requestTxn = undefined;
        break;
      case 26:
        requestDeleteRange = readDeleteRangeRequest(r, r.nested(end));
        requestRange = undefined;
        requestPut = undefined;
        requestTxn = undefined;
        break;
      case 34:
        requestTxn = readTxnRequest(r, r.nested(end));
        requestRange = undefined;
        requestPut = undefined;
        requestDeleteRange = undefined;
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.RequestOp', RequestOp.fields);
    }
  }
  r.leave();
  return { requestRange, requestPut, requestDeleteRange, requestTxn };
}

export const RequestOp: MessageType<RequestOp> = {
  typeName: 'etcdserverpb.RequestOp',
  fields: [
    describeField(1, 'request_range', 'requestRange', 'requestRange', 'message', {
      oneof: 'request',
      messageType: () => RangeRequest,
    }),
    describeField(2, 'request_put', 'requestPut', 'requestPut', 'message', {
      oneof: 'request',
      messageType: () => PutRequest,
    }),
    describeField(3, 'request_delete_range', 'requestDeleteRange', 'requestDeleteRange', 'message', {
      oneof: 'request',
      messageType: () => DeleteRangeRequest,
    }),
    describeField(4, 'request_txn', 'requestTxn', 'requestTxn', 'message', {
      oneof: 'request',
      messageType: () => TxnRequest,
    }),
  ],
  create(init?: Partial<RequestOp>): RequestOp {
    return {
      requestRange: init?.requestRange,
      requestPut: init?.requestPut,
      requestDeleteRange: init?.requestDeleteRange,
      requestTxn: init?.requestTxn,
    };
  },
  sizeOf: sizeRequestOp,
  encode(m: RequestOp): Uint8Array {
    const w = beginMessage(sizeRequestOp(m));
    writeRequestOp(m, w);
    return w.take();
  },
  write: writeRequestOp,
  encodeInto(m: RequestOp, w: WireWriter): void {
    w.reserve(sizeRequestOp(m));
    writeRequestOp(m, w);
  },
  decode(bytes: Uint8Array): RequestOp {
    const r = new WireReader(bytes);
    return readRequestOp(r, r.end);
  },
};

export interface ResponseOp {
  responseRange?: RangeResponse | undefined;
  responsePut?: PutResponse | undefined;
  responseDeleteRange?: DeleteRangeResponse | undefined;
  responseTxn?: TxnResponse | undefined;
}

export function sizeResponseOp(m: ResponseOp): number {
  let n = 0;
  if (m.responseRange !== undefined) n += 1 + sizeOfLength(sizeRangeResponse(m.responseRange));
  if (m.responsePut !== undefined) n += 1 + sizeOfLength(sizePutResponse(m.responsePut));
  if (m.responseDeleteRange !== undefined) n += 1 + sizeOfLength(sizeDeleteRangeResponse(m.responseDeleteRange));
  if (m.responseTxn !== undefined) n += 1 + sizeOfLength(sizeTxnResponse(m.responseTxn));
  return n;
}

export function writeResponseOp(m: ResponseOp, w: WireWriter): void {
  if (m.responseRange !== undefined) {
    w.byte(10);
    w.varint32(sizeRangeResponse(m.responseRange));
    writeRangeResponse(m.responseRange, w);
  }
  if (m.responsePut !== undefined) {
    w.byte(18);
    w.varint32(sizePutResponse(m.responsePut));
    writePutResponse(m.responsePut, w);
  }
  if (m.responseDeleteRange !== undefined) {
    w.byte(26);
    w.varint32(sizeDeleteRangeResponse(m.responseDeleteRange));
    writeDeleteRangeResponse(m.responseDeleteRange, w);
  }
  if (m.responseTxn !== undefined) {
    w.byte(34);
    w.varint32(sizeTxnResponse(m.responseTxn));
    writeTxnResponse(m.responseTxn, w);
  }
}

export function readResponseOp(r: WireReader, end: number): ResponseOp {
  let responseRange: RangeResponse | undefined = undefined;
  let responsePut: PutResponse | undefined = undefined;
  let responseDeleteRange: DeleteRangeResponse | undefined = undefined;
  let responseTxn: TxnResponse | undefined = undefined;
  r.enter();
  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        responseRange = readRangeResponse(r, r.nested(end));
        responsePut = undefined;
        responseDeleteRange = undefined;
        responseTxn = undefined;
        break;
      case 18:
        responsePut = readPutResponse(r, r.nested(end));
        responseRange = undefined;
        responseDeleteRange = undefined;
        responseTxn = undefined;
        break;
      case 26:
        responseDeleteRange = readDeleteRangeResponse(r, r.nested(end));
        responseRange = undefined;
        responsePut = undefined;
        responseTxn = undefined;
        break;
      case 34:
        responseTxn = readTxnResponse(r, r.nested(end));
        responseRange = undefined;
        responsePut = undefined;
        responseDeleteRange = undefined;
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.ResponseOp', ResponseOp.fields);
    }
  }
  r.leave();
  return { responseRange, responsePut, responseDeleteRange, responseTxn };
}

export const ResponseOp: MessageType<ResponseOp> = {
  typeName: 'etcdserverpb.ResponseOp',
  fields: [
    describeField(1, 'response_range', 'responseRange', 'responseRange', 'message', {
      oneof: 'response',
      messageType: () => RangeResponse,
    }),
    describeField(2, 'response_put', 'responsePut', 'responsePut', 'message', {
      oneof: 'response',
      messageType: () => PutResponse,
    }),
    describeField(3, 'response_delete_range', 'responseDeleteRange', 'responseDeleteRange', 'message', {
      oneof: 'response',
      messageType: () => DeleteRangeResponse,
    }),
    describeField(4, 'response_txn', 'responseTxn', 'responseTxn', 'message', {
      oneof: 'response',
      messageType: () => TxnResponse,
    }),
  ],
  create(init?: Partial<ResponseOp>): ResponseOp {
    return {
      responseRange: init?.responseRange,
      responsePut: init?.responsePut,
      responseDeleteRange: init?.responseDeleteRange,
      responseTxn: init?.responseTxn,
    };
  },
  sizeOf: sizeResponseOp,
  encode(m: ResponseOp): Uint8Array {
    const w = beginMessage(sizeResponseOp(m));
    writeResponseOp(m, w);
    return w.take();
  },
  write: writeResponseOp,
  encodeInto(m: ResponseOp, w: WireWriter): void {
    w.reserve(sizeResponseOp(m));
    writeResponseOp(m, w);
  },
  decode(bytes: Uint8Array): ResponseOp {
    const r = new WireReader(bytes);
    return readResponseOp(r, r.end);
  },
};

export interface Compare {
  /** how the stored property must stand to the given one */
  result: CompareResult;
  /** which property */
  target: CompareTarget;
  key: Uint8Array;
  version?: number | undefined;
  createRevision?: number | undefined;
  modRevision?: number | undefined;
  value?: Uint8Array | undefined;
  lease?: bigint | undefined;
  /** every key of the range must hold */
  rangeEnd: Uint8Array;
}

export function sizeCompare(m: Compare): number {
  let n = 0;
  if (m.result !== 0) n += 1 + sizeOfInt32(m.result);
  if (m.target !== 0) n += 1 + sizeOfInt32(m.target);
  if (m.key.length > 0) n += 1 + sizeOfLength(m.key.length);
  if (m.version !== undefined) n += 1 + sizeOfInt64(m.version);
  if (m.createRevision !== undefined) n += 1 + sizeOfInt64(m.createRevision);
  if (m.modRevision !== undefined) n += 1 + sizeOfInt64(m.modRevision);
  if (m.value !== undefined) n += 1 + sizeOfLength(m.value.length);
  if (m.lease !== undefined) n += 1 + sizeOfBigint(m.lease);
  if (m.rangeEnd.length > 0) n += 2 + sizeOfLength(m.rangeEnd.length);
  return n;
}

export function writeCompare(m: Compare, w: WireWriter): void {
  if (m.result !== 0) {
    w.byte(8);
    w.int32(m.result);
  }
  if (m.target !== 0) {
    w.byte(16);
    w.int32(m.target);
  }
  if (m.key.length > 0) {
    w.byte(26);
    w.bytes(m.key);
  }
  if (m.version !== undefined) {
    w.byte(32);
    w.int64(m.version);
  }
  if (m.createRevision !== undefined) {
    w.byte(40);
    w.int64(m.createRevision);
  }
  if (m.modRevision !== undefined) {
    w.byte(48);
    w.int64(m.modRevision);
  }
  if (m.value !== undefined) {
    w.byte(58);
    w.bytes(m.value);
  }
  if (m.lease !== undefined) {
    w.byte(64);
    w.bigint64(m.lease);
  }
  if (m.rangeEnd.length > 0) {
    w.varint32(514);
    w.bytes(m.rangeEnd);
  }
}

export function readCompare(r: WireReader, end: number): Compare {
  let result: CompareResult = 0;
  let target: CompareTarget = 0;
  let key: Uint8Array = EMPTY_BYTES;
  let version: number | undefined = undefined;
  let createRevision: number | undefined = undefined;
  let modRevision: number | undefined = undefined;
  let value: Uint8Array | undefined = undefined;
  let lease: bigint | undefined = undefined;
  let rangeEnd: Uint8Array = EMPTY_BYTES;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 8:
        result = r.int32(end) as CompareResult;
        break;
      case 16:
        target = r.int32(end) as CompareTarget;
        break;
      case 26:
        key = r.bytes(end);
        break;
      case 32:
        version = r.int64(end);
        createRevision = undefined;
        modRevision = undefined;
        value = undefined;
        lease = undefined;
        break;
      case 40:
        createRevision = r.int64(end);
        version = undefined;
        modRevision = undefined;
        value = undefined;
        lease = undefined;
        break;
      case 48:
        modRevision = r.int64(end);
        version = undefined;
        createRevision = undefined;
        value = undefined;
        lease = undefined;
        break;
      case 58:
        value = r.bytes(end);
        version = undefined;
        createRevision = undefined;
        modRevision = undefined;
        lease = undefined;
        break;
      case 64:
        lease = r.bigint64(end);
        version = undefined;
        createRevision = undefined;
        modRevision = undefined;
        value = undefined;
        break;
      case 514:
        rangeEnd = r.bytes(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.Compare', Compare.fields);
    }
  }

  return { result, target, key, version, createRevision, modRevision, value, lease, rangeEnd };
}

export const Compare: MessageType<Compare> = {
  typeName: 'etcdserverpb.Compare',
  fields: [
    describeField(1, 'result', 'result', 'result', 'enum', { enumType: CompareResultEnum }),
    describeField(2, 'target', 'target', 'target', 'enum', { enumType: CompareTargetEnum }),
    describeField(3, 'key', 'key', 'key', 'bytes'),
    describeField(4, 'version', 'version', 'version', 'int64', { oneof: 'target_union' }),
    describeField(5, 'create_revision', 'createRevision', 'createRevision', 'int64', { oneof: 'target_union' }),
    describeField(6, 'mod_revision', 'modRevision', 'modRevision', 'int64', { oneof: 'target_union' }),
    describeField(7, 'value', 'value', 'value', 'bytes', { oneof: 'target_union' }),
    describeField(8, 'lease', 'lease', 'lease', 'exact64', { oneof: 'target_union' }),
    describeField(64, 'range_end', 'rangeEnd', 'rangeEnd', 'bytes'),
  ],
  create(init?: Partial<Compare>): Compare {
    return {
      result: init?.result ?? 0,
      target: init?.target ?? 0,
      key: init?.key ?? EMPTY_BYTES,
      version: init?.version,
      createRevision: init?.createRevision,
      modRevision: init?.modRevision,
      value: init?.value,
      lease: init?.lease,
      rangeEnd: init?.rangeEnd ?? EMPTY_BYTES,
    };
  },
  sizeOf: sizeCompare,
  encode(m: Compare): Uint8Array {
    const w = beginMessage(sizeCompare(m));
    writeCompare(m, w);
    return w.take();
  },
  write: writeCompare,
  encodeInto(m: Compare, w: WireWriter): void {
    w.reserve(sizeCompare(m));
    writeCompare(m, w);
  },
  decode(bytes: Uint8Array): Compare {
    const r = new WireReader(bytes);
    return readCompare(r, r.end);
  },
};

/** If all of `compare` hold, `success` is carried out, otherwise `failure`; all at one revision. */
export interface TxnRequest {
  compare: Compare[];
  success: RequestOp[];
  failure: RequestOp[];
}

export function sizeTxnRequest(m: TxnRequest): number {
  let n = 0;
  for (const item of m.compare) n += 1 + sizeOfLength(sizeCompare(item));
  for (const item of m.success) n += 1 + sizeOfLength(sizeRequestOp(item));
  for (const item of m.failure) n += 1 + sizeOfLength(sizeRequestOp(item));
  return n;
}

export function writeTxnRequest(m: TxnRequest, w: WireWriter): void {
  for (const item of m.compare) {
    w.byte(10);
    w.varint32(sizeCompare(item));
    writeCompare(item, w);
  }
  for (const item of m.success) {
    w.byte(18);
    w.varint32(sizeRequestOp(item));
    writeRequestOp(item, w);
  }
  for (const item of m.failure) {
    w.byte(26);
    w.varint32(sizeRequestOp(item));
    writeRequestOp(item, w);
  }
}

export function readTxnRequest(r: WireReader, end: number): TxnRequest {
  const compare: Compare[] = [];
  const success: RequestOp[] = [];
  const failure: RequestOp[] = [];
  r.enter();
  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        compare.push(readCompare(r, r.nested(end)));
        break;
      case 18:
        success.push(readRequestOp(r, r.nested(end)));
        break;
      case 26:
        failure.push(readRequestOp(r, r.nested(end)));
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.TxnRequest', TxnRequest.fields);
    }
  }
  r.leave();
  return { compare, success, failure };
}

export const TxnRequest: MessageType<TxnRequest> = {
  typeName: 'etcdserverpb.TxnRequest',
  fields: [
    describeField(1, 'compare', 'compare', 'compare', 'message', { repeated: true, messageType: () => Compare }),
    describeField(2, 'success', 'success', 'success', 'message', { repeated: true, messageType: () => RequestOp }),
    describeField(3, 'failure', 'failure', 'failure', 'message', { repeated: true, messageType: () => RequestOp }),
  ],
  create(init?: Partial<TxnRequest>): TxnRequest {
    return { compare: init?.compare ?? [], success: init?.success ?? [], failure: init?.failure ?? [] };
  },
  sizeOf: sizeTxnRequest,
  encode(m: TxnRequest): Uint8Array {
    const w = beginMessage(sizeTxnRequest(m));
    writeTxnRequest(m, w);
    return w.take();
  },
  write: writeTxnRequest,
  encodeInto(m: TxnRequest, w: WireWriter): void {
    w.reserve(sizeTxnRequest(m));
    writeTxnRequest(m, w);
  },
  decode(bytes: Uint8Array): TxnRequest {
    const r = new WireReader(bytes);
    return readTxnRequest(r, r.end);
  },
};

export interface TxnResponse {
  header: ResponseHeader | undefined;
  succeeded: boolean;
  responses: ResponseOp[];
}

export function sizeTxnResponse(m: TxnResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  if (m.succeeded) n += 2;
  for (const item of m.responses) n += 1 + sizeOfLength(sizeResponseOp(item));
  return n;
}

export function writeTxnResponse(m: TxnResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  if (m.succeeded) {
    w.byte(16);
    w.bool(m.succeeded);
  }
  for (const item of m.responses) {
    w.byte(26);
    w.varint32(sizeResponseOp(item));
    writeResponseOp(item, w);
  }
}

export function readTxnResponse(r: WireReader, end: number): TxnResponse {
  let header: ResponseHeader | undefined = undefined;
  let succeeded: boolean = false;
  const responses: ResponseOp[] = [];
  r.enter();
  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 16:
        succeeded = r.bool(end);
        break;
      case 26:
        responses.push(readResponseOp(r, r.nested(end)));
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.TxnResponse', TxnResponse.fields);
    }
  }
  r.leave();
  return { header, succeeded, responses };
}

export const TxnResponse: MessageType<TxnResponse> = {
  typeName: 'etcdserverpb.TxnResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'succeeded', 'succeeded', 'succeeded', 'bool'),
    describeField(3, 'responses', 'responses', 'responses', 'message', {
      repeated: true,
      messageType: () => ResponseOp,
    }),
  ],
  create(init?: Partial<TxnResponse>): TxnResponse {
    return { header: init?.header, succeeded: init?.succeeded ?? false, responses: init?.responses ?? [] };
  },
  sizeOf: sizeTxnResponse,
  encode(m: TxnResponse): Uint8Array {
    const w = beginMessage(sizeTxnResponse(m));
    writeTxnResponse(m, w);
    return w.take();
  },
  write: writeTxnResponse,
  encodeInto(m: TxnResponse, w: WireWriter): void {
    w.reserve(sizeTxnResponse(m));
    writeTxnResponse(m, w);
  },
  decode(bytes: Uint8Array): TxnResponse {
    const r = new WireReader(bytes);
    return readTxnResponse(r, r.end);
  },
};

export interface CompactionRequest {
  revision: number;
  /** answer only when the space is given back */
  physical: boolean;
}

export function sizeCompactionRequest(m: CompactionRequest): number {
  let n = 0;
  if (m.revision !== 0) n += 1 + sizeOfInt64(m.revision);
  if (m.physical) n += 2;
  return n;
}

export function writeCompactionRequest(m: CompactionRequest, w: WireWriter): void {
  if (m.revision !== 0) {
    w.byte(8);
    w.int64(m.revision);
  }
  if (m.physical) {
    w.byte(16);
    w.bool(m.physical);
  }
}

export function readCompactionRequest(r: WireReader, end: number): CompactionRequest {
  let revision: number = 0;
  let physical: boolean = false;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 8:
        revision = r.int64(end);
        break;
      case 16:
        physical = r.bool(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.CompactionRequest', CompactionRequest.fields);
    }
  }

  return { revision, physical };
}

export const CompactionRequest: MessageType<CompactionRequest> = {
  typeName: 'etcdserverpb.CompactionRequest',
  fields: [
    describeField(1, 'revision', 'revision', 'revision', 'int64'),
    describeField(2, 'physical', 'physical', 'physical', 'bool'),
  ],
  create(init?: Partial<CompactionRequest>): CompactionRequest {
    return { revision: init?.revision ?? 0, physical: init?.physical ?? false };
  },
  sizeOf: sizeCompactionRequest,
  encode(m: CompactionRequest): Uint8Array {
    const w = beginMessage(sizeCompactionRequest(m));
    writeCompactionRequest(m, w);
    return w.take();
  },
  write: writeCompactionRequest,
  encodeInto(m: CompactionRequest, w: WireWriter): void {
    w.reserve(sizeCompactionRequest(m));
    writeCompactionRequest(m, w);
  },
  decode(bytes: Uint8Array): CompactionRequest {
    const r = new WireReader(bytes);
    return readCompactionRequest(r, r.end);
  },
};

export interface CompactionResponse {
  header: ResponseHeader | undefined;
}

export function sizeCompactionResponse(m: CompactionResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  return n;
}

export function writeCompactionResponse(m: CompactionResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
}

export function readCompactionResponse(r: WireReader, end: number): CompactionResponse {
  let header: ResponseHeader | undefined = undefined;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.CompactionResponse', CompactionResponse.fields);
    }
  }

  return { header };
}

export const CompactionResponse: MessageType<CompactionResponse> = {
  typeName: 'etcdserverpb.CompactionResponse',
  fields: [describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader })],
  create(init?: Partial<CompactionResponse>): CompactionResponse {
    return { header: init?.header };
  },
  sizeOf: sizeCompactionResponse,
  encode(m: CompactionResponse): Uint8Array {
    const w = beginMessage(sizeCompactionResponse(m));
    writeCompactionResponse(m, w);
    return w.take();
  },
  write: writeCompactionResponse,
  encodeInto(m: CompactionResponse, w: WireWriter): void {
    w.reserve(sizeCompactionResponse(m));
    writeCompactionResponse(m, w);
  },
  decode(bytes: Uint8Array): CompactionResponse {
    const r = new WireReader(bytes);
    return readCompactionResponse(r, r.end);
  },
};

export interface WatchRequest {
  createRequest?: WatchCreateRequest | undefined;
  cancelRequest?: WatchCancelRequest | undefined;
  progressRequest?: WatchProgressRequest | undefined;
}

export function sizeWatchRequest(m: WatchRequest): number {
  let n = 0;
  if (m.createRequest !== undefined) n += 1 + sizeOfLength(sizeWatchCreateRequest(m.createRequest));
  if (m.cancelRequest !== undefined) n += 1 + sizeOfLength(sizeWatchCancelRequest(m.cancelRequest));
  if (m.progressRequest !== undefined) n += 1 + sizeOfLength(sizeWatchProgressRequest(m.progressRequest));
  return n;
}

export function writeWatchRequest(m: WatchRequest, w: WireWriter): void {
  if (m.createRequest !== undefined) {
    w.byte(10);
    w.varint32(sizeWatchCreateRequest(m.createRequest));
    writeWatchCreateRequest(m.createRequest, w);
  }
  if (m.cancelRequest !== undefined) {
    w.byte(18);
    w.varint32(sizeWatchCancelRequest(m.cancelRequest));
    writeWatchCancelRequest(m.cancelRequest, w);
  }
  if (m.progressRequest !== undefined) {
    w.byte(26);
    w.varint32(sizeWatchProgressRequest(m.progressRequest));
    writeWatchProgressRequest(m.progressRequest, w);
  }
}

export function readWatchRequest(r: WireReader, end: number): WatchRequest {
  let createRequest: WatchCreateRequest | undefined = undefined;
  let cancelRequest: WatchCancelRequest | undefined = undefined;
  let progressRequest: WatchProgressRequest | undefined = undefined;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        createRequest = readWatchCreateRequest(r, r.nested(end));
        cancelRequest = undefined;
        progressRequest = undefined;
        break;
      case 18:
        cancelRequest = readWatchCancelRequest(r, r.nested(end));
        createRequest = undefined;
        progressRequest = undefined;
        break;
      case 26:
        progressRequest = readWatchProgressRequest(r, r.nested(end));
        createRequest = undefined;
        cancelRequest = undefined;
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.WatchRequest', WatchRequest.fields);
    }
  }

  return { createRequest, cancelRequest, progressRequest };
}

export const WatchRequest: MessageType<WatchRequest> = {
  typeName: 'etcdserverpb.WatchRequest',
  fields: [
    describeField(1, 'create_request', 'createRequest', 'createRequest', 'message', {
      oneof: 'request_union',
      messageType: () => WatchCreateRequest,
    }),
    describeField(2, 'cancel_request', 'cancelRequest', 'cancelRequest', 'message', {
      oneof: 'request_union',
      messageType: () => WatchCancelRequest,
    }),
    describeField(3, 'progress_request', 'progressRequest', 'progressRequest', 'message', {
      oneof: 'request_union',
      messageType: () => WatchProgressRequest,
    }),
  ],
  create(init?: Partial<WatchRequest>): WatchRequest {
    return {
      createRequest: init?.createRequest,
      cancelRequest: init?.cancelRequest,
      progressRequest: init?.progressRequest,
    };
  },
  sizeOf: sizeWatchRequest,
  encode(m: WatchRequest): Uint8Array {
    const w = beginMessage(sizeWatchRequest(m));
    writeWatchRequest(m, w);
    return w.take();
  },
  write: writeWatchRequest,
  encodeInto(m: WatchRequest, w: WireWriter): void {
    w.reserve(sizeWatchRequest(m));
    writeWatchRequest(m, w);
  },
  decode(bytes: Uint8Array): WatchRequest {
    const r = new WireReader(bytes);
    return readWatchRequest(r, r.end);
  },
};

export interface WatchCreateRequest {
  key: Uint8Array;
  /** as in RangeRequest */
  rangeEnd: Uint8Array;
  /** inclusive; 0: from now on */
  startRevision: number;
  /** tell the revision now and then while nothing happens */
  progressNotify: boolean;
  filters: FilterType[];
  prevKv: boolean;
  /** 0: the server chooses */
  watchId: number;
  /** a large revision may come in several answers */
  fragment: boolean;
}

export function sizeWatchCreateRequest(m: WatchCreateRequest): number {
  let n = 0;
  if (m.key.length > 0) n += 1 + sizeOfLength(m.key.length);
  if (m.rangeEnd.length > 0) n += 1 + sizeOfLength(m.rangeEnd.length);
  if (m.startRevision !== 0) n += 1 + sizeOfInt64(m.startRevision);
  if (m.progressNotify) n += 2;
  if (m.filters.length > 0) n += 1 + sizeOfLength(sizeOfPacked(m.filters));
  if (m.prevKv) n += 2;
  if (m.watchId !== 0) n += 1 + sizeOfInt64(m.watchId);
  if (m.fragment) n += 2;
  return n;
}

export function writeWatchCreateRequest(m: WatchCreateRequest, w: WireWriter): void {
  if (m.key.length > 0) {
    w.byte(10);
    w.bytes(m.key);
  }
  if (m.rangeEnd.length > 0) {
    w.byte(18);
    w.bytes(m.rangeEnd);
  }
  if (m.startRevision !== 0) {
    w.byte(24);
    w.int64(m.startRevision);
  }
  if (m.progressNotify) {
    w.byte(32);
    w.bool(m.progressNotify);
  }
  if (m.filters.length > 0) {
    w.byte(42);
    w.varint32(sizeOfPacked(m.filters));
    for (const item of m.filters) w.int32(item);
  }
  if (m.prevKv) {
    w.byte(48);
    w.bool(m.prevKv);
  }
  if (m.watchId !== 0) {
    w.byte(56);
    w.int64(m.watchId);
  }
  if (m.fragment) {
    w.byte(64);
    w.bool(m.fragment);
  }
}

export function readWatchCreateRequest(r: WireReader, end: number): WatchCreateRequest {
  let key: Uint8Array = EMPTY_BYTES;
  let rangeEnd: Uint8Array = EMPTY_BYTES;
  let startRevision: number = 0;
  let progressNotify: boolean = false;
  const filters: FilterType[] = [];
  let prevKv: boolean = false;
  let watchId: number = 0;
  let fragment: boolean = false;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        key = r.bytes(end);
        break;
      case 18:
        rangeEnd = r.bytes(end);
        break;
      case 24:
        startRevision = r.int64(end);
        break;
      case 32:
        progressNotify = r.bool(end);
        break;
      case 42: {
        const stop = r.nested(end);
        while (r.pos < stop) filters.push(r.int32(stop) as FilterType);
        break;
      }
      case 40:
        filters.push(r.int32(end) as FilterType);
        break;
      case 48:
        prevKv = r.bool(end);
        break;
      case 56:
        watchId = r.int64(end);
        break;
      case 64:
        fragment = r.bool(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.WatchCreateRequest', WatchCreateRequest.fields);
    }
  }

  return { key, rangeEnd, startRevision, progressNotify, filters, prevKv, watchId, fragment };
}

export const WatchCreateRequest: MessageType<WatchCreateRequest> = {
  typeName: 'etcdserverpb.WatchCreateRequest',
  fields: [
    describeField(1, 'key', 'key', 'key', 'bytes'),
    describeField(2, 'range_end', 'rangeEnd', 'rangeEnd', 'bytes'),
    describeField(3, 'start_revision', 'startRevision', 'startRevision', 'int64'),
    describeField(4, 'progress_notify', 'progressNotify', 'progressNotify', 'bool'),
    describeField(5, 'filters', 'filters', 'filters', 'enum', { repeated: true, enumType: FilterTypeEnum }),
    describeField(6, 'prev_kv', 'prevKv', 'prevKv', 'bool'),
    describeField(7, 'watch_id', 'watchId', 'watchId', 'int64'),
    describeField(8, 'fragment', 'fragment', 'fragment', 'bool'),
  ],
  create(init?: Partial<WatchCreateRequest>): WatchCreateRequest {
    return {
      key: init?.key ?? EMPTY_BYTES,
      rangeEnd: init?.rangeEnd ?? EMPTY_BYTES,
      startRevision: init?.startRevision ?? 0,
      progressNotify: init?.progressNotify ?? false,
      filters: init?.filters ?? [],
      prevKv: init?.prevKv ?? false,
      watchId: init?.watchId ?? 0,
      fragment: init?.fragment ?? false,
    };
  },
  sizeOf: sizeWatchCreateRequest,
  encode(m: WatchCreateRequest): Uint8Array {
    const w = beginMessage(sizeWatchCreateRequest(m));
    writeWatchCreateRequest(m, w);
    return w.take();
  },
  write: writeWatchCreateRequest,
  encodeInto(m: WatchCreateRequest, w: WireWriter): void {
    w.reserve(sizeWatchCreateRequest(m));
    writeWatchCreateRequest(m, w);
  },
  decode(bytes: Uint8Array): WatchCreateRequest {
    const r = new WireReader(bytes);
    return readWatchCreateRequest(r, r.end);
  },
};

export interface WatchCancelRequest {
  watchId: number;
}

export function sizeWatchCancelRequest(m: WatchCancelRequest): number {
  let n = 0;
  if (m.watchId !== 0) n += 1 + sizeOfInt64(m.watchId);
  return n;
}

export function writeWatchCancelRequest(m: WatchCancelRequest, w: WireWriter): void {
  if (m.watchId !== 0) {
    w.byte(8);
    w.int64(m.watchId);
  }
}

export function readWatchCancelRequest(r: WireReader, end: number): WatchCancelRequest {
  let watchId: number = 0;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 8:
        watchId = r.int64(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.WatchCancelRequest', WatchCancelRequest.fields);
    }
  }

  return { watchId };
}

export const WatchCancelRequest: MessageType<WatchCancelRequest> = {
  typeName: 'etcdserverpb.WatchCancelRequest',
  fields: [describeField(1, 'watch_id', 'watchId', 'watchId', 'int64')],
  create(init?: Partial<WatchCancelRequest>): WatchCancelRequest {
    return { watchId: init?.watchId ?? 0 };
  },
  sizeOf: sizeWatchCancelRequest,
  encode(m: WatchCancelRequest): Uint8Array {
    const w = beginMessage(sizeWatchCancelRequest(m));
    writeWatchCancelRequest(m, w);
    return w.take();
  },
  write: writeWatchCancelRequest,
  encodeInto(m: WatchCancelRequest, w: WireWriter): void {
    w.reserve(sizeWatchCancelRequest(m));
    writeWatchCancelRequest(m, w);
  },
  decode(bytes: Uint8Array): WatchCancelRequest {
    const r = new WireReader(bytes);
    return readWatchCancelRequest(r, r.end);
  },
};

export type WatchProgressRequest = Record<never, never>;

export function sizeWatchProgressRequest(_m: WatchProgressRequest): number {
  return 0;
}

export function writeWatchProgressRequest(_m: WatchProgressRequest, _w: WireWriter): void {}

export function readWatchProgressRequest(r: WireReader, end: number): WatchProgressRequest {
  while (r.pos < end) {
    const tag = r.tag(end);
    r.unexpected(tag, end, 'etcdserverpb.WatchProgressRequest', WatchProgressRequest.fields);
  }

  return {};
}

export const WatchProgressRequest: MessageType<WatchProgressRequest> = {
  typeName: 'etcdserverpb.WatchProgressRequest',
  fields: [],
  create(): WatchProgressRequest {
    return {};
  },
  sizeOf: sizeWatchProgressRequest,
  encode(m: WatchProgressRequest): Uint8Array {
    const w = beginMessage(sizeWatchProgressRequest(m));
    writeWatchProgressRequest(m, w);
    return w.take();
  },
  write: writeWatchProgressRequest,
  encodeInto(m: WatchProgressRequest, w: WireWriter): void {
    w.reserve(sizeWatchProgressRequest(m));
    writeWatchProgressRequest(m, w);
  },
  decode(bytes: Uint8Array): WatchProgressRequest {
    const r = new WireReader(bytes);
    return readWatchProgressRequest(r, r.end);
  },
};

export interface WatchResponse {
  header: ResponseHeader | undefined;
  /** -1: not about one watcher */
  watchId: number;
  created: boolean;
  canceled: boolean;
  /** above 0: the revisions asked for are gone; the oldest that is left */
  compactRevision: number;
  cancelReason: string;
  /** more of this revision follows */
  fragment: boolean;
  events: Event[];
}

export function sizeWatchResponse(m: WatchResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  if (m.watchId !== 0) n += 1 + sizeOfInt64(m.watchId);
  if (m.created) n += 2;
  if (m.canceled) n += 2;
  if (m.compactRevision !== 0) n += 1 + sizeOfInt64(m.compactRevision);
  if (m.cancelReason !== '') n += 1 + sizeOfString(m.cancelReason);
  if (m.fragment) n += 2;
  for (const item of m.events) n += 1 + sizeOfLength(sizeEvent(item));
  return n;
}

export function writeWatchResponse(m: WatchResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  if (m.watchId !== 0) {
    w.byte(16);
    w.int64(m.watchId);
  }
  if (m.created) {
    w.byte(24);
    w.bool(m.created);
  }
  if (m.canceled) {
    w.byte(32);
    w.bool(m.canceled);
  }
  if (m.compactRevision !== 0) {
    w.byte(40);
    w.int64(m.compactRevision);
  }
  if (m.cancelReason !== '') {
    w.byte(50);
    w.string(m.cancelReason);
  }
  if (m.fragment) {
    w.byte(56);
    w.bool(m.fragment);
  }
  for (const item of m.events) {
    w.byte(90);
    w.varint32(sizeEvent(item));
    writeEvent(item, w);
  }
}

export function readWatchResponse(r: WireReader, end: number): WatchResponse {
  let header: ResponseHeader | undefined = undefined;
  let watchId: number = 0;
  let created: boolean = false;
  let canceled: boolean = false;
  let compactRevision: number = 0;
  let cancelReason: string = '';
  let fragment: boolean = false;
  const events: Event[] = [];

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 16:
        watchId = r.int64(end);
        break;
      case 24:
        created = r.bool(end);
        break;
      case 32:
        canceled = r.bool(end);
        break;
      case 40:
        compactRevision = r.int64(end);
        break;
      case 50:
        cancelReason = r.string(end);
        break;
      case 56:
        fragment = r.bool(end);
        break;
      case 90:
        events.push(readEvent(r, r.nested(end)));
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.WatchResponse', WatchResponse.fields);
    }
  }

  return { header, watchId, created, canceled, compactRevision, cancelReason, fragment, events };
}

export const WatchResponse: MessageType<WatchResponse> = {
  typeName: 'etcdserverpb.WatchResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'watch_id', 'watchId', 'watchId', 'int64'),
    describeField(3, 'created', 'created', 'created', 'bool'),
    describeField(4, 'canceled', 'canceled', 'canceled', 'bool'),
    describeField(5, 'compact_revision', 'compactRevision', 'compactRevision', 'int64'),
    describeField(6, 'cancel_reason', 'cancelReason', 'cancelReason', 'string'),
    describeField(7, 'fragment', 'fragment', 'fragment', 'bool'),
    describeField(11, 'events', 'events', 'events', 'message', { repeated: true, messageType: () => Event }),
  ],
  create(init?: Partial<WatchResponse>): WatchResponse {
    return {
      header: init?.header,
      watchId: init?.watchId ?? 0,
      created: init?.created ?? false,
      canceled: init?.canceled ?? false,
      compactRevision: init?.compactRevision ?? 0,
      cancelReason: init?.cancelReason ?? '',
      fragment: init?.fragment ?? false,
      events: init?.events ?? [],
    };
  },
  sizeOf: sizeWatchResponse,
  encode(m: WatchResponse): Uint8Array {
    const w = beginMessage(sizeWatchResponse(m));
    writeWatchResponse(m, w);
    return w.take();
  },
  write: writeWatchResponse,
  encodeInto(m: WatchResponse, w: WireWriter): void {
    w.reserve(sizeWatchResponse(m));
    writeWatchResponse(m, w);
  },
  decode(bytes: Uint8Array): WatchResponse {
    const r = new WireReader(bytes);
    return readWatchResponse(r, r.end);
  },
};

export interface LeaseGrantRequest {
  /** seconds */
  ttl: number;
  /** 0: the server chooses */
  id: bigint;
}

export function sizeLeaseGrantRequest(m: LeaseGrantRequest): number {
  let n = 0;
  if (m.ttl !== 0) n += 1 + sizeOfInt64(m.ttl);
  if (m.id !== 0n) n += 1 + sizeOfBigint(m.id);
  return n;
}

export function writeLeaseGrantRequest(m: LeaseGrantRequest, w: WireWriter): void {
  if (m.ttl !== 0) {
    w.byte(8);
    w.int64(m.ttl);
  }
  if (m.id !== 0n) {
    w.byte(16);
    w.bigint64(m.id);
  }
}

export function readLeaseGrantRequest(r: WireReader, end: number): LeaseGrantRequest {
  let ttl: number = 0;
  let id: bigint = 0n;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 8:
        ttl = r.int64(end);
        break;
      case 16:
        id = r.bigint64(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.LeaseGrantRequest', LeaseGrantRequest.fields);
    }
  }

  return { ttl, id };
}

export const LeaseGrantRequest: MessageType<LeaseGrantRequest> = {
  typeName: 'etcdserverpb.LeaseGrantRequest',
  fields: [describeField(1, 'TTL', 'TTL', 'ttl', 'int64'), describeField(2, 'ID', 'ID', 'id', 'exact64')],
  create(init?: Partial<LeaseGrantRequest>): LeaseGrantRequest {
    return { ttl: init?.ttl ?? 0, id: init?.id ?? 0n };
  },
  sizeOf: sizeLeaseGrantRequest,
  encode(m: LeaseGrantRequest): Uint8Array {
    const w = beginMessage(sizeLeaseGrantRequest(m));
    writeLeaseGrantRequest(m, w);
    return w.take();
  },
  write: writeLeaseGrantRequest,
  encodeInto(m: LeaseGrantRequest, w: WireWriter): void {
    w.reserve(sizeLeaseGrantRequest(m));
    writeLeaseGrantRequest(m, w);
  },
  decode(bytes: Uint8Array): LeaseGrantRequest {
    const r = new WireReader(bytes);
    return readLeaseGrantRequest(r, r.end);
  },
};

export interface LeaseGrantResponse {
  header: ResponseHeader | undefined;
  id: bigint;
  ttl: number;
  error: string;
}

export function sizeLeaseGrantResponse(m: LeaseGrantResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  if (m.id !== 0n) n += 1 + sizeOfBigint(m.id);
  if (m.ttl !== 0) n += 1 + sizeOfInt64(m.ttl);
  if (m.error !== '') n += 1 + sizeOfString(m.error);
  return n;
}

export function writeLeaseGrantResponse(m: LeaseGrantResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  if (m.id !== 0n) {
    w.byte(16);
    w.bigint64(m.id);
  }
  if (m.ttl !== 0) {
    w.byte(24);
    w.int64(m.ttl);
  }
  if (m.error !== '') {
    w.byte(34);
    w.string(m.error);
  }
}

export function readLeaseGrantResponse(r: WireReader, end: number): LeaseGrantResponse {
  let header: ResponseHeader | undefined = undefined;
  let id: bigint = 0n;
  let ttl: number = 0;
  let error: string = '';

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 16:
        id = r.bigint64(end);
        break;
      case 24:
        ttl = r.int64(end);
        break;
      case 34:
        error = r.string(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.LeaseGrantResponse', LeaseGrantResponse.fields);
    }
  }

  return { header, id, ttl, error };
}

export const LeaseGrantResponse: MessageType<LeaseGrantResponse> = {
  typeName: 'etcdserverpb.LeaseGrantResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'ID', 'ID', 'id', 'exact64'),
    describeField(3, 'TTL', 'TTL', 'ttl', 'int64'),
    describeField(4, 'error', 'error', 'error', 'string'),
  ],
  create(init?: Partial<LeaseGrantResponse>): LeaseGrantResponse {
    return { header: init?.header, id: init?.id ?? 0n, ttl: init?.ttl ?? 0, error: init?.error ?? '' };
  },
  sizeOf: sizeLeaseGrantResponse,
  encode(m: LeaseGrantResponse): Uint8Array {
    const w = beginMessage(sizeLeaseGrantResponse(m));
    writeLeaseGrantResponse(m, w);
    return w.take();
  },
  write: writeLeaseGrantResponse,
  encodeInto(m: LeaseGrantResponse, w: WireWriter): void {
    w.reserve(sizeLeaseGrantResponse(m));
    writeLeaseGrantResponse(m, w);
  },
  decode(bytes: Uint8Array): LeaseGrantResponse {
    const r = new WireReader(bytes);
    return readLeaseGrantResponse(r, r.end);
  },
};

export interface LeaseRevokeRequest {
  id: bigint;
}

export function sizeLeaseRevokeRequest(m: LeaseRevokeRequest): number {
  let n = 0;
  if (m.id !== 0n) n += 1 + sizeOfBigint(m.id);
  return n;
}

export function writeLeaseRevokeRequest(m: LeaseRevokeRequest, w: WireWriter): void {
  if (m.id !== 0n) {
    w.byte(8);
    w.bigint64(m.id);
  }
}

export function readLeaseRevokeRequest(r: WireReader, end: number): LeaseRevokeRequest {
  let id: bigint = 0n;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 8:
        id = r.bigint64(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.LeaseRevokeRequest', LeaseRevokeRequest.fields);
    }
  }

  return { id };
}

export const LeaseRevokeRequest: MessageType<LeaseRevokeRequest> = {
  typeName: 'etcdserverpb.LeaseRevokeRequest',
  fields: [describeField(1, 'ID', 'ID', 'id', 'exact64')],
  create(init?: Partial<LeaseRevokeRequest>): LeaseRevokeRequest {
    return { id: init?.id ?? 0n };
  },
  sizeOf: sizeLeaseRevokeRequest,
  encode(m: LeaseRevokeRequest): Uint8Array {
    const w = beginMessage(sizeLeaseRevokeRequest(m));
    writeLeaseRevokeRequest(m, w);
    return w.take();
  },
  write: writeLeaseRevokeRequest,
  encodeInto(m: LeaseRevokeRequest, w: WireWriter): void {
    w.reserve(sizeLeaseRevokeRequest(m));
    writeLeaseRevokeRequest(m, w);
  },
  decode(bytes: Uint8Array): LeaseRevokeRequest {
    const r = new WireReader(bytes);
    return readLeaseRevokeRequest(r, r.end);
  },
};

export interface LeaseRevokeResponse {
  header: ResponseHeader | undefined;
}

export function sizeLeaseRevokeResponse(m: LeaseRevokeResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  return n;
}

export function writeLeaseRevokeResponse(m: LeaseRevokeResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
}

export function readLeaseRevokeResponse(r: WireReader, end: number): LeaseRevokeResponse {
  let header: ResponseHeader | undefined = undefined;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.LeaseRevokeResponse', LeaseRevokeResponse.fields);
    }
  }

  return { header };
}

export const LeaseRevokeResponse: MessageType<LeaseRevokeResponse> = {
  typeName: 'etcdserverpb.LeaseRevokeResponse',
  fields: [describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader })],
  create(init?: Partial<LeaseRevokeResponse>): LeaseRevokeResponse {
    return { header: init?.header };
  },
  sizeOf: sizeLeaseRevokeResponse,
  encode(m: LeaseRevokeResponse): Uint8Array {
    const w = beginMessage(sizeLeaseRevokeResponse(m));
    writeLeaseRevokeResponse(m, w);
    return w.take();
  },
  write: writeLeaseRevokeResponse,
  encodeInto(m: LeaseRevokeResponse, w: WireWriter): void {
    w.reserve(sizeLeaseRevokeResponse(m));
    writeLeaseRevokeResponse(m, w);
  },
  decode(bytes: Uint8Array): LeaseRevokeResponse {
    const r = new WireReader(bytes);
    return readLeaseRevokeResponse(r, r.end);
  },
};

export interface LeaseCheckpoint {
  id: bigint;
  remainingTtl: number;
}

export function sizeLeaseCheckpoint(m: LeaseCheckpoint): number {
  let n = 0;
  if (m.id !== 0n) n += 1 + sizeOfBigint(m.id);
  if (m.remainingTtl !== 0) n += 1 + sizeOfInt64(m.remainingTtl);
  return n;
}

export function writeLeaseCheckpoint(m: LeaseCheckpoint, w: WireWriter): void {
  if (m.id !== 0n) {
    w.byte(8);
    w.bigint64(m.id);
  }
  if (m.remainingTtl !== 0) {
    w.byte(16);
    w.int64(m.remainingTtl);
  }
}

export function readLeaseCheckpoint(r: WireReader, end: number): LeaseCheckpoint {
  let id: bigint = 0n;
  let remainingTtl: number = 0;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 8:
        id = r.bigint64(end);
        break;
      case 16:
        remainingTtl = r.int64(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.LeaseCheckpoint', LeaseCheckpoint.fields);
    }
  }

  return { id, remainingTtl };
}

export const LeaseCheckpoint: MessageType<LeaseCheckpoint> = {
  typeName: 'etcdserverpb.LeaseCheckpoint',
  fields: [
    describeField(1, 'ID', 'ID', 'id', 'exact64'),
    describeField(2, 'remaining_TTL', 'remainingTTL', 'remainingTtl', 'int64'),
  ],
  create(init?: Partial<LeaseCheckpoint>): LeaseCheckpoint {
    return { id: init?.id ?? 0n, remainingTtl: init?.remainingTtl ?? 0 };
  },
  sizeOf: sizeLeaseCheckpoint,
  encode(m: LeaseCheckpoint): Uint8Array {
    const w = beginMessage(sizeLeaseCheckpoint(m));
    writeLeaseCheckpoint(m, w);
    return w.take();
  },
  write: writeLeaseCheckpoint,
  encodeInto(m: LeaseCheckpoint, w: WireWriter): void {
    w.reserve(sizeLeaseCheckpoint(m));
    writeLeaseCheckpoint(m, w);
  },
  decode(bytes: Uint8Array): LeaseCheckpoint {
    const r = new WireReader(bytes);
    return readLeaseCheckpoint(r, r.end);
  },
};

export interface LeaseCheckpointRequest {
  checkpoints: LeaseCheckpoint[];
}

export function sizeLeaseCheckpointRequest(m: LeaseCheckpointRequest): number {
  let n = 0;
  for (const item of m.checkpoints) n += 1 + sizeOfLength(sizeLeaseCheckpoint(item));
  return n;
}

export function writeLeaseCheckpointRequest(m: LeaseCheckpointRequest, w: WireWriter): void {
  for (const item of m.checkpoints) {
    w.byte(10);
    w.varint32(sizeLeaseCheckpoint(item));
    writeLeaseCheckpoint(item, w);
  }
}

export function readLeaseCheckpointRequest(r: WireReader, end: number): LeaseCheckpointRequest {
  const checkpoints: LeaseCheckpoint[] = [];

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        checkpoints.push(readLeaseCheckpoint(r, r.nested(end)));
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.LeaseCheckpointRequest', LeaseCheckpointRequest.fields);
    }
  }

  return { checkpoints };
}

export const LeaseCheckpointRequest: MessageType<LeaseCheckpointRequest> = {
  typeName: 'etcdserverpb.LeaseCheckpointRequest',
  fields: [
    describeField(1, 'checkpoints', 'checkpoints', 'checkpoints', 'message', {
      repeated: true,
      messageType: () => LeaseCheckpoint,
    }),
  ],
  create(init?: Partial<LeaseCheckpointRequest>): LeaseCheckpointRequest {
    return { checkpoints: init?.checkpoints ?? [] };
  },
  sizeOf: sizeLeaseCheckpointRequest,
  encode(m: LeaseCheckpointRequest): Uint8Array {
    const w = beginMessage(sizeLeaseCheckpointRequest(m));
    writeLeaseCheckpointRequest(m, w);
    return w.take();
  },
  write: writeLeaseCheckpointRequest,
  encodeInto(m: LeaseCheckpointRequest, w: WireWriter): void {
    w.reserve(sizeLeaseCheckpointRequest(m));
    writeLeaseCheckpointRequest(m, w);
  },
  decode(bytes: Uint8Array): LeaseCheckpointRequest {
    const r = new WireReader(bytes);
    return readLeaseCheckpointRequest(r, r.end);
  },
};

export interface LeaseCheckpointResponse {
  header: ResponseHeader | undefined;
}

export function sizeLeaseCheckpointResponse(m: LeaseCheckpointResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  return n;
}

export function writeLeaseCheckpointResponse(m: LeaseCheckpointResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
}

export function readLeaseCheckpointResponse(r: WireReader, end: number): LeaseCheckpointResponse {
  let header: ResponseHeader | undefined = undefined;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.LeaseCheckpointResponse', LeaseCheckpointResponse.fields);
    }
  }

  return { header };
}

export const LeaseCheckpointResponse: MessageType<LeaseCheckpointResponse> = {
  typeName: 'etcdserverpb.LeaseCheckpointResponse',
  fields: [describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader })],
  create(init?: Partial<LeaseCheckpointResponse>): LeaseCheckpointResponse {
    return { header: init?.header };
  },
  sizeOf: sizeLeaseCheckpointResponse,
  encode(m: LeaseCheckpointResponse): Uint8Array {
    const w = beginMessage(sizeLeaseCheckpointResponse(m));
    writeLeaseCheckpointResponse(m, w);
    return w.take();
  },
  write: writeLeaseCheckpointResponse,
  encodeInto(m: LeaseCheckpointResponse, w: WireWriter): void {
    w.reserve(sizeLeaseCheckpointResponse(m));
    writeLeaseCheckpointResponse(m, w);
  },
  decode(bytes: Uint8Array): LeaseCheckpointResponse {
    const r = new WireReader(bytes);
    return readLeaseCheckpointResponse(r, r.end);
  },
};

export interface LeaseKeepAliveRequest {
  id: bigint;
}

export function sizeLeaseKeepAliveRequest(m: LeaseKeepAliveRequest): number {
  let n = 0;
  if (m.id !== 0n) n += 1 + sizeOfBigint(m.id);
  return n;
}

export function writeLeaseKeepAliveRequest(m: LeaseKeepAliveRequest, w: WireWriter): void {
  if (m.id !== 0n) {
    w.byte(8);
    w.bigint64(m.id);
  }
}

export function readLeaseKeepAliveRequest(r: WireReader, end: number): LeaseKeepAliveRequest {
  let id: bigint = 0n;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 8:
        id = r.bigint64(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.LeaseKeepAliveRequest', LeaseKeepAliveRequest.fields);
    }
  }

  return { id };
}

export const LeaseKeepAliveRequest: MessageType<LeaseKeepAliveRequest> = {
  typeName: 'etcdserverpb.LeaseKeepAliveRequest',
  fields: [describeField(1, 'ID', 'ID', 'id', 'exact64')],
  create(init?: Partial<LeaseKeepAliveRequest>): LeaseKeepAliveRequest {
    return { id: init?.id ?? 0n };
  },
  sizeOf: sizeLeaseKeepAliveRequest,
  encode(m: LeaseKeepAliveRequest): Uint8Array {
    const w = beginMessage(sizeLeaseKeepAliveRequest(m));
    writeLeaseKeepAliveRequest(m, w);
    return w.take();
  },
  write: writeLeaseKeepAliveRequest,
  encodeInto(m: LeaseKeepAliveRequest, w: WireWriter): void {
    w.reserve(sizeLeaseKeepAliveRequest(m));
    writeLeaseKeepAliveRequest(m, w);
  },
  decode(bytes: Uint8Array): LeaseKeepAliveRequest {
    const r = new WireReader(bytes);
    return readLeaseKeepAliveRequest(r, r.end);
  },
};

export interface LeaseKeepAliveResponse {
  header: ResponseHeader | undefined;
  id: bigint;
  /** 0: there is no such lease any more */
  ttl: number;
}

export function sizeLeaseKeepAliveResponse(m: LeaseKeepAliveResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  if (m.id !== 0n) n += 1 + sizeOfBigint(m.id);
  if (m.ttl !== 0) n += 1 + sizeOfInt64(m.ttl);
  return n;
}

export function writeLeaseKeepAliveResponse(m: LeaseKeepAliveResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  if (m.id !== 0n) {
    w.byte(16);
    w.bigint64(m.id);
  }
  if (m.ttl !== 0) {
    w.byte(24);
    w.int64(m.ttl);
  }
}

export function readLeaseKeepAliveResponse(r: WireReader, end: number): LeaseKeepAliveResponse {
  let header: ResponseHeader | undefined = undefined;
  let id: bigint = 0n;
  let ttl: number = 0;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 16:
        id = r.bigint64(end);
        break;
      case 24:
        ttl = r.int64(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.LeaseKeepAliveResponse', LeaseKeepAliveResponse.fields);
    }
  }

  return { header, id, ttl };
}

export const LeaseKeepAliveResponse: MessageType<LeaseKeepAliveResponse> = {
  typeName: 'etcdserverpb.LeaseKeepAliveResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'ID', 'ID', 'id', 'exact64'),
    describeField(3, 'TTL', 'TTL', 'ttl', 'int64'),
  ],
  create(init?: Partial<LeaseKeepAliveResponse>): LeaseKeepAliveResponse {
    return { header: init?.header, id: init?.id ?? 0n, ttl: init?.ttl ?? 0 };
  },
  sizeOf: sizeLeaseKeepAliveResponse,
  encode(m: LeaseKeepAliveResponse): Uint8Array {
    const w = beginMessage(sizeLeaseKeepAliveResponse(m));
    writeLeaseKeepAliveResponse(m, w);
    return w.take();
  },
  write: writeLeaseKeepAliveResponse,
  encodeInto(m: LeaseKeepAliveResponse, w: WireWriter): void {
    w.reserve(sizeLeaseKeepAliveResponse(m));
    writeLeaseKeepAliveResponse(m, w);
  },
  decode(bytes: Uint8Array): LeaseKeepAliveResponse {
    const r = new WireReader(bytes);
    return readLeaseKeepAliveResponse(r, r.end);
  },
};

export interface LeaseTimeToLiveRequest {
  id: bigint;
  keys: boolean;
}

export function sizeLeaseTimeToLiveRequest(m: LeaseTimeToLiveRequest): number {
  let n = 0;
  if (m.id !== 0n) n += 1 + sizeOfBigint(m.id);
  if (m.keys) n += 2;
  return n;
}

export function writeLeaseTimeToLiveRequest(m: LeaseTimeToLiveRequest, w: WireWriter): void {
  if (m.id !== 0n) {
    w.byte(8);
    w.bigint64(m.id);
  }
  if (m.keys) {
    w.byte(16);
    w.bool(m.keys);
  }
}

export function readLeaseTimeToLiveRequest(r: WireReader, end: number): LeaseTimeToLiveRequest {
  let id: bigint = 0n;
  let keys: boolean = false;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 8:
        id = r.bigint64(end);
        break;
      case 16:
        keys = r.bool(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.LeaseTimeToLiveRequest', LeaseTimeToLiveRequest.fields);
    }
  }

  return { id, keys };
}

export const LeaseTimeToLiveRequest: MessageType<LeaseTimeToLiveRequest> = {
  typeName: 'etcdserverpb.LeaseTimeToLiveRequest',
  fields: [describeField(1, 'ID', 'ID', 'id', 'exact64'), describeField(2, 'keys', 'keys', 'keys', 'bool')],
  create(init?: Partial<LeaseTimeToLiveRequest>): LeaseTimeToLiveRequest {
    return { id: init?.id ?? 0n, keys: init?.keys ?? false };
  },
  sizeOf: sizeLeaseTimeToLiveRequest,
  encode(m: LeaseTimeToLiveRequest): Uint8Array {
    const w = beginMessage(sizeLeaseTimeToLiveRequest(m));
    writeLeaseTimeToLiveRequest(m, w);
    return w.take();
  },
  write: writeLeaseTimeToLiveRequest,
  encodeInto(m: LeaseTimeToLiveRequest, w: WireWriter): void {
    w.reserve(sizeLeaseTimeToLiveRequest(m));
    writeLeaseTimeToLiveRequest(m, w);
  },
  decode(bytes: Uint8Array): LeaseTimeToLiveRequest {
    const r = new WireReader(bytes);
    return readLeaseTimeToLiveRequest(r, r.end);
  },
};

export interface LeaseTimeToLiveResponse {
  header: ResponseHeader | undefined;
  id: bigint;
  /** seconds left; -1: no such lease */
  ttl: number;
  grantedTtl: number;
  keys: Uint8Array[];
}

export function sizeLeaseTimeToLiveResponse(m: LeaseTimeToLiveResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  if (m.id !== 0n) n += 1 + sizeOfBigint(m.id);
  if (m.ttl !== 0) n += 1 + sizeOfInt64(m.ttl);
  if (m.grantedTtl !== 0) n += 1 + sizeOfInt64(m.grantedTtl);
  for (const item of m.keys) n += 1 + sizeOfLength(item.length);
  return n;
}

export function writeLeaseTimeToLiveResponse(m: LeaseTimeToLiveResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  if (m.id !== 0n) {
    w.byte(16);
    w.bigint64(m.id);
  }
  if (m.ttl !== 0) {
    w.byte(24);
    w.int64(m.ttl);
  }
  if (m.grantedTtl !== 0) {
    w.byte(32);
    w.int64(m.grantedTtl);
  }
  for (const item of m.keys) {
    w.byte(42);
    w.bytes(item);
  }
}

export function readLeaseTimeToLiveResponse(r: WireReader, end: number): LeaseTimeToLiveResponse {
  let header: ResponseHeader | undefined = undefined;
  let id: bigint = 0n;
  let ttl: number = 0;
  let grantedTtl: number = 0;
  const keys: Uint8Array[] = [];

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 16:
        id = r.bigint64(end);
        break;
      case 24:
        ttl = r.int64(end);
        break;
      case 32:
        grantedTtl = r.int64(end);
        break;
      case 42:
        keys.push(r.bytes(end));
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.LeaseTimeToLiveResponse', LeaseTimeToLiveResponse.fields);
    }
  }

  return { header, id, ttl, grantedTtl, keys };
}

export const LeaseTimeToLiveResponse: MessageType<LeaseTimeToLiveResponse> = {
  typeName: 'etcdserverpb.LeaseTimeToLiveResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'ID', 'ID', 'id', 'exact64'),
    describeField(3, 'TTL', 'TTL', 'ttl', 'int64'),
    describeField(4, 'grantedTTL', 'grantedTTL', 'grantedTtl', 'int64'),
    describeField(5, 'keys', 'keys', 'keys', 'bytes', { repeated: true }),
  ],
  create(init?: Partial<LeaseTimeToLiveResponse>): LeaseTimeToLiveResponse {
    return {
      header: init?.header,
      id: init?.id ?? 0n,
      ttl: init?.ttl ?? 0,
      grantedTtl: init?.grantedTtl ?? 0,
      keys: init?.keys ?? [],
    };
  },
  sizeOf: sizeLeaseTimeToLiveResponse,
  encode(m: LeaseTimeToLiveResponse): Uint8Array {
    const w = beginMessage(sizeLeaseTimeToLiveResponse(m));
    writeLeaseTimeToLiveResponse(m, w);
    return w.take();
  },
  write: writeLeaseTimeToLiveResponse,
  encodeInto(m: LeaseTimeToLiveResponse, w: WireWriter): void {
    w.reserve(sizeLeaseTimeToLiveResponse(m));
    writeLeaseTimeToLiveResponse(m, w);
  },
  decode(bytes: Uint8Array): LeaseTimeToLiveResponse {
    const r = new WireReader(bytes);
    return readLeaseTimeToLiveResponse(r, r.end);
  },
};

export type LeaseLeasesRequest = Record<never, never>;

export function sizeLeaseLeasesRequest(_m: LeaseLeasesRequest): number {
  return 0;
}

export function writeLeaseLeasesRequest(_m: LeaseLeasesRequest, _w: WireWriter): void {}

export function readLeaseLeasesRequest(r: WireReader, end: number): LeaseLeasesRequest {
  while (r.pos < end) {
    const tag = r.tag(end);
    r.unexpected(tag, end, 'etcdserverpb.LeaseLeasesRequest', LeaseLeasesRequest.fields);
  }

  return {};
}

export const LeaseLeasesRequest: MessageType<LeaseLeasesRequest> = {
  typeName: 'etcdserverpb.LeaseLeasesRequest',
  fields: [],
  create(): LeaseLeasesRequest {
    return {};
  },
  sizeOf: sizeLeaseLeasesRequest,
  encode(m: LeaseLeasesRequest): Uint8Array {
    const w = beginMessage(sizeLeaseLeasesRequest(m));
    writeLeaseLeasesRequest(m, w);
    return w.take();
  },
  write: writeLeaseLeasesRequest,
  encodeInto(m: LeaseLeasesRequest, w: WireWriter): void {
    w.reserve(sizeLeaseLeasesRequest(m));
    writeLeaseLeasesRequest(m, w);
  },
  decode(bytes: Uint8Array): LeaseLeasesRequest {
    const r = new WireReader(bytes);
    return readLeaseLeasesRequest(r, r.end);
  },
};

export interface LeaseStatus {
  id: bigint;
}

export function sizeLeaseStatus(m: LeaseStatus): number {
  let n = 0;
  if (m.id !== 0n) n += 1 + sizeOfBigint(m.id);
  return n;
}

export function writeLeaseStatus(m: LeaseStatus, w: WireWriter): void {
  if (m.id !== 0n) {
    w.byte(8);
    w.bigint64(m.id);
  }
}

export function readLeaseStatus(r: WireReader, end: number): LeaseStatus {
  let id: bigint = 0n;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 8:
        id = r.bigint64(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.LeaseStatus', LeaseStatus.fields);
    }
  }

  return { id };
}

export const LeaseStatus: MessageType<LeaseStatus> = {
  typeName: 'etcdserverpb.LeaseStatus',
  fields: [describeField(1, 'ID', 'ID', 'id', 'exact64')],
  create(init?: Partial<LeaseStatus>): LeaseStatus {
    return { id: init?.id ?? 0n };
  },
  sizeOf: sizeLeaseStatus,
  encode(m: LeaseStatus): Uint8Array {
    const w = beginMessage(sizeLeaseStatus(m));
    writeLeaseStatus(m, w);
    return w.take();
  },
  write: writeLeaseStatus,
  encodeInto(m: LeaseStatus, w: WireWriter): void {
    w.reserve(sizeLeaseStatus(m));
    writeLeaseStatus(m, w);
  },
  decode(bytes: Uint8Array): LeaseStatus {
    const r = new WireReader(bytes);
    return readLeaseStatus(r, r.end);
  },
};

export interface LeaseLeasesResponse {
  header: ResponseHeader | undefined;
  leases: LeaseStatus[];
}

export function sizeLeaseLeasesResponse(m: LeaseLeasesResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  for (const item of m.leases) n += 1 + sizeOfLength(sizeLeaseStatus(item));
  return n;
}

export function writeLeaseLeasesResponse(m: LeaseLeasesResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  for (const item of m.leases) {
    w.byte(18);
    w.varint32(sizeLeaseStatus(item));
    writeLeaseStatus(item, w);
  }
}

export function readLeaseLeasesResponse(r: WireReader, end: number): LeaseLeasesResponse {
  let header: ResponseHeader | undefined = undefined;
  const leases: LeaseStatus[] = [];

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 18:
        leases.push(readLeaseStatus(r, r.nested(end)));
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.LeaseLeasesResponse', LeaseLeasesResponse.fields);
    }
  }

  return { header, leases };
}

export const LeaseLeasesResponse: MessageType<LeaseLeasesResponse> = {
  typeName: 'etcdserverpb.LeaseLeasesResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'leases', 'leases', 'leases', 'message', { repeated: true, messageType: () => LeaseStatus }),
  ],
  create(init?: Partial<LeaseLeasesResponse>): LeaseLeasesResponse {
    return { header: init?.header, leases: init?.leases ?? [] };
  },
  sizeOf: sizeLeaseLeasesResponse,
  encode(m: LeaseLeasesResponse): Uint8Array {
    const w = beginMessage(sizeLeaseLeasesResponse(m));
    writeLeaseLeasesResponse(m, w);
    return w.take();
  },
  write: writeLeaseLeasesResponse,
  encodeInto(m: LeaseLeasesResponse, w: WireWriter): void {
    w.reserve(sizeLeaseLeasesResponse(m));
    writeLeaseLeasesResponse(m, w);
  },
  decode(bytes: Uint8Array): LeaseLeasesResponse {
    const r = new WireReader(bytes);
    return readLeaseLeasesResponse(r, r.end);
  },
};

export interface Member {
  id: number;
  /** empty: not started yet */
  name: string;
  peerUrls: string[];
  /** none: not started yet */
  clientUrls: string[];
  isLearner: boolean;
}

export function sizeMember(m: Member): number {
  let n = 0;
  if (m.id !== 0) n += 1 + sizeOfUint64(m.id);
  if (m.name !== '') n += 1 + sizeOfString(m.name);
  for (const item of m.peerUrls) n += 1 + sizeOfString(item);
  for (const item of m.clientUrls) n += 1 + sizeOfString(item);
  if (m.isLearner) n += 2;
  return n;
}

export function writeMember(m: Member, w: WireWriter): void {
  if (m.id !== 0) {
    w.byte(8);
    w.uint64(m.id);
  }
  if (m.name !== '') {
    w.byte(18);
    w.string(m.name);
  }
  for (const item of m.peerUrls) {
    w.byte(26);
    w.string(item);
  }
  for (const item of m.clientUrls) {
    w.byte(34);
    w.string(item);
  }
  if (m.isLearner) {
    w.byte(40);
    w.bool(m.isLearner);
  }
}

export function readMember(r: WireReader, end: number): Member {
  let id: number = 0;
  let name: string = '';
  const peerUrls: string[] = [];
  const clientUrls: string[] = [];
  let isLearner: boolean = false;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 8:
        id = r.uint64(end);
        break;
      case 18:
        name = r.string(end);
        break;
      case 26:
        peerUrls.push(r.string(end));
        break;
      case 34:
        clientUrls.push(r.string(end));
        break;
      case 40:
        isLearner = r.bool(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.Member', Member.fields);
    }
  }

  return { id, name, peerUrls, clientUrls, isLearner };
}

export const Member: MessageType<Member> = {
  typeName: 'etcdserverpb.Member',
  fields: [
    describeField(1, 'ID', 'ID', 'id', 'uint64'),
    describeField(2, 'name', 'name', 'name', 'string'),
    describeField(3, 'peerURLs', 'peerURLs', 'peerUrls', 'string', { repeated: true }),
    describeField(4, 'clientURLs', 'clientURLs', 'clientUrls', 'string', { repeated: true }),
    describeField(5, 'isLearner', 'isLearner', 'isLearner', 'bool'),
  ],
  create(init?: Partial<Member>): Member {
    return {
      id: init?.id ?? 0,
      name: init?.name ?? '',
      peerUrls: init?.peerUrls ?? [],
      clientUrls: init?.clientUrls ?? [],
      isLearner: init?.isLearner ?? false,
    };
  },
  sizeOf: sizeMember,
  encode(m: Member): Uint8Array {
    const w = beginMessage(sizeMember(m));
    writeMember(m, w);
    return w.take();
  },
  write: writeMember,
  encodeInto(m: Member, w: WireWriter): void {
    w.reserve(sizeMember(m));
    writeMember(m, w);
  },
  decode(bytes: Uint8Array): Member {
    const r = new WireReader(bytes);
    return readMember(r, r.end);
  },
};

export interface MemberAddRequest {
  peerUrls: string[];
  isLearner: boolean;
}

export function sizeMemberAddRequest(m: MemberAddRequest): number {
  let n = 0;
  for (const item of m.peerUrls) n += 1 + sizeOfString(item);
  if (m.isLearner) n += 2;
  return n;
}

export function writeMemberAddRequest(m: MemberAddRequest, w: WireWriter): void {
  for (const item of m.peerUrls) {
    w.byte(10);
    w.string(item);
  }
  if (m.isLearner) {
    w.byte(16);
    w.bool(m.isLearner);
  }
}

export function readMemberAddRequest(r: WireReader, end: number): MemberAddRequest {
  const peerUrls: string[] = [];
  let isLearner: boolean = false;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        peerUrls.push(r.string(end));
        break;
      case 16:
        isLearner = r.bool(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.MemberAddRequest', MemberAddRequest.fields);
    }
  }

  return { peerUrls, isLearner };
}

export const MemberAddRequest: MessageType<MemberAddRequest> = {
  typeName: 'etcdserverpb.MemberAddRequest',
  fields: [
    describeField(1, 'peerURLs', 'peerURLs', 'peerUrls', 'string', { repeated: true }),
    describeField(2, 'isLearner', 'isLearner', 'isLearner', 'bool'),
  ],
  create(init?: Partial<MemberAddRequest>): MemberAddRequest {
    return { peerUrls: init?.peerUrls ?? [], isLearner: init?.isLearner ?? false };
  },
  sizeOf: sizeMemberAddRequest,
  encode(m: MemberAddRequest): Uint8Array {
    const w = beginMessage(sizeMemberAddRequest(m));
    writeMemberAddRequest(m, w);
    return w.take();
  },
  write: writeMemberAddRequest,
  encodeInto(m: MemberAddRequest, w: WireWriter): void {
    w.reserve(sizeMemberAddRequest(m));
    writeMemberAddRequest(m, w);
  },
  decode(bytes: Uint8Array): MemberAddRequest {
    const r = new WireReader(bytes);
    return readMemberAddRequest(r, r.end);
  },
};

export interface MemberAddResponse {
  header: ResponseHeader | undefined;
  member: Member | undefined;
  members: Member[];
}

export function sizeMemberAddResponse(m: MemberAddResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  if (m.member !== undefined) n += 1 + sizeOfLength(sizeMember(m.member));
  for (const item of m.members) n += 1 + sizeOfLength(sizeMember(item));
  return n;
}

export function writeMemberAddResponse(m: MemberAddResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  if (m.member !== undefined) {
    w.byte(18);
    w.varint32(sizeMember(m.member));
    writeMember(m.member, w);
  }
  for (const item of m.members) {
    w.byte(26);
    w.varint32(sizeMember(item));
    writeMember(item, w);
  }
}

export function readMemberAddResponse(r: WireReader, end: number): MemberAddResponse {
  let header: ResponseHeader | undefined = undefined;
  let member: Member | undefined = undefined;
  const members: Member[] = [];

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 18:
        member = readMember(r, r.nested(end));
        break;
      case 26:
        members.push(readMember(r, r.nested(end)));
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.MemberAddResponse', MemberAddResponse.fields);
    }
  }

  return { header, member, members };
}

export const MemberAddResponse: MessageType<MemberAddResponse> = {
  typeName: 'etcdserverpb.MemberAddResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'member', 'member', 'member', 'message', { messageType: () => Member }),
    describeField(3, 'members', 'members', 'members', 'message', { repeated: true, messageType: () => Member }),
  ],
  create(init?: Partial<MemberAddResponse>): MemberAddResponse {
    return { header: init?.header, member: init?.member, members: init?.members ?? [] };
  },
  sizeOf: sizeMemberAddResponse,
  encode(m: MemberAddResponse): Uint8Array {
    const w = beginMessage(sizeMemberAddResponse(m));
    writeMemberAddResponse(m, w);
    return w.take();
  },
  write: writeMemberAddResponse,
  encodeInto(m: MemberAddResponse, w: WireWriter): void {
    w.reserve(sizeMemberAddResponse(m));
    writeMemberAddResponse(m, w);
  },
  decode(bytes: Uint8Array): MemberAddResponse {
    const r = new WireReader(bytes);
    return readMemberAddResponse(r, r.end);
  },
};

export interface MemberRemoveRequest {
  id: number;
}

export function sizeMemberRemoveRequest(m: MemberRemoveRequest): number {
  let n = 0;
  if (m.id !== 0) n += 1 + sizeOfUint64(m.id);
  return n;
}

export function writeMemberRemoveRequest(m: MemberRemoveRequest, w: WireWriter): void {
  if (m.id !== 0) {
    w.byte(8);
    w.uint64(m.id);
  }
}

export function readMemberRemoveRequest(r: WireReader, end: number): MemberRemoveRequest {
  let id: number = 0;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 8:
        id = r.uint64(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.MemberRemoveRequest', MemberRemoveRequest.fields);
    }
  }

  return { id };
}

export const MemberRemoveRequest: MessageType<MemberRemoveRequest> = {
  typeName: 'etcdserverpb.MemberRemoveRequest',
  fields: [describeField(1, 'ID', 'ID', 'id', 'uint64')],
  create(init?: Partial<MemberRemoveRequest>): MemberRemoveRequest {
    return { id: init?.id ?? 0 };
  },
  sizeOf: sizeMemberRemoveRequest,
  encode(m: MemberRemoveRequest): Uint8Array {
    const w = beginMessage(sizeMemberRemoveRequest(m));
    writeMemberRemoveRequest(m, w);
    return w.take();
  },
  write: writeMemberRemoveRequest,
  encodeInto(m: MemberRemoveRequest, w: WireWriter): void {
    w.reserve(sizeMemberRemoveRequest(m));
    writeMemberRemoveRequest(m, w);
  },
  decode(bytes: Uint8Array): MemberRemoveRequest {
    const r = new WireReader(bytes);
    return readMemberRemoveRequest(r, r.end);
  },
};

export interface MemberRemoveResponse {
  header: ResponseHeader | undefined;
  members: Member[];
}

export function sizeMemberRemoveResponse(m: MemberRemoveResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  for (const item of m.members) n += 1 + sizeOfLength(sizeMember(item));
  return n;
}

export function writeMemberRemoveResponse(m: MemberRemoveResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  for (const item of m.members) {
    w.byte(18);
    w.varint32(sizeMember(item));
    writeMember(item, w);
  }
}

export function readMemberRemoveResponse(r: WireReader, end: number): MemberRemoveResponse {
  let header: ResponseHeader | undefined = undefined;
  const members: Member[] = [];

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 18:
        members.push(readMember(r, r.nested(end)));
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.MemberRemoveResponse', MemberRemoveResponse.fields);
    }
  }

  return { header, members };
}

export const MemberRemoveResponse: MessageType<MemberRemoveResponse> = {
  typeName: 'etcdserverpb.MemberRemoveResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'members', 'members', 'members', 'message', { repeated: true, messageType: () => Member }),
  ],
  create(init?: Partial<MemberRemoveResponse>): MemberRemoveResponse {
    return { header: init?.header, members: init?.members ?? [] };
  },
  sizeOf: sizeMemberRemoveResponse,
  encode(m: MemberRemoveResponse): Uint8Array {
    const w = beginMessage(sizeMemberRemoveResponse(m));
    writeMemberRemoveResponse(m, w);
    return w.take();
  },
  write: writeMemberRemoveResponse,
  encodeInto(m: MemberRemoveResponse, w: WireWriter): void {
    w.reserve(sizeMemberRemoveResponse(m));
    writeMemberRemoveResponse(m, w);
  },
  decode(bytes: Uint8Array): MemberRemoveResponse {
    const r = new WireReader(bytes);
    return readMemberRemoveResponse(r, r.end);
  },
};

export interface MemberUpdateRequest {
  id: number;
  peerUrls: string[];
}

export function sizeMemberUpdateRequest(m: MemberUpdateRequest): number {
  let n = 0;
  if (m.id !== 0) n += 1 + sizeOfUint64(m.id);
  for (const item of m.peerUrls) n += 1 + sizeOfString(item);
  return n;
}

export function writeMemberUpdateRequest(m: MemberUpdateRequest, w: WireWriter): void {
  if (m.id !== 0) {
    w.byte(8);
    w.uint64(m.id);
  }
  for (const item of m.peerUrls) {
    w.byte(18);
    w.string(item);
  }
}

export function readMemberUpdateRequest(r: WireReader, end: number): MemberUpdateRequest {
  let id: number = 0;
  const peerUrls: string[] = [];

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 8:
        id = r.uint64(end);
        break;
      case 18:
        peerUrls.push(r.string(end));
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.MemberUpdateRequest', MemberUpdateRequest.fields);
    }
  }

  return { id, peerUrls };
}

export const MemberUpdateRequest: MessageType<MemberUpdateRequest> = {
  typeName: 'etcdserverpb.MemberUpdateRequest',
  fields: [
    describeField(1, 'ID', 'ID', 'id', 'uint64'),
    describeField(2, 'peerURLs', 'peerURLs', 'peerUrls', 'string', { repeated: true }),
  ],
  create(init?: Partial<MemberUpdateRequest>): MemberUpdateRequest {
    return { id: init?.id ?? 0, peerUrls: init?.peerUrls ?? [] };
  },
  sizeOf: sizeMemberUpdateRequest,
  encode(m: MemberUpdateRequest): Uint8Array {
    const w = beginMessage(sizeMemberUpdateRequest(m));
    writeMemberUpdateRequest(m, w);
    return w.take();
  },
  write: writeMemberUpdateRequest,
  encodeInto(m: MemberUpdateRequest, w: WireWriter): void {
    w.reserve(sizeMemberUpdateRequest(m));
    writeMemberUpdateRequest(m, w);
  },
  decode(bytes: Uint8Array): MemberUpdateRequest {
    const r = new WireReader(bytes);
    return readMemberUpdateRequest(r, r.end);
  },
};

export interface MemberUpdateResponse {
  header: ResponseHeader | undefined;
  members: Member[];
}

export function sizeMemberUpdateResponse(m: MemberUpdateResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  for (const item of m.members) n += 1 + sizeOfLength(sizeMember(item));
  return n;
}

export function writeMemberUpdateResponse(m: MemberUpdateResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  for (const item of m.members) {
    w.byte(18);
    w.varint32(sizeMember(item));
    writeMember(item, w);
  }
}

export function readMemberUpdateResponse(r: WireReader, end: number): MemberUpdateResponse {
  let header: ResponseHeader | undefined = undefined;
  const members: Member[] = [];

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 18:
        members.push(readMember(r, r.nested(end)));
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.MemberUpdateResponse', MemberUpdateResponse.fields);
    }
  }

  return { header, members };
}

export const MemberUpdateResponse: MessageType<MemberUpdateResponse> = {
  typeName: 'etcdserverpb.MemberUpdateResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'members', 'members', 'members', 'message', { repeated: true, messageType: () => Member }),
  ],
  create(init?: Partial<MemberUpdateResponse>): MemberUpdateResponse {
    return { header: init?.header, members: init?.members ?? [] };
  },
  sizeOf: sizeMemberUpdateResponse,
  encode(m: MemberUpdateResponse): Uint8Array {
    const w = beginMessage(sizeMemberUpdateResponse(m));
    writeMemberUpdateResponse(m, w);
    return w.take();
  },
  write: writeMemberUpdateResponse,
  encodeInto(m: MemberUpdateResponse, w: WireWriter): void {
    w.reserve(sizeMemberUpdateResponse(m));
    writeMemberUpdateResponse(m, w);
  },
  decode(bytes: Uint8Array): MemberUpdateResponse {
    const r = new WireReader(bytes);
    return readMemberUpdateResponse(r, r.end);
  },
};

export interface MemberListRequest {
  /** 3.5 */
  linearizable: boolean;
}

export function sizeMemberListRequest(m: MemberListRequest): number {
  let n = 0;
  if (m.linearizable) n += 2;
  return n;
}

export function writeMemberListRequest(m: MemberListRequest, w: WireWriter): void {
  if (m.linearizable) {
    w.byte(8);
    w.bool(m.linearizable);
  }
}

export function readMemberListRequest(r: WireReader, end: number): MemberListRequest {
  let linearizable: boolean = false;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 8:
        linearizable = r.bool(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.MemberListRequest', MemberListRequest.fields);
    }
  }

  return { linearizable };
}

export const MemberListRequest: MessageType<MemberListRequest> = {
  typeName: 'etcdserverpb.MemberListRequest',
  fields: [describeField(1, 'linearizable', 'linearizable', 'linearizable', 'bool')],
  create(init?: Partial<MemberListRequest>): MemberListRequest {
    return { linearizable: init?.linearizable ?? false };
  },
  sizeOf: sizeMemberListRequest,
  encode(m: MemberListRequest): Uint8Array {
    const w = beginMessage(sizeMemberListRequest(m));
    writeMemberListRequest(m, w);
    return w.take();
  },
  write: writeMemberListRequest,
  encodeInto(m: MemberListRequest, w: WireWriter): void {
    w.reserve(sizeMemberListRequest(m));
    writeMemberListRequest(m, w);
  },
  decode(bytes: Uint8Array): MemberListRequest {
    const r = new WireReader(bytes);
    return readMemberListRequest(r, r.end);
  },
};

export interface MemberListResponse {
  header: ResponseHeader | undefined;
  members: Member[];
}

export function sizeMemberListResponse(m: MemberListResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  for (const item of m.members) n += 1 + sizeOfLength(sizeMember(item));
  return n;
}

export function writeMemberListResponse(m: MemberListResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  for (const item of m.members) {
    w.byte(18);
    w.varint32(sizeMember(item));
    writeMember(item, w);
  }
}

export function readMemberListResponse(r: WireReader, end: number): MemberListResponse {
  let header: ResponseHeader | undefined = undefined;
  const members: Member[] = [];

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 18:
        members.push(readMember(r, r.nested(end)));
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.MemberListResponse', MemberListResponse.fields);
    }
  }

  return { header, members };
}

export const MemberListResponse: MessageType<MemberListResponse> = {
  typeName: 'etcdserverpb.MemberListResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'members', 'members', 'members', 'message', { repeated: true, messageType: () => Member }),
  ],
  create(init?: Partial<MemberListResponse>): MemberListResponse {
    return { header: init?.header, members: init?.members ?? [] };
  },
  sizeOf: sizeMemberListResponse,
  encode(m: MemberListResponse): Uint8Array {
    const w = beginMessage(sizeMemberListResponse(m));
    writeMemberListResponse(m, w);
    return w.take();
  },
  write: writeMemberListResponse,
  encodeInto(m: MemberListResponse, w: WireWriter): void {
    w.reserve(sizeMemberListResponse(m));
    writeMemberListResponse(m, w);
  },
  decode(bytes: Uint8Array): MemberListResponse {
    const r = new WireReader(bytes);
    return readMemberListResponse(r, r.end);
  },
};

export interface MemberPromoteRequest {
  id: number;
}

export function sizeMemberPromoteRequest(m: MemberPromoteRequest): number {
  let n = 0;
  if (m.id !== 0) n += 1 + sizeOfUint64(m.id);
  return n;
}

export function writeMemberPromoteRequest(m: MemberPromoteRequest, w: WireWriter): void {
  if (m.id !== 0) {
    w.byte(8);
    w.uint64(m.id);
  }
}

export function readMemberPromoteRequest(r: WireReader, end: number): MemberPromoteRequest {
  let id: number = 0;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 8:
        id = r.uint64(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.MemberPromoteRequest', MemberPromoteRequest.fields);
    }
  }

  return { id };
}

export const MemberPromoteRequest: MessageType<MemberPromoteRequest> = {
  typeName: 'etcdserverpb.MemberPromoteRequest',
  fields: [describeField(1, 'ID', 'ID', 'id', 'uint64')],
  create(init?: Partial<MemberPromoteRequest>): MemberPromoteRequest {
    return { id: init?.id ?? 0 };
  },
  sizeOf: sizeMemberPromoteRequest,
  encode(m: MemberPromoteRequest): Uint8Array {
    const w = beginMessage(sizeMemberPromoteRequest(m));
    writeMemberPromoteRequest(m, w);
    return w.take();
  },
  write: writeMemberPromoteRequest,
  encodeInto(m: MemberPromoteRequest, w: WireWriter): void {
    w.reserve(sizeMemberPromoteRequest(m));
    writeMemberPromoteRequest(m, w);
  },
  decode(bytes: Uint8Array): MemberPromoteRequest {
    const r = new WireReader(bytes);
    return readMemberPromoteRequest(r, r.end);
  },
};

export interface MemberPromoteResponse {
  header: ResponseHeader | undefined;
  members: Member[];
}

export function sizeMemberPromoteResponse(m: MemberPromoteResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  for (const item of m.members) n += 1 + sizeOfLength(sizeMember(item));
  return n;
}

export function writeMemberPromoteResponse(m: MemberPromoteResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  for (const item of m.members) {
    w.byte(18);
    w.varint32(sizeMember(item));
    writeMember(item, w);
  }
}

export function readMemberPromoteResponse(r: WireReader, end: number): MemberPromoteResponse {
  let header: ResponseHeader | undefined = undefined;
  const members: Member[] = [];

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 18:
        members.push(readMember(r, r.nested(end)));
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.MemberPromoteResponse', MemberPromoteResponse.fields);
    }
  }

  return { header, members };
}

export const MemberPromoteResponse: MessageType<MemberPromoteResponse> = {
  typeName: 'etcdserverpb.MemberPromoteResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'members', 'members', 'members', 'message', { repeated: true, messageType: () => Member }),
  ],
  create(init?: Partial<MemberPromoteResponse>): MemberPromoteResponse {
    return { header: init?.header, members: init?.members ?? [] };
  },
  sizeOf: sizeMemberPromoteResponse,
  encode(m: MemberPromoteResponse): Uint8Array {
    const w = beginMessage(sizeMemberPromoteResponse(m));
    writeMemberPromoteResponse(m, w);
    return w.take();
  },
  write: writeMemberPromoteResponse,
  encodeInto(m: MemberPromoteResponse, w: WireWriter): void {
    w.reserve(sizeMemberPromoteResponse(m));
    writeMemberPromoteResponse(m, w);
  },
  decode(bytes: Uint8Array): MemberPromoteResponse {
    const r = new WireReader(bytes);
    return readMemberPromoteResponse(r, r.end);
  },
};

export interface AlarmRequest {
  action: AlarmAction;
  /** 0: all members */
  memberId: number;
  alarm: AlarmType;
}

export function sizeAlarmRequest(m: AlarmRequest): number {
  let n = 0;
  if (m.action !== 0) n += 1 + sizeOfInt32(m.action);
  if (m.memberId !== 0) n += 1 + sizeOfUint64(m.memberId);
  if (m.alarm !== 0) n += 1 + sizeOfInt32(m.alarm);
  return n;
}

export function writeAlarmRequest(m: AlarmRequest, w: WireWriter): void {
  if (m.action !== 0) {
    w.byte(8);
    w.int32(m.action);
  }
  if (m.memberId !== 0) {
    w.byte(16);
    w.uint64(m.memberId);
  }
  if (m.alarm !== 0) {
    w.byte(24);
    w.int32(m.alarm);
  }
}

export function readAlarmRequest(r: WireReader, end: number): AlarmRequest {
  let action: AlarmAction = 0;
  let memberId: number = 0;
  let alarm: AlarmType = 0;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 8:
        action = r.int32(end) as AlarmAction;
        break;
      case 16:
        memberId = r.uint64(end);
        break;
      case 24:
        alarm = r.int32(end) as AlarmType;
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.AlarmRequest', AlarmRequest.fields);
    }
  }

  return { action, memberId, alarm };
}

export const AlarmRequest: MessageType<AlarmRequest> = {
  typeName: 'etcdserverpb.AlarmRequest',
  fields: [
    describeField(1, 'action', 'action', 'action', 'enum', { enumType: AlarmActionEnum }),
    describeField(2, 'memberID', 'memberID', 'memberId', 'uint64'),
    describeField(3, 'alarm', 'alarm', 'alarm', 'enum', { enumType: AlarmTypeEnum }),
  ],
  create(init?: Partial<AlarmRequest>): AlarmRequest {
    return { action: init?.action ?? 0, memberId: init?.memberId ?? 0, alarm: init?.alarm ?? 0 };
  },
  sizeOf: sizeAlarmRequest,
  encode(m: AlarmRequest): Uint8Array {
    const w = beginMessage(sizeAlarmRequest(m));
    writeAlarmRequest(m, w);
    return w.take();
  },
  write: writeAlarmRequest,
  encodeInto(m: AlarmRequest, w: WireWriter): void {
    w.reserve(sizeAlarmRequest(m));
    writeAlarmRequest(m, w);
  },
  decode(bytes: Uint8Array): AlarmRequest {
    const r = new WireReader(bytes);
    return readAlarmRequest(r, r.end);
  },
};

export interface AlarmMember {
  memberId: number;
  alarm: AlarmType;
}

export function sizeAlarmMember(m: AlarmMember): number {
  let n = 0;
  if (m.memberId !== 0) n += 1 + sizeOfUint64(m.memberId);
  if (m.alarm !== 0) n += 1 + sizeOfInt32(m.alarm);
  return n;
}

export function writeAlarmMember(m: AlarmMember, w: WireWriter): void {
  if (m.memberId !== 0) {
    w.byte(8);
    w.uint64(m.memberId);
  }
  if (m.alarm !== 0) {
    w.byte(16);
    w.int32(m.alarm);
  }
}

export function readAlarmMember(r: WireReader, end: number): AlarmMember {
  let memberId: number = 0;
  let alarm: AlarmType = 0;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 8:
        memberId = r.uint64(end);
        break;
      case 16:
        alarm = r.int32(end) as AlarmType;
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.AlarmMember', AlarmMember.fields);
    }
  }

  return { memberId, alarm };
}

export const AlarmMember: MessageType<AlarmMember> = {
  typeName: 'etcdserverpb.AlarmMember',
  fields: [
    describeField(1, 'memberID', 'memberID', 'memberId', 'uint64'),
    describeField(2, 'alarm', 'alarm', 'alarm', 'enum', { enumType: AlarmTypeEnum }),
  ],
  create(init?: Partial<AlarmMember>): AlarmMember {
    return { memberId: init?.memberId ?? 0, alarm: init?.alarm ?? 0 };
  },
  sizeOf: sizeAlarmMember,
  encode(m: AlarmMember): Uint8Array {
    const w = beginMessage(sizeAlarmMember(m));
    writeAlarmMember(m, w);
    return w.take();
  },
  write: writeAlarmMember,
  encodeInto(m: AlarmMember, w: WireWriter): void {
    w.reserve(sizeAlarmMember(m));
    writeAlarmMember(m, w);
  },
  decode(bytes: Uint8Array): AlarmMember {
    const r = new WireReader(bytes);
    return readAlarmMember(r, r.end);
  },
};

export interface AlarmResponse {
  header: ResponseHeader | undefined;
  alarms: AlarmMember[];
}

export function sizeAlarmResponse(m: AlarmResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  for (const item of m.alarms) n += 1 + sizeOfLength(sizeAlarmMember(item));
  return n;
}

export function writeAlarmResponse(m: AlarmResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  for (const item of m.alarms) {
    w.byte(18);
    w.varint32(sizeAlarmMember(item));
    writeAlarmMember(item, w);
  }
}

export function readAlarmResponse(r: WireReader, end: number): AlarmResponse {
  let header: ResponseHeader | undefined = undefined;
  const alarms: AlarmMember[] = [];

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 18:
        alarms.push(readAlarmMember(r, r.nested(end)));
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.AlarmResponse', AlarmResponse.fields);
    }
  }

  return { header, alarms };
}

export const AlarmResponse: MessageType<AlarmResponse> = {
  typeName: 'etcdserverpb.AlarmResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'alarms', 'alarms', 'alarms', 'message', { repeated: true, messageType: () => AlarmMember }),
  ],
  create(init?: Partial<AlarmResponse>): AlarmResponse {
    return { header: init?.header, alarms: init?.alarms ?? [] };
  },
  sizeOf: sizeAlarmResponse,
  encode(m: AlarmResponse): Uint8Array {
    const w = beginMessage(sizeAlarmResponse(m));
    writeAlarmResponse(m, w);
    return w.take();
  },
  write: writeAlarmResponse,
  encodeInto(m: AlarmResponse, w: WireWriter): void {
    w.reserve(sizeAlarmResponse(m));
    writeAlarmResponse(m, w);
  },
  decode(bytes: Uint8Array): AlarmResponse {
    const r = new WireReader(bytes);
    return readAlarmResponse(r, r.end);
  },
};

export type DefragmentRequest = Record<never, never>;

export function sizeDefragmentRequest(_m: DefragmentRequest): number {
  return 0;
}

export function writeDefragmentRequest(_m: DefragmentRequest, _w: WireWriter): void {}

export function readDefragmentRequest(r: WireReader, end: number): DefragmentRequest {
  while (r.pos < end) {
    const tag = r.tag(end);
    r.unexpected(tag, end, 'etcdserverpb.DefragmentRequest', DefragmentRequest.fields);
  }

  return {};
}

export const DefragmentRequest: MessageType<DefragmentRequest> = {
  typeName: 'etcdserverpb.DefragmentRequest',
  fields: [],
  create(): DefragmentRequest {
    return {};
  },
  sizeOf: sizeDefragmentRequest,
  encode(m: DefragmentRequest): Uint8Array {
    const w = beginMessage(sizeDefragmentRequest(m));
    writeDefragmentRequest(m, w);
    return w.take();
  },
  write: writeDefragmentRequest,
  encodeInto(m: DefragmentRequest, w: WireWriter): void {
    w.reserve(sizeDefragmentRequest(m));
    writeDefragmentRequest(m, w);
  },
  decode(bytes: Uint8Array): DefragmentRequest {
    const r = new WireReader(bytes);
    return readDefragmentRequest(r, r.end);
  },
};

export interface DefragmentResponse {
  header: ResponseHeader | undefined;
}

export function sizeDefragmentResponse(m: DefragmentResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  return n;
}

export function writeDefragmentResponse(m: DefragmentResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
}

export function readDefragmentResponse(r: WireReader, end: number): DefragmentResponse {
  let header: ResponseHeader | undefined = undefined;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.DefragmentResponse', DefragmentResponse.fields);
    }
  }

  return { header };
}

export const DefragmentResponse: MessageType<DefragmentResponse> = {
  typeName: 'etcdserverpb.DefragmentResponse',
  fields: [describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader })],
  create(init?: Partial<DefragmentResponse>): DefragmentResponse {
    return { header: init?.header };
  },
  sizeOf: sizeDefragmentResponse,
  encode(m: DefragmentResponse): Uint8Array {
    const w = beginMessage(sizeDefragmentResponse(m));
    writeDefragmentResponse(m, w);
    return w.take();
  },
  write: writeDefragmentResponse,
  encodeInto(m: DefragmentResponse, w: WireWriter): void {
    w.reserve(sizeDefragmentResponse(m));
    writeDefragmentResponse(m, w);
  },
  decode(bytes: Uint8Array): DefragmentResponse {
    const r = new WireReader(bytes);
    return readDefragmentResponse(r, r.end);
  },
};

export interface MoveLeaderRequest {
  targetId: number;
}

export function sizeMoveLeaderRequest(m: MoveLeaderRequest): number {
  let n = 0;
  if (m.targetId !== 0) n += 1 + sizeOfUint64(m.targetId);
  return n;
}

export function writeMoveLeaderRequest(m: MoveLeaderRequest, w: WireWriter): void {
  if (m.targetId !== 0) {
    w.byte(8);
    w.uint64(m.targetId);
  }
}

export function readMoveLeaderRequest(r: WireReader, end: number): MoveLeaderRequest {
  let targetId: number = 0;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 8:
        targetId = r.uint64(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.MoveLeaderRequest', MoveLeaderRequest.fields);
    }
  }

  return { targetId };
}

export const MoveLeaderRequest: MessageType<MoveLeaderRequest> = {
  typeName: 'etcdserverpb.MoveLeaderRequest',
  fields: [describeField(1, 'targetID', 'targetID', 'targetId', 'uint64')],
  create(init?: Partial<MoveLeaderRequest>): MoveLeaderRequest {
    return { targetId: init?.targetId ?? 0 };
  },
  sizeOf: sizeMoveLeaderRequest,
  encode(m: MoveLeaderRequest): Uint8Array {
    const w = beginMessage(sizeMoveLeaderRequest(m));
    writeMoveLeaderRequest(m, w);
    return w.take();
  },
  write: writeMoveLeaderRequest,
  encodeInto(m: MoveLeaderRequest, w: WireWriter): void {
    w.reserve(sizeMoveLeaderRequest(m));
    writeMoveLeaderRequest(m, w);
  },
  decode(bytes: Uint8Array): MoveLeaderRequest {
    const r = new WireReader(bytes);
    return readMoveLeaderRequest(r, r.end);
  },
};

export interface MoveLeaderResponse {
  header: ResponseHeader | undefined;
}

export function sizeMoveLeaderResponse(m: MoveLeaderResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  return n;
}

export function writeMoveLeaderResponse(m: MoveLeaderResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
}

export function readMoveLeaderResponse(r: WireReader, end: number): MoveLeaderResponse {
  let header: ResponseHeader | undefined = undefined;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.MoveLeaderResponse', MoveLeaderResponse.fields);
    }
  }

  return { header };
}

export const MoveLeaderResponse: MessageType<MoveLeaderResponse> = {
  typeName: 'etcdserverpb.MoveLeaderResponse',
  fields: [describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader })],
  create(init?: Partial<MoveLeaderResponse>): MoveLeaderResponse {
    return { header: init?.header };
  },
  sizeOf: sizeMoveLeaderResponse,
  encode(m: MoveLeaderResponse): Uint8Array {
    const w = beginMessage(sizeMoveLeaderResponse(m));
    writeMoveLeaderResponse(m, w);
    return w.take();
  },
  write: writeMoveLeaderResponse,
  encodeInto(m: MoveLeaderResponse, w: WireWriter): void {
    w.reserve(sizeMoveLeaderResponse(m));
    writeMoveLeaderResponse(m, w);
  },
  decode(bytes: Uint8Array): MoveLeaderResponse {
    const r = new WireReader(bytes);
    return readMoveLeaderResponse(r, r.end);
  },
};

export type HashRequest = Record<never, never>;

export function sizeHashRequest(_m: HashRequest): number {
  return 0;
}

export function writeHashRequest(_m: HashRequest, _w: WireWriter): void {}

export function readHashRequest(r: WireReader, end: number): HashRequest {
  while (r.pos < end) {
    const tag = r.tag(end);
    r.unexpected(tag, end, 'etcdserverpb.HashRequest', HashRequest.fields);
  }

  return {};
}

export const HashRequest: MessageType<HashRequest> = {
  typeName: 'etcdserverpb.HashRequest',
  fields: [],
  create(): HashRequest {
    return {};
  },
  sizeOf: sizeHashRequest,
  encode(m: HashRequest): Uint8Array {
    const w = beginMessage(sizeHashRequest(m));
    writeHashRequest(m, w);
    return w.take();
  },
  write: writeHashRequest,
  encodeInto(m: HashRequest, w: WireWriter): void {
    w.reserve(sizeHashRequest(m));
    writeHashRequest(m, w);
  },
  decode(bytes: Uint8Array): HashRequest {
    const r = new WireReader(bytes);
    return readHashRequest(r, r.end);
  },
};

export interface HashResponse {
  header: ResponseHeader | undefined;
  hash: number;
}

export function sizeHashResponse(m: HashResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  if (m.hash !== 0) n += 1 + sizeOfUint32(m.hash);
  return n;
}

export function writeHashResponse(m: HashResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  if (m.hash !== 0) {
    w.byte(16);
    w.uint32(m.hash);
  }
}

export function readHashResponse(r: WireReader, end: number): HashResponse {
  let header: ResponseHeader | undefined = undefined;
  let hash: number = 0;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 16:
        hash = r.uint32(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.HashResponse', HashResponse.fields);
    }
  }

  return { header, hash };
}

export const HashResponse: MessageType<HashResponse> = {
  typeName: 'etcdserverpb.HashResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'hash', 'hash', 'hash', 'uint32'),
  ],
  create(init?: Partial<HashResponse>): HashResponse {
    return { header: init?.header, hash: init?.hash ?? 0 };
  },
  sizeOf: sizeHashResponse,
  encode(m: HashResponse): Uint8Array {
    const w = beginMessage(sizeHashResponse(m));
    writeHashResponse(m, w);
    return w.take();
  },
  write: writeHashResponse,
  encodeInto(m: HashResponse, w: WireWriter): void {
    w.reserve(sizeHashResponse(m));
    writeHashResponse(m, w);
  },
  decode(bytes: Uint8Array): HashResponse {
    const r = new WireReader(bytes);
    return readHashResponse(r, r.end);
  },
};

export interface HashKVRequest {
  /** 0: the newest */
  revision: number;
}

export function sizeHashKVRequest(m: HashKVRequest): number {
  let n = 0;
  if (m.revision !== 0) n += 1 + sizeOfInt64(m.revision);
  return n;
}

export function writeHashKVRequest(m: HashKVRequest, w: WireWriter): void {
  if (m.revision !== 0) {
    w.byte(8);
    w.int64(m.revision);
  }
}

export function readHashKVRequest(r: WireReader, end: number): HashKVRequest {
  let revision: number = 0;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 8:
        revision = r.int64(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.HashKVRequest', HashKVRequest.fields);
    }
  }

  return { revision };
}

export const HashKVRequest: MessageType<HashKVRequest> = {
  typeName: 'etcdserverpb.HashKVRequest',
  fields: [describeField(1, 'revision', 'revision', 'revision', 'int64')],
  create(init?: Partial<HashKVRequest>): HashKVRequest {
    return { revision: init?.revision ?? 0 };
  },
  sizeOf: sizeHashKVRequest,
  encode(m: HashKVRequest): Uint8Array {
    const w = beginMessage(sizeHashKVRequest(m));
    writeHashKVRequest(m, w);
    return w.take();
  },
  write: writeHashKVRequest,
  encodeInto(m: HashKVRequest, w: WireWriter): void {
    w.reserve(sizeHashKVRequest(m));
    writeHashKVRequest(m, w);
  },
  decode(bytes: Uint8Array): HashKVRequest {
    const r = new WireReader(bytes);
    return readHashKVRequest(r, r.end);
  },
};

export interface HashKVResponse {
  header: ResponseHeader | undefined;
  hash: number;
  compactRevision: number;
  /** 3.6 */
  hashRevision: number;
}

export function sizeHashKVResponse(m: HashKVResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  if (m.hash !== 0) n += 1 + sizeOfUint32(m.hash);
  if (m.compactRevision !== 0) n += 1 + sizeOfInt64(m.compactRevision);
  if (m.hashRevision !== 0) n += 1 + sizeOfInt64(m.hashRevision);
  return n;
}

export function writeHashKVResponse(m: HashKVResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  if (m.hash !== 0) {
    w.byte(16);
    w.uint32(m.hash);
  }
  if (m.compactRevision !== 0) {
    w.byte(24);
    w.int64(m.compactRevision);
  }
  if (m.hashRevision !== 0) {
    w.byte(32);
    w.int64(m.hashRevision);
  }
}

export function readHashKVResponse(r: WireReader, end: number): HashKVResponse {
  let header: ResponseHeader | undefined = undefined;
  let hash: number = 0;
  let compactRevision: number = 0;
  let hashRevision: number = 0;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 16:
        hash = r.uint32(end);
        break;
      case 24:
        compactRevision = r.int64(end);
        break;
      case 32:
        hashRevision = r.int64(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.HashKVResponse', HashKVResponse.fields);
    }
  }

  return { header, hash, compactRevision, hashRevision };
}

export const HashKVResponse: MessageType<HashKVResponse> = {
  typeName: 'etcdserverpb.HashKVResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'hash', 'hash', 'hash', 'uint32'),
    describeField(3, 'compact_revision', 'compactRevision', 'compactRevision', 'int64'),
    describeField(4, 'hash_revision', 'hashRevision', 'hashRevision', 'int64'),
  ],
  create(init?: Partial<HashKVResponse>): HashKVResponse {
    return {
      header: init?.header,
      hash: init?.hash ?? 0,
      compactRevision: init?.compactRevision ?? 0,
      hashRevision: init?.hashRevision ?? 0,
    };
  },
  sizeOf: sizeHashKVResponse,
  encode(m: HashKVResponse): Uint8Array {
    const w = beginMessage(sizeHashKVResponse(m));
    writeHashKVResponse(m, w);
    return w.take();
  },
  write: writeHashKVResponse,
  encodeInto(m: HashKVResponse, w: WireWriter): void {
    w.reserve(sizeHashKVResponse(m));
    writeHashKVResponse(m, w);
  },
  decode(bytes: Uint8Array): HashKVResponse {
    const r = new WireReader(bytes);
    return readHashKVResponse(r, r.end);
  },
};

export type SnapshotRequest = Record<never, never>;

export function sizeSnapshotRequest(_m: SnapshotRequest): number {
  return 0;
}

export function writeSnapshotRequest(_m: SnapshotRequest, _w: WireWriter): void {}

export function readSnapshotRequest(r: WireReader, end: number): SnapshotRequest {
  while (r.pos < end) {
    const tag = r.tag(end);
    r.unexpected(tag, end, 'etcdserverpb.SnapshotRequest', SnapshotRequest.fields);
  }

  return {};
}

export const SnapshotRequest: MessageType<SnapshotRequest> = {
  typeName: 'etcdserverpb.SnapshotRequest',
  fields: [],
  create(): SnapshotRequest {
    return {};
  },
  sizeOf: sizeSnapshotRequest,
  encode(m: SnapshotRequest): Uint8Array {
    const w = beginMessage(sizeSnapshotRequest(m));
    writeSnapshotRequest(m, w);
    return w.take();
  },
  write: writeSnapshotRequest,
  encodeInto(m: SnapshotRequest, w: WireWriter): void {
    w.reserve(sizeSnapshotRequest(m));
    writeSnapshotRequest(m, w);
  },
  decode(bytes: Uint8Array): SnapshotRequest {
    const r = new WireReader(bytes);
    return readSnapshotRequest(r, r.end);
  },
};

export interface SnapshotResponse {
  header: ResponseHeader | undefined;
  /** after this message */
  remainingBytes: number;
  blob: Uint8Array;
  /** 3.6 */
  version: string;
}

export function sizeSnapshotResponse(m: SnapshotResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  if (m.remainingBytes !== 0) n += 1 + sizeOfUint64(m.remainingBytes);
  if (m.blob.length > 0) n += 1 + sizeOfLength(m.blob.length);
  if (m.version !== '') n += 1 + sizeOfString(m.version);
  return n;
}

export function writeSnapshotResponse(m: SnapshotResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  if (m.remainingBytes !== 0) {
    w.byte(16);
    w.uint64(m.remainingBytes);
  }
  if (m.blob.length > 0) {
    w.byte(26);
    w.bytes(m.blob);
  }
  if (m.version !== '') {
    w.byte(34);
    w.string(m.version);
  }
}

export function readSnapshotResponse(r: WireReader, end: number): SnapshotResponse {
  let header: ResponseHeader | undefined = undefined;
  let remainingBytes: number = 0;
  let blob: Uint8Array = EMPTY_BYTES;
  let version: string = '';

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 16:
        remainingBytes = r.uint64(end);
        break;
      case 26:
        blob = r.bytes(end);
        break;
      case 34:
        version = r.string(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.SnapshotResponse', SnapshotResponse.fields);
    }
  }

  return { header, remainingBytes, blob, version };
}

export const SnapshotResponse: MessageType<SnapshotResponse> = {
  typeName: 'etcdserverpb.SnapshotResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'remaining_bytes', 'remainingBytes', 'remainingBytes', 'uint64'),
    describeField(3, 'blob', 'blob', 'blob', 'bytes'),
    describeField(4, 'version', 'version', 'version', 'string'),
  ],
  create(init?: Partial<SnapshotResponse>): SnapshotResponse {
    return {
      header: init?.header,
      remainingBytes: init?.remainingBytes ?? 0,
      blob: init?.blob ?? EMPTY_BYTES,
      version: init?.version ?? '',
    };
  },
  sizeOf: sizeSnapshotResponse,
  encode(m: SnapshotResponse): Uint8Array {
    const w = beginMessage(sizeSnapshotResponse(m));
    writeSnapshotResponse(m, w);
    return w.take();
  },
  write: writeSnapshotResponse,
  encodeInto(m: SnapshotResponse, w: WireWriter): void {
    w.reserve(sizeSnapshotResponse(m));
    writeSnapshotResponse(m, w);
  },
  decode(bytes: Uint8Array): SnapshotResponse {
    const r = new WireReader(bytes);
    return readSnapshotResponse(r, r.end);
  },
};

export interface DowngradeRequest {
  action: DowngradeAction;
  version: string;
}

export function sizeDowngradeRequest(m: DowngradeRequest): number {
  let n = 0;
  if (m.action !== 0) n += 1 + sizeOfInt32(m.action);
  if (m.version !== '') n += 1 + sizeOfString(m.version);
  return n;
}

export function writeDowngradeRequest(m: DowngradeRequest, w: WireWriter): void {
  if (m.action !== 0) {
    w.byte(8);
    w.int32(m.action);
  }
  if (m.version !== '') {
    w.byte(18);
    w.string(m.version);
  }
}

export function readDowngradeRequest(r: WireReader, end: number): DowngradeRequest {
  let action: DowngradeAction = 0;
  let version: string = '';

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 8:
        action = r.int32(end) as DowngradeAction;
        break;
      case 18:
        version = r.string(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.DowngradeRequest', DowngradeRequest.fields);
    }
  }

  return { action, version };
}

export const DowngradeRequest: MessageType<DowngradeRequest> = {
  typeName: 'etcdserverpb.DowngradeRequest',
  fields: [
    describeField(1, 'action', 'action', 'action', 'enum', { enumType: DowngradeActionEnum }),
    describeField(2, 'version', 'version', 'version', 'string'),
  ],
  create(init?: Partial<DowngradeRequest>): DowngradeRequest {
    return { action: init?.action ?? 0, version: init?.version ?? '' };
  },
  sizeOf: sizeDowngradeRequest,
  encode(m: DowngradeRequest): Uint8Array {
    const w = beginMessage(sizeDowngradeRequest(m));
    writeDowngradeRequest(m, w);
    return w.take();
  },
  write: writeDowngradeRequest,
  encodeInto(m: DowngradeRequest, w: WireWriter): void {
    w.reserve(sizeDowngradeRequest(m));
    writeDowngradeRequest(m, w);
  },
  decode(bytes: Uint8Array): DowngradeRequest {
    const r = new WireReader(bytes);
    return readDowngradeRequest(r, r.end);
  },
};

export interface DowngradeResponse {
  header: ResponseHeader | undefined;
  version: string;
}

export function sizeDowngradeResponse(m: DowngradeResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  if (m.version !== '') n += 1 + sizeOfString(m.version);
  return n;
}

export function writeDowngradeResponse(m: DowngradeResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  if (m.version !== '') {
    w.byte(18);
    w.string(m.version);
  }
}

export function readDowngradeResponse(r: WireReader, end: number): DowngradeResponse {
  let header: ResponseHeader | undefined = undefined;
  let version: string = '';

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 18:
        version = r.string(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.DowngradeResponse', DowngradeResponse.fields);
    }
  }

  return { header, version };
}

export const DowngradeResponse: MessageType<DowngradeResponse> = {
  typeName: 'etcdserverpb.DowngradeResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'version', 'version', 'version', 'string'),
  ],
  create(init?: Partial<DowngradeResponse>): DowngradeResponse {
    return { header: init?.header, version: init?.version ?? '' };
  },
  sizeOf: sizeDowngradeResponse,
  encode(m: DowngradeResponse): Uint8Array {
    const w = beginMessage(sizeDowngradeResponse(m));
    writeDowngradeResponse(m, w);
    return w.take();
  },
  write: writeDowngradeResponse,
  encodeInto(m: DowngradeResponse, w: WireWriter): void {
    w.reserve(sizeDowngradeResponse(m));
    writeDowngradeResponse(m, w);
  },
  decode(bytes: Uint8Array): DowngradeResponse {
    const r = new WireReader(bytes);
    return readDowngradeResponse(r, r.end);
  },
};

export type StatusRequest = Record<never, never>;

export function sizeStatusRequest(_m: StatusRequest): number {
  return 0;
}

export function writeStatusRequest(_m: StatusRequest, _w: WireWriter): void {}

export function readStatusRequest(r: WireReader, end: number): StatusRequest {
  while (r.pos < end) {
    const tag = r.tag(end);
    r.unexpected(tag, end, 'etcdserverpb.StatusRequest', StatusRequest.fields);
  }

  return {};
}

export const StatusRequest: MessageType<StatusRequest> = {
  typeName: 'etcdserverpb.StatusRequest',
  fields: [],
  create(): StatusRequest {
    return {};
  },
  sizeOf: sizeStatusRequest,
  encode(m: StatusRequest): Uint8Array {
    const w = beginMessage(sizeStatusRequest(m));
    writeStatusRequest(m, w);
    return w.take();
  },
  write: writeStatusRequest,
  encodeInto(m: StatusRequest, w: WireWriter): void {
    w.reserve(sizeStatusRequest(m));
    writeStatusRequest(m, w);
  },
  decode(bytes: Uint8Array): StatusRequest {
    const r = new WireReader(bytes);
    return readStatusRequest(r, r.end);
  },
};

export interface StatusResponse {
  header: ResponseHeader | undefined;
  version: string;
  /** bytes on disk */
  dbSize: number;
  /** a member id; 0: none known */
  leader: number;
  /** committed */
  raftIndex: number;
  raftTerm: number;
  raftAppliedIndex: number;
  errors: string[];
  dbSizeInUse: number;
  isLearner: boolean;
  /** 3.6 */
  storageVersion: string;
  /** 3.6 */
  dbSizeQuota: number;
  /** 3.6 */
  downgradeInfo: DowngradeInfo | undefined;
}

export function sizeStatusResponse(m: StatusResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  if (m.version !== '') n += 1 + sizeOfString(m.version);
  if (m.dbSize !== 0) n += 1 + sizeOfInt64(m.dbSize);
  if (m.leader !== 0) n += 1 + sizeOfUint64(m.leader);
  if (m.raftIndex !== 0) n += 1 + sizeOfUint64(m.raftIndex);
  if (m.raftTerm !== 0) n += 1 + sizeOfUint64(m.raftTerm);
  if (m.raftAppliedIndex !== 0) n += 1 + sizeOfUint64(m.raftAppliedIndex);
  for (const item of m.errors) n += 1 + sizeOfString(item);
  if (m.dbSizeInUse !== 0) n += 1 + sizeOfInt64(m.dbSizeInUse);
  if (m.isLearner) n += 2;
  if (m.storageVersion !== '') n += 1 + sizeOfString(m.storageVersion);
  if (m.dbSizeQuota !== 0) n += 1 + sizeOfInt64(m.dbSizeQuota);
  if (m.downgradeInfo !== undefined) n += 1 + sizeOfLength(sizeDowngradeInfo(m.downgradeInfo));
  return n;
}

export function writeStatusResponse(m: StatusResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  if (m.version !== '') {
    w.byte(18);
    w.string(m.version);
  }
  if (m.dbSize !== 0) {
    w.byte(24);
    w.int64(m.dbSize);
  }
  if (m.leader !== 0) {
    w.byte(32);
    w.uint64(m.leader);
  }
  if (m.raftIndex !== 0) {
    w.byte(40);
    w.uint64(m.raftIndex);
  }
  if (m.raftTerm !== 0) {
    w.byte(48);
    w.uint64(m.raftTerm);
  }
  if (m.raftAppliedIndex !== 0) {
    w.byte(56);
    w.uint64(m.raftAppliedIndex);
  }
  for (const item of m.errors) {
    w.byte(66);
    w.string(item);
  }
  if (m.dbSizeInUse !== 0) {
    w.byte(72);
    w.int64(m.dbSizeInUse);
  }
  if (m.isLearner) {
    w.byte(80);
    w.bool(m.isLearner);
  }
  if (m.storageVersion !== '') {
    w.byte(90);
    w.string(m.storageVersion);
  }
  if (m.dbSizeQuota !== 0) {
    w.byte(96);
    w.int64(m.dbSizeQuota);
  }
  if (m.downgradeInfo !== undefined) {
    w.byte(106);
    w.varint32(sizeDowngradeInfo(m.downgradeInfo));
    writeDowngradeInfo(m.downgradeInfo, w);
  }
}

export function readStatusResponse(r: WireReader, end: number): StatusResponse {
  let header: ResponseHeader | undefined = undefined;
  let version: string = '';
  let dbSize: number = 0;
  let leader: number = 0;
  let raftIndex: number = 0;
  let raftTerm: number = 0;
  let raftAppliedIndex: number = 0;
  const errors: string[] = [];
  let dbSizeInUse: number = 0;
  let isLearner: boolean = false;
  let storageVersion: string = '';
  let dbSizeQuota: number = 0;
  let downgradeInfo: DowngradeInfo | undefined = undefined;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 18:
        version = r.string(end);
        break;
      case 24:
        dbSize = r.int64(end);
        break;
      case 32:
        leader = r.uint64(end);
        break;
      case 40:
        raftIndex = r.uint64(end);
        break;
      case 48:
        raftTerm = r.uint64(end);
        break;
      case 56:
        raftAppliedIndex = r.uint64(end);
        break;
      case 66:
        errors.push(r.string(end));
        break;
      case 72:
        dbSizeInUse = r.int64(end);
        break;
      case 80:
        isLearner = r.bool(end);
        break;
      case 90:
        storageVersion = r.string(end);
        break;
      case 96:
        dbSizeQuota = r.int64(end);
        break;
      case 106:
        downgradeInfo = readDowngradeInfo(r, r.nested(end));
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.StatusResponse', StatusResponse.fields);
    }
  }

  return {
    header,
    version,
    dbSize,
    leader,
    raftIndex,
    raftTerm,
    raftAppliedIndex,
    errors,
    dbSizeInUse,
    isLearner,
    storageVersion,
    dbSizeQuota,
    downgradeInfo,
  };
}

export const StatusResponse: MessageType<StatusResponse> = {
  typeName: 'etcdserverpb.StatusResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'version', 'version', 'version', 'string'),
    describeField(3, 'dbSize', 'dbSize', 'dbSize', 'int64'),
    describeField(4, 'leader', 'leader', 'leader', 'uint64'),
    describeField(5, 'raftIndex', 'raftIndex', 'raftIndex', 'uint64'),
    describeField(6, 'raftTerm', 'raftTerm', 'raftTerm', 'uint64'),
    describeField(7, 'raftAppliedIndex', 'raftAppliedIndex', 'raftAppliedIndex', 'uint64'),
    describeField(8, 'errors', 'errors', 'errors', 'string', { repeated: true }),
    describeField(9, 'dbSizeInUse', 'dbSizeInUse', 'dbSizeInUse', 'int64'),
    describeField(10, 'isLearner', 'isLearner', 'isLearner', 'bool'),
    describeField(11, 'storageVersion', 'storageVersion', 'storageVersion', 'string'),
    describeField(12, 'dbSizeQuota', 'dbSizeQuota', 'dbSizeQuota', 'int64'),
    describeField(13, 'downgradeInfo', 'downgradeInfo', 'downgradeInfo', 'message', {
      messageType: () => DowngradeInfo,
    }),
  ],
  create(init?: Partial<StatusResponse>): StatusResponse {
    return {
      header: init?.header,
      version: init?.version ?? '',
      dbSize: init?.dbSize ?? 0,
      leader: init?.leader ?? 0,
      raftIndex: init?.raftIndex ?? 0,
      raftTerm: init?.raftTerm ?? 0,
      raftAppliedIndex: init?.raftAppliedIndex ?? 0,
      errors: init?.errors ?? [],
      dbSizeInUse: init?.dbSizeInUse ?? 0,
      isLearner: init?.isLearner ?? false,
      storageVersion: init?.storageVersion ?? '',
      dbSizeQuota: init?.dbSizeQuota ?? 0,
      downgradeInfo: init?.downgradeInfo,
    };
  },
  sizeOf: sizeStatusResponse,
  encode(m: StatusResponse): Uint8Array {
    const w = beginMessage(sizeStatusResponse(m));
    writeStatusResponse(m, w);
    return w.take();
  },
  write: writeStatusResponse,
  encodeInto(m: StatusResponse, w: WireWriter): void {
    w.reserve(sizeStatusResponse(m));
    writeStatusResponse(m, w);
  },
  decode(bytes: Uint8Array): StatusResponse {
    const r = new WireReader(bytes);
    return readStatusResponse(r, r.end);
  },
};

export interface DowngradeInfo {
  enabled: boolean;
  targetVersion: string;
}

export function sizeDowngradeInfo(m: DowngradeInfo): number {
  let n = 0;
  if (m.enabled) n += 2;
  if (m.targetVersion !== '') n += 1 + sizeOfString(m.targetVersion);
  return n;
}

export function writeDowngradeInfo(m: DowngradeInfo, w: WireWriter): void {
  if (m.enabled) {
    w.byte(8);
    w.bool(m.enabled);
  }
  if (m.targetVersion !== '') {
    w.byte(18);
    w.string(m.targetVersion);
  }
}

export function readDowngradeInfo(r: WireReader, end: number): DowngradeInfo {
  let enabled: boolean = false;
  let targetVersion: string = '';

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 8:
        enabled = r.bool(end);
        break;
      case 18:
        targetVersion = r.string(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.DowngradeInfo', DowngradeInfo.fields);
    }
  }

  return { enabled, targetVersion };
}

export const DowngradeInfo: MessageType<DowngradeInfo> = {
  typeName: 'etcdserverpb.DowngradeInfo',
  fields: [
    describeField(1, 'enabled', 'enabled', 'enabled', 'bool'),
    describeField(2, 'targetVersion', 'targetVersion', 'targetVersion', 'string'),
  ],
  create(init?: Partial<DowngradeInfo>): DowngradeInfo {
    return { enabled: init?.enabled ?? false, targetVersion: init?.targetVersion ?? '' };
  },
  sizeOf: sizeDowngradeInfo,
  encode(m: DowngradeInfo): Uint8Array {
    const w = beginMessage(sizeDowngradeInfo(m));
    writeDowngradeInfo(m, w);
    return w.take();
  },
  write: writeDowngradeInfo,
  encodeInto(m: DowngradeInfo, w: WireWriter): void {
    w.reserve(sizeDowngradeInfo(m));
    writeDowngradeInfo(m, w);
  },
  decode(bytes: Uint8Array): DowngradeInfo {
    const r = new WireReader(bytes);
    return readDowngradeInfo(r, r.end);
  },
};

export type AuthEnableRequest = Record<never, never>;

export function sizeAuthEnableRequest(_m: AuthEnableRequest): number {
  return 0;
}

export function writeAuthEnableRequest(_m: AuthEnableRequest, _w: WireWriter): void {}

export function readAuthEnableRequest(r: WireReader, end: number): AuthEnableRequest {
  while (r.pos < end) {
    const tag = r.tag(end);
    r.unexpected(tag, end, 'etcdserverpb.AuthEnableRequest', AuthEnableRequest.fields);
  }

  return {};
}

export const AuthEnableRequest: MessageType<AuthEnableRequest> = {
  typeName: 'etcdserverpb.AuthEnableRequest',
  fields: [],
  create(): AuthEnableRequest {
    return {};
  },
  sizeOf: sizeAuthEnableRequest,
  encode(m: AuthEnableRequest): Uint8Array {
    const w = beginMessage(sizeAuthEnableRequest(m));
    writeAuthEnableRequest(m, w);
    return w.take();
  },
  write: writeAuthEnableRequest,
  encodeInto(m: AuthEnableRequest, w: WireWriter): void {
    w.reserve(sizeAuthEnableRequest(m));
    writeAuthEnableRequest(m, w);
  },
  decode(bytes: Uint8Array): AuthEnableRequest {
    const r = new WireReader(bytes);
    return readAuthEnableRequest(r, r.end);
  },
};

export interface AuthEnableResponse {
  header: ResponseHeader | undefined;
}

export function sizeAuthEnableResponse(m: AuthEnableResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  return n;
}

export function writeAuthEnableResponse(m: AuthEnableResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
}

export function readAuthEnableResponse(r: WireReader, end: number): AuthEnableResponse {
  let header: ResponseHeader | undefined = undefined;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.AuthEnableResponse', AuthEnableResponse.fields);
    }
  }

  return { header };
}

export const AuthEnableResponse: MessageType<AuthEnableResponse> = {
  typeName: 'etcdserverpb.AuthEnableResponse',
  fields: [describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader })],
  create(init?: Partial<AuthEnableResponse>): AuthEnableResponse {
    return { header: init?.header };
  },
  sizeOf: sizeAuthEnableResponse,
  encode(m: AuthEnableResponse): Uint8Array {
    const w = beginMessage(sizeAuthEnableResponse(m));
    writeAuthEnableResponse(m, w);
    return w.take();
  },
  write: writeAuthEnableResponse,
  encodeInto(m: AuthEnableResponse, w: WireWriter): void {
    w.reserve(sizeAuthEnableResponse(m));
    writeAuthEnableResponse(m, w);
  },
  decode(bytes: Uint8Array): AuthEnableResponse {
    const r = new WireReader(bytes);
    return readAuthEnableResponse(r, r.end);
  },
};

export type AuthDisableRequest = Record<never, never>;

export function sizeAuthDisableRequest(_m: AuthDisableRequest): number {
  return 0;
}

export function writeAuthDisableRequest(_m: AuthDisableRequest, _w: WireWriter): void {}

export function readAuthDisableRequest(r: WireReader, end: number): AuthDisableRequest {
  while (r.pos < end) {
    const tag = r.tag(end);
    r.unexpected(tag, end, 'etcdserverpb.AuthDisableRequest', AuthDisableRequest.fields);
  }

  return {};
}

export const AuthDisableRequest: MessageType<AuthDisableRequest> = {
  typeName: 'etcdserverpb.AuthDisableRequest',
  fields: [],
  create(): AuthDisableRequest {
    return {};
  },
  sizeOf: sizeAuthDisableRequest,
  encode(m: AuthDisableRequest): Uint8Array {
    const w = beginMessage(sizeAuthDisableRequest(m));
    writeAuthDisableRequest(m, w);
    return w.take();
  },
  write: writeAuthDisableRequest,
  encodeInto(m: AuthDisableRequest, w: WireWriter): void {
    w.reserve(sizeAuthDisableRequest(m));
    writeAuthDisableRequest(m, w);
  },
  decode(bytes: Uint8Array): AuthDisableRequest {
    const r = new WireReader(bytes);
    return readAuthDisableRequest(r, r.end);
  },
};

export interface AuthDisableResponse {
  header: ResponseHeader | undefined;
}

export function sizeAuthDisableResponse(m: AuthDisableResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  return n;
}

export function writeAuthDisableResponse(m: AuthDisableResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
}

export function readAuthDisableResponse(r: WireReader, end: number): AuthDisableResponse {
  let header: ResponseHeader | undefined = undefined;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.AuthDisableResponse', AuthDisableResponse.fields);
    }
  }

  return { header };
}

export const AuthDisableResponse: MessageType<AuthDisableResponse> = {
  typeName: 'etcdserverpb.AuthDisableResponse',
  fields: [describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader })],
  create(init?: Partial<AuthDisableResponse>): AuthDisableResponse {
    return { header: init?.header };
  },
  sizeOf: sizeAuthDisableResponse,
  encode(m: AuthDisableResponse): Uint8Array {
    const w = beginMessage(sizeAuthDisableResponse(m));
    writeAuthDisableResponse(m, w);
    return w.take();
  },
  write: writeAuthDisableResponse,
  encodeInto(m: AuthDisableResponse, w: WireWriter): void {
    w.reserve(sizeAuthDisableResponse(m));
    writeAuthDisableResponse(m, w);
  },
  decode(bytes: Uint8Array): AuthDisableResponse {
    const r = new WireReader(bytes);
    return readAuthDisableResponse(r, r.end);
  },
};

export type AuthStatusRequest = Record<never, never>;

export function sizeAuthStatusRequest(_m: AuthStatusRequest): number {
  return 0;
}

export function writeAuthStatusRequest(_m: AuthStatusRequest, _w: WireWriter): void {}

export function readAuthStatusRequest(r: WireReader, end: number): AuthStatusRequest {
  while (r.pos < end) {
    const tag = r.tag(end);
    r.unexpected(tag, end, 'etcdserverpb.AuthStatusRequest', AuthStatusRequest.fields);
  }

  return {};
}

export const AuthStatusRequest: MessageType<AuthStatusRequest> = {
  typeName: 'etcdserverpb.AuthStatusRequest',
  fields: [],
  create(): AuthStatusRequest {
    return {};
  },
  sizeOf: sizeAuthStatusRequest,
  encode(m: AuthStatusRequest): Uint8Array {
    const w = beginMessage(sizeAuthStatusRequest(m));
    writeAuthStatusRequest(m, w);
    return w.take();
  },
  write: writeAuthStatusRequest,
  encodeInto(m: AuthStatusRequest, w: WireWriter): void {
    w.reserve(sizeAuthStatusRequest(m));
    writeAuthStatusRequest(m, w);
  },
  decode(bytes: Uint8Array): AuthStatusRequest {
    const r = new WireReader(bytes);
    return readAuthStatusRequest(r, r.end);
  },
};

export interface AuthStatusResponse {
  header: ResponseHeader | undefined;
  enabled: boolean;
  authRevision: number;
}

export function sizeAuthStatusResponse(m: AuthStatusResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  if (m.enabled) n += 2;
  if (m.authRevision !== 0) n += 1 + sizeOfUint64(m.authRevision);
  return n;
}

export function writeAuthStatusResponse(m: AuthStatusResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  if (m.enabled) {
    w.byte(16);
    w.bool(m.enabled);
  }
  if (m.authRevision !== 0) {
    w.byte(24);
    w.uint64(m.authRevision);
  }
}

export function readAuthStatusResponse(r: WireReader, end: number): AuthStatusResponse {
  let header: ResponseHeader | undefined = undefined;
  let enabled: boolean = false;
  let authRevision: number = 0;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 16:
        enabled = r.bool(end);
        break;
      case 24:
        authRevision = r.uint64(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.AuthStatusResponse', AuthStatusResponse.fields);
    }
  }

  return { header, enabled, authRevision };
}

export const AuthStatusResponse: MessageType<AuthStatusResponse> = {
  typeName: 'etcdserverpb.AuthStatusResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'enabled', 'enabled', 'enabled', 'bool'),
    describeField(3, 'authRevision', 'authRevision', 'authRevision', 'uint64'),
  ],
  create(init?: Partial<AuthStatusResponse>): AuthStatusResponse {
    return { header: init?.header, enabled: init?.enabled ?? false, authRevision: init?.authRevision ?? 0 };
  },
  sizeOf: sizeAuthStatusResponse,
  encode(m: AuthStatusResponse): Uint8Array {
    const w = beginMessage(sizeAuthStatusResponse(m));
    writeAuthStatusResponse(m, w);
    return w.take();
  },
  write: writeAuthStatusResponse,
  encodeInto(m: AuthStatusResponse, w: WireWriter): void {
    w.reserve(sizeAuthStatusResponse(m));
    writeAuthStatusResponse(m, w);
  },
  decode(bytes: Uint8Array): AuthStatusResponse {
    const r = new WireReader(bytes);
    return readAuthStatusResponse(r, r.end);
  },
};

export interface AuthenticateRequest {
  name: string;
  password: string;
}

export function sizeAuthenticateRequest(m: AuthenticateRequest): number {
  let n = 0;
  if (m.name !== '') n += 1 + sizeOfString(m.name);
  if (m.password !== '') n += 1 + sizeOfString(m.password);
  return n;
}

export function writeAuthenticateRequest(m: AuthenticateRequest, w: WireWriter): void {
  if (m.name !== '') {
    w.byte(10);
    w.string(m.name);
  }
  if (m.password !== '') {
    w.byte(18);
    w.string(m.password);
  }
}

export function readAuthenticateRequest(r: WireReader, end: number): AuthenticateRequest {
  let name: string = '';
  let password: string = '';

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        name = r.string(end);
        break;
      case 18:
        password = r.string(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.AuthenticateRequest', AuthenticateRequest.fields);
    }
  }

  return { name, password };
}

export const AuthenticateRequest: MessageType<AuthenticateRequest> = {
  typeName: 'etcdserverpb.AuthenticateRequest',
  fields: [
    describeField(1, 'name', 'name', 'name', 'string'),
    describeField(2, 'password', 'password', 'password', 'string'),
  ],
  create(init?: Partial<AuthenticateRequest>): AuthenticateRequest {
    return { name: init?.name ?? '', password: init?.password ?? '' };
  },
  sizeOf: sizeAuthenticateRequest,
  encode(m: AuthenticateRequest): Uint8Array {
    const w = beginMessage(sizeAuthenticateRequest(m));
    writeAuthenticateRequest(m, w);
    return w.take();
  },
  write: writeAuthenticateRequest,
  encodeInto(m: AuthenticateRequest, w: WireWriter): void {
    w.reserve(sizeAuthenticateRequest(m));
    writeAuthenticateRequest(m, w);
  },
  decode(bytes: Uint8Array): AuthenticateRequest {
    const r = new WireReader(bytes);
    return readAuthenticateRequest(r, r.end);
  },
};

export interface AuthenticateResponse {
  header: ResponseHeader | undefined;
  /** goes into the metadata of later calls */
  token: string;
}

export function sizeAuthenticateResponse(m: AuthenticateResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  if (m.token !== '') n += 1 + sizeOfString(m.token);
  return n;
}

export function writeAuthenticateResponse(m: AuthenticateResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  if (m.token !== '') {
    w.byte(18);
    w.string(m.token);
  }
}

export function readAuthenticateResponse(r: WireReader, end: number): AuthenticateResponse {
  let header: ResponseHeader | undefined = undefined;
  let token: string = '';

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 18:
        token = r.string(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.AuthenticateResponse', AuthenticateResponse.fields);
    }
  }

  return { header, token };
}

export const AuthenticateResponse: MessageType<AuthenticateResponse> = {
  typeName: 'etcdserverpb.AuthenticateResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'token', 'token', 'token', 'string'),
  ],
  create(init?: Partial<AuthenticateResponse>): AuthenticateResponse {
    return { header: init?.header, token: init?.token ?? '' };
  },
  sizeOf: sizeAuthenticateResponse,
  encode(m: AuthenticateResponse): Uint8Array {
    const w = beginMessage(sizeAuthenticateResponse(m));
    writeAuthenticateResponse(m, w);
    return w.take();
  },
  write: writeAuthenticateResponse,
  encodeInto(m: AuthenticateResponse, w: WireWriter): void {
    w.reserve(sizeAuthenticateResponse(m));
    writeAuthenticateResponse(m, w);
  },
  decode(bytes: Uint8Array): AuthenticateResponse {
    const r = new WireReader(bytes);
    return readAuthenticateResponse(r, r.end);
  },
};

export interface AuthUserAddRequest {
  name: string;
  password: string;
  options: UserAddOptions | undefined;
  /** 3.5 */
  hashedPassword: string;
}

export function sizeAuthUserAddRequest(m: AuthUserAddRequest): number {
  let n = 0;
  if (m.name !== '') n += 1 + sizeOfString(m.name);
  if (m.password !== '') n += 1 + sizeOfString(m.password);
  if (m.options !== undefined) n += 1 + sizeOfLength(sizeUserAddOptions(m.options));
  if (m.hashedPassword !== '') n += 1 + sizeOfString(m.hashedPassword);
  return n;
}

export function writeAuthUserAddRequest(m: AuthUserAddRequest, w: WireWriter): void {
  if (m.name !== '') {
    w.byte(10);
    w.string(m.name);
  }
  if (m.password !== '') {
    w.byte(18);
    w.string(m.password);
  }
  if (m.options !== undefined) {
    w.byte(26);
    w.varint32(sizeUserAddOptions(m.options));
    writeUserAddOptions(m.options, w);
  }
  if (m.hashedPassword !== '') {
    w.byte(34);
    w.string(m.hashedPassword);
  }
}

export function readAuthUserAddRequest(r: WireReader, end: number): AuthUserAddRequest {
  let name: string = '';
  let password: string = '';
  let options: UserAddOptions | undefined = undefined;
  let hashedPassword: string = '';

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        name = r.string(end);
        break;
      case 18:
        password = r.string(end);
        break;
      case 26:
        options = readUserAddOptions(r, r.nested(end));
        break;
      case 34:
        hashedPassword = r.string(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.AuthUserAddRequest', AuthUserAddRequest.fields);
    }
  }

  return { name, password, options, hashedPassword };
}

export const AuthUserAddRequest: MessageType<AuthUserAddRequest> = {
  typeName: 'etcdserverpb.AuthUserAddRequest',
  fields: [
    describeField(1, 'name', 'name', 'name', 'string'),
    describeField(2, 'password', 'password', 'password', 'string'),
    describeField(3, 'options', 'options', 'options', 'message', { messageType: () => UserAddOptions }),
    describeField(4, 'hashedPassword', 'hashedPassword', 'hashedPassword', 'string'),
  ],
  create(init?: Partial<AuthUserAddRequest>): AuthUserAddRequest {
    return {
      name: init?.name ?? '',
      password: init?.password ?? '',
      options: init?.options,
      hashedPassword: init?.hashedPassword ?? '',
    };
  },
  sizeOf: sizeAuthUserAddRequest,
  encode(m: AuthUserAddRequest): Uint8Array {
    const w = beginMessage(sizeAuthUserAddRequest(m));
    writeAuthUserAddRequest(m, w);
    return w.take();
  },
  write: writeAuthUserAddRequest,
  encodeInto(m: AuthUserAddRequest, w: WireWriter): void {
    w.reserve(sizeAuthUserAddRequest(m));
    writeAuthUserAddRequest(m, w);
  },
  decode(bytes: Uint8Array): AuthUserAddRequest {
    const r = new WireReader(bytes);
    return readAuthUserAddRequest(r, r.end);
  },
};

export interface AuthUserAddResponse {
  header: ResponseHeader | undefined;
}

export function sizeAuthUserAddResponse(m: AuthUserAddResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  return n;
}

export function writeAuthUserAddResponse(m: AuthUserAddResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
}

export function readAuthUserAddResponse(r: WireReader, end: number): AuthUserAddResponse {
  let header: ResponseHeader | undefined = undefined;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.AuthUserAddResponse', AuthUserAddResponse.fields);
    }
  }

  return { header };
}

export const AuthUserAddResponse: MessageType<AuthUserAddResponse> = {
  typeName: 'etcdserverpb.AuthUserAddResponse',
  fields: [describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader })],
  create(init?: Partial<AuthUserAddResponse>): AuthUserAddResponse {
    return { header: init?.header };
  },
  sizeOf: sizeAuthUserAddResponse,
  encode(m: AuthUserAddResponse): Uint8Array {
    const w = beginMessage(sizeAuthUserAddResponse(m));
    writeAuthUserAddResponse(m, w);
    return w.take();
  },
  write: writeAuthUserAddResponse,
  encodeInto(m: AuthUserAddResponse, w: WireWriter): void {
    w.reserve(sizeAuthUserAddResponse(m));
    writeAuthUserAddResponse(m, w);
  },
  decode(bytes: Uint8Array): AuthUserAddResponse {
    const r = new WireReader(bytes);
    return readAuthUserAddResponse(r, r.end);
  },
};

export interface AuthUserGetRequest {
  name: string;
}

export function sizeAuthUserGetRequest(m: AuthUserGetRequest): number {
  let n = 0;
  if (m.name !== '') n += 1 + sizeOfString(m.name);
  return n;
}

export function writeAuthUserGetRequest(m: AuthUserGetRequest, w: WireWriter): void {
  if (m.name !== '') {
    w.byte(10);
    w.string(m.name);
  }
}

export function readAuthUserGetRequest(r: WireReader, end: number): AuthUserGetRequest {
  let name: string = '';

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        name = r.string(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.AuthUserGetRequest', AuthUserGetRequest.fields);
    }
  }

  return { name };
}

export const AuthUserGetRequest: MessageType<AuthUserGetRequest> = {
  typeName: 'etcdserverpb.AuthUserGetRequest',
  fields: [describeField(1, 'name', 'name', 'name', 'string')],
  create(init?: Partial<AuthUserGetRequest>): AuthUserGetRequest {
    return { name: init?.name ?? '' };
  },
  sizeOf: sizeAuthUserGetRequest,
  encode(m: AuthUserGetRequest): Uint8Array {
    const w = beginMessage(sizeAuthUserGetRequest(m));
    writeAuthUserGetRequest(m, w);
    return w.take();
  },
  write: writeAuthUserGetRequest,
  encodeInto(m: AuthUserGetRequest, w: WireWriter): void {
    w.reserve(sizeAuthUserGetRequest(m));
    writeAuthUserGetRequest(m, w);
  },
  decode(bytes: Uint8Array): AuthUserGetRequest {
    const r = new WireReader(bytes);
    return readAuthUserGetRequest(r, r.end);
  },
};

export interface AuthUserGetResponse {
  header: ResponseHeader | undefined;
  roles: string[];
}

export function sizeAuthUserGetResponse(m: AuthUserGetResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  for (const item of m.roles) n += 1 + sizeOfString(item);
  return n;
}

export function writeAuthUserGetResponse(m: AuthUserGetResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  for (const item of m.roles) {
    w.byte(18);
    w.string(item);
  }
}

export function readAuthUserGetResponse(r: WireReader, end: number): AuthUserGetResponse {
  let header: ResponseHeader | undefined = undefined;
  const roles: string[] = [];

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 18:
        roles.push(r.string(end));
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.AuthUserGetResponse', AuthUserGetResponse.fields);
    }
  }

  return { header, roles };
}

export const AuthUserGetResponse: MessageType<AuthUserGetResponse> = {
  typeName: 'etcdserverpb.AuthUserGetResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'roles', 'roles', 'roles', 'string', { repeated: true }),
  ],
  create(init?: Partial<AuthUserGetResponse>): AuthUserGetResponse {
    return { header: init?.header, roles: init?.roles ?? [] };
  },
  sizeOf: sizeAuthUserGetResponse,
  encode(m: AuthUserGetResponse): Uint8Array {
    const w = beginMessage(sizeAuthUserGetResponse(m));
    writeAuthUserGetResponse(m, w);
    return w.take();
  },
  write: writeAuthUserGetResponse,
  encodeInto(m: AuthUserGetResponse, w: WireWriter): void {
    w.reserve(sizeAuthUserGetResponse(m));
    writeAuthUserGetResponse(m, w);
  },
  decode(bytes: Uint8Array): AuthUserGetResponse {
    const r = new WireReader(bytes);
    return readAuthUserGetResponse(r, r.end);
  },
};

export type AuthUserListRequest = Record<never, never>;

export function sizeAuthUserListRequest(_m: AuthUserListRequest): number {
  return 0;
}

export function writeAuthUserListRequest(_m: AuthUserListRequest, _w: WireWriter): void {}

export function readAuthUserListRequest(r: WireReader, end: number): AuthUserListRequest {
  while (r.pos < end) {
    const tag = r.tag(end);
    r.unexpected(tag, end, 'etcdserverpb.AuthUserListRequest', AuthUserListRequest.fields);
  }

  return {};
}

export const AuthUserListRequest: MessageType<AuthUserListRequest> = {
  typeName: 'etcdserverpb.AuthUserListRequest',
  fields: [],
  create(): AuthUserListRequest {
    return {};
  },
  sizeOf: sizeAuthUserListRequest,
  encode(m: AuthUserListRequest): Uint8Array {
    const w = beginMessage(sizeAuthUserListRequest(m));
    writeAuthUserListRequest(m, w);
    return w.take();
  },
  write: writeAuthUserListRequest,
  encodeInto(m: AuthUserListRequest, w: WireWriter): void {
    w.reserve(sizeAuthUserListRequest(m));
    writeAuthUserListRequest(m, w);
  },
  decode(bytes: Uint8Array): AuthUserListRequest {
    const r = new WireReader(bytes);
    return readAuthUserListRequest(r, r.end);
  },
};

export interface AuthUserListResponse {
  header: ResponseHeader | undefined;
  users: string[];
}

export function sizeAuthUserListResponse(m: AuthUserListResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  for (const item of m.users) n += 1 + sizeOfString(item);
  return n;
}

export function writeAuthUserListResponse(m: AuthUserListResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  for (const item of m.users) {
    w.byte(18);
    w.string(item);
  }
}

export function readAuthUserListResponse(r: WireReader, end: number): AuthUserListResponse {
  let header: ResponseHeader | undefined = undefined;
  const users: string[] = [];

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 18:
        users.push(r.string(end));
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.AuthUserListResponse', AuthUserListResponse.fields);
    }
  }

  return { header, users };
}

export const AuthUserListResponse: MessageType<AuthUserListResponse> = {
  typeName: 'etcdserverpb.AuthUserListResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'users', 'users', 'users', 'string', { repeated: true }),
  ],
  create(init?: Partial<AuthUserListResponse>): AuthUserListResponse {
    return { header: init?.header, users: init?.users ?? [] };
  },
  sizeOf: sizeAuthUserListResponse,
  encode(m: AuthUserListResponse): Uint8Array {
    const w = beginMessage(sizeAuthUserListResponse(m));
    writeAuthUserListResponse(m, w);
    return w.take();
  },
  write: writeAuthUserListResponse,
  encodeInto(m: AuthUserListResponse, w: WireWriter): void {
    w.reserve(sizeAuthUserListResponse(m));
    writeAuthUserListResponse(m, w);
  },
  decode(bytes: Uint8Array): AuthUserListResponse {
    const r = new WireReader(bytes);
    return readAuthUserListResponse(r, r.end);
  },
};

export interface AuthUserDeleteRequest {
  name: string;
}

export function sizeAuthUserDeleteRequest(m: AuthUserDeleteRequest): number {
  let n = 0;
  if (m.name !== '') n += 1 + sizeOfString(m.name);
  return n;
}

export function writeAuthUserDeleteRequest(m: AuthUserDeleteRequest, w: WireWriter): void {
  if (m.name !== '') {
    w.byte(10);
    w.string(m.name);
  }
}

export function readAuthUserDeleteRequest(r: WireReader, end: number): AuthUserDeleteRequest {
  let name: string = '';

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        name = r.string(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.AuthUserDeleteRequest', AuthUserDeleteRequest.fields);
    }
  }

  return { name };
}

export const AuthUserDeleteRequest: MessageType<AuthUserDeleteRequest> = {
  typeName: 'etcdserverpb.AuthUserDeleteRequest',
  fields: [describeField(1, 'name', 'name', 'name', 'string')],
  create(init?: Partial<AuthUserDeleteRequest>): AuthUserDeleteRequest {
    return { name: init?.name ?? '' };
  },
  sizeOf: sizeAuthUserDeleteRequest,
  encode(m: AuthUserDeleteRequest): Uint8Array {
    const w = beginMessage(sizeAuthUserDeleteRequest(m));
    writeAuthUserDeleteRequest(m, w);
    return w.take();
  },
  write: writeAuthUserDeleteRequest,
  encodeInto(m: AuthUserDeleteRequest, w: WireWriter): void {
    w.reserve(sizeAuthUserDeleteRequest(m));
    writeAuthUserDeleteRequest(m, w);
  },
  decode(bytes: Uint8Array): AuthUserDeleteRequest {
    const r = new WireReader(bytes);
    return readAuthUserDeleteRequest(r, r.end);
  },
};

export interface AuthUserDeleteResponse {
  header: ResponseHeader | undefined;
}

export function sizeAuthUserDeleteResponse(m: AuthUserDeleteResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  return n;
}

export function writeAuthUserDeleteResponse(m: AuthUserDeleteResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
}

export function readAuthUserDeleteResponse(r: WireReader, end: number): AuthUserDeleteResponse {
  let header: ResponseHeader | undefined = undefined;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.AuthUserDeleteResponse', AuthUserDeleteResponse.fields);
    }
  }

  return { header };
}

export const AuthUserDeleteResponse: MessageType<AuthUserDeleteResponse> = {
  typeName: 'etcdserverpb.AuthUserDeleteResponse',
  fields: [describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader })],
  create(init?: Partial<AuthUserDeleteResponse>): AuthUserDeleteResponse {
    return { header: init?.header };
  },
  sizeOf: sizeAuthUserDeleteResponse,
  encode(m: AuthUserDeleteResponse): Uint8Array {
    const w = beginMessage(sizeAuthUserDeleteResponse(m));
    writeAuthUserDeleteResponse(m, w);
    return w.take();
  },
  write: writeAuthUserDeleteResponse,
  encodeInto(m: AuthUserDeleteResponse, w: WireWriter): void {
    w.reserve(sizeAuthUserDeleteResponse(m));
    writeAuthUserDeleteResponse(m, w);
  },
  decode(bytes: Uint8Array): AuthUserDeleteResponse {
    const r = new WireReader(bytes);
    return readAuthUserDeleteResponse(r, r.end);
  },
};

export interface AuthUserChangePasswordRequest {
  name: string;
  password: string;
  /** 3.5 */
  hashedPassword: string;
}

export function sizeAuthUserChangePasswordRequest(m: AuthUserChangePasswordRequest): number {
  let n = 0;
  if (m.name !== '') n += 1 + sizeOfString(m.name);
  if (m.password !== '') n += 1 + sizeOfString(m.password);
  if (m.hashedPassword !== '') n += 1 + sizeOfString(m.hashedPassword);
  return n;
}

export function writeAuthUserChangePasswordRequest(m: AuthUserChangePasswordRequest, w: WireWriter): void {
  if (m.name !== '') {
    w.byte(10);
    w.string(m.name);
  }
  if (m.password !== '') {
    w.byte(18);
    w.string(m.password);
  }
  if (m.hashedPassword !== '') {
    w.byte(26);
    w.string(m.hashedPassword);
  }
}

export function readAuthUserChangePasswordRequest(r: WireReader, end: number): AuthUserChangePasswordRequest {
  let name: string = '';
  let password: string = '';
  let hashedPassword: string = '';

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        name = r.string(end);
        break;
      case 18:
        password = r.string(end);
        break;
      case 26:
        hashedPassword = r.string(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.AuthUserChangePasswordRequest', AuthUserChangePasswordRequest.fields);
    }
  }

  return { name, password, hashedPassword };
}

export const AuthUserChangePasswordRequest: MessageType<AuthUserChangePasswordRequest> = {
  typeName: 'etcdserverpb.AuthUserChangePasswordRequest',
  fields: [
    describeField(1, 'name', 'name', 'name', 'string'),
    describeField(2, 'password', 'password', 'password', 'string'),
    describeField(3, 'hashedPassword', 'hashedPassword', 'hashedPassword', 'string'),
  ],
  create(init?: Partial<AuthUserChangePasswordRequest>): AuthUserChangePasswordRequest {
    return { name: init?.name ?? '', password: init?.password ?? '', hashedPassword: init?.hashedPassword ?? '' };
  },
  sizeOf: sizeAuthUserChangePasswordRequest,
  encode(m: AuthUserChangePasswordRequest): Uint8Array {
    const w = beginMessage(sizeAuthUserChangePasswordRequest(m));
    writeAuthUserChangePasswordRequest(m, w);
    return w.take();
  },
  write: writeAuthUserChangePasswordRequest,
  encodeInto(m: AuthUserChangePasswordRequest, w: WireWriter): void {
    w.reserve(sizeAuthUserChangePasswordRequest(m));
    writeAuthUserChangePasswordRequest(m, w);
  },
  decode(bytes: Uint8Array): AuthUserChangePasswordRequest {
    const r = new WireReader(bytes);
    return readAuthUserChangePasswordRequest(r, r.end);
  },
};

export interface AuthUserChangePasswordResponse {
  header: ResponseHeader | undefined;
}

export function sizeAuthUserChangePasswordResponse(m: AuthUserChangePasswordResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  return n;
}

export function writeAuthUserChangePasswordResponse(m: AuthUserChangePasswordResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
}

export function readAuthUserChangePasswordResponse(r: WireReader, end: number): AuthUserChangePasswordResponse {
  let header: ResponseHeader | undefined = undefined;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.AuthUserChangePasswordResponse', AuthUserChangePasswordResponse.fields);
    }
  }

  return { header };
}

export const AuthUserChangePasswordResponse: MessageType<AuthUserChangePasswordResponse> = {
  typeName: 'etcdserverpb.AuthUserChangePasswordResponse',
  fields: [describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader })],
  create(init?: Partial<AuthUserChangePasswordResponse>): AuthUserChangePasswordResponse {
    return { header: init?.header };
  },
  sizeOf: sizeAuthUserChangePasswordResponse,
  encode(m: AuthUserChangePasswordResponse): Uint8Array {
    const w = beginMessage(sizeAuthUserChangePasswordResponse(m));
    writeAuthUserChangePasswordResponse(m, w);
    return w.take();
  },
  write: writeAuthUserChangePasswordResponse,
  encodeInto(m: AuthUserChangePasswordResponse, w: WireWriter): void {
    w.reserve(sizeAuthUserChangePasswordResponse(m));
    writeAuthUserChangePasswordResponse(m, w);
  },
  decode(bytes: Uint8Array): AuthUserChangePasswordResponse {
    const r = new WireReader(bytes);
    return readAuthUserChangePasswordResponse(r, r.end);
  },
};

export interface AuthUserGrantRoleRequest {
  user: string;
  role: string;
}

export function sizeAuthUserGrantRoleRequest(m: AuthUserGrantRoleRequest): number {
  let n = 0;
  if (m.user !== '') n += 1 + sizeOfString(m.user);
  if (m.role !== '') n += 1 + sizeOfString(m.role);
  return n;
}

export function writeAuthUserGrantRoleRequest(m: AuthUserGrantRoleRequest, w: WireWriter): void {
  if (m.user !== '') {
    w.byte(10);
    w.string(m.user);
  }
  if (m.role !== '') {
    w.byte(18);
    w.string(m.role);
  }
}

export function readAuthUserGrantRoleRequest(r: WireReader, end: number): AuthUserGrantRoleRequest {
  let user: string = '';
  let role: string = '';

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        user = r.string(end);
        break;
      case 18:
        role = r.string(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.AuthUserGrantRoleRequest', AuthUserGrantRoleRequest.fields);
    }
  }

  return { user, role };
}

export const AuthUserGrantRoleRequest: MessageType<AuthUserGrantRoleRequest> = {
  typeName: 'etcdserverpb.AuthUserGrantRoleRequest',
  fields: [describeField(1, 'user', 'user', 'user', 'string'), describeField(2, 'role', 'role', 'role', 'string')],
  create(init?: Partial<AuthUserGrantRoleRequest>): AuthUserGrantRoleRequest {
    return { user: init?.user ?? '', role: init?.role ?? '' };
  },
  sizeOf: sizeAuthUserGrantRoleRequest,
  encode(m: AuthUserGrantRoleRequest): Uint8Array {
    const w = beginMessage(sizeAuthUserGrantRoleRequest(m));
    writeAuthUserGrantRoleRequest(m, w);
    return w.take();
  },
  write: writeAuthUserGrantRoleRequest,
  encodeInto(m: AuthUserGrantRoleRequest, w: WireWriter): void {
    w.reserve(sizeAuthUserGrantRoleRequest(m));
    writeAuthUserGrantRoleRequest(m, w);
  },
  decode(bytes: Uint8Array): AuthUserGrantRoleRequest {
    const r = new WireReader(bytes);
    return readAuthUserGrantRoleRequest(r, r.end);
  },
};

export interface AuthUserGrantRoleResponse {
  header: ResponseHeader | undefined;
}

export function sizeAuthUserGrantRoleResponse(m: AuthUserGrantRoleResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  return n;
}

export function writeAuthUserGrantRoleResponse(m: AuthUserGrantRoleResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
}

export function readAuthUserGrantRoleResponse(r: WireReader, end: number): AuthUserGrantRoleResponse {
  let header: ResponseHeader | undefined = undefined;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.AuthUserGrantRoleResponse', AuthUserGrantRoleResponse.fields);
    }
  }

  return { header };
}

export const AuthUserGrantRoleResponse: MessageType<AuthUserGrantRoleResponse> = {
  typeName: 'etcdserverpb.AuthUserGrantRoleResponse',
  fields: [describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader })],
  create(init?: Partial<AuthUserGrantRoleResponse>): AuthUserGrantRoleResponse {
    return { header: init?.header };
  },
  sizeOf: sizeAuthUserGrantRoleResponse,
  encode(m: AuthUserGrantRoleResponse): Uint8Array {
    const w = beginMessage(sizeAuthUserGrantRoleResponse(m));
    writeAuthUserGrantRoleResponse(m, w);
    return w.take();
  },
  write: writeAuthUserGrantRoleResponse,
  encodeInto(m: AuthUserGrantRoleResponse, w: WireWriter): void {
    w.reserve(sizeAuthUserGrantRoleResponse(m));
    writeAuthUserGrantRoleResponse(m, w);
  },
  decode(bytes: Uint8Array): AuthUserGrantRoleResponse {
    const r = new WireReader(bytes);
    return readAuthUserGrantRoleResponse(r, r.end);
  },
};

export interface AuthUserRevokeRoleRequest {
  name: string;
  role: string;
}

export function sizeAuthUserRevokeRoleRequest(m: AuthUserRevokeRoleRequest): number {
  let n = 0;
  if (m.name !== '') n += 1 + sizeOfString(m.name);
  if (m.role !== '') n += 1 + sizeOfString(m.role);
  return n;
}

export function writeAuthUserRevokeRoleRequest(m: AuthUserRevokeRoleRequest, w: WireWriter): void {
  if (m.name !== '') {
    w.byte(10);
    w.string(m.name);
  }
  if (m.role !== '') {
    w.byte(18);
    w.string(m.role);
  }
}

export function readAuthUserRevokeRoleRequest(r: WireReader, end: number): AuthUserRevokeRoleRequest {
  let name: string = '';
  let role: string = '';

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        name = r.string(end);
        break;
      case 18:
        role = r.string(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.AuthUserRevokeRoleRequest', AuthUserRevokeRoleRequest.fields);
    }
  }

  return { name, role };
}

export const AuthUserRevokeRoleRequest: MessageType<AuthUserRevokeRoleRequest> = {
  typeName: 'etcdserverpb.AuthUserRevokeRoleRequest',
  fields: [describeField(1, 'name', 'name', 'name', 'string'), describeField(2, 'role', 'role', 'role', 'string')],
  create(init?: Partial<AuthUserRevokeRoleRequest>): AuthUserRevokeRoleRequest {
    return { name: init?.name ?? '', role: init?.role ?? '' };
  },
  sizeOf: sizeAuthUserRevokeRoleRequest,
  encode(m: AuthUserRevokeRoleRequest): Uint8Array {
    const w = beginMessage(sizeAuthUserRevokeRoleRequest(m));
    writeAuthUserRevokeRoleRequest(m, w);
    return w.take();
  },
  write: writeAuthUserRevokeRoleRequest,
  encodeInto(m: AuthUserRevokeRoleRequest, w: WireWriter): void {
    w.reserve(sizeAuthUserRevokeRoleRequest(m));
    writeAuthUserRevokeRoleRequest(m, w);
  },
  decode(bytes: Uint8Array): AuthUserRevokeRoleRequest {
    const r = new WireReader(bytes);
    return readAuthUserRevokeRoleRequest(r, r.end);
  },
};

export interface AuthUserRevokeRoleResponse {
  header: ResponseHeader | undefined;
}

export function sizeAuthUserRevokeRoleResponse(m: AuthUserRevokeRoleResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  return n;
}

export function writeAuthUserRevokeRoleResponse(m: AuthUserRevokeRoleResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
}

export function readAuthUserRevokeRoleResponse(r: WireReader, end: number): AuthUserRevokeRoleResponse {
  let header: ResponseHeader | undefined = undefined;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.AuthUserRevokeRoleResponse', AuthUserRevokeRoleResponse.fields);
    }
  }

  return { header };
}

export const AuthUserRevokeRoleResponse: MessageType<AuthUserRevokeRoleResponse> = {
  typeName: 'etcdserverpb.AuthUserRevokeRoleResponse',
  fields: [describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader })],
  create(init?: Partial<AuthUserRevokeRoleResponse>): AuthUserRevokeRoleResponse {
    return { header: init?.header };
  },
  sizeOf: sizeAuthUserRevokeRoleResponse,
  encode(m: AuthUserRevokeRoleResponse): Uint8Array {
    const w = beginMessage(sizeAuthUserRevokeRoleResponse(m));
    writeAuthUserRevokeRoleResponse(m, w);
    return w.take();
  },
  write: writeAuthUserRevokeRoleResponse,
  encodeInto(m: AuthUserRevokeRoleResponse, w: WireWriter): void {
    w.reserve(sizeAuthUserRevokeRoleResponse(m));
    writeAuthUserRevokeRoleResponse(m, w);
  },
  decode(bytes: Uint8Array): AuthUserRevokeRoleResponse {
    const r = new WireReader(bytes);
    return readAuthUserRevokeRoleResponse(r, r.end);
  },
};

export interface AuthRoleAddRequest {
  name: string;
}

export function sizeAuthRoleAddRequest(m: AuthRoleAddRequest): number {
  let n = 0;
  if (m.name !== '') n += 1 + sizeOfString(m.name);
  return n;
}

export function writeAuthRoleAddRequest(m: AuthRoleAddRequest, w: WireWriter): void {
  if (m.name !== '') {
    w.byte(10);
    w.string(m.name);
  }
}

export function readAuthRoleAddRequest(r: WireReader, end: number): AuthRoleAddRequest {
  let name: string = '';

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        name = r.string(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.AuthRoleAddRequest', AuthRoleAddRequest.fields);
    }
  }

  return { name };
}

export const AuthRoleAddRequest: MessageType<AuthRoleAddRequest> = {
  typeName: 'etcdserverpb.AuthRoleAddRequest',
  fields: [describeField(1, 'name', 'name', 'name', 'string')],
  create(init?: Partial<AuthRoleAddRequest>): AuthRoleAddRequest {
    return { name: init?.name ?? '' };
  },
  sizeOf: sizeAuthRoleAddRequest,
  encode(m: AuthRoleAddRequest): Uint8Array {
    const w = beginMessage(sizeAuthRoleAddRequest(m));
    writeAuthRoleAddRequest(m, w);
    return w.take();
  },
  write: writeAuthRoleAddRequest,
  encodeInto(m: AuthRoleAddRequest, w: WireWriter): void {
    w.reserve(sizeAuthRoleAddRequest(m));
    writeAuthRoleAddRequest(m, w);
  },
  decode(bytes: Uint8Array): AuthRoleAddRequest {
    const r = new WireReader(bytes);
    return readAuthRoleAddRequest(r, r.end);
  },
};

export interface AuthRoleAddResponse {
  header: ResponseHeader | undefined;
}

export function sizeAuthRoleAddResponse(m: AuthRoleAddResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  return n;
}

export function writeAuthRoleAddResponse(m: AuthRoleAddResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
}

export function readAuthRoleAddResponse(r: WireReader, end: number): AuthRoleAddResponse {
  let header: ResponseHeader | undefined = undefined;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.AuthRoleAddResponse', AuthRoleAddResponse.fields);
    }
  }

  return { header };
}

export const AuthRoleAddResponse: MessageType<AuthRoleAddResponse> = {
  typeName: 'etcdserverpb.AuthRoleAddResponse',
  fields: [describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader })],
  create(init?: Partial<AuthRoleAddResponse>): AuthRoleAddResponse {
    return { header: init?.header };
  },
  sizeOf: sizeAuthRoleAddResponse,
  encode(m: AuthRoleAddResponse): Uint8Array {
    const w = beginMessage(sizeAuthRoleAddResponse(m));
    writeAuthRoleAddResponse(m, w);
    return w.take();
  },
  write: writeAuthRoleAddResponse,
  encodeInto(m: AuthRoleAddResponse, w: WireWriter): void {
    w.reserve(sizeAuthRoleAddResponse(m));
    writeAuthRoleAddResponse(m, w);
  },
  decode(bytes: Uint8Array): AuthRoleAddResponse {
    const r = new WireReader(bytes);
    return readAuthRoleAddResponse(r, r.end);
  },
};

export interface AuthRoleGetRequest {
  role: string;
}

export function sizeAuthRoleGetRequest(m: AuthRoleGetRequest): number {
  let n = 0;
  if (m.role !== '') n += 1 + sizeOfString(m.role);
  return n;
}

export function writeAuthRoleGetRequest(m: AuthRoleGetRequest, w: WireWriter): void {
  if (m.role !== '') {
    w.byte(10);
    w.string(m.role);
  }
}

export function readAuthRoleGetRequest(r: WireReader, end: number): AuthRoleGetRequest {
  let role: string = '';

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        role = r.string(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.AuthRoleGetRequest', AuthRoleGetRequest.fields);
    }
  }

  return { role };
}

export const AuthRoleGetRequest: MessageType<AuthRoleGetRequest> = {
  typeName: 'etcdserverpb.AuthRoleGetRequest',
  fields: [describeField(1, 'role', 'role', 'role', 'string')],
  create(init?: Partial<AuthRoleGetRequest>): AuthRoleGetRequest {
    return { role: init?.role ?? '' };
  },
  sizeOf: sizeAuthRoleGetRequest,
  encode(m: AuthRoleGetRequest): Uint8Array {
    const w = beginMessage(sizeAuthRoleGetRequest(m));
    writeAuthRoleGetRequest(m, w);
    return w.take();
  },
  write: writeAuthRoleGetRequest,
  encodeInto(m: AuthRoleGetRequest, w: WireWriter): void {
    w.reserve(sizeAuthRoleGetRequest(m));
    writeAuthRoleGetRequest(m, w);
  },
  decode(bytes: Uint8Array): AuthRoleGetRequest {
    const r = new WireReader(bytes);
    return readAuthRoleGetRequest(r, r.end);
  },
};

export interface AuthRoleGetResponse {
  header: ResponseHeader | undefined;
  perm: Permission[];
}

export function sizeAuthRoleGetResponse(m: AuthRoleGetResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  for (const item of m.perm) n += 1 + sizeOfLength(sizePermission(item));
  return n;
}

export function writeAuthRoleGetResponse(m: AuthRoleGetResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  for (const item of m.perm) {
    w.byte(18);
    w.varint32(sizePermission(item));
    writePermission(item, w);
  }
}

export function readAuthRoleGetResponse(r: WireReader, end: number): AuthRoleGetResponse {
  let header: ResponseHeader | undefined = undefined;
  const perm: Permission[] = [];

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 18:
        perm.push(readPermission(r, r.nested(end)));
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.AuthRoleGetResponse', AuthRoleGetResponse.fields);
    }
  }

  return { header, perm };
}

export const AuthRoleGetResponse: MessageType<AuthRoleGetResponse> = {
  typeName: 'etcdserverpb.AuthRoleGetResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'perm', 'perm', 'perm', 'message', { repeated: true, messageType: () => Permission }),
  ],
  create(init?: Partial<AuthRoleGetResponse>): AuthRoleGetResponse {
    return { header: init?.header, perm: init?.perm ?? [] };
  },
  sizeOf: sizeAuthRoleGetResponse,
  encode(m: AuthRoleGetResponse): Uint8Array {
    const w = beginMessage(sizeAuthRoleGetResponse(m));
    writeAuthRoleGetResponse(m, w);
    return w.take();
  },
  write: writeAuthRoleGetResponse,
  encodeInto(m: AuthRoleGetResponse, w: WireWriter): void {
    w.reserve(sizeAuthRoleGetResponse(m));
    writeAuthRoleGetResponse(m, w);
  },
  decode(bytes: Uint8Array): AuthRoleGetResponse {
    const r = new WireReader(bytes);
    return readAuthRoleGetResponse(r, r.end);
  },
};

export type AuthRoleListRequest = Record<never, never>;

export function sizeAuthRoleListRequest(_m: AuthRoleListRequest): number {
  return 0;
}

export function writeAuthRoleListRequest(_m: AuthRoleListRequest, _w: WireWriter): void {}

export function readAuthRoleListRequest(r: WireReader, end: number): AuthRoleListRequest {
  while (r.pos < end) {
    const tag = r.tag(end);
    r.unexpected(tag, end, 'etcdserverpb.AuthRoleListRequest', AuthRoleListRequest.fields);
  }

  return {};
}

export const AuthRoleListRequest: MessageType<AuthRoleListRequest> = {
  typeName: 'etcdserverpb.AuthRoleListRequest',
  fields: [],
  create(): AuthRoleListRequest {
    return {};
  },
  sizeOf: sizeAuthRoleListRequest,
  encode(m: AuthRoleListRequest): Uint8Array {
    const w = beginMessage(sizeAuthRoleListRequest(m));
    writeAuthRoleListRequest(m, w);
    return w.take();
  },
  write: writeAuthRoleListRequest,
  encodeInto(m: AuthRoleListRequest, w: WireWriter): void {
    w.reserve(sizeAuthRoleListRequest(m));
    writeAuthRoleListRequest(m, w);
  },
  decode(bytes: Uint8Array): AuthRoleListRequest {
    const r = new WireReader(bytes);
    return readAuthRoleListRequest(r, r.end);
  },
};

export interface AuthRoleListResponse {
  header: ResponseHeader | undefined;
  roles: string[];
}

export function sizeAuthRoleListResponse(m: AuthRoleListResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  for (const item of m.roles) n += 1 + sizeOfString(item);
  return n;
}

export function writeAuthRoleListResponse(m: AuthRoleListResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  for (const item of m.roles) {
    w.byte(18);
    w.string(item);
  }
}

export function readAuthRoleListResponse(r: WireReader, end: number): AuthRoleListResponse {
  let header: ResponseHeader | undefined = undefined;
  const roles: string[] = [];

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 18:
        roles.push(r.string(end));
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.AuthRoleListResponse', AuthRoleListResponse.fields);
    }
  }

  return { header, roles };
}

export const AuthRoleListResponse: MessageType<AuthRoleListResponse> = {
  typeName: 'etcdserverpb.AuthRoleListResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'roles', 'roles', 'roles', 'string', { repeated: true }),
  ],
  create(init?: Partial<AuthRoleListResponse>): AuthRoleListResponse {
    return { header: init?.header, roles: init?.roles ?? [] };
  },
  sizeOf: sizeAuthRoleListResponse,
  encode(m: AuthRoleListResponse): Uint8Array {
    const w = beginMessage(sizeAuthRoleListResponse(m));
    writeAuthRoleListResponse(m, w);
    return w.take();
  },
  write: writeAuthRoleListResponse,
  encodeInto(m: AuthRoleListResponse, w: WireWriter): void {
    w.reserve(sizeAuthRoleListResponse(m));
    writeAuthRoleListResponse(m, w);
  },
  decode(bytes: Uint8Array): AuthRoleListResponse {
    const r = new WireReader(bytes);
    return readAuthRoleListResponse(r, r.end);
  },
};

export interface AuthRoleDeleteRequest {
  role: string;
}

export function sizeAuthRoleDeleteRequest(m: AuthRoleDeleteRequest): number {
  let n = 0;
  if (m.role !== '') n += 1 + sizeOfString(m.role);
  return n;
}

export function writeAuthRoleDeleteRequest(m: AuthRoleDeleteRequest, w: WireWriter): void {
  if (m.role !== '') {
    w.byte(10);
    w.string(m.role);
  }
}

export function readAuthRoleDeleteRequest(r: WireReader, end: number): AuthRoleDeleteRequest {
  let role: string = '';

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        role = r.string(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.AuthRoleDeleteRequest', AuthRoleDeleteRequest.fields);
    }
  }

  return { role };
}

export const AuthRoleDeleteRequest: MessageType<AuthRoleDeleteRequest> = {
  typeName: 'etcdserverpb.AuthRoleDeleteRequest',
  fields: [describeField(1, 'role', 'role', 'role', 'string')],
  create(init?: Partial<AuthRoleDeleteRequest>): AuthRoleDeleteRequest {
    return { role: init?.role ?? '' };
  },
  sizeOf: sizeAuthRoleDeleteRequest,
  encode(m: AuthRoleDeleteRequest): Uint8Array {
    const w = beginMessage(sizeAuthRoleDeleteRequest(m));
    writeAuthRoleDeleteRequest(m, w);
    return w.take();
  },
  write: writeAuthRoleDeleteRequest,
  encodeInto(m: AuthRoleDeleteRequest, w: WireWriter): void {
    w.reserve(sizeAuthRoleDeleteRequest(m));
    writeAuthRoleDeleteRequest(m, w);
  },
  decode(bytes: Uint8Array): AuthRoleDeleteRequest {
    const r = new WireReader(bytes);
    return readAuthRoleDeleteRequest(r, r.end);
  },
};

export interface AuthRoleDeleteResponse {
  header: ResponseHeader | undefined;
}

export function sizeAuthRoleDeleteResponse(m: AuthRoleDeleteResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  return n;
}

export function writeAuthRoleDeleteResponse(m: AuthRoleDeleteResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
}

export function readAuthRoleDeleteResponse(r: WireReader, end: number): AuthRoleDeleteResponse {
  let header: ResponseHeader | undefined = undefined;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.AuthRoleDeleteResponse', AuthRoleDeleteResponse.fields);
    }
  }

  return { header };
}

export const AuthRoleDeleteResponse: MessageType<AuthRoleDeleteResponse> = {
  typeName: 'etcdserverpb.AuthRoleDeleteResponse',
  fields: [describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader })],
  create(init?: Partial<AuthRoleDeleteResponse>): AuthRoleDeleteResponse {
    return { header: init?.header };
  },
  sizeOf: sizeAuthRoleDeleteResponse,
  encode(m: AuthRoleDeleteResponse): Uint8Array {
    const w = beginMessage(sizeAuthRoleDeleteResponse(m));
    writeAuthRoleDeleteResponse(m, w);
    return w.take();
  },
  write: writeAuthRoleDeleteResponse,
  encodeInto(m: AuthRoleDeleteResponse, w: WireWriter): void {
    w.reserve(sizeAuthRoleDeleteResponse(m));
    writeAuthRoleDeleteResponse(m, w);
  },
  decode(bytes: Uint8Array): AuthRoleDeleteResponse {
    const r = new WireReader(bytes);
    return readAuthRoleDeleteResponse(r, r.end);
  },
};

export interface AuthRoleGrantPermissionRequest {
  name: string;
  perm: Permission | undefined;
}

export function sizeAuthRoleGrantPermissionRequest(m: AuthRoleGrantPermissionRequest): number {
  let n = 0;
  if (m.name !== '') n += 1 + sizeOfString(m.name);
  if (m.perm !== undefined) n += 1 + sizeOfLength(sizePermission(m.perm));
  return n;
}

export function writeAuthRoleGrantPermissionRequest(m: AuthRoleGrantPermissionRequest, w: WireWriter): void {
  if (m.name !== '') {
    w.byte(10);
    w.string(m.name);
  }
  if (m.perm !== undefined) {
    w.byte(18);
    w.varint32(sizePermission(m.perm));
    writePermission(m.perm, w);
  }
}

export function readAuthRoleGrantPermissionRequest(r: WireReader, end: number): AuthRoleGrantPermissionRequest {
  let name: string = '';
  let perm: Permission | undefined = undefined;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        name = r.string(end);
        break;
      case 18:
        perm = readPermission(r, r.nested(end));
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.AuthRoleGrantPermissionRequest', AuthRoleGrantPermissionRequest.fields);
    }
  }

  return { name, perm };
}

export const AuthRoleGrantPermissionRequest: MessageType<AuthRoleGrantPermissionRequest> = {
  typeName: 'etcdserverpb.AuthRoleGrantPermissionRequest',
  fields: [
    describeField(1, 'name', 'name', 'name', 'string'),
    describeField(2, 'perm', 'perm', 'perm', 'message', { messageType: () => Permission }),
  ],
  create(init?: Partial<AuthRoleGrantPermissionRequest>): AuthRoleGrantPermissionRequest {
    return { name: init?.name ?? '', perm: init?.perm };
  },
  sizeOf: sizeAuthRoleGrantPermissionRequest,
  encode(m: AuthRoleGrantPermissionRequest): Uint8Array {
    const w = beginMessage(sizeAuthRoleGrantPermissionRequest(m));
    writeAuthRoleGrantPermissionRequest(m, w);
    return w.take();
  },
  write: writeAuthRoleGrantPermissionRequest,
  encodeInto(m: AuthRoleGrantPermissionRequest, w: WireWriter): void {
    w.reserve(sizeAuthRoleGrantPermissionRequest(m));
    writeAuthRoleGrantPermissionRequest(m, w);
  },
  decode(bytes: Uint8Array): AuthRoleGrantPermissionRequest {
    const r = new WireReader(bytes);
    return readAuthRoleGrantPermissionRequest(r, r.end);
  },
};

export interface AuthRoleGrantPermissionResponse {
  header: ResponseHeader | undefined;
}

export function sizeAuthRoleGrantPermissionResponse(m: AuthRoleGrantPermissionResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  return n;
}

export function writeAuthRoleGrantPermissionResponse(m: AuthRoleGrantPermissionResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
}

export function readAuthRoleGrantPermissionResponse(r: WireReader, end: number): AuthRoleGrantPermissionResponse {
  let header: ResponseHeader | undefined = undefined;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.AuthRoleGrantPermissionResponse', AuthRoleGrantPermissionResponse.fields);
    }
  }

  return { header };
}

export const AuthRoleGrantPermissionResponse: MessageType<AuthRoleGrantPermissionResponse> = {
  typeName: 'etcdserverpb.AuthRoleGrantPermissionResponse',
  fields: [describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader })],
  create(init?: Partial<AuthRoleGrantPermissionResponse>): AuthRoleGrantPermissionResponse {
    return { header: init?.header };
  },
  sizeOf: sizeAuthRoleGrantPermissionResponse,
  encode(m: AuthRoleGrantPermissionResponse): Uint8Array {
    const w = beginMessage(sizeAuthRoleGrantPermissionResponse(m));
    writeAuthRoleGrantPermissionResponse(m, w);
    return w.take();
  },
  write: writeAuthRoleGrantPermissionResponse,
  encodeInto(m: AuthRoleGrantPermissionResponse, w: WireWriter): void {
    w.reserve(sizeAuthRoleGrantPermissionResponse(m));
    writeAuthRoleGrantPermissionResponse(m, w);
  },
  decode(bytes: Uint8Array): AuthRoleGrantPermissionResponse {
    const r = new WireReader(bytes);
    return readAuthRoleGrantPermissionResponse(r, r.end);
  },
};

export interface AuthRoleRevokePermissionRequest {
  role: string;
  key: Uint8Array;
  rangeEnd: Uint8Array;
}

export function sizeAuthRoleRevokePermissionRequest(m: AuthRoleRevokePermissionRequest): number {
  let n = 0;
  if (m.role !== '') n += 1 + sizeOfString(m.role);
  if (m.key.length > 0) n += 1 + sizeOfLength(m.key.length);
  if (m.rangeEnd.length > 0) n += 1 + sizeOfLength(m.rangeEnd.length);
  return n;
}

export function writeAuthRoleRevokePermissionRequest(m: AuthRoleRevokePermissionRequest, w: WireWriter): void {
  if (m.role !== '') {
    w.byte(10);
    w.string(m.role);
  }
  if (m.key.length > 0) {
    w.byte(18);
    w.bytes(m.key);
  }
  if (m.rangeEnd.length > 0) {
    w.byte(26);
    w.bytes(m.rangeEnd);
  }
}

export function readAuthRoleRevokePermissionRequest(r: WireReader, end: number): AuthRoleRevokePermissionRequest {
  let role: string = '';
  let key: Uint8Array = EMPTY_BYTES;
  let rangeEnd: Uint8Array = EMPTY_BYTES;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        role = r.string(end);
        break;
      case 18:
        key = r.bytes(end);
        break;
      case 26:
        rangeEnd = r.bytes(end);
        break;
      default:
        r.unexpected(tag, end, 'etcdserverpb.AuthRoleRevokePermissionRequest', AuthRoleRevokePermissionRequest.fields);
    }
  }

  return { role, key, rangeEnd };
}

export const AuthRoleRevokePermissionRequest: MessageType<AuthRoleRevokePermissionRequest> = {
  typeName: 'etcdserverpb.AuthRoleRevokePermissionRequest',
  fields: [
    describeField(1, 'role', 'role', 'role', 'string'),
    describeField(2, 'key', 'key', 'key', 'bytes'),
    describeField(3, 'range_end', 'rangeEnd', 'rangeEnd', 'bytes'),
  ],
  create(init?: Partial<AuthRoleRevokePermissionRequest>): AuthRoleRevokePermissionRequest {
    return { role: init?.role ?? '', key: init?.key ?? EMPTY_BYTES, rangeEnd: init?.rangeEnd ?? EMPTY_BYTES };
  },
  sizeOf: sizeAuthRoleRevokePermissionRequest,
  encode(m: AuthRoleRevokePermissionRequest): Uint8Array {
    const w = beginMessage(sizeAuthRoleRevokePermissionRequest(m));
    writeAuthRoleRevokePermissionRequest(m, w);
    return w.take();
  },
  write: writeAuthRoleRevokePermissionRequest,
  encodeInto(m: AuthRoleRevokePermissionRequest, w: WireWriter): void {
    w.reserve(sizeAuthRoleRevokePermissionRequest(m));
    writeAuthRoleRevokePermissionRequest(m, w);
  },
  decode(bytes: Uint8Array): AuthRoleRevokePermissionRequest {
    const r = new WireReader(bytes);
    return readAuthRoleRevokePermissionRequest(r, r.end);
  },
};

export interface AuthRoleRevokePermissionResponse {
  header: ResponseHeader | undefined;
}

export function sizeAuthRoleRevokePermissionResponse(m: AuthRoleRevokePermissionResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  return n;
}

export function writeAuthRoleRevokePermissionResponse(m: AuthRoleRevokePermissionResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
}

export function readAuthRoleRevokePermissionResponse(r: WireReader, end: number): AuthRoleRevokePermissionResponse {
  let header: ResponseHeader | undefined = undefined;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      default:
        r.unexpected(
          tag,
          end,
          'etcdserverpb.AuthRoleRevokePermissionResponse',
          AuthRoleRevokePermissionResponse.fields,
        );
    }
  }

  return { header };
}

export const AuthRoleRevokePermissionResponse: MessageType<AuthRoleRevokePermissionResponse> = {
  typeName: 'etcdserverpb.AuthRoleRevokePermissionResponse',
  fields: [describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader })],
  create(init?: Partial<AuthRoleRevokePermissionResponse>): AuthRoleRevokePermissionResponse {
    return { header: init?.header };
  },
  sizeOf: sizeAuthRoleRevokePermissionResponse,
  encode(m: AuthRoleRevokePermissionResponse): Uint8Array {
    const w = beginMessage(sizeAuthRoleRevokePermissionResponse(m));
    writeAuthRoleRevokePermissionResponse(m, w);
    return w.take();
  },
  write: writeAuthRoleRevokePermissionResponse,
  encodeInto(m: AuthRoleRevokePermissionResponse, w: WireWriter): void {
    w.reserve(sizeAuthRoleRevokePermissionResponse(m));
    writeAuthRoleRevokePermissionResponse(m, w);
  },
  decode(bytes: Uint8Array): AuthRoleRevokePermissionResponse {
    const r = new WireReader(bytes);
    return readAuthRoleRevokePermissionResponse(r, r.end);
  },
};
