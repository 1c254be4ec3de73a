/** A unary gRPC call: one message in, one message and a status out. */
import { encodeGrpcMessage, RpcError, StatusCode } from '@understudy/protocol';
import { HEADERS, OK_TRAILERS } from './grpc-answer.js';
import { GrpcCall } from './grpc-call.js';

export class UnaryCall extends GrpcCall {
  #asked = false;
  #answered = false;

  override get settled(): boolean {
    return this.#asked || this.over;
  }

  override onWritable(): void {
    // There is nothing after the answer.
  }

  protected override onMessage(payload: Uint8Array): void {
    // As gRPC's servers do, the call begins with its message; a second one is not looked at.
    if (this.#asked) return;
    this.#asked = true;
    this.raw = payload;
    const request = this.method.input.decode(payload);
    this.session.door.target.unary(this.method, request, this).then(
      (answer) => this.#respond(answer),
      (error: unknown) => this.#refuse(error),
    );
  }

  protected override onHalfClose(): void {
    if (this.#asked) return;
    this.fail(new RpcError(StatusCode.UNIMPLEMENTED, 'a unary request has one message; this one has none'));
  }

  /** Whoever works on it listens to `signal`; until then it counts. */
  protected override onGone(): void {
    if (this.#asked && !this.#answered && this.stream.closed) this.session.detached(1);
  }

  #respond(answer: object): void {
    this.#settle();
    if (this.over) return;
    const { output } = this.method;
    try {
      const sent = this.stream.sendWhole(HEADERS, output, answer, OK_TRAILERS);
      if (sent > 0) {
        this.over = true;
        this.session.sent(sent);
        return;
      }
      const refusal = this.session.refusalToKeep();
      if (refusal !== null) {
        this.fail(refusal);
        return;
      }
      const frame = encodeGrpcMessage(output, answer);
      this.session.sent(frame.length);
      this.stream.sendHeaders(HEADERS);
      this.stream.sendData(frame);
      this.finish(undefined);
    } catch (error) {
      this.logDefect(error);
      this.fail(error);
    }
  }

  #refuse(error: unknown): void {
    this.#settle();
    this.fail(error);
  }

  #settle(): void {
    if (this.stream.closed && !this.#answered) this.session.detached(-1);
    this.#answered = true;
  }
}
