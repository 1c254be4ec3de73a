// One stream on the client, as an async iterable. Credit is given as messages are taken out, so a slow loop slows the
// server down and nothing piles up here beyond the window.
import { RpcError } from '../errors/rpc-error.js';
import { StatusCode } from '../errors/status-code.js';
import type { ClientStream, StreamSink } from './client-stream.js';

/** A stream to iterate over. Leaving the loop cancels it; an error of the stream is thrown by the loop. */
export class MessageStream<I extends object, O extends object> implements AsyncIterable<O>, StreamSink {
  readonly manualCredit = true;
  private stream: ClientStream<I> | undefined = undefined;
  // Messages before `head` are taken. Bounded by the window: credit is given as they are taken.
  private queue: Uint8Array[] = [];
  private head = 0;
  private ended = false;
  private error: RpcError | undefined = undefined;
  private wake: (() => void) | undefined = undefined;
  private wakeWriters: (() => void)[] = [];
  private forgetSignal: (() => void) | undefined = undefined;

  /** For the session. */
  attach(stream: ClientStream<I>): void {
    this.stream = stream;
  }

  /** For the session: calls `onAbort` when the signal fires before the end. */
  followSignal(signal: AbortSignal, onAbort: () => void): void {
    signal.addEventListener('abort', onAbort, { once: true });
    this.forgetSignal = () => signal.removeEventListener('abort', onAbort);
  }

  /** Sends a message; settles when more may be sent. @throws RpcError as `ClientStream.send`, or if the stream is over */
  async send(message: I): Promise<void> {
    const stream = this.stream;
    if (stream === undefined || stream.done) {
      throw this.error ?? new RpcError(StatusCode.CANCELLED, 'the stream is over', { outcome: 'not-applied' });
    }
    if (stream.send(message)) return;
    await new Promise<void>((resolve) => {
      this.wakeWriters.push(resolve);
      if (stream.done) this.writable();
    });
  }

  halfClose(): void {
    this.stream?.halfClose();
  }

  cancel(): void {
    this.stream?.cancel();
    this.end(undefined);
  }

  message(payload: Uint8Array): void {
    this.queue.push(payload);
    this.wake?.();
  }

  end(error: RpcError | undefined): void {
    if (this.ended) return;
    this.ended = true;
    this.error = error;
    this.forgetSignal?.();
    this.wake?.();
    this.writable();
  }

  writable(): void {
    const writers = this.wakeWriters;
    this.wakeWriters = [];
    for (const wake of writers) wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<O, void, undefined> {
    const stream = this.stream;
    if (stream === undefined) return;
    try {
      for (;;) {
        while (this.head < this.queue.length) {
          const payload = this.queue[this.head] as Uint8Array;
          this.head += 1;
          if (this.head === this.queue.length) {
            this.queue = [];
            this.head = 0;
          }
          stream.consume(payload.length);
          yield stream.method.output.decode(payload) as O;
        }
        if (this.ended) break;
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
        this.wake = undefined;
      }
      if (this.error !== undefined) throw this.error;
    } finally {
      this.cancel();
    }
  }
}
