/** A unary gRPC call: one message in, one message and a status out. */
import { encodeGrpcMessage, RpcError, StatusCode } from '@understudy/protocol';
import { beginAnswer, isOpen } from './grpc-answer.js';
import { GrpcCall } from './grpc-call.js';

export class UnaryCall extends GrpcCall {
  #asked = false;

  override get settled(): boolean {
    return this.#asked || this.over;
  }

  protected override onMessage(payload: Uint8Array): void {
    // As gRPC's servers do, the call begins with its message; a second one is not looked at.
    if (this.#asked) return;
    this.#asked = true;
    this.raw = payload;
    this.session.door.target.unary(this.method, this.method.input.decode(payload), this).then(
      (answer) => this.#respond(answer),
      (error: unknown) => this.fail(error),
    );
  }

  protected override onHalfClose(): void {
    if (this.#asked) return;
    this.fail(new RpcError(StatusCode.UNIMPLEMENTED, 'a unary request has one message; this one has none'));
  }

  protected override onGone(): void {
    // Whoever works on it listens to `signal`.
  }

  #respond(answer: object): void {
    if (this.over || !isOpen(this.stream)) return;
    try {
      const frame = encodeGrpcMessage(this.method.output, answer);
      this.session.sent(frame.length);
      beginAnswer(this.stream);
      this.stream.write(frame);
    } catch (error) {
      this.logDefect(error);
      this.fail(error);
      return;
    }
    this.finish(undefined);
  }
}
