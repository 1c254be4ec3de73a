/**
 * A gRPC call that streams: a watch, a keepalive, a snapshot. Messages of one turn leave together; where the client does
 * not read, the handler is told to wait, and the client is not read from either.
 */
import type { ServerHttp2Stream } from 'node:http2';
import { encodeGrpcMessage, RpcError, StatusCode } from '@understudy/protocol';
import { asRpcError } from '../../services/failures.js';
import type { StreamHandler, StreamSink } from '../../services/rpc.js';
import { beginAnswer, isOpen } from './grpc-answer.js';
import { GrpcCall } from './grpc-call.js';
import type { GrpcHead } from './grpc-request.js';
import type { GrpcSession } from './grpc-session.js';

export class StreamingCall extends GrpcCall implements StreamSink {
  #handler: StreamHandler | null = null;
  #messages = 0;
  #corked = false;

  constructor(session: GrpcSession, stream: ServerHttp2Stream, head: GrpcHead) {
    super(session, stream, head);
    stream.on('drain', () => this.#drained());
  }

  /** As `begin`, and opens the stream of the service. */
  override begin(): void {
    super.begin();
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
    if (this.over || !isOpen(this.stream)) return false;
    const frame = encodeGrpcMessage(this.method.output, message);
    if (!this.stream.headersSent) beginAnswer(this.stream);
    this.#corkForThisTurn();
    this.session.sent(frame.length);
    const hasRoom = this.stream.write(frame);
    if (!hasRoom) this.stream.pause();
    return hasRoom;
  }

  end(error?: unknown): void {
    if (this.over) return;
    if (isOpen(this.stream) && error === undefined && !this.stream.headersSent) beginAnswer(this.stream);
    this.finish(error === undefined ? undefined : asRpcError(error));
    this.stream.resume();
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

  #drained(): void {
    if (this.over) return;
    this.stream.resume();
    this.#handler?.onDrain();
  }

  #corkForThisTurn(): void {
    if (this.#corked) return;
    this.#corked = true;
    this.stream.cork();
    process.nextTick(() => {
      this.#corked = false;
      this.stream.uncork();
    });
  }
}
