/**
 * All frames of one event-loop turn as one message: kind byte, then for each frame its length (4 bytes, big-endian) and
 * its bytes. Pure. Each frame is copied exactly once, into the message; reading copies nothing.
 */
import { MAX_FRAME_BYTES, MessageKind } from './protocol.js';

const LENGTH_BYTES = 4;

/** Encodes `frames[from]` up to, not including, `frames[to]`; `frameBytes` is the sum of their lengths. */
export function encodeBatch(frames: readonly Uint8Array[], from: number, to: number, frameBytes: number): Buffer {
  const message = Buffer.allocUnsafe(1 + (to - from) * LENGTH_BYTES + frameBytes);
  message[0] = MessageKind.frames;
  let offset = 1;
  for (let i = from; i < to; i += 1) {
    const frame = frames[i] as Uint8Array;
    message.writeUInt32BE(frame.length, offset);
    message.set(frame, offset + LENGTH_BYTES);
    offset += LENGTH_BYTES + frame.length;
  }
  return message;
}

/** How many frames the message holds, or -1 when its bytes are not a batch. To be asked before `frameAt`. */
export function countFrames(message: Buffer): number {
  if (message.length < 1 || message[0] !== MessageKind.frames) return -1;
  let count = 0;
  let offset = 1;
  while (offset < message.length) {
    if (offset + LENGTH_BYTES > message.length) return -1;
    const length = message.readUInt32BE(offset);
    if (length > MAX_FRAME_BYTES) return -1;
    offset += LENGTH_BYTES + length;
    count += 1;
  }
  return offset === message.length && count > 0 ? count : -1;
}

/** The frame whose length field is at `offset`; the first one is at 1. A view of the message, not a copy. */
export function frameAt(message: Buffer, offset: number): Uint8Array {
  const length = message.readUInt32BE(offset);
  return new Uint8Array(message.buffer, message.byteOffset + offset + LENGTH_BYTES, length);
}

/** Where the next frame's length field is. */
export function nextFrameOffset(offset: number, frame: Uint8Array): number {
  return offset + LENGTH_BYTES + frame.length;
}

/** The largest message that frames can make: one frame of the largest size, or a full batch. */
export function maxMessageBytes(maxBatchBytes: number): number {
  return 1 + Math.max(MAX_FRAME_BYTES + LENGTH_BYTES, maxBatchBytes);
}
