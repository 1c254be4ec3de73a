// Generated from proto/ by scripts/generate.ts; edit those instead. Messages of the package grpc-health-v1.
import { describeField, type EnumDescriptor, type MessageType } from '../message-type.js';
import { WireReader } from '../wire/wire-reader.js';
import { sizeOfInt32, sizeOfString } from '../wire/wire-size.js';
import { beginMessage, type WireWriter } from '../wire/wire-writer.js';

/** `grpc.health.v1.HealthCheckResponse.ServingStatus`. A decoded message may hold any other 32-bit number that its sender chose. */
export const ServingStatus = { UNKNOWN: 0, SERVING: 1, NOT_SERVING: 2, SERVICE_UNKNOWN: 3 } as const;
export type ServingStatus = (typeof ServingStatus)[keyof typeof ServingStatus];
export const ServingStatusEnum: EnumDescriptor = {
  typeName: 'grpc.health.v1.HealthCheckResponse.ServingStatus',
  numberByName: ServingStatus,
  nameByNumber: new Map([
    [0, 'UNKNOWN'],
    [1, 'SERVING'],
    [2, 'NOT_SERVING'],
    [3, 'SERVICE_UNKNOWN'],
  ]),
};

export interface HealthCheckRequest {
  /** The full name of a service; empty for the server as a whole. */
  service: string;
}

export function sizeHealthCheckRequest(m: HealthCheckRequest): number {
  let n = 0;
  if (m.service !== '') n += 1 + sizeOfString(m.service);
  return n;
}

export function writeHealthCheckRequest(m: HealthCheckRequest, w: WireWriter): void {
  if (m.service !== '') {
    w.byte(10);
    w.string(m.service);
  }
}

export function readHealthCheckRequest(r: WireReader, end: number): HealthCheckRequest {
  let service: string = '';

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        service = r.string(end);
        break;
      default:
        r.unexpected(tag, end, 'grpc.health.v1.HealthCheckRequest', HealthCheckRequest.fields);
    }
  }

  return { service };
}

export const HealthCheckRequest: MessageType<HealthCheckRequest> = {
  typeName: 'grpc.health.v1.HealthCheckRequest',
  fields: [describeField(1, 'service', 'service', 'service', 'string')],
  create(init?: Partial<HealthCheckRequest>): HealthCheckRequest {
    return { service: init?.service ?? '' };
  },
  sizeOf: sizeHealthCheckRequest,
  encode(m: HealthCheckRequest): Uint8Array {
    const w = beginMessage(sizeHealthCheckRequest(m));
    writeHealthCheckRequest(m, w);
    return w.take();
  },
  write: writeHealthCheckRequest,
  encodeInto(m: HealthCheckRequest, w: WireWriter): void {
    w.reserve(sizeHealthCheckRequest(m));
    writeHealthCheckRequest(m, w);
  },
  decode(bytes: Uint8Array): HealthCheckRequest {
    const r = new WireReader(bytes);
    return readHealthCheckRequest(r, r.end);
  },
};

export interface HealthCheckResponse {
  status: ServingStatus;
}

export function sizeHealthCheckResponse(m: HealthCheckResponse): number {
  let n = 0;
  if (m.status !== 0) n += 1 + sizeOfInt32(m.status);
  return n;
}

export function writeHealthCheckResponse(m: HealthCheckResponse, w: WireWriter): void {
  if (m.status !== 0) {
    w.byte(8);
    w.int32(m.status);
  }
}

export function readHealthCheckResponse(r: WireReader, end: number): HealthCheckResponse {
  let status: ServingStatus = 0;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 8:
        status = r.int32(end) as ServingStatus;
        break;
      default:
        r.unexpected(tag, end, 'grpc.health.v1.HealthCheckResponse', HealthCheckResponse.fields);
    }
  }

  return { status };
}

export const HealthCheckResponse: MessageType<HealthCheckResponse> = {
  typeName: 'grpc.health.v1.HealthCheckResponse',
  fields: [describeField(1, 'status', 'status', 'status', 'enum', { enumType: ServingStatusEnum })],
  create(init?: Partial<HealthCheckResponse>): HealthCheckResponse {
    return { status: init?.status ?? 0 };
  },
  sizeOf: sizeHealthCheckResponse,
  encode(m: HealthCheckResponse): Uint8Array {
    const w = beginMessage(sizeHealthCheckResponse(m));
    writeHealthCheckResponse(m, w);
    return w.take();
  },
  write: writeHealthCheckResponse,
  encodeInto(m: HealthCheckResponse, w: WireWriter): void {
    w.reserve(sizeHealthCheckResponse(m));
    writeHealthCheckResponse(m, w);
  },
  decode(bytes: Uint8Array): HealthCheckResponse {
    const r = new WireReader(bytes);
    return readHealthCheckResponse(r, r.end);
  },
};
