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
