// One WebSocket to one endpoint, and the session on it. Everything that is issued in one turn of the event loop leaves
// as one frame. A connection is dialled once and never again: what comes after it is another one.
import {
  ClientSession,
  type Hello,
  type MethodDescriptor,
  RpcError,
  StatusCode,
  SUBPROTOCOL,
} from '@understudy/protocol';
import { WebSocket } from 'ws';
import type { Endpoint } from './endpoint.js';
import type { TlsOptions } from './tls-options.js';

export interface ConnectionDeps {
  readonly endpoint: Endpoint;
  readonly tls: TlsOptions | undefined;
  readonly events: ConnectionEvents;
}

export interface ConnectionEvents {
  opened(): void;
  /** A call was refused for want of room, and now there may be some. */
  room(): void;
  /** The server is stopping: it takes no new calls on this connection. */
  goaway(): void;
  /** Called once, whether it was ever open or not. What was in flight has been told before. */
  closed(reason: CloseReason): void;
}

export interface CloseReason {
  readonly error: Error;
  /** Where a standby says the leader is; undefined when the endpoint is no standby. */
  readonly redirect: string | undefined;
}

export interface ConnectionOptions {
  readonly dialTimeoutMs: number;
  readonly keepAliveMs: number;
  readonly maxFrameBytes: number;
  readonly maxBufferedBytes: number;
  readonly streamWindowBytes: number;
}

const SEND_OPTIONS = { binary: true, compress: false };
// What a session may use before the server has said how many calls it takes.
const CALLS_BEFORE_HELLO = 128;

export class Connection {
  readonly endpoint: Endpoint;
  readonly session: ClientSession;
  private readonly socket: WebSocket;
  private readonly events: ConnectionEvents;
  private readonly maxBufferedBytes: number;
  private readonly keepAlive: NodeJS.Timeout;
  private hello: Hello | undefined = undefined;
  // since the last look
  private heard = true;
  private pinged = false;
  // a call found no room; whoever waits is told when there is some
  private refused = false;
  private heldFlush: (() => void) | undefined = undefined;
  private redirect: string | undefined = undefined;
  private error: Error | undefined = undefined;
  private wasClosed = false;
  // it closes as soon as its calls are answered
  private leaving: { readonly reason: string; readonly timer: NodeJS.Timeout } | undefined = undefined;

  constructor({ endpoint, tls, events }: ConnectionDeps, options: ConnectionOptions) {
    this.endpoint = endpoint;
    this.events = events;
    this.maxBufferedBytes = options.maxBufferedBytes;
    this.socket = new WebSocket(endpoint.url, SUBPROTOCOL, {
      perMessageDeflate: false,
      maxPayload: options.maxFrameBytes,
      handshakeTimeout: options.dialTimeoutMs,
      skipUTF8Validation: true,
      ...(endpoint.secure ? tls : undefined),
    });
    this.session = new ClientSession(
      {
        transport: {
          send: (frame) => this.socket.send(frame, SEND_OPTIONS, this.sent),
          schedule: (flush) => this.schedule(flush),
          fail: (error) => this.fail(error),
          bufferedBytes: () => this.socket.bufferedAmount,
          pauseReading: () => this.socket.pause(),
          resumeReading: () => this.socket.resume(),
        },
        events: {
          hello: (hello) => {
            this.hello = hello;
          },
          goaway: () => this.events.goaway(),
        },
      },
      {
        maxFrameBytes: options.maxFrameBytes,
        highWaterBytes: options.maxBufferedBytes,
        streamWindowBytes: options.streamWindowBytes,
      },
    );
    this.keepAlive = setInterval(() => this.checkAlive(), options.keepAliveMs);
    this.keepAlive.unref();
    this.listen();
  }

  /** Calls can be issued. */
  get isOpen(): boolean {
    return !this.wasClosed && this.socket.readyState === WebSocket.OPEN;
  }

