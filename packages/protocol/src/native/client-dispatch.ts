// Takes what a server's frames hold, and keeps the tables of the calls and streams that wait for it.
import { RpcError, type RpcStatus } from '../errors/rpc-error.js';
import { StatusCode } from '../errors/status-code.js';
import { ProtocolError } from '../protocol-error.js';
import type { ClientStream, ClientStreamOwner } from './client-stream.js';
import { MAX_CALL_ID } from './frame-format.js';
import type { FrameVisitor } from './frame-reader.js';
import type { FrameSender } from './frame-sender.js';
import { type Hello, MINIMUM_LIMITS, type SessionLimits } from './limits.js';

/** Takes the end of a unary call; exactly one of the two is called, once. Neither may throw. */
export interface ResponseSink {
  /** A view of the frame. */
  response(payload: Uint8Array): void;
  failed(error: RpcError): void;
}

/** What a client is told besides answers. */
export interface ClientEvents {
  /** The server's limits and identity: its first message. */
  hello?(hello: Hello): void;
  /** The server is stopping: finish what runs, and connect elsewhere. */
  goaway?(text: string): void;
}

interface WaitingCall {
  readonly sink: ResponseSink;
  /** the sender's count when the request was written; still the same: it has not left */
  readonly flushes: number;
}

export class ClientDispatch implements FrameVisitor, ClientStreamOwner {
  /** of the server */
  limits: SessionLimits = MINIMUM_LIMITS;
  serverHello: Hello | undefined = undefined;
  goingAway = false;
  private readonly sender: FrameSender;
  private readonly events: ClientEvents;
  private readonly calls = new Map<number, WaitingCall>();
  private readonly streams = new Map<number, ClientStream>();
  private lastId = 0;
  private pongWaiter: (() => void) | undefined = undefined;

  constructor(sender: FrameSender, events: ClientEvents) {
    this.sender = sender;
    this.events = events;
  }

  get callCount(): number {
    return this.calls.size;
  }

  get streamCount(): number {
    return this.streams.size;
  }

  /** An id that no call or stream has. */
  nextId(): number {
    do {
      this.lastId = this.lastId >= MAX_CALL_ID ? 1 : this.lastId + 1;
    } while (this.calls.has(this.lastId) || this.streams.has(this.lastId));
    return this.lastId;
  }

  addCall(id: number, sink: ResponseSink): void {
    this.calls.set(id, { sink, flushes: this.sender.flushes });
    this.sender.wake();
  }

  addStream(stream: ClientStream): void {
    this.streams.set(stream.id, stream);
    this.sender.wake();
  }

  /** Gives a call up; false if it is over. */
  cancelCall(id: number): boolean {
    if (!this.calls.delete(id)) return false;
    this.sender.writer.cancel(id);
    this.sender.wake();
    return true;
  }

  onPong(waiter: () => void): void {
    this.pongWaiter = waiter;
  }

  /** The connection takes more again. */
  writable(): void {
    for (const stream of [...this.streams.values()]) stream.granted(0);
  }

  /** The connection is gone: everything that waits fails. */
  close(cause: unknown): void {
    const calls = [...this.calls.values()];
    const streams = [...this.streams.values()];
    this.calls.clear();
    this.streams.clear();
    for (const { sink, flushes } of calls) sink.failed(connectionLost(flushes === this.sender.flushes, cause));
    for (const stream of streams) stream.ended(connectionLost(false, cause));
  }

  // ---- what streams ask for ----

  halfClose(id: number): void {
    // A server has no half-close: its end is the end.
    if (!this.streams.has(id)) return;
    this.sender.writer.halfClose(id);
    this.sender.wake();
  }

  cancel(id: number): void {
    if (!this.streams.delete(id)) return;
    this.sender.writer.cancel(id);
    this.sender.wake();
  }

  // ---- what the server sends; an answer to a call that is not in the table crossed its cancel ----

  hello(hello: Hello): void {
    if (this.serverHello !== undefined) throw new ProtocolError('bad-frame', 'a second hello');
    this.limits = hello;
    this.serverHello = hello;
    this.sender.writer.setMaxFrameBytes(hello.maxFrameBytes);
    this.events.hello?.(hello);
  }

  response(id: number, payload: Uint8Array): void {
    const call = this.calls.get(id);
    if (call === undefined) return;
    this.calls.delete(id);
    call.sink.response(payload);
  }

  error(id: number, status: RpcStatus): void {
    const call = this.calls.get(id);
    if (call !== undefined) {
      this.calls.delete(id);
      call.sink.failed(RpcError.from(status));
      return;
    }
    const stream = this.streams.get(id);
    this.streams.delete(id);
    stream?.ended(RpcError.from(status));
  }

  data(id: number, payload: Uint8Array): void {
    this.streams.get(id)?.received(payload);
  }

  end(id: number): void {
    const stream = this.streams.get(id);
    this.streams.delete(id);
    stream?.ended(undefined);
  }

  credit(id: number, bytes: number): void {
    this.streams.get(id)?.granted(bytes);
  }

  ping(body: Uint8Array): void {
    this.sender.writer.pong(body);
    this.sender.wake();
  }

  pong(): void {
    const waiter = this.pongWaiter;
    this.pongWaiter = undefined;
    waiter?.();
  }

  goaway(text: string): void {
    this.goingAway = true;
    this.events.goaway?.(text);
  }

  request(): void {
    throw new ProtocolError('bad-frame', 'a server sent a request');
  }

  open(): void {
    throw new ProtocolError('bad-frame', 'a server opened a stream');
  }

  credentials(): void {
    throw new ProtocolError('bad-frame', 'a server sent credentials');
  }
}

function connectionLost(unsent: boolean, cause: unknown): RpcError {
  const text = unsent
    ? 'the connection closed before the request left'
    : 'the connection closed before the answer came';
  return new RpcError(StatusCode.UNAVAILABLE, text, {
    retryable: true,
    outcome: unsent ? 'not-applied' : 'unknown',
    cause,
  });
}
