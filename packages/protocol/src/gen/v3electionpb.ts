// Generated from proto/ by scripts/generate.ts; edit those instead. Messages of the package v3electionpb.
import { describeField, type MessageType } from '../message-type.js';
import { EMPTY_BYTES, WireReader } from '../wire/wire-reader.js';
import { sizeOfBigint, sizeOfInt64, sizeOfLength } from '../wire/wire-size.js';
import { beginMessage, type WireWriter } from '../wire/wire-writer.js';
import { KeyValue, readKeyValue, sizeKeyValue, writeKeyValue } from './mvccpb.js';

import { ResponseHeader, readResponseHeader, sizeResponseHeader, writeResponseHeader } from './etcdserverpb.js';

export interface CampaignRequest {
  name: Uint8Array;
  /** its end ends the leadership */
  lease: bigint;
  /** proclaimed on winning */
  value: Uint8Array;
}

export function sizeCampaignRequest(m: CampaignRequest): number {
  let n = 0;
  if (m.name.length > 0) n += 1 + sizeOfLength(m.name.length);
  if (m.lease !== 0n) n += 1 + sizeOfBigint(m.lease);
  if (m.value.length > 0) n += 1 + sizeOfLength(m.value.length);
  return n;
}

export function writeCampaignRequest(m: CampaignRequest, w: WireWriter): void {
  if (m.name.length > 0) {
    w.byte(10);
    w.bytes(m.name);
  }
  if (m.lease !== 0n) {
    w.byte(16);
    w.bigint64(m.lease);
  }
  if (m.value.length > 0) {
    w.byte(26);
    w.bytes(m.value);
  }
}

export function readCampaignRequest(r: WireReader, end: number): CampaignRequest {
  let name: Uint8Array = EMPTY_BYTES;
  let lease: bigint = 0n;
  let value: Uint8Array = EMPTY_BYTES;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        name = r.bytes(end);
        break;
      case 16:
        lease = r.bigint64(end);
        break;
      case 26:
        value = r.bytes(end);
        break;
      default:
        r.unexpected(tag, end, 'v3electionpb.CampaignRequest', CampaignRequest.fields);
    }
  }

  return { name, lease, value };
}

export const CampaignRequest: MessageType<CampaignRequest> = {
  typeName: 'v3electionpb.CampaignRequest',
  fields: [
    describeField(1, 'name', 'name', 'name', 'bytes'),
    describeField(2, 'lease', 'lease', 'lease', 'exact64'),
    describeField(3, 'value', 'value', 'value', 'bytes'),
  ],
  create(init?: Partial<CampaignRequest>): CampaignRequest {
    return { name: init?.name ?? EMPTY_BYTES, lease: init?.lease ?? 0n, value: init?.value ?? EMPTY_BYTES };
  },
  sizeOf: sizeCampaignRequest,
  encode(m: CampaignRequest): Uint8Array {
    const w = beginMessage(sizeCampaignRequest(m));
    writeCampaignRequest(m, w);
    return w.take();
  },
  write: writeCampaignRequest,
  encodeInto(m: CampaignRequest, w: WireWriter): void {
    w.reserve(sizeCampaignRequest(m));
    writeCampaignRequest(m, w);
  },
  decode(bytes: Uint8Array): CampaignRequest {
    const r = new WireReader(bytes);
    return readCampaignRequest(r, r.end);
  },
};

export interface CampaignResponse {
  header: ResponseHeader | undefined;
  leader: LeaderKey | undefined;
}

export function sizeCampaignResponse(m: CampaignResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  if (m.leader !== undefined) n += 1 + sizeOfLength(sizeLeaderKey(m.leader));
  return n;
}

export function writeCampaignResponse(m: CampaignResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  if (m.leader !== undefined) {
    w.byte(18);
    w.varint32(sizeLeaderKey(m.leader));
    writeLeaderKey(m.leader, w);
  }
}

export function readCampaignResponse(r: WireReader, end: number): CampaignResponse {
  let header: ResponseHeader | undefined = undefined;
  let leader: LeaderKey | undefined = undefined;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 18:
        leader = readLeaderKey(r, r.nested(end));
        break;
      default:
        r.unexpected(tag, end, 'v3electionpb.CampaignResponse', CampaignResponse.fields);
    }
  }

  return { header, leader };
}

