// Generated from proto/ by scripts/generate.ts; edit those instead. Messages of the package grpc-reflection-v1.
import { describeField, type MessageType } from '../message-type.js';
import { WireReader } from '../wire/wire-reader.js';
import { sizeOfLength, sizeOfString, sizeOfUint32 } from '../wire/wire-size.js';
import { beginMessage, type WireWriter } from '../wire/wire-writer.js';

export interface ServerReflectionRequest {
  host: string;
  fileByFilename?: string | undefined;
  /** Of a service, a method or a message. */
  fileContainingSymbol?: string | undefined;
  fileContainingExtension?: ExtensionRequest | undefined;
  allExtensionNumbersOfType?: string | undefined;
  /** The text means nothing. */
  listServices?: string | undefined;
}

export function sizeServerReflectionRequest(m: ServerReflectionRequest): number {
  let n = 0;
  if (m.host !== '') n += 1 + sizeOfString(m.host);
  if (m.fileByFilename !== undefined) n += 1 + sizeOfString(m.fileByFilename);
  if (m.fileContainingSymbol !== undefined) n += 1 + sizeOfString(m.fileContainingSymbol);
  if (m.fileContainingExtension !== undefined) n += 1 + sizeOfLength(sizeExtensionRequest(m.fileContainingExtension));
  if (m.allExtensionNumbersOfType !== undefined) n += 1 + sizeOfString(m.allExtensionNumbersOfType);
  if (m.listServices !== undefined) n += 1 + sizeOfString(m.listServices);
  return n;
}

export function writeServerReflectionRequest(m: ServerReflectionRequest, w: WireWriter): void {
  if (m.host !== '') {
    w.byte(10);
    w.string(m.host);
  }
  if (m.fileByFilename !== undefined) {
    w.byte(26);
    w.string(m.fileByFilename);
  }
  if (m.fileContainingSymbol !== undefined) {
    w.byte(34);
    w.string(m.fileContainingSymbol);
  }
  if (m.fileContainingExtension !== undefined) {
    w.byte(42);
    w.varint32(sizeExtensionRequest(m.fileContainingExtension));
    writeExtensionRequest(m.fileContainingExtension, w);
  }
  if (m.allExtensionNumbersOfType !== undefined) {
    w.byte(50);
    w.string(m.allExtensionNumbersOfType);
  }
  if (m.listServices !== undefined) {
    w.byte(58);
    w.string(m.listServices);
  }
}

export function readServerReflectionRequest(r: WireReader, end: number): ServerReflectionRequest {
  let host: string = '';
  let fileByFilename: string | undefined = undefined;
  let fileContainingSymbol: string | undefined = undefined;
  let fileContainingExtension: ExtensionRequest | undefined = undefined;
  let allExtensionNumbersOfType: string | undefined = undefined;
  let listServices: string | undefined = undefined;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        host = r.string(end);
        break;
      case 26:
        fileByFilename = r.string(end);
        fileContainingSymbol = undefined;
        fileContainingExtension = undefined;
        allExtensionNumbersOfType = undefined;
        listServices = undefined;
        break;
      case 34:
        fileContainingSymbol = r.string(end);
        fileByFilename = undefined;
        fileContainingExtension = undefined;
        allExtensionNumbersOfType = undefined;
        listServices = undefined;
        break;
      case 42:
        fileContainingExtension = readExtensionRequest(r, r.nested(end));
        fileByFilename = undefined;
        fileContainingSymbol = undefined;
        allExtensionNumbersOfType = undefined;
        listServices = undefined;
        break;
      case 50:
        allExtensionNumbersOfType = r.string(end);
        fileByFilename = undefined;
        fileContainingSymbol = undefined;
        fileContainingExtension = undefined;
        listServices = undefined;
        break;
      case 58:
        listServices = r.string(end);
        fileByFilename = undefined;
        fileContainingSymbol = undefined;
        fileContainingExtension = undefined;
        allExtensionNumbersOfType = undefined;
        break;
      default:
        r.unexpected(tag, end, 'grpc.reflection.v1.ServerReflectionRequest', ServerReflectionRequest.fields);
    }
  }

  return {
    host,
    fileByFilename,
    fileContainingSymbol,
    fileContainingExtension,
    allExtensionNumbersOfType,
    listServices,
  };
}

