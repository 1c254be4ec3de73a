// A message as gRPC carries it in DATA frames: a flag that says whether it is compressed, its length as four bytes, most
// significant first, and the bytes.
import type { MessageType } from '../message-type.js';
import { beginMessage } from '../wire/wire-writer.js';

/** The flag and the length. */
export const GRPC_PREFIX_BYTES = 5;

/** The message with its prefix, in memory that nobody else writes to. */
export function encodeGrpcMessage<T extends object>(type: MessageType<T>, message: T): Uint8Array {
  const size = type.sizeOf(message);
  const writer = beginMessage(GRPC_PREFIX_BYTES + size);
  writer.byte(0);
  writer.byte((size >>> 24) & 0xff);
  writer.byte((size >>> 16) & 0xff);
  writer.byte((size >>> 8) & 0xff);
  writer.byte(size & 0xff);
  type.write(message, writer);
  return writer.take();
}
