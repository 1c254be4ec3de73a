// What each side of a connection accepts. Hello announces it; before hello came, a sender keeps to the minimum, which
// every side must accept.
import { ProtocolError } from '../protocol-error.js';

export interface SessionLimits {
  /** bytes of one frame that it reads */
  readonly maxFrameBytes: number;
  /** unary calls that may wait for their answer at once */
  readonly maxCalls: number;
  /** streams that may be open at once */
  readonly maxStreams: number;
  /** bytes of data that may be on their way to it on one stream */
  readonly streamWindowBytes: number;
}

/** What every side accepts. 2 MiB holds etcd's largest request (1.5 MiB) with room for its envelope. */
export const MINIMUM_LIMITS: SessionLimits = {
  maxFrameBytes: 2 * 1024 * 1024,
  maxCalls: 128,
  maxStreams: 16,
  streamWindowBytes: 64 * 1024,
};

export interface SessionOptions {
  /**
   * Bytes of the largest frame that this side reads. Default: 4 MiB on a server, 64 MiB on a client, whose answers may be
   * long lists. From 2 MiB; give the WebSocket library the same number.
   */
  readonly maxFrameBytes?: number;
  /** Unary calls of one connection that run at once on the server. Default: 4096. From 128. Only a server announces it. */
  readonly maxCalls?: number;
  /** Streams of one connection that are open at once. Default: 1024. From 16. Only a server announces it. */
  readonly maxStreams?: number;
  /** Bytes of data on their way to this side on one stream, and so its queue for each. Default: 1 MiB. From 64 KiB. */
  readonly streamWindowBytes?: number;
  /**
   * Bytes that wait on one stream for the other side's credit; a stream that collects more fails. Default: 16 MiB. Not
   * below `streamWindowBytes`.
   */
  readonly maxQueuedBytes?: number;
  /**
   * Bytes handed to the connection and not sent yet, above which the session stops reading. Default: 8 MiB. From 64 KiB.
   */
  readonly highWaterBytes?: number;
}

/** `SessionOptions` with every field. */
export interface ResolvedSessionOptions extends SessionLimits {
  readonly maxQueuedBytes: number;
  readonly highWaterBytes: number;
}

const CEILING = 1024 * 1024 * 1024;

function bounded(name: string, value: number, least: number): number {
  if (!Number.isInteger(value) || value < least || value > CEILING) {
    throw new ProtocolError('bad-option', `${name} must be a whole number from ${least} to ${CEILING}, not ${value}`);
  }
  return value;
}

/** @throws ProtocolError `bad-option`, naming the field */
export function resolveSessionOptions(options: SessionOptions, maxFrameBytes: number): ResolvedSessionOptions {
  const least = MINIMUM_LIMITS;
  const window = bounded('streamWindowBytes', options.streamWindowBytes ?? 1024 * 1024, least.streamWindowBytes);
  return {
    maxFrameBytes: bounded('maxFrameBytes', options.maxFrameBytes ?? maxFrameBytes, least.maxFrameBytes),
    maxCalls: bounded('maxCalls', options.maxCalls ?? 4096, least.maxCalls),
    maxStreams: bounded('maxStreams', options.maxStreams ?? 1024, least.maxStreams),
    streamWindowBytes: window,
    maxQueuedBytes: bounded('maxQueuedBytes', options.maxQueuedBytes ?? Math.max(16 * 1024 * 1024, window), window),
    highWaterBytes: bounded('highWaterBytes', options.highWaterBytes ?? 8 * 1024 * 1024, 64 * 1024),
  };
}

/** What a side says of itself when the connection begins. */
export interface Hello extends SessionLimits {
  /** of the member that answers; 0 from a client */
  readonly memberId: number;
  /** 0 from a client */
  readonly clusterId: number;
}