export const ServerReflectionRequest: MessageType<ServerReflectionRequest> = {
  typeName: 'grpc.reflection.v1.ServerReflectionRequest',
  fields: [
    describeField(1, 'host', 'host', 'host', 'string'),
    describeField(3, 'file_by_filename', 'fileByFilename', 'fileByFilename', 'string', { oneof: 'message_request' }),
    describeField(4, 'file_containing_symbol', 'fileContainingSymbol', 'fileContainingSymbol', 'string', {
      oneof: 'message_request',
    }),
    describeField(5, 'file_containing_extension', 'fileContainingExtension', 'fileContainingExtension', 'message', {
      oneof: 'message_request',
      messageType: () => ExtensionRequest,
    }),
    describeField(
      6,
      'all_extension_numbers_of_type',
      'allExtensionNumbersOfType',
      'allExtensionNumbersOfType',
      'string',
      { oneof: 'message_request' },
    ),
    describeField(7, 'list_services', 'listServices', 'listServices', 'string', { oneof: 'message_request' }),
  ],
  create(init?: Partial<ServerReflectionRequest>): ServerReflectionRequest {
    return {
      host: init?.host ?? '',
      fileByFilename: init?.fileByFilename,
      fileContainingSymbol: init?.fileContainingSymbol,
      fileContainingExtension: init?.fileContainingExtension,
      allExtensionNumbersOfType: init?.allExtensionNumbersOfType,
      listServices: init?.listServices,
    };
  },
  sizeOf: sizeServerReflectionRequest,
  encode(m: ServerReflectionRequest): Uint8Array {
    const w = beginMessage(sizeServerReflectionRequest(m));
    writeServerReflectionRequest(m, w);
    return w.take();
  },
  write: writeServerReflectionRequest,
  encodeInto(m: ServerReflectionRequest, w: WireWriter): void {
    w.reserve(sizeServerReflectionRequest(m));
    writeServerReflectionRequest(m, w);
  },
  decode(bytes: Uint8Array): ServerReflectionRequest {
    const r = new WireReader(bytes);
    return readServerReflectionRequest(r, r.end);
  },
};

export interface ExtensionRequest {
  containingType: string;
  extensionNumber: number;
}

export function sizeExtensionRequest(m: ExtensionRequest): number {
  let n = 0;
  if (m.containingType !== '') n += 1 + sizeOfString(m.containingType);
  if (m.extensionNumber !== 0) n += 1 + sizeOfUint32(m.extensionNumber);
  return n;
}

export function writeExtensionRequest(m: ExtensionRequest, w: WireWriter): void {
  if (m.containingType !== '') {
    w.byte(10);
    w.string(m.containingType);
  }
  if (m.extensionNumber !== 0) {
    w.byte(16);
    w.uint32(m.extensionNumber);
  }
}

export function readExtensionRequest(r: WireReader, end: number): ExtensionRequest {
  let containingType: string = '';
  let extensionNumber: number = 0;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        containingType = r.string(end);
        break;
      case 16:
        extensionNumber = r.uint32(end);
        break;
      default:
        r.unexpected(tag, end, 'grpc.reflection.v1.ExtensionRequest', ExtensionRequest.fields);
    }
  }

  return { containingType, extensionNumber };
}

export const ExtensionRequest: MessageType<ExtensionRequest> = {
  typeName: 'grpc.reflection.v1.ExtensionRequest',
  fields: [
    describeField(1, 'containing_type', 'containingType', 'containingType', 'string'),
    describeField(2, 'extension_number', 'extensionNumber', 'extensionNumber', 'uint32'),
  ],
  create(init?: Partial<ExtensionRequest>): ExtensionRequest {
    return { containingType: init?.containingType ?? '', extensionNumber: init?.extensionNumber ?? 0 };
  },
  sizeOf: sizeExtensionRequest,
  encode(m: ExtensionRequest): Uint8Array {
    const w = beginMessage(sizeExtensionRequest(m));
    writeExtensionRequest(m, w);
    return w.take();
  },
  write: writeExtensionRequest,
  encodeInto(m: ExtensionRequest, w: WireWriter): void {
    w.reserve(sizeExtensionRequest(m));
    writeExtensionRequest(m, w);
  },
  decode(bytes: Uint8Array): ExtensionRequest {
    const r = new WireReader(bytes);
    return readExtensionRequest(r, r.end);
  },
};

