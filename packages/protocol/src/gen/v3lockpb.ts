// Generated from proto/ by scripts/generate.ts; edit those instead. Messages of the package v3lockpb.
import { describeField, type MessageType } from '../message-type.js';
import { EMPTY_BYTES, WireReader } from '../wire/wire-reader.js';
import { sizeOfBigint, sizeOfLength } from '../wire/wire-size.js';
import { beginMessage, type WireWriter } from '../wire/wire-writer.js';

import { ResponseHeader, readResponseHeader, sizeResponseHeader, writeResponseHeader } from './etcdserverpb.js';

export interface LockRequest {
  name: Uint8Array;
  /** its end releases the lock */
  lease: bigint;
}

export function sizeLockRequest(m: LockRequest): number {
  let n = 0;
  if (m.name.length > 0) n += 1 + sizeOfLength(m.name.length);
  if (m.lease !== 0n) n += 1 + sizeOfBigint(m.lease);
  return n;
}

export function writeLockRequest(m: LockRequest, w: WireWriter): void {
  if (m.name.length > 0) {
    w.byte(10);
    w.bytes(m.name);
  }
  if (m.lease !== 0n) {
    w.byte(16);
    w.bigint64(m.lease);
  }
}

export function readLockRequest(r: WireReader, end: number): LockRequest {
  let name: Uint8Array = EMPTY_BYTES;
  let lease: bigint = 0n;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        name = r.bytes(end);
        break;
      case 16:
        lease = r.bigint64(end);
        break;
      default:
        r.unexpected(tag, end, 'v3lockpb.LockRequest', LockRequest.fields);
    }
  }

  return { name, lease };
}

export const LockRequest: MessageType<LockRequest> = {
  typeName: 'v3lockpb.LockRequest',
  fields: [describeField(1, 'name', 'name', 'name', 'bytes'), describeField(2, 'lease', 'lease', 'lease', 'exact64')],
  create(init?: Partial<LockRequest>): LockRequest {
    return { name: init?.name ?? EMPTY_BYTES, lease: init?.lease ?? 0n };
  },
  sizeOf: sizeLockRequest,
  encode(m: LockRequest): Uint8Array {
    const w = beginMessage(sizeLockRequest(m));
    writeLockRequest(m, w);
    return w.take();
  },
  write: writeLockRequest,
  encodeInto(m: LockRequest, w: WireWriter): void {
    w.reserve(sizeLockRequest(m));
    writeLockRequest(m, w);
  },
  decode(bytes: Uint8Array): LockRequest {
    const r = new WireReader(bytes);
    return readLockRequest(r, r.end);
  },
};

export interface LockResponse {
  header: ResponseHeader | undefined;
  /** exists as long as the caller owns the lock */
  key: Uint8Array;
}

export function sizeLockResponse(m: LockResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  if (m.key.length > 0) n += 1 + sizeOfLength(m.key.length);
  return n;
}

export function writeLockResponse(m: LockResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
  if (m.key.length > 0) {
    w.byte(18);
    w.bytes(m.key);
  }
}

export function readLockResponse(r: WireReader, end: number): LockResponse {
  let header: ResponseHeader | undefined = undefined;
  let key: Uint8Array = EMPTY_BYTES;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      case 18:
        key = r.bytes(end);
        break;
      default:
        r.unexpected(tag, end, 'v3lockpb.LockResponse', LockResponse.fields);
    }
  }

  return { header, key };
}

export const LockResponse: MessageType<LockResponse> = {
  typeName: 'v3lockpb.LockResponse',
  fields: [
    describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader }),
    describeField(2, 'key', 'key', 'key', 'bytes'),
  ],
  create(init?: Partial<LockResponse>): LockResponse {
    return { header: init?.header, key: init?.key ?? EMPTY_BYTES };
  },
  sizeOf: sizeLockResponse,
  encode(m: LockResponse): Uint8Array {
    const w = beginMessage(sizeLockResponse(m));
    writeLockResponse(m, w);
    return w.take();
  },
  write: writeLockResponse,
  encodeInto(m: LockResponse, w: WireWriter): void {
    w.reserve(sizeLockResponse(m));
    writeLockResponse(m, w);
  },
  decode(bytes: Uint8Array): LockResponse {
    const r = new WireReader(bytes);
    return readLockResponse(r, r.end);
  },
};

