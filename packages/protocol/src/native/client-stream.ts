// One stream on the client, for a sink that is called back. `MessageStream` is the same to iterate over.
import type { RpcError } from '../errors/rpc-error.js';
import type { MethodDescriptor } from '../service.js';
import type { StreamFlow } from './stream-flow.js';

/** Takes what the server sends. None of it may throw. */
export interface StreamSink {
  /** One message, a view of its frame. */
  message(payload: Uint8Array): void;
  /** The stream is over; undefined: it ended well. Called exactly once, unless the caller cancels. */
  end(error: RpcError | undefined): void;
  /** `send` may go on. */
  writable?(): void;
  /** Credit is given by `ClientStream.consume`, not when `message` returns. Default: false. */
  readonly manualCredit?: boolean;
}

/** What the stream needs of its session. */
export interface ClientStreamOwner {
  halfClose(id: number): void;
  cancel(id: number): void;
}

export class ClientStream<I extends object = object> {
  readonly id: number;
  readonly method: MethodDescriptor;
  /** For the session. */
  readonly flow: StreamFlow;
  private readonly owner: ClientStreamOwner;
  private readonly sink: StreamSink;
  private over = false;
  private halfClosing = false;

  constructor(owner: ClientStreamOwner, flow: StreamFlow, method: MethodDescriptor, sink: StreamSink) {
    this.owner = owner;
    this.flow = flow;
    this.id = flow.id;
    this.method = method;
    this.sink = sink;
  }

  /** Ended, failed, cancelled, or its connection closed. */
  get done(): boolean {
    return this.over;
  }

  /** Whether a message sent now leaves at once. */
  get writable(): boolean {
    return !this.over && !this.halfClosing && this.flow.writable;
  }

  /**
   * Sends a message. False asks to wait for the sink's `writable`; until then messages are queued.
   * @throws RpcError RESOURCE_EXHAUSTED when the queue is full, or the message too large for the server
   */
  send(message: I): boolean {
    if (this.over || this.halfClosing) return false;
    this.flow.send(this.method.input, message);
    return this.writable;
  }

  /** Sends no more; the server still does. */
  halfClose(): void {
    if (this.over || this.halfClosing) return;
    this.halfClosing = true;
    if (this.flow.empty) this.owner.halfClose(this.id);
  }

  /** Wants no more: the server is told, and the sink hears nothing any more. */
  cancel(): void {
    if (this.over) return;
    this.over = true;
    this.owner.cancel(this.id);
  }

  /** With `manualCredit`: a message of so many bytes is dealt with. */
  consume(bytes: number): void {
    if (!this.over) this.flow.consume(bytes);
  }

  /** For the session. */
  received(payload: Uint8Array): void {
    this.flow.received(payload.length);
    this.sink.message(payload);
    if (this.sink.manualCredit !== true) this.consume(payload.length);
  }

  /** For the session: the server takes more, or with 0 bytes, the connection does. */
  granted(bytes: number): void {
    if (!this.flow.granted(bytes)) return;
    if (this.halfClosing) this.owner.halfClose(this.id);
    else if (this.flow.writable) this.sink.writable?.();
  }

  /** For the session. */
  ended(error: RpcError | undefined): void {
    if (this.over) return;
    this.over = true;
    this.sink.end(error);
  }
}