export interface ServerReflectionResponse {
  validHost: string;
  originalRequest: ServerReflectionRequest | undefined;
  fileDescriptorResponse?: FileDescriptorResponse | undefined;
  allExtensionNumbersResponse?: ExtensionNumberResponse | undefined;
  listServicesResponse?: ListServiceResponse | undefined;
  errorResponse?: ErrorResponse | undefined;
}

export function sizeServerReflectionResponse(m: ServerReflectionResponse): number {
  let n = 0;
  if (m.validHost !== '') n += 1 + sizeOfString(m.validHost);
  if (m.originalRequest !== undefined) n += 1 + sizeOfLength(sizeServerReflectionRequest(m.originalRequest));
  if (m.fileDescriptorResponse !== undefined)
    n += 1 + sizeOfLength(sizeFileDescriptorResponse(m.fileDescriptorResponse));
  if (m.allExtensionNumbersResponse !== undefined)
    n += 1 + sizeOfLength(sizeExtensionNumberResponse(m.allExtensionNumbersResponse));
  if (m.listServicesResponse !== undefined) n += 1 + sizeOfLength(sizeListServiceResponse(m.listServicesResponse));
  if (m.errorResponse !== undefined) n += 1 + sizeOfLength(sizeErrorResponse(m.errorResponse));
  return n;
}

export function writeServerReflectionResponse(m: ServerReflectionResponse, w: WireWriter): void {
  if (m.validHost !== '') {
    w.byte(10);
    w.string(m.validHost);
  }
  if (m.originalRequest !== undefined) {
    w.byte(18);
    w.varint32(sizeServerReflectionRequest(m.originalRequest));
    writeServerReflectionRequest(m.originalRequest, w);
  }
  if (m.fileDescriptorResponse !== undefined) {
    w.byte(34);
    w.varint32(sizeFileDescriptorResponse(m.fileDescriptorResponse));
    writeFileDescriptorResponse(m.fileDescriptorResponse, w);
  }
  if (m.allExtensionNumbersResponse !== undefined) {
    w.byte(42);
    w.varint32(sizeExtensionNumberResponse(m.allExtensionNumbersResponse));
    writeExtensionNumberResponse(m.allExtensionNumbersResponse, w);
  }
  if (m.listServicesResponse !== undefined) {
    w.byte(50);
    w.varint32(sizeListServiceResponse(m.listServicesResponse));
    writeListServiceResponse(m.listServicesResponse, w);
  }
  if (m.errorResponse !== undefined) {
    w.byte(58);
    w.varint32(sizeErrorResponse(m.errorResponse));
    writeErrorResponse(m.errorResponse, w);
  }
}

export function readServerReflectionResponse(r: WireReader, end: number): ServerReflectionResponse {
  let validHost: string = '';
  let originalRequest: ServerReflectionRequest | undefined = undefined;
  let fileDescriptorResponse: FileDescriptorResponse | undefined = undefined;
  let allExtensionNumbersResponse: ExtensionNumberResponse | undefined = undefined;
  let listServicesResponse: ListServiceResponse | undefined = undefined;
  let errorResponse: ErrorResponse | undefined = undefined;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        validHost = r.string(end);
        break;
      case 18:
        originalRequest = readServerReflectionRequest(r, r.nested(end));
        break;
      case 34:
        fileDescriptorResponse = readFileDescriptorResponse(r, r.nested(end));
        allExtensionNumbersResponse = undefined;
        listServicesResponse = undefined;
        errorResponse = undefined;
        break;
      case 42:
        allExtensionNumbersResponse = readExtensionNumberResponse(r, r.nested(end));
        fileDescriptorResponse = undefined;
        listServicesResponse = undefined;
        errorResponse = undefined;
        break;
      case 50:
        listServicesResponse = readListServiceResponse(r, r.nested(end));
        fileDescriptorResponse = undefined;
        allExtensionNumbersResponse = undefined;
        errorResponse = undefined;
        break;
      case 58:
        errorResponse = readErrorResponse(r, r.nested(end));
        fileDescriptorResponse = undefined;
        allExtensionNumbersResponse = undefined;
        listServicesResponse = undefined;
        break;
      default:
        r.unexpected(tag, end, 'grpc.reflection.v1.ServerReflectionResponse', ServerReflectionResponse.fields);
    }
  }

  return {
    validHost,
    originalRequest,
    fileDescriptorResponse,
    allExtensionNumbersResponse,
    listServicesResponse,
    errorResponse,
  };
}