export const CampaignResponse: MessageType<CampaignResponse> = {
  typeName: 'v3electionpb.CampaignResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'leader', 'leader', 'leader', 'message', { messageType: () => LeaderKey }),
  ],
  create(init?: Partial<CampaignResponse>): CampaignResponse {
    return { header: init?.header, leader: init?.leader };
  },
  sizeOf: sizeCampaignResponse,
  encode(m: CampaignResponse): Uint8Array {
    const w = beginMessage(sizeCampaignResponse(m));
    writeCampaignResponse(m, w);
    return w.take();
  },
  write: writeCampaignResponse,
  encodeInto(m: CampaignResponse, w: WireWriter): void {
    w.reserve(sizeCampaignResponse(m));
    writeCampaignResponse(m, w);
  },
  decode(bytes: Uint8Array): CampaignResponse {
    const r = new WireReader(bytes);
    return readCampaignResponse(r, r.end);
  },
};

/** The proof of a leadership; a transaction guards itself by comparing the create revision of `key` with `rev`. */
export interface LeaderKey {
  name: Uint8Array;
  key: Uint8Array;
  rev: number;
  lease: bigint;
}

export function sizeLeaderKey(m: LeaderKey): number {
  let n = 0;
  if (m.name.length > 0) n += 1 + sizeOfLength(m.name.length);
  if (m.key.length > 0) n += 1 + sizeOfLength(m.key.length);
  if (m.rev !== 0) n += 1 + sizeOfInt64(m.rev);
  if (m.lease !== 0n) n += 1 + sizeOfBigint(m.lease);
  return n;
}

export function writeLeaderKey(m: LeaderKey, w: WireWriter): void {
  if (m.name.length > 0) {
    w.byte(10);
    w.bytes(m.name);
  }
  if (m.key.length > 0) {
    w.byte(18);
    w.bytes(m.key);
  }
  if (m.rev !== 0) {
    w.byte(24);
    w.int64(m.rev);
  }
  if (m.lease !== 0n) {
    w.byte(32);
    w.bigint64(m.lease);
  }
}

export function readLeaderKey(r: WireReader, end: number): LeaderKey {
  let name: Uint8Array = EMPTY_BYTES;
  let key: Uint8Array = EMPTY_BYTES;
  let rev: number = 0;
  let lease: bigint = 0n;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        name = r.bytes(end);
        break;
      case 18:
        key = r.bytes(end);
        break;
      case 24:
        rev = r.int64(end);
        break;
      case 32:
        lease = r.bigint64(end);
        break;
      default:
        r.unexpected(tag, end, 'v3electionpb.LeaderKey', LeaderKey.fields);
    }
  }

  return { name, key, rev, lease };
}

export const LeaderKey: MessageType<LeaderKey> = {
  typeName: 'v3electionpb.LeaderKey',
  fields: [
    describeField(1, 'name', 'name', 'name', 'bytes'),
    describeField(2, 'key', 'key', 'key', 'bytes'),
    describeField(3, 'rev', 'rev', 'rev', 'int64'),
    describeField(4, 'lease', 'lease', 'lease', 'exact64'),
  ],
  create(init?: Partial<LeaderKey>): LeaderKey {
    return {
      name: init?.name ?? EMPTY_BYTES,
      key: init?.key ?? EMPTY_BYTES,
      rev: init?.rev ?? 0,
      lease: init?.lease ?? 0n,
    };
  },
  sizeOf: sizeLeaderKey,
  encode(m: LeaderKey): Uint8Array {
    const w = beginMessage(sizeLeaderKey(m));
    writeLeaderKey(m, w);
    return w.take();
  },
  write: writeLeaderKey,
  encodeInto(m: LeaderKey, w: WireWriter): void {
    w.reserve(sizeLeaderKey(m));
    writeLeaderKey(m, w);
  },
  decode(bytes: Uint8Array): LeaderKey {
    const r = new WireReader(bytes);
    return readLeaderKey(r, r.end);
  },
};

export interface LeaderRequest {
  name: Uint8Array;
}

export function sizeLeaderRequest(m: LeaderRequest): number {
  let n = 0;
  if (m.name.length > 0) n += 1 + sizeOfLength(m.name.length);
  return n;
}

export function writeLeaderRequest(m: LeaderRequest, w: WireWriter): void {
  if (m.name.length > 0) {
    w.byte(10);
    w.bytes(m.name);
  }
}

export function readLeaderRequest(r: WireReader, end: number): LeaderRequest {
  let name: Uint8Array = EMPTY_BYTES;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        name = r.bytes(end);
        break;
      default:
        r.unexpected(tag, end, 'v3electionpb.LeaderRequest', LeaderRequest.fields);
    }
  }

  return { name };
}

