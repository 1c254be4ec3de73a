/**
 * A WebSocket between its upgrade and the end of its handshake: a stranger, so it gets few bytes, little time, and
 * binary messages only. Whatever goes wrong is told once; after `release` the socket belongs to somebody else.
 */
import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import { CloseCode, MAX_HANDSHAKE_BYTES } from './protocol.js';
import { closeSocket, isProtocolError } from './socket.js';

export type OpeningFailure = 'closed' | 'timeout' | 'protocol-error';

export interface OpeningHandlers {
  message(bytes: Buffer): void;
  failed(failure: OpeningFailure, detail: string): void;
}

export class Opening {
  readonly ws: WebSocket;
  readonly socket: Duplex;
  readonly #handlers: OpeningHandlers;
  readonly #timer: NodeJS.Timeout;
  #bytes = 0;
  #over = false;

  constructor(ws: WebSocket, socket: Duplex, timeoutMs: number, handlers: OpeningHandlers) {
    this.ws = ws;
    this.socket = socket;
    this.#handlers = handlers;
    this.#timer = setTimeout(() => {
      this.close(CloseCode.handshakeTimeout, 'handshake timed out');
      this.#fail('timeout', `no handshake within ${timeoutMs} ms`);
    }, timeoutMs);
    ws.on('message', this.#onMessage);
    ws.on('close', this.#onClose);
    ws.on('error', this.#onError);
    socket.on('data', this.#onData);
  }

  /** Ends the watch: the handshake is over, and the caller attaches its own listeners in the same turn. */
  release(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.ws.off('message', this.#onMessage);
    this.ws.off('close', this.#onClose);
    this.ws.off('error', this.#onError);
    this.socket.off('data', this.#onData);
  }

  /** Closes without telling `failed`. */
  close(code: CloseCode, reason: string): void {
    if (this.#over) return;
    this.release();
    closeSocket(this.ws, code, reason);
  }

  protocolError(detail: string): void {
    if (this.#over) return;
    this.close(CloseCode.protocolError, detail);
    this.#handlers.failed('protocol-error', detail);
  }

  #fail(failure: OpeningFailure, detail: string): void {
    this.#handlers.failed(failure, detail);
  }

  readonly #onMessage = (data: RawData, isBinary: boolean): void => {
    if (!isBinary) this.protocolError('text message in the handshake');
    else this.#handlers.message(data as Buffer);
  };

  readonly #onClose = (): void => {
    this.release();
    this.#fail('closed', 'closed during the handshake');
  };

  readonly #onError = (error: Error): void => {
    if (!isProtocolError(error)) return; // 'close' follows
    this.release();
    this.#fail('protocol-error', error.message);
  };

  readonly #onData = (chunk: Buffer): void => {
    if (this.#over) return;
    this.#bytes += chunk.length;
    if (this.#bytes <= MAX_HANDSHAKE_BYTES) return;
    this.release();
    this.ws.terminate();
    this.#fail('protocol-error', `more than ${MAX_HANDSHAKE_BYTES} bytes before the handshake was over`);
  };
}