export const ServerReflectionResponse: MessageType<ServerReflectionResponse> = {
  typeName: 'grpc.reflection.v1.ServerReflectionResponse',
  fields: [
    describeField(1, 'valid_host', 'validHost', 'validHost', 'string'),
    describeField(2, 'original_request', 'originalRequest', 'originalRequest', 'message', {
      messageType: () => ServerReflectionRequest,
    }),
    describeField(4, 'file_descriptor_response', 'fileDescriptorResponse', 'fileDescriptorResponse', 'message', {
      oneof: 'message_response',
      messageType: () => FileDescriptorResponse,
    }),
    describeField(
      5,
      'all_extension_numbers_response',
      'allExtensionNumbersResponse',
      'allExtensionNumbersResponse',
      'message',
      { oneof: 'message_response', messageType: () => ExtensionNumberResponse },
    ),
    describeField(6, 'list_services_response', 'listServicesResponse', 'listServicesResponse', 'message', {
      oneof: 'message_response',
      messageType: () => ListServiceResponse,
    }),
    describeField(7, 'error_response', 'errorResponse', 'errorResponse', 'message', {
      oneof: 'message_response',
      messageType: () => ErrorResponse,
    }),
  ],
  create(init?: Partial<ServerReflectionResponse>): ServerReflectionResponse {
    return {
      validHost: init?.validHost ?? '',
      originalRequest: init?.originalRequest,
      fileDescriptorResponse: init?.fileDescriptorResponse,
      allExtensionNumbersResponse: init?.allExtensionNumbersResponse,
      listServicesResponse: init?.listServicesResponse,
      errorResponse: init?.errorResponse,
    };
  },
  sizeOf: sizeServerReflectionResponse,
  encode(m: ServerReflectionResponse): Uint8Array {
    const w = beginMessage(sizeServerReflectionResponse(m));
    writeServerReflectionResponse(m, w);
    return w.take();
  },
  write: writeServerReflectionResponse,
  encodeInto(m: ServerReflectionResponse, w: WireWriter): void {
    w.reserve(sizeServerReflectionResponse(m));
    writeServerReflectionResponse(m, w);
  },
  decode(bytes: Uint8Array): ServerReflectionResponse {
    const r = new WireReader(bytes);
    return readServerReflectionResponse(r, r.end);
  },
};

export interface FileDescriptorResponse {
  /** Each a google.protobuf.FileDescriptorProto; those that the first one imports come after it. */
  fileDescriptorProto: Uint8Array[];
}

export function sizeFileDescriptorResponse(m: FileDescriptorResponse): number {
  let n = 0;
  for (const item of m.fileDescriptorProto) n += 1 + sizeOfLength(item.length);
  return n;
}

export function writeFileDescriptorResponse(m: FileDescriptorResponse, w: WireWriter): void {
  for (const item of m.fileDescriptorProto) {
    w.byte(10);
    w.bytes(item);
  }
}

export function readFileDescriptorResponse(r: WireReader, end: number): FileDescriptorResponse {
  const fileDescriptorProto: Uint8Array[] = [];

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        fileDescriptorProto.push(r.bytes(end));
        break;
      default:
        r.unexpected(tag, end, 'grpc.reflection.v1.FileDescriptorResponse', FileDescriptorResponse.fields);
    }
  }

  return { fileDescriptorProto };
}

export const FileDescriptorResponse: MessageType<FileDescriptorResponse> = {
  typeName: 'grpc.reflection.v1.FileDescriptorResponse',
  fields: [
    describeField(1, 'file_descriptor_proto', 'fileDescriptorProto', 'fileDescriptorProto', 'bytes', {
      repeated: true,
    }),
  ],
  create(init?: Partial<FileDescriptorResponse>): FileDescriptorResponse {
    return { fileDescriptorProto: init?.fileDescriptorProto ?? [] };
  },
  sizeOf: sizeFileDescriptorResponse,
  encode(m: FileDescriptorResponse): Uint8Array {
    const w = beginMessage(sizeFileDescriptorResponse(m));
    writeFileDescriptorResponse(m, w);
    return w.take();
  },
  write: writeFileDescriptorResponse,
  encodeInto(m: FileDescriptorResponse, w: WireWriter): void {
    w.reserve(sizeFileDescriptorResponse(m));
    writeFileDescriptorResponse(m, w);
  },
  decode(bytes: Uint8Array): FileDescriptorResponse {
    const r = new WireReader(bytes);
    return readFileDescriptorResponse(r, r.end);
  },
};