export const LeaderRequest: MessageType<LeaderRequest> = {
  typeName: 'v3electionpb.LeaderRequest',
  fields: [describeField(1, 'name', 'name', 'name', 'bytes')],
  create(init?: Partial<LeaderRequest>): LeaderRequest {
    return { name: init?.name ?? EMPTY_BYTES };
  },
  sizeOf: sizeLeaderRequest,
  encode(m: LeaderRequest): Uint8Array {
    const w = beginMessage(sizeLeaderRequest(m));
    writeLeaderRequest(m, w);
    return w.take();
  },
  write: writeLeaderRequest,
  encodeInto(m: LeaderRequest, w: WireWriter): void {
    w.reserve(sizeLeaderRequest(m));
    writeLeaderRequest(m, w);
  },
  decode(bytes: Uint8Array): LeaderRequest {
    const r = new WireReader(bytes);
    return readLeaderRequest(r, r.end);
  },
};

export interface LeaderResponse {
  header: ResponseHeader | undefined;
  kv: KeyValue | undefined;
}

export function sizeLeaderResponse(m: LeaderResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  if (m.kv !== undefined) n += 1 + sizeOfLength(sizeKeyValue(m.kv));
  return n;
}

export function writeLeaderResponse(m: LeaderResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  if (m.kv !== undefined) {
    w.byte(18);
    w.varint32(sizeKeyValue(m.kv));
    writeKeyValue(m.kv, w);
  }
}

export function readLeaderResponse(r: WireReader, end: number): LeaderResponse {
  let header: ResponseHeader | undefined = undefined;
  let kv: KeyValue | undefined = undefined;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 18:
        kv = readKeyValue(r, r.nested(end));
        break;
      default:
        r.unexpected(tag, end, 'v3electionpb.LeaderResponse', LeaderResponse.fields);
    }
  }

  return { header, kv };
}

export const LeaderResponse: MessageType<LeaderResponse> = {
  typeName: 'v3electionpb.LeaderResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'kv', 'kv', 'kv', 'message', { messageType: () => KeyValue }),
  ],
  create(init?: Partial<LeaderResponse>): LeaderResponse {
    return { header: init?.header, kv: init?.kv };
  },
  sizeOf: sizeLeaderResponse,
  encode(m: LeaderResponse): Uint8Array {
    const w = beginMessage(sizeLeaderResponse(m));
    writeLeaderResponse(m, w);
    return w.take();
  },
  write: writeLeaderResponse,
  encodeInto(m: LeaderResponse, w: WireWriter): void {
    w.reserve(sizeLeaderResponse(m));
    writeLeaderResponse(m, w);
  },
  decode(bytes: Uint8Array): LeaderResponse {
    const r = new WireReader(bytes);
    return readLeaderResponse(r, r.end);
  },
};

export interface ResignRequest {
  leader: LeaderKey | undefined;
}

export function sizeResignRequest(m: ResignRequest): number {
  let n = 0;
  if (m.leader !== undefined) n += 1 + sizeOfLength(sizeLeaderKey(m.leader));
  return n;
}

export function writeResignRequest(m: ResignRequest, w: WireWriter): void {
  if (m.leader !== undefined) {
    w.byte(10);
    w.varint32(sizeLeaderKey(m.leader));
    writeLeaderKey(m.leader, w);
  }
}

export function readResignRequest(r: WireReader, end: number): ResignRequest {
  let leader: LeaderKey | undefined = undefined;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        leader = readLeaderKey(r, r.nested(end));
        break;
      default:
        r.unexpected(tag, end, 'v3electionpb.ResignRequest', ResignRequest.fields);
    }
  }

  return { leader };
}

export const ResignRequest: MessageType<ResignRequest> = {
  typeName: 'v3electionpb.ResignRequest',
  fields: [describeField(1, 'leader', 'leader', 'leader', 'message', { messageType: () => LeaderKey })],
  create(init?: Partial<ResignRequest>): ResignRequest {
    return { leader: init?.leader };
  },
  sizeOf: sizeResignRequest,
  encode(m: ResignRequest): Uint8Array {
    const w = beginMessage(sizeResignRequest(m));
    writeResignRequest(m, w);
    return w.take();
  },
  write: writeResignRequest,
  encodeInto(m: ResignRequest, w: WireWriter): void {
    w.reserve(sizeResignRequest(m));
    writeResignRequest(m, w);
  },
  decode(bytes: Uint8Array): ResignRequest {
    const r = new WireReader(bytes);
    return readResignRequest(r, r.end);
  },
};

export interface ResignResponse {
  header: ResponseHeader | undefined;
}

export function sizeResignResponse(m: ResignResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  return n;
}

export function writeResignResponse(m: ResignResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
}

export function readResignResponse(r: WireReader, end: number): ResignResponse {
  let header: ResponseHeader | undefined = undefined;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      default:
        r.unexpected(tag, end, 'v3electionpb.ResignResponse', ResignResponse.fields);
    }
  }

  return { header };
}

