// Methods as the dispatcher sends them: requests were encoded when the call was made, so that the caller may reuse its
// buffers at once and a retry sends the same bytes.
import type { MessageType, MethodDescriptor } from '@understudy/protocol';

export type RawMethod = MethodDescriptor<Uint8Array, object, 'unary'>;

const RAW_BYTES: MessageType<Uint8Array> = {
  typeName: 'bytes',
  fields: [],
  create: () => new Uint8Array(0),
  sizeOf: (bytes) => bytes.length,
  encode: (bytes) => bytes,
  write: (bytes, writer) => writer.raw(bytes),
  encodeInto: (bytes, writer) => {
    writer.reserve(bytes.length);
    writer.raw(bytes);
  },
  decode: (bytes) => bytes,
};

const twins = new Map<MethodDescriptor, RawMethod>();

/** The same method, for a request that is encoded already. */
export function rawMethod(method: MethodDescriptor<object, object, 'unary'>): RawMethod {
  const known = twins.get(method);
  if (known !== undefined) return known;
  const twin: RawMethod = { ...method, input: RAW_BYTES };
  twins.set(method, twin);
  return twin;
}
