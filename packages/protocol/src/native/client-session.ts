// The client's end of one native connection: gives calls their numbers, gathers the requests of one turn into one frame,
// and brings each answer to whom it belongs. It knows no socket, no clock, and no other member; retrying is the
// client's matter, for which every failure says whether anything can have been applied.
import { etcdErrors } from '../errors/etcd-errors.js';
import { RpcError } from '../errors/rpc-error.js';
import { StatusCode } from '../errors/status-code.js';
import { ProtocolError } from '../protocol-error.js';
import type { MethodDescriptor, MethodKind } from '../service.js';
import { ClientDispatch, type ClientEvents, type ResponseSink } from './client-dispatch.js';
import { ClientStream, type StreamSink } from './client-stream.js';
import { takeFrame } from './frame-reader.js';
import { FrameSender } from './frame-sender.js';
import type { CallMetadata } from './frame-writer.js';
import { type Hello, type ResolvedSessionOptions, resolveSessionOptions, type SessionOptions } from './limits.js';
import { MessageStream } from './message-stream.js';
import type { SessionTransport } from './session-transport.js';
import { StreamFlow } from './stream-flow.js';
import { UnaryPromise } from './unary-promise.js';

export interface ClientSessionDeps {
  readonly transport: SessionTransport;
  readonly events?: ClientEvents;
}

/** `timeoutMs` tells the server how long the caller waits; the caller's own patience is `signal`. */
export interface CallOptions extends CallMetadata {
  /** Cancels the call: it fails with CANCELLED, or with DEADLINE_EXCEEDED for a signal of `AbortSignal.timeout`. */
  readonly signal?: AbortSignal | undefined;
}

type StreamingKind = Exclude<MethodKind, 'unary'>;

const DEFAULT_MAX_FRAME_BYTES = 64 * 1024 * 1024;
const PING_BODY = new Uint8Array(0);

export class ClientSession {
  private readonly transport: SessionTransport;
  private readonly options: ResolvedSessionOptions;
  private readonly sender: FrameSender;
  private readonly dispatch: ClientDispatch;
  private closed = false;
  private pinging: Promise<void> | undefined = undefined;
  private rejectPing: ((error: RpcError) => void) | undefined = undefined;

  constructor(deps: ClientSessionDeps, options: SessionOptions = {}) {
    this.transport = deps.transport;
    this.options = resolveSessionOptions(options, DEFAULT_MAX_FRAME_BYTES);
    this.sender = new FrameSender(deps.transport, this.options);
    this.dispatch = new ClientDispatch(this.sender, deps.events ?? {});
    this.sender.writer.hello({ ...this.options, memberId: 0, clusterId: 0 });
    this.sender.wake();
  }

  /** What the server said of itself; undefined until its first frame came. Calls need not wait for it. */
  get serverHello(): Hello | undefined {
    return this.dispatch.serverHello;
  }

  /** The server is stopping; new calls fail. */
  get goingAway(): boolean {
    return this.dispatch.goingAway;
  }

  /** Calls and streams that are not over. */
  get outstanding(): number {
    return this.dispatch.callCount + this.dispatch.streamCount;
  }

  /** Unary calls that are not answered. */
  get pendingCalls(): number {
    return this.dispatch.callCount;
  }

  /** A unary call. @throws RpcError, as a rejection */
  unary<I extends object, O extends object>(
    method: MethodDescriptor<I, O, 'unary'>,
    request: I,
    options: CallOptions = {},
  ): Promise<O> {
    return new Promise<O>((resolve, reject) => {
      const { signal } = options;
      const pending = new UnaryPromise(method.output, resolve, reject);
      if (signal?.aborted === true) {
        pending.failed(aborted(signal, 'not-applied'));
        return;
      }
      const id = this.call(method, request, pending, options);
      if (signal === undefined || id === 0) return;
      pending.followSignal(signal, () => {
        if (this.dispatch.cancelCall(id)) pending.failed(aborted(signal, 'unknown'));
      });
    });
  }

  /**
   * A unary call for callers that need no promise: `sink` takes its end. Returns its id, to cancel it with; 0 if it has
   * failed already. A cancelled call tells its sink nothing.
   */
  call<I extends object>(
    method: MethodDescriptor<I, object, 'unary'>,
    request: I,
    sink: ResponseSink,
    metadata?: CallMetadata,
  ): number {
    const refusal = this.refusal(this.dispatch.callCount, this.dispatch.limits.maxCalls);
    if (refusal !== undefined) {
      sink.failed(refusal);
      return 0;
    }
    const id = this.dispatch.nextId();
    if (!this.sender.writer.request(id, method, request, metadata)) {
      sink.failed(RpcError.from(etcdErrors.requestTooLarge));
      return 0;
    }
    this.dispatch.addCall(id, sink);
    return id;
  }