  /** The server takes one more call, and the socket more bytes. If not, `events.room` tells when. */
  get hasRoom(): boolean {
    const limit = this.hello?.maxCalls ?? CALLS_BEFORE_HELLO;
    const room = this.session.outstanding < limit && this.socket.bufferedAmount <= this.maxBufferedBytes;
    if (!room) this.refused = true;
    return room;
  }

  /** What the server calls itself; 0 until it has said so. */
  get memberId(): number {
    return this.hello?.memberId ?? 0;
  }

  /** To be called when calls ended: somebody may have been refused before. */
  ended(): void {
    if (this.refused) this.tellRoom();
  }

  /** A call of the client itself, outside all queues. */
  ask<I extends object, O extends object>(
    method: MethodDescriptor<I, O, 'unary'>,
    request: I,
    timeoutMs: number,
  ): Promise<O> {
    return this.session.unary(method, request, { timeoutMs, signal: AbortSignal.timeout(timeoutMs) });
  }

  /** Closes at once; what is in flight fails. */
  close(reason = 'the client closed the connection'): void {
    this.fail(new RpcError(StatusCode.CANCELLED, reason, { outcome: 'unknown' }));
  }

  /** Closes when the unary calls that run on it are answered, at the latest after so long; streams do not hold it. */
  closeAfterCalls(reason: string, withinMs: number): void {
    this.leaving = { reason, timer: setTimeout(() => this.close(reason), withinMs) };
    this.leaving.timer.unref();
    this.leaveWhenDone();
  }

  private leaveWhenDone(): void {
    if (this.leaving !== undefined && this.session.pendingCalls === 0) this.close(this.leaving.reason);
  }

  private readonly sent = (): void => {
    this.session.drained();
    if (this.refused) this.tellRoom();
  };

  private tellRoom(): void {
    this.refused = false;
    this.events.room();
  }

  // A whole turn of the event loop is one frame. The session speaks first, before the socket is open.
  private schedule(flush: () => void): void {
    if (this.socket.readyState === WebSocket.OPEN) setImmediate(flush);
    else this.heldFlush = flush;
  }

  private listen(): void {
    const { socket } = this;
    socket.on('open', () => {
      if (this.wasClosed) return;
      this.heldFlush?.();
      this.events.opened();
    });
    socket.on('message', (data, isBinary) => {
      this.heard = true;
      if (isBinary) this.session.receive(data as Buffer);
      else this.fail(new Error('the server sent a text message'));
      this.leaveWhenDone();
    });
    socket.on('pong', () => {
      this.heard = true;
    });
    socket.on('unexpected-response', (request, response) => {
      const { location } = response.headers;
      if (response.statusCode === 307 && location !== undefined) this.redirect = location;
      this.error ??= new Error(`${this.endpoint.name} answered the handshake with HTTP ${response.statusCode}`);
      request.destroy();
      this.closed();
    });
    socket.on('error', (error) => {
      this.error ??= error;
      // A failed handshake is not always followed by a close.
      if (socket.readyState !== WebSocket.OPEN) this.closed();
    });
    socket.on('close', () => this.closed());
  }

  private checkAlive(): void {
    if (!this.isOpen) return;
    if (this.heard) {
      this.heard = false;
      this.pinged = false;
    } else if (this.pinged) {
      this.fail(new Error(`${this.endpoint.name} has been silent for two keep-alive intervals`));
    } else {
      this.pinged = true;
      this.socket.ping();
    }
  }

  private fail(error: Error): void {
    this.error ??= error;
    this.closed();
    this.socket.terminate();
  }

  private closed(): void {
    if (this.wasClosed) return;
    this.wasClosed = true;
    clearInterval(this.keepAlive);
    clearTimeout(this.leaving?.timer);
    const error = this.error ?? new Error(`${this.endpoint.name} closed the connection`);
    this.session.close(error);
    this.events.closed({ error, redirect: this.redirect });
  }
}