export interface ExtensionNumberResponse {
  baseTypeName: string;
  extensionNumber: number[];
}

export function sizeExtensionNumberResponse(m: ExtensionNumberResponse): number {
  let n = 0;
  if (m.baseTypeName !== '') n += 1 + sizeOfString(m.baseTypeName);
  for (const item of m.extensionNumber) n += 1 + sizeOfUint32(item);
  return n;
}

export function writeExtensionNumberResponse(m: ExtensionNumberResponse, w: WireWriter): void {
  if (m.baseTypeName !== '') {
    w.byte(10);
    w.string(m.baseTypeName);
  }
  for (const item of m.extensionNumber) {
    w.byte(16);
    w.uint32(item);
  }
}

export function readExtensionNumberResponse(r: WireReader, end: number): ExtensionNumberResponse {
  let baseTypeName: string = '';
  const extensionNumber: number[] = [];

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        baseTypeName = r.string(end);
        break;
      case 16:
        extensionNumber.push(r.uint32(end));
        break;
      default:
        r.unexpected(tag, end, 'grpc.reflection.v1.ExtensionNumberResponse', ExtensionNumberResponse.fields);
    }
  }

  return { baseTypeName, extensionNumber };
}

export const ExtensionNumberResponse: MessageType<ExtensionNumberResponse> = {
  typeName: 'grpc.reflection.v1.ExtensionNumberResponse',
  fields: [
    describeField(1, 'base_type_name', 'baseTypeName', 'baseTypeName', 'string'),
    describeField(2, 'extension_number', 'extensionNumber', 'extensionNumber', 'uint32', { repeated: true }),
  ],
  create(init?: Partial<ExtensionNumberResponse>): ExtensionNumberResponse {
    return { baseTypeName: init?.baseTypeName ?? '', extensionNumber: init?.extensionNumber ?? [] };
  },
  sizeOf: sizeExtensionNumberResponse,
  encode(m: ExtensionNumberResponse): Uint8Array {
    const w = beginMessage(sizeExtensionNumberResponse(m));
    writeExtensionNumberResponse(m, w);
    return w.take();
  },
  write: writeExtensionNumberResponse,
  encodeInto(m: ExtensionNumberResponse, w: WireWriter): void {
    w.reserve(sizeExtensionNumberResponse(m));
    writeExtensionNumberResponse(m, w);
  },
  decode(bytes: Uint8Array): ExtensionNumberResponse {
    const r = new WireReader(bytes);
    return readExtensionNumberResponse(r, r.end);
  },
};

export interface ListServiceResponse {
  service: ServiceResponse[];
}

export function sizeListServiceResponse(m: ListServiceResponse): number {
  let n = 0;
  for (const item of m.service) n += 1 + sizeOfLength(sizeServiceResponse(item));
  return n;
}

export function writeListServiceResponse(m: ListServiceResponse, w: WireWriter): void {
  for (const item of m.service) {
    w.byte(10);
    w.varint32(sizeServiceResponse(item));
    writeServiceResponse(item, w);
  }
}

export function readListServiceResponse(r: WireReader, end: number): ListServiceResponse {
  const service: ServiceResponse[] = [];

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        service.push(readServiceResponse(r, r.nested(end)));
        break;
      default:
        r.unexpected(tag, end, 'grpc.reflection.v1.ListServiceResponse', ListServiceResponse.fields);
    }
  }

  return { service };
}

export const ListServiceResponse: MessageType<ListServiceResponse> = {
  typeName: 'grpc.reflection.v1.ListServiceResponse',
  fields: [
    describeField(1, 'service', 'service', 'service', 'message', {
      repeated: true,
      messageType: () => ServiceResponse,
    }),
  ],
  create(init?: Partial<ListServiceResponse>): ListServiceResponse {
    return { service: init?.service ?? [] };
  },
  sizeOf: sizeListServiceResponse,
  encode(m: ListServiceResponse): Uint8Array {
    const w = beginMessage(sizeListServiceResponse(m));
    writeListServiceResponse(m, w);
    return w.take();
  },
  write: writeListServiceResponse,
  encodeInto(m: ListServiceResponse, w: WireWriter): void {
    w.reserve(sizeListServiceResponse(m));
    writeListServiceResponse(m, w);
  },
  decode(bytes: Uint8Array): ListServiceResponse {
    const r = new WireReader(bytes);
    return readListServiceResponse(r, r.end);
  },
};

