/**
 * The messages of a snapshot stream as bytes: header, chunk, end from the sender; credit, done from the receiver. Pure;
 * what does not parse is a value.
 */
import { MAX_SNAPSHOT_CHUNK_BYTES, MessageKind } from './protocol.js';
import { readUint53, writeUint53 } from './uint53.js';

export const HASH_BYTES = 32;
const MAX_TEXT_BYTES = 1024;

export type SnapshotOutcome = 'staged' | 'refused' | 'corrupt' | 'stalled';

/** Index in this list is the number on the wire. */
const OUTCOMES: readonly SnapshotOutcome[] = ['staged', 'refused', 'corrupt', 'stalled'];

export type SnapshotMessage =
  | { readonly kind: 'header'; readonly bytes: Uint8Array }
  | { readonly kind: 'chunk'; readonly bytes: Uint8Array }
  | { readonly kind: 'end'; readonly totalBytes: number; readonly hash: Buffer }
  | { readonly kind: 'credit'; readonly limit: number }
  | { readonly kind: 'done'; readonly outcome: SnapshotOutcome; readonly text: string };

export function encodeSnapshotHeader(header: Uint8Array): Buffer {
  const message = Buffer.allocUnsafe(1 + header.length);
  message[0] = MessageKind.snapshotHeader;
  message.set(header, 1);
  return message;
}

/** A chunk message with room for `bytes`; the caller fills it from offset 1. */
export function emptyChunk(bytes: number): Buffer {
  // Not from the pool: a chunk is large, and leaves for the socket whole.
  const message = Buffer.allocUnsafeSlow(1 + bytes);
  message[0] = MessageKind.snapshotChunk;
  return message;
}

/** `hash` is SHA-256 over the header and all chunks; `totalBytes` counts the chunks alone. */
export function encodeSnapshotEnd(totalBytes: number, hash: Buffer): Buffer {
  const message = Buffer.alloc(9 + HASH_BYTES);
  message[0] = MessageKind.snapshotEnd;
  writeUint53(message, totalBytes, 1);
  message.set(hash, 9);
  return message;
}

/** The sender may have sent `limit` chunk bytes in all. */
export function encodeCredit(limit: number): Buffer {
  const message = Buffer.alloc(9);
  message[0] = MessageKind.snapshotCredit;
  writeUint53(message, limit, 1);
  return message;
}

export function encodeDone(outcome: SnapshotOutcome, text: string): Buffer {
  const tail = Buffer.from(text, 'utf8').subarray(0, MAX_TEXT_BYTES);
  const message = Buffer.alloc(2 + tail.length);
  message[0] = MessageKind.snapshotDone;
  message[1] = OUTCOMES.indexOf(outcome);
  message.set(tail, 2);
  return message;
}

export function decodeSnapshotMessage(message: Buffer): SnapshotMessage | null {
  const tailBytes = message.length - 1;
  switch (message[0]) {
    case MessageKind.snapshotHeader:
      return { kind: 'header', bytes: tail(message) };
    case MessageKind.snapshotChunk:
      return tailBytes > 0 && tailBytes <= MAX_SNAPSHOT_CHUNK_BYTES ? { kind: 'chunk', bytes: tail(message) } : null;
    case MessageKind.snapshotEnd: {
      if (message.length !== 9 + HASH_BYTES) return null;
      const totalBytes = readUint53(message, 1);
      return totalBytes < 0 ? null : { kind: 'end', totalBytes, hash: message.subarray(9) };
    }
    case MessageKind.snapshotCredit: {
      if (message.length !== 9) return null;
      const limit = readUint53(message, 1);
      return limit < 0 ? null : { kind: 'credit', limit };
    }
    case MessageKind.snapshotDone: {
      const outcome = OUTCOMES[message[1] ?? OUTCOMES.length];
      return outcome === undefined ? null : { kind: 'done', outcome, text: message.toString('utf8', 2) };
    }
    default:
      return null;
  }
}

function tail(message: Buffer): Uint8Array {
  return new Uint8Array(message.buffer, message.byteOffset + 1, message.length - 1);
}