export interface UnlockRequest {
  /** as LockResponse gave it */
  key: Uint8Array;
}

export function sizeUnlockRequest(m: UnlockRequest): number {
  let n = 0;
  if (m.key.length > 0) n += 1 + sizeOfLength(m.key.length);
  return n;
}

export function writeUnlockRequest(m: UnlockRequest, w: WireWriter): void {
  if (m.key.length > 0) {
    w.byte(10);
    w.bytes(m.key);
  }
}

export function readUnlockRequest(r: WireReader, end: number): UnlockRequest {
  let key: Uint8Array = EMPTY_BYTES;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        key = r.bytes(end);
        break;
      default:
        r.unexpected(tag, end, 'v3lockpb.UnlockRequest', UnlockRequest.fields);
    }
  }

  return { key };
}

export const UnlockRequest: MessageType<UnlockRequest> = {
  typeName: 'v3lockpb.UnlockRequest',
  fields: [describeField(1, 'key', 'key', 'key', 'bytes')],
  create(init?: Partial<UnlockRequest>): UnlockRequest {
    return { key: init?.key ?? EMPTY_BYTES };
  },
  sizeOf: sizeUnlockRequest,
  encode(m: UnlockRequest): Uint8Array {
    const w = beginMessage(sizeUnlockRequest(m));
    writeUnlockRequest(m, w);
    return w.take();
  },
  write: writeUnlockRequest,
  encodeInto(m: UnlockRequest, w: WireWriter): void {
    w.reserve(sizeUnlockRequest(m));
    writeUnlockRequest(m, w);
  },
  decode(bytes: Uint8Array): UnlockRequest {
    const r = new WireReader(bytes);
    return readUnlockRequest(r, r.end);
  },
};

export interface UnlockResponse {
  header: ResponseHeader | undefined;
}

export function sizeUnlockResponse(m: UnlockResponse): number {
  let n = 0;
  if (m.header !== undefined) n += 1 + sizeOfLength(sizeResponseHeader(m.header));
  return n;
}

export function writeUnlockResponse(m: UnlockResponse, w: WireWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    w.varint32(sizeResponseHeader(m.header));
    writeResponseHeader(m.header, w);
  }
}

export function readUnlockResponse(r: WireReader, end: number): UnlockResponse {
  let header: ResponseHeader | undefined = undefined;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.nested(end));
        break;
      default:
        r.unexpected(tag, end, 'v3lockpb.UnlockResponse', UnlockResponse.fields);
    }
  }

  return { header };
}

export const UnlockResponse: MessageType<UnlockResponse> = {
  typeName: 'v3lockpb.UnlockResponse',
  fields: [describeField(1, 'header', 'header', 'header', 'message', { messageType: () => ResponseHeader })],
  create(init?: Partial<UnlockResponse>): UnlockResponse {
    return { header: init?.header };
  },
  sizeOf: sizeUnlockResponse,
  encode(m: UnlockResponse): Uint8Array {
    const w = beginMessage(sizeUnlockResponse(m));
    writeUnlockResponse(m, w);
    return w.take();
  },
  write: writeUnlockResponse,
  encodeInto(m: UnlockResponse, w: WireWriter): void {
    w.reserve(sizeUnlockResponse(m));
    writeUnlockResponse(m, w);
  },
  decode(bytes: Uint8Array): UnlockResponse {
    const r = new WireReader(bytes);
    return readUnlockResponse(r, r.end);
  },
};
