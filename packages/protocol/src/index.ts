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
