// Takes what a client's frames hold, keeps the tables of its running calls and streams, and writes their answers.
import { etcdErrors } from '../errors/etcd-errors.js';
import type { RpcStatus } from '../errors/rpc-error.js';
import { StatusCode } from '../errors/status-code.js';
import { ProtocolError } from '../protocol-error.js';
import { findMethodById, type MethodDescriptor } from '../service.js';
import type { FrameVisitor } from './frame-reader.js';
import type { FrameSender } from './frame-sender.js';
import { type Hello, MINIMUM_LIMITS, type ResolvedSessionOptions } from './limits.js';
import { type CallOwner, ServerCall } from './server-call.js';
import { ServerStream, type StreamOwner } from './server-stream.js';
import { StreamFlow } from './stream-flow.js';
import { statusOfThrown } from './thrown-status.js';

/** Carries out what clients ask. What it throws ends the call: RpcError and ProtocolError as they are, others as INTERNAL. */
export interface ServerHandler {
  /** A unary call. `request` is a view of the frame; the answer goes to `call`, now or later. */
  unary(method: MethodDescriptor, request: Uint8Array, call: ServerCall): void;
  /** A stream begins; the handler sets the stream's `on...` before it returns. */
  open(method: MethodDescriptor, stream: ServerStream): void;
  /** Something that is no RpcError or ProtocolError was thrown: a defect, to be logged. */
  onDefect?(error: unknown, method: MethodDescriptor): void;
}

const NO_METHOD: RpcStatus = {
  code: StatusCode.UNIMPLEMENTED,
  text: 'unknown method, or not of this kind',
  retryable: false,
  outcome: 'not-applied',
};
const STOPPING: RpcStatus = { ...etcdErrors.stopped, outcome: 'not-applied' };

export class ServerDispatch implements FrameVisitor, CallOwner, StreamOwner {
  /** Refuses new calls. */
  stopping = false;
  private readonly handler: ServerHandler;
  private readonly sender: FrameSender;
  private readonly options: ResolvedSessionOptions;
  private readonly calls = new Map<number, ServerCall>();
  private readonly streams = new Map<number, ServerStream>();
  private peer: Hello | undefined = undefined;
  private token: string | undefined = undefined;
  private idleWaiters: (() => void)[] = [];

  constructor(handler: ServerHandler, sender: FrameSender, options: ResolvedSessionOptions) {
    this.handler = handler;
    this.sender = sender;
    this.options = options;
  }

  get outstanding(): number {
    return this.calls.size + this.streams.size;
  }

  /** Settles when nothing is outstanding. */
  whenIdle(): Promise<void> {
    if (this.outstanding === 0) {
      this.sender.flush();
      return Promise.resolve();
    }
    return new Promise((resolve) => this.idleWaiters.push(resolve));
  }

  /** Cancels everything. */
  close(): void {
    const calls = [...this.calls.values()];
    const streams = [...this.streams.values()];
    this.calls.clear();
    this.streams.clear();
    for (const call of calls) this.tellCancelled(call);
    for (const stream of streams) this.tellCancelled(stream);
    this.settleIdle();
  }

  private tellCancelled(gone: ServerCall | ServerStream): void {
    try {
      gone.cancelled();
    } catch (error) {
      this.handler.onDefect?.(error, gone.method);
    }
  }

  /** The connection takes more again. */
  writable(): void {
    for (const stream of [...this.streams.values()]) this.credit(stream.id, 0);
  }

  private settleIdle(): void {
    if (this.idleWaiters.length === 0 || this.outstanding > 0) return;
    const waiters = this.idleWaiters;
    this.idleWaiters = [];
    // Who waits may close the connection next; the last answer leaves first.
    this.sender.flush();
    for (const resolve of waiters) resolve();
  }

  // ---- what the client sends ----

  hello(hello: Hello): void {
    if (this.peer !== undefined) throw new ProtocolError('bad-frame', 'a second hello');
    this.peer = hello;
    this.sender.writer.setMaxFrameBytes(hello.maxFrameBytes);
  }

  request(
    id: number,
    methodId: number,
    timeoutMs: number,
    token: string | undefined,
    requireLeader: boolean,
    payload: Uint8Array,
  ): void {
    const method = this.admit(id, methodId, false);
    if (method === undefined) return;
    const call = new ServerCall(this, id, method, timeoutMs, token ?? this.token, requireLeader);
    this.calls.set(id, call);
    try {
      this.handler.unary(method, payload, call);
    } catch (error) {
      call.fail(this.statusOf(error, method));
    }
  }

