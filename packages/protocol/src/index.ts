export * from './gen/index.js';
export type { EnumDescriptor, FieldDescriptor, FieldType, MessageType } from './message-type.js';
export { ProtocolError, type ProtocolErrorCode } from './protocol-error.js';
export {
  findMethodByHttpPath,
  findMethodById,
  findMethodByPath,
  type HttpBinding,
  type MethodDescriptor,
  type MethodKind,
  type MethodPermission,
  methods,
  type ServiceDescriptor,
} from './service.js';
export { EMPTY_BYTES, MAX_NESTING } from './wire/wire-reader.js';
export { WireWriter } from './wire/wire-writer.js';
export { type EtcdErrorName, etcdError, etcdErrorName, etcdErrors } from './errors/etcd-errors.js';
export {
  type GatewayErrorBody,
  type GatewayStreamErrorBody,
  gatewayError,
  gatewayStreamError,
  statusOfMalformedRequest,
} from './errors/gateway-error.js';
export { type Outcome, RpcError, type RpcErrorOptions, type RpcStatus } from './errors/rpc-error.js';
export { httpStatusOf, StatusCode, type StatusName, statusName, toStatusCode } from './errors/status-code.js';
export { type FileDescriptor, fileDescriptors } from './grpc/file-descriptors.js';
export { decodeGrpcStatusText, encodeGrpcStatusText, parseGrpcTimeout } from './grpc/grpc-headers.js';
export { encodeGrpcMessage, GRPC_PREFIX_BYTES } from './grpc/grpc-message.js';
export { type GrpcMessageListener, GrpcMessageReader } from './grpc/grpc-message-reader.js';
export type { ClientEvents, ResponseSink } from './native/client-dispatch.js';
export { type CallOptions, ClientSession, type ClientSessionDeps } from './native/client-session.js';
export type { ClientStream, StreamSink } from './native/client-stream.js';
export { CallFlag, ErrorFlag, FRAME_VERSION, FrameKind, MAX_CALL_ID, SUBPROTOCOL } from './native/frame-format.js';
export { type FrameVisitor, readFrame } from './native/frame-reader.js';
export { type CallMetadata, FrameWriter } from './native/frame-writer.js';
export { type Hello, MINIMUM_LIMITS, type SessionLimits, type SessionOptions } from './native/limits.js';
export type { MessageStream } from './native/message-stream.js';
export type { ServerCall } from './native/server-call.js';
export type { ServerHandler } from './native/server-dispatch.js';
export { ServerSession, type ServerSessionDeps, type ServerSessionOptions } from './native/server-session.js';
export type { ServerStream } from './native/server-stream.js';
export type { SessionTransport } from './native/session-transport.js';
export { fromJson, type JsonDecodeOptions, parseJson } from './json/json-decode.js';
export { type JsonObject, type JsonValue, stringifyJson, toJson } from './json/json-encode.js';