  /** Gives up a call that `call` began. */
  cancel(id: number): void {
    this.dispatch.cancelCall(id);
  }

  /** Opens a stream whose messages go to `sink`. @throws RpcError when it cannot be opened */
  openStream<I extends object>(
    method: MethodDescriptor<I, object, StreamingKind>,
    sink: StreamSink,
    metadata?: CallMetadata,
  ): ClientStream<I> {
    const refusal = this.refusal(this.dispatch.streamCount, this.dispatch.limits.maxStreams);
    if (refusal !== undefined) throw refusal;
    const id = this.dispatch.nextId();
    if (!this.sender.writer.open(id, method.id, metadata)) throw RpcError.from(etcdErrors.requestTooLarge);
    const flow = new StreamFlow(id, this.sender, this.dispatch.limits.streamWindowBytes, this.options);
    const stream = new ClientStream<I>(this.dispatch, flow, method, sink);
    this.dispatch.addStream(stream as ClientStream);
    return stream;
  }

  /** Opens a stream to iterate over. @throws RpcError when it cannot be opened */
  stream<I extends object, O extends object>(
    method: MethodDescriptor<I, O, StreamingKind>,
    options: CallOptions = {},
  ): MessageStream<I, O> {
    const { signal } = options;
    if (signal?.aborted === true) throw aborted(signal, 'not-applied');
    const messages = new MessageStream<I, O>();
    const stream = this.openStream(method, messages, options);
    messages.attach(stream);
    if (signal !== undefined) {
      messages.followSignal(signal, () => {
        stream.cancel();
        messages.end(aborted(signal, 'unknown'));
      });
    }
    return messages;
  }

  /** The token of all later calls that bring none; an empty one takes it away. */
  setToken(token: string): void {
    if (this.closed) return;
    if (!this.sender.writer.credentials(token)) throw new ProtocolError('too-large', 'the token is too long');
    this.sender.wake();
  }

  /** Settles when the server has answered; while one is under way, the same. */
  ping(): Promise<void> {
    if (this.closed) return Promise.reject(closedError());
    this.pinging ??= new Promise((resolve, reject) => {
      this.rejectPing = reject;
      this.dispatch.onPong(() => {
        this.pinging = undefined;
        resolve();
      });
      this.sender.writer.ping(PING_BODY);
      this.sender.wake();
    });
    return this.pinging;
  }

  /** A binary message of the connection. The session keeps views of it; nobody may write to it afterwards. */
  receive(frame: Uint8Array): void {
    if (this.closed) return;
    const fault = takeFrame(frame, this.options.maxFrameBytes, this.dispatch);
    if (fault === null) return;
    this.transport.fail(fault);
    this.close(fault);
  }

  /** The transport has sent some of its bytes. */
  drained(): void {
    if (this.sender.drained()) this.dispatch.writable();
  }

  /** Sends what waits for the end of the turn, now. */
  flush(): void {
    this.sender.flush();
  }

  /** The connection is gone: every call and stream fails with UNAVAILABLE, and says whether it can have been applied. */
  close(cause?: unknown): void {
    if (this.closed) return;
    this.closed = true;
    this.sender.close();
    this.dispatch.close(cause);
    if (this.pinging !== undefined) this.rejectPing?.(closedError());
  }

  private refusal(count: number, limit: number): RpcError | undefined {
    if (this.closed) return closedError();
    if (this.dispatch.goingAway) return RpcError.from({ ...etcdErrors.stopped, outcome: 'not-applied' });
    return count >= limit ? RpcError.from(etcdErrors.tooManyRequests) : undefined;
  }
}

function closedError(): RpcError {
  return new RpcError(StatusCode.UNAVAILABLE, 'the connection is closed', { retryable: true, outcome: 'not-applied' });
}

function aborted(signal: AbortSignal, outcome: 'not-applied' | 'unknown'): RpcError {
  const cause: unknown = signal.reason;
  const timeout = cause instanceof Error && cause.name === 'TimeoutError';
  const code = timeout ? StatusCode.DEADLINE_EXCEEDED : StatusCode.CANCELLED;
  return new RpcError(code, timeout ? 'the call timed out' : 'the call was cancelled', { outcome, cause });
}
