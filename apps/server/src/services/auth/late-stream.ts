/** A stream whose caller is not known yet: what the client says meanwhile waits, a bounded number of messages. */
import { etcdErrors } from '@understudy/protocol';
import { failure } from '../failures.js';
import type { StreamHandler, StreamSink } from '../rpc.js';

/** A client says little before it hears anything. */
const MAX_WAITING = 256;

export class LateStream implements StreamHandler {
  readonly #sink: StreamSink;
  #handler: StreamHandler | null = null;
  #waiting: object[] = [];
  #halfClosed = false;
  #over = false;

  constructor(sink: StreamSink, opening: Promise<StreamHandler>) {
    this.#sink = sink;
    // Also where a message that has waited is one that the handler cannot take.
    opening.then((handler) => this.#opened(handler)).catch((error: unknown) => this.#fail(error));
  }

  onMessage(message: object): void {
    if (this.#handler !== null) this.#handler.onMessage(message);
    else if (this.#waiting.length >= MAX_WAITING) this.#fail(failure(etcdErrors.tooManyRequests));
    else this.#waiting.push(message);
  }

  onDrain(): void {
    this.#handler?.onDrain();
  }

  onHalfClose(): void {
    if (this.#handler === null) this.#halfClosed = true;
    else this.#handler.onHalfClose();
  }

  onClose(): void {
    this.#over = true;
    this.#waiting = [];
    this.#handler?.onClose();
  }

  #opened(handler: StreamHandler): void {
    if (this.#over) {
      handler.onClose();
      return;
    }
    this.#handler = handler;
    for (const message of this.#waiting) handler.onMessage(message);
    this.#waiting = [];
    if (this.#halfClosed) handler.onHalfClose();
  }

  #fail(error: unknown): void {
    if (this.#over) return;
    this.#over = true;
    this.#waiting = [];
    this.#sink.end(error);
  }
}
