/**
 * The settings of every WebSocket here, and the few facts about sockets that `ws` leaves to us. Compression is off: raft
 * frames are small or already compact, and its memory is the field's best-known way to lose a server.
 */
import type { Duplex } from 'node:stream';
import { type ClientOptions, WebSocket, WebSocketServer } from 'ws';
import { maxMessageBytes } from './frame-batch.js';
import type { ResolvedOptions } from './options.js';
import type { CloseCode } from './protocol.js';

/** How long `ws` waits for the other side's half of a closing handshake. */
const CLOSE_TIMEOUT_MS = 1_000;
/** We never fragment; a proxy between peers may. */
const MAX_FRAGMENTS = 64;
/** A message may arrive in pieces no smaller than this on average. */
const MIN_CHUNK_BYTES = 128;

function limits(options: ResolvedOptions) {
  const maxPayload = maxMessageBytes(options.maxBatchBytes);
  return {
    perMessageDeflate: false,
    skipUTF8Validation: true,
    maxPayload,
    maxFragments: MAX_FRAGMENTS,
    maxBufferedChunks: 4096 + Math.ceil(maxPayload / MIN_CHUNK_BYTES),
    closeTimeout: CLOSE_TIMEOUT_MS,
  } as const;
}

export function createUpgrader(options: ResolvedOptions): WebSocketServer {
  return new WebSocketServer({ noServer: true, clientTracking: false, ...limits(options) });
}

/** Throws when `url` is none. */
export function openClient(url: string, options: ResolvedOptions): WebSocket {
  const target = new URL(url);
  target.pathname = target.pathname.replace(/\/+$/, '') + options.path;
  const client: ClientOptions = {
    ...limits(options),
    ...options.tls,
    followRedirects: false,
    handshakeTimeout: options.connectTimeoutMs,
  };
  if (!options.maskFrames) client.generateMask = zeroMask;
  return new WebSocket(target, client);
}

function zeroMask(mask: Buffer): void {
  mask.fill(0);
}

/**
 * What `ws` reports when the other side broke the WebSocket protocol or a limit of ours, as opposed to an error of the
 * network.
 */
export function isProtocolError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && String(error.code).startsWith('WS_ERR_');
}

/** The kernel gave up on a silent connection: no FIN, no RST. */
export function isSilenceError(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false;
  return error.code === 'ETIMEDOUT' || error.code === 'EHOSTUNREACH' || error.code === 'ENETUNREACH';
}

/** Says why, then closes; the receiving side of a long queue is not waited for longer than the close timeout. */
export function closeSocket(ws: WebSocket, code: CloseCode, reason: string): void {
  if (ws.readyState === WebSocket.OPEN) ws.close(code, reason);
  else if (ws.readyState === WebSocket.CONNECTING) ws.terminate();
}

export function bytesWritten(socket: Duplex): number {
  return 'bytesWritten' in socket && typeof socket.bytesWritten === 'number' ? socket.bytesWritten : 0;
}
