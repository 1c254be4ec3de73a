// The end of a unary call as a promise, with the decoded answer.
import { RpcError } from '../errors/rpc-error.js';
import { StatusCode } from '../errors/status-code.js';
import type { MessageType } from '../message-type.js';
import type { ResponseSink } from './client-dispatch.js';

export class UnaryPromise<O extends object> implements ResponseSink {
  private readonly output: MessageType<O>;
  private readonly resolve: (message: O) => void;
  private readonly reject: (error: RpcError) => void;
  private signal: AbortSignal | undefined = undefined;
  private onAbort: (() => void) | undefined = undefined;

  constructor(output: MessageType<O>, resolve: (message: O) => void, reject: (error: RpcError) => void) {
    this.output = output;
    this.resolve = resolve;
    this.reject = reject;
  }

  /** Calls `onAbort` when the signal fires before the end. */
  followSignal(signal: AbortSignal, onAbort: () => void): void {
    this.signal = signal;
    this.onAbort = onAbort;
    signal.addEventListener('abort', onAbort, { once: true });
  }

  private forgetSignal(): void {
    if (this.onAbort !== undefined) this.signal?.removeEventListener('abort', this.onAbort);
  }

  response(payload: Uint8Array): void {
    this.forgetSignal();
    let message: O;
    try {
      message = this.output.decode(payload);
    } catch (cause) {
      this.reject(new RpcError(StatusCode.INTERNAL, 'the answer does not decode', { cause }));
      return;
    }
    this.resolve(message);
  }

  failed(error: RpcError): void {
    this.forgetSignal();
    this.reject(error);
  }
}