export const ResignResponse: MessageType<ResignResponse> = {
  typeName: 'v3electionpb.ResignResponse',
  fields: [describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader })],
  create(init?: Partial<ResignResponse>): ResignResponse {
    return { header: init?.header };
  },
  sizeOf: sizeResignResponse,
  encode(m: ResignResponse): Uint8Array {
    const w = beginMessage(sizeResignResponse(m));
    writeResignResponse(m, w);
    return w.take();
  },
  write: writeResignResponse,
  encodeInto(m: ResignResponse, w: WireWriter): void {
    w.reserve(sizeResignResponse(m));
    writeResignResponse(m, w);
  },
  decode(bytes: Uint8Array): ResignResponse {
    const r = new WireReader(bytes);
    return readResignResponse(r, r.end);
  },
};

export interface ProclaimRequest {
  leader: LeaderKey | undefined;
  value: Uint8Array;
}

export function sizeProclaimRequest(m: ProclaimRequest): number {
  let n = 0;
  if (m.leader !== undefined) n += 1 + sizeOfLength(sizeLeaderKey(m.leader));
  if (m.value.length > 0) n += 1 + sizeOfLength(m.value.length);
  return n;
}

export function writeProclaimRequest(m: ProclaimRequest, w: WireWriter): void {
  if (m.leader !== undefined) {
    w.byte(10);
    w.varint32(sizeLeaderKey(m.leader));
    writeLeaderKey(m.leader, w);
  }
  if (m.value.length > 0) {
    w.byte(18);
    w.bytes(m.value);
  }
}

export function readProclaimRequest(r: WireReader, end: number): ProclaimRequest {
  let leader: LeaderKey | undefined = undefined;
  let value: Uint8Array = EMPTY_BYTES;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        leader = readLeaderKey(r, r.nested(end));
        break;
      case 18:
        value = r.bytes(end);
        break;
      default:
        r.unexpected(tag, end, 'v3electionpb.ProclaimRequest', ProclaimRequest.fields);
    }
  }

  return { leader, value };
}

export const ProclaimRequest: MessageType<ProclaimRequest> = {
  typeName: 'v3electionpb.ProclaimRequest',
  fields: [
    describeField(1, 'leader', 'leader', 'leader', 'message', { messageType: () => LeaderKey }),
    describeField(2, 'value', 'value', 'value', 'bytes'),
  ],
  create(init?: Partial<ProclaimRequest>): ProclaimRequest {
    return { leader: init?.leader, value: init?.value ?? EMPTY_BYTES };
  },
  sizeOf: sizeProclaimRequest,
  encode(m: ProclaimRequest): Uint8Array {
    const w = beginMessage(sizeProclaimRequest(m));
    writeProclaimRequest(m, w);
    return w.take();
  },
  write: writeProclaimRequest,
  encodeInto(m: ProclaimRequest, w: WireWriter): void {
    w.reserve(sizeProclaimRequest(m));
    writeProclaimRequest(m, w);
  },
  decode(bytes: Uint8Array): ProclaimRequest {
    const r = new WireReader(bytes);
    return readProclaimRequest(r, r.end);
  },
};

export interface ProclaimResponse {
  header: ResponseHeader | undefined;
}

export function sizeProclaimResponse(m: ProclaimResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  return n;
}

export function writeProclaimResponse(m: ProclaimResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
}

export function readProclaimResponse(r: WireReader, end: number): ProclaimResponse {
  let header: ResponseHeader | undefined = undefined;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      default:
        r.unexpected(tag, end, 'v3electionpb.ProclaimResponse', ProclaimResponse.fields);
    }
  }

  return { header };
}

export const ProclaimResponse: MessageType<ProclaimResponse> = {
  typeName: 'v3electionpb.ProclaimResponse',
  fields: [describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader })],
  create(init?: Partial<ProclaimResponse>): ProclaimResponse {
    return { header: init?.header };
  },
  sizeOf: sizeProclaimResponse,
  encode(m: ProclaimResponse): Uint8Array {
    const w = beginMessage(sizeProclaimResponse(m));
    writeProclaimResponse(m, w);
    return w.take();
  },
  write: writeProclaimResponse,
  encodeInto(m: ProclaimResponse, w: WireWriter): void {
    w.reserve(sizeProclaimResponse(m));
    writeProclaimResponse(m, w);
  },
  decode(bytes: Uint8Array): ProclaimResponse {
    const r = new WireReader(bytes);
    return readProclaimResponse(r, r.end);
  },
};