  open(id: number, methodId: number, timeoutMs: number, token: string | undefined, requireLeader: boolean): void {
    const method = this.admit(id, methodId, true);
    if (method === undefined) return;
    const window = (this.peer ?? MINIMUM_LIMITS).streamWindowBytes;
    const flow = new StreamFlow(id, this.sender, window, this.options);
    const stream = new ServerStream(this, flow, method, timeoutMs, token ?? this.token, requireLeader);
    this.streams.set(id, stream);
    try {
      this.handler.open(method, stream);
    } catch (error) {
      stream.fail(this.statusOf(error, method));
    }
  }

  /** The method, if the call may run; otherwise the client has its answer. */
  private admit(id: number, methodId: number, streaming: boolean): MethodDescriptor | undefined {
    if (this.calls.has(id) || this.streams.has(id)) {
      throw new ProtocolError('bad-frame', `call id ${id} is in use`);
    }
    const method = findMethodById(methodId);
    let refusal: RpcStatus | undefined;
    if (method === undefined || (method.kind !== 'unary') !== streaming) refusal = NO_METHOD;
    else if (this.stopping) refusal = STOPPING;
    else if (streaming && this.streams.size >= this.options.maxStreams) refusal = etcdErrors.tooManyRequests;
    else if (!streaming && this.calls.size >= this.options.maxCalls) refusal = etcdErrors.tooManyRequests;
    if (refusal === undefined) return method;
    this.sender.writer.error(id, refusal);
    this.sender.wake();
    return undefined;
  }

  // A stream that is not in the table ended here while the message was on its way.

  data(id: number, payload: Uint8Array): void {
    const stream = this.streams.get(id);
    if (stream === undefined) return;
    stream.flow.received(payload.length);
    try {
      stream.received(payload);
    } catch (error) {
      stream.fail(this.statusOf(error, stream.method));
    }
  }

  halfClose(id: number): void {
    const stream = this.streams.get(id);
    if (stream === undefined) return;
    try {
      stream.halfClosed();
    } catch (error) {
      stream.fail(this.statusOf(error, stream.method));
    }
  }

  credit(id: number, bytes: number): void {
    const stream = this.streams.get(id);
    if (stream === undefined) return;
    try {
      stream.granted(bytes);
    } catch (error) {
      stream.fail(this.statusOf(error, stream.method));
    }
  }

  cancel(id: number): void {
    const call = this.calls.get(id);
    const stream = this.streams.get(id);
    this.calls.delete(id);
    this.streams.delete(id);
    if (call !== undefined) this.tellCancelled(call);
    if (stream !== undefined) this.tellCancelled(stream);
    this.settleIdle();
  }

  /** An empty token takes the connection's away. */
  credentials(token: string): void {
    this.token = token === '' ? undefined : token;
  }

  ping(body: Uint8Array): void {
    this.sender.writer.pong(body);
    this.sender.wake();
  }

  pong(): void {
    // A server sends no pings; an unasked pong is as good as none.
  }

  response(): void {
    throw new ProtocolError('bad-frame', 'a client sent a response');
  }

  error(): void {
    throw new ProtocolError('bad-frame', 'a client sent an error');
  }

  end(): void {
    throw new ProtocolError('bad-frame', 'a client sent the end of a stream');
  }

  goaway(): void {
    throw new ProtocolError('bad-frame', 'a client sent a goaway');
  }

  private statusOf(error: unknown, method: MethodDescriptor): RpcStatus {
    const status = statusOfThrown(error);
    if (status.code === StatusCode.INTERNAL) this.handler.onDefect?.(error, method);
    return status;
  }

  // ---- what calls and streams answer ----

  respond(call: ServerCall, message: object): boolean {
    if (!this.sender.writer.response(call.id, call.method.output, message)) return false;
    this.forget(call);
    return true;
  }

  respondBytes(call: ServerCall, payload: Uint8Array): boolean {
    if (!this.sender.writer.responseBytes(call.id, payload)) return false;
    this.forget(call);
    return true;
  }

  fail(call: ServerCall, status: RpcStatus): void {
    this.sender.writer.error(call.id, status);
    this.forget(call);
  }

  private forget(call: ServerCall): void {
    this.calls.delete(call.id);
    this.sender.wake();
    this.settleIdle();
  }

  finish(stream: ServerStream, status: RpcStatus | undefined): void {
    this.streams.delete(stream.id);
    if (status === undefined) this.sender.writer.end(stream.id);
    else this.sender.writer.error(stream.id, status);
    this.sender.wake();
    this.settleIdle();
  }
}
