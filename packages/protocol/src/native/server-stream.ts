// One stream on the server. Messages come in through `onMessage`, and go out through `send` as far as the client's window
// allows; the handler stops when `send` says so, and goes on at `onWritable`.
import type { RpcStatus } from '../errors/rpc-error.js';
import type { MethodDescriptor } from '../service.js';
import { statusOfThrown } from './thrown-status.js';
import type { StreamFlow } from './stream-flow.js';

/** What the stream needs of its session. */
export interface StreamOwner {
  /** tells the client how it ended and forgets it */
  finish(stream: ServerStream, status: RpcStatus | undefined): void;
}

export class ServerStream {
  readonly id: number;
  readonly method: MethodDescriptor;
  /** as in ServerCall */
  readonly timeoutMs: number;
  readonly token: string | undefined;
  readonly requireLeader: boolean;

  /** A message of the client; the bytes are a view of the frame. The handler sets it before it returns from `open`. */
  onMessage: ((payload: Uint8Array) => void) | undefined = undefined;
  /** The client sends no more; it still listens. */
  onHalfClose: (() => void) | undefined = undefined;
  /** The client gave up, or the connection closed. Called at most once, and not after `end` or `fail`. */
  onCancel: (() => void) | undefined = undefined;
  /** `send` may go on. */
  onWritable: (() => void) | undefined = undefined;

  /** For the session. */
  readonly flow: StreamFlow;
  private readonly owner: StreamOwner;
  private over = false;
  private ending = false;

  constructor(
    owner: StreamOwner,
    flow: StreamFlow,
    method: MethodDescriptor,
    timeoutMs: number,
    token: string | undefined,
    requireLeader: boolean,
  ) {
    this.owner = owner;
    this.flow = flow;
    this.id = flow.id;
    this.method = method;
    this.timeoutMs = timeoutMs;
    this.token = token;
    this.requireLeader = requireLeader;
  }

  /** Ended, failed, cancelled, or its connection closed. */
  get done(): boolean {
    return this.over;
  }

  /** Whether a message sent now leaves at once. */
  get writable(): boolean {
    return !this.over && this.flow.writable;
  }

  /**
   * Sends a message of the method's output type. False asks to wait for `onWritable`: messages are queued until then,
   * and the stream fails when too many are.
   */
  send(message: object): boolean {
    if (this.over || this.ending) return false;
    try {
      this.flow.send(this.method.output, message);
    } catch (error) {
      this.fail(statusOfThrown(error));
    }
    return this.writable;
  }

  /** As `send`, for an encoded message: encode once, send to many. */
  sendBytes(payload: Uint8Array): boolean {
    if (this.over || this.ending) return false;
    try {
      this.flow.sendBytes(payload);
    } catch (error) {
      this.fail(statusOfThrown(error));
    }
    return this.writable;
  }

  /** Ends the stream well, after what is queued. */
  end(): void {
    if (this.over || this.ending) return;
    this.ending = true;
    if (this.flow.empty) this.finish(undefined);
  }

  /** Ends the stream with an error, at once; what is queued is dropped. */
  fail(status: RpcStatus): void {
    if (!this.over) this.finish(status);
  }

  private finish(status: RpcStatus | undefined): void {
    this.over = true;
    this.owner.finish(this, status);
  }

  /** Gives the client no more credit: it can send what its window holds, and no more. Those messages still arrive. */
  pauseReading(): void {
    this.flow.withhold(true);
  }

  resumeReading(): void {
    if (!this.over) this.flow.withhold(false);
  }

  /** For the session. */
  received(payload: Uint8Array): void {
    this.onMessage?.(payload);
    if (!this.over) this.flow.consume(payload.length);
  }

  /** For the session. */
  halfClosed(): void {
    this.onHalfClose?.();
  }

  /** For the session: the client takes more, or with 0 bytes, the connection does. */
  granted(bytes: number): void {
    if (!this.flow.granted(bytes)) return;
    if (this.ending) this.finish(undefined);
    else if (this.flow.writable) this.onWritable?.();
  }

  /** For the session: the client is gone. */
  cancelled(): void {
    if (this.over) return;
    this.over = true;
    this.onCancel?.();
  }
}
