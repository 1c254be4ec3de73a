/** A bare WebSocket that speaks the wire by hand, in order to break its rules. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import {
  decodeHandshake,
  encodeConfirm,
  encodeGreeting,
  type Greeting,
  type HandshakeMessage,
} from '../src/handshake-codec.js';
import { UNKNOWN_LIFE } from '../src/identity.js';
import { CLUSTER_ID, type Member } from './cluster.js';

export function greeting(change: Partial<Greeting> = {}): Greeting {
  return {
    protocolMin: 1,
    protocolMax: 1,
    stream: 'control',
    clusterId: CLUSTER_ID,
    from: 2,
    to: 1,
    bootCount: 1,
    directoryId: 'raw',
    life: UNKNOWN_LIFE,
    ...change,
  };
}

export class RawPeer {
  readonly ws: WebSocket;
  readonly messages: Buffer[] = [];
  closeCode = 0;
  /** The TCP connection, once it is open. */
  socket: Socket | null = null;
  #wake: () => void = () => {};

  constructor(to: Member, headers: Record<string, string> = {}) {
    this.ws = new WebSocket(`ws://127.0.0.1:${to.port}/understudy/peer`, { headers, perMessageDeflate: false });
    this.ws.on('error', () => {});
    this.ws.on('upgrade', (response) => {
      this.socket = response.socket;
    });
    this.ws.on('message', (data) => {
      this.messages.push(data as Buffer);
      this.#wake();
    });
    this.ws.on('close', (code) => {
      this.closeCode = code;
      this.#wake();
    });
  }

  async opened(): Promise<this> {
    await once(this.ws, 'open');
    return this;
  }

  send(bytes: Uint8Array | string): void {
    this.ws.send(bytes);
  }

  /** The message with this number; waits for it. */
  async message(index: number): Promise<Buffer> {
    for (;;) {
      const message = this.messages[index];
      if (message !== undefined) return message;
      if (this.closeCode !== 0) throw new Error(`closed with ${this.closeCode} before message ${index}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async answer(): Promise<HandshakeMessage> {
    const decoded = decodeHandshake(await this.message(0));
    if (!decoded.ok) throw new Error(decoded.reason);
    return decoded.message;
  }

  async closed(): Promise<number> {
    while (this.closeCode === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.closeCode;
  }

  /** Through the whole handshake; the stream is up on the other side when the first message for it arrives. */
  async join(change: Partial<Greeting> = {}): Promise<this> {
    await this.opened();
    this.send(encodeGreeting('hello', greeting(change)));
    const answer = await this.answer();
    if (answer.kind !== 'accept') throw new Error(`answered with ${JSON.stringify(answer)}`);
    this.send(encodeConfirm());
    return this;
  }
}

/** A server that takes upgrades and does nothing by itself. */
export class RawServer {
  readonly connections: {
    readonly ws: WebSocket;
    readonly socket: Socket;
    readonly messages: Buffer[];
    closed: boolean;
  }[] = [];
  readonly #server = createServer();
  readonly #upgrader = new WebSocketServer({ server: this.#server });

  constructor() {
    this.#upgrader.on('connection', (ws, request) => {
      const connection = { ws, socket: request.socket, messages: [] as Buffer[], closed: false };
      this.connections.push(connection);
      ws.on('error', () => {});
      ws.on('message', (data) => connection.messages.push(data as Buffer));
      ws.on('close', () => {
        connection.closed = true;
      });
    });
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    for (const { ws } of this.connections) ws.terminate();
    this.#upgrader.close();
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