export interface ServiceResponse {
  name: string;
}

export function sizeServiceResponse(m: ServiceResponse): number {
  let n = 0;
  if (m.name !== '') n += 1 + sizeOfString(m.name);
  return n;
}

export function writeServiceResponse(m: ServiceResponse, w: WireWriter): void {
  if (m.name !== '') {
    w.byte(10);
    w.string(m.name);
  }
}

export function readServiceResponse(r: WireReader, end: number): ServiceResponse {
  let name: string = '';

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        name = r.string(end);
        break;
      default:
        r.unexpected(tag, end, 'grpc.reflection.v1.ServiceResponse', ServiceResponse.fields);
    }
  }

  return { name };
}

export const ServiceResponse: MessageType<ServiceResponse> = {
  typeName: 'grpc.reflection.v1.ServiceResponse',
  fields: [describeField(1, 'name', 'name', 'name', 'string')],
  create(init?: Partial<ServiceResponse>): ServiceResponse {
    return { name: init?.name ?? '' };
  },
  sizeOf: sizeServiceResponse,
  encode(m: ServiceResponse): Uint8Array {
    const w = beginMessage(sizeServiceResponse(m));
    writeServiceResponse(m, w);
    return w.take();
  },
  write: writeServiceResponse,
  encodeInto(m: ServiceResponse, w: WireWriter): void {
    w.reserve(sizeServiceResponse(m));
    writeServiceResponse(m, w);
  },
  decode(bytes: Uint8Array): ServiceResponse {
    const r = new WireReader(bytes);
    return readServiceResponse(r, r.end);
  },
};

export interface ErrorResponse {
  /** A status code of gRPC. */
  errorCode: number;
  errorMessage: string;
}

export function sizeErrorResponse(m: ErrorResponse): number {
  let n = 0;
  if (m.errorCode !== 0) n += 1 + sizeOfUint32(m.errorCode);
  if (m.errorMessage !== '') n += 1 + sizeOfString(m.errorMessage);
  return n;
}

export function writeErrorResponse(m: ErrorResponse, w: WireWriter): void {
  if (m.errorCode !== 0) {
    w.byte(8);
    w.uint32(m.errorCode);
  }
  if (m.errorMessage !== '') {
    w.byte(18);
    w.string(m.errorMessage);
  }
}

export function readErrorResponse(r: WireReader, end: number): ErrorResponse {
  let errorCode: number = 0;
  let errorMessage: string = '';

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 8:
        errorCode = r.uint32(end);
        break;
      case 18:
        errorMessage = r.string(end);
        break;
      default:
        r.unexpected(tag, end, 'grpc.reflection.v1.ErrorResponse', ErrorResponse.fields);
    }
  }

  return { errorCode, errorMessage };
}

export const ErrorResponse: MessageType<ErrorResponse> = {
  typeName: 'grpc.reflection.v1.ErrorResponse',
  fields: [
    describeField(1, 'error_code', 'errorCode', 'errorCode', 'uint32'),
    describeField(2, 'error_message', 'errorMessage', 'errorMessage', 'string'),
  ],
  create(init?: Partial<ErrorResponse>): ErrorResponse {
    return { errorCode: init?.errorCode ?? 0, errorMessage: init?.errorMessage ?? '' };
  },
  sizeOf: sizeErrorResponse,
  encode(m: ErrorResponse): Uint8Array {
    const w = beginMessage(sizeErrorResponse(m));
    writeErrorResponse(m, w);
    return w.take();
  },
  write: writeErrorResponse,
  encodeInto(m: ErrorResponse, w: WireWriter): void {
    w.reserve(sizeErrorResponse(m));
    writeErrorResponse(m, w);
  },
  decode(bytes: Uint8Array): ErrorResponse {
    const r = new WireReader(bytes);
    return readErrorResponse(r, r.end);
  },
};
