/**
 * A gRPC call that streams: a watch, a keepalive, a snapshot. Where the client does not read, the handler is told to
 * wait, and the client is not read from either.
 */
import { encodeGrpcMessage, RpcError, StatusCode } from '@understudy/protocol';
import { asRpcError } from '../../services/failures.js';
import type { StreamHandler, StreamSink } from '../../services/rpc.js';
import { HEADERS } from './grpc-answer.js';
import { GrpcCall } from './grpc-call.js';

export class StreamingCall extends GrpcCall implements StreamSink {
  #handler: StreamHandler | null = null;
  #messages = 0;

  /** Opens the stream of the service. Apart from the constructor, since the service may answer at once. */
  open(): void {
    try {
      this.#handler = this.session.door.target.stream(this.method, this, this);
    } catch (error) {
      this.fail(error);
    }
  }

  /** A stream may be silent for as long as it likes, unless it is to begin with its one message. */
  override get settled(): boolean {
    return this.over || this.method.kind !== 'server-stream' || this.#messages > 0;
  }

  send(message: object): boolean {
    if (this.over) return false;
    const frame = encodeGrpcMessage(this.method.output, message);
    if (!this.stream.headersSent) this.stream.sendHeaders(HEADERS);
    this.session.sent(frame.length);
    const hasRoom = this.stream.sendData(frame);
    if (!hasRoom) this.stream.pauseReading();
    return hasRoom;
  }

  end(error?: unknown): void {
    if (this.over) return;
    if (error === undefined && !this.stream.headersSent) this.stream.sendHeaders(HEADERS);
    this.finish(error === undefined ? undefined : asRpcError(error));
  }

  override onWritable(): void {
    if (this.over) return;
    this.stream.resumeReading();
    this.#handler?.onDrain();
  }

  protected override onMessage(payload: Uint8Array): void {
    this.#messages += 1;
    if (this.method.kind === 'server-stream' && this.#messages > 1) return;
    this.#handler?.onMessage(this.method.input.decode(payload));
  }

  protected override onHalfClose(): void {
    if (this.method.kind === 'server-stream' && this.#messages === 0) {
      this.fail(new RpcError(StatusCode.UNIMPLEMENTED, 'this request has one message; here is none'));
    } else {
      this.#handler?.onHalfClose();
    }
  }

  protected override onGone(): void {
    const handler = this.#handler;
    this.#handler = null;
    handler?.onClose();
  }
}
