// Flow control of one stream, the same on both sides. A sender may send while its window is above zero, so one message
// may overdraw it; the receiver gives back what it has consumed. What does not fit the window waits here, bounded.
import { RpcError } from '../errors/rpc-error.js';
import { StatusCode } from '../errors/status-code.js';
import type { MessageType } from '../message-type.js';
import { ProtocolError } from '../protocol-error.js';
import { CREDIT_STEP_BYTES, DATA_OVERHEAD_BYTES } from './frame-format.js';
import type { FrameSender } from './frame-sender.js';
import type { ResolvedSessionOptions } from './limits.js';

// A window that a peer cannot outgrow, however much credit it gives.
const MAX_WINDOW_BYTES = 1024 * 1024 * 1024;

export class StreamFlow {
  readonly id: number;
  private readonly sender: FrameSender;
  private readonly options: ResolvedSessionOptions;
  // Outgoing: bytes that the peer still takes; below zero after an overdraft.
  private window: number;
  // Messages before `head` are gone. Nothing is queued while the window is open.
  private queue: Uint8Array[] = [];
  private head = 0;
  private queuedBytes = 0;
  // Incoming: received and not granted back; of those, consumed ones that wait for the next grant.
  private owed = 0;
  private consumed = 0;
  private withheld = false;

  constructor(id: number, sender: FrameSender, window: number, options: ResolvedSessionOptions) {
    this.id = id;
    this.sender = sender;
    this.window = window;
    this.options = options;
  }

  /** Nothing waits, and the next message will not either. */
  get writable(): boolean {
    return this.window > 0 && this.queue.length === 0 && !this.sender.congested;
  }

  get empty(): boolean {
    return this.queue.length === 0;
  }

  /**
   * Sends one message now or queues it.
   * @throws RpcError RESOURCE_EXHAUSTED when the queue is full or no frame of the peer can hold the message
   */
  send<T extends object>(type: MessageType<T>, message: T): void {
    if (this.window > 0 && this.queue.length === 0) {
      const size = type.sizeOf(message);
      if (!this.sender.writer.data(this.id, type, message)) throw tooLarge(size);
      this.charge(size);
    } else {
      this.enqueue(type.encode(message));
    }
  }

  /** As `send`, for a message that is encoded already. */
  sendBytes(payload: Uint8Array): void {
    if (this.window > 0 && this.queue.length === 0) {
      if (!this.sender.writer.dataBytes(this.id, payload)) throw tooLarge(payload.length);
      this.charge(payload.length);
    } else {
      this.enqueue(payload);
    }
  }

  private charge(bytes: number): void {
    this.window -= bytes + DATA_OVERHEAD_BYTES;
    this.sender.wake();
  }

  private enqueue(payload: Uint8Array): void {
    if (!this.sender.writer.fits(payload.length)) throw tooLarge(payload.length);
    const limit = this.options.maxQueuedBytes;
    const bytes = this.queuedBytes + payload.length + DATA_OVERHEAD_BYTES;
    if (bytes > limit) {
      const text = `stream ${this.id} has ${bytes} bytes waiting for its reader; at most ${limit}`;
      throw new RpcError(StatusCode.RESOURCE_EXHAUSTED, text, { retryable: true });
    }
    this.queuedBytes = bytes;
    this.queue.push(payload);
  }

  /** The peer takes more. True if everything that waited is out. */
  granted(bytes: number): boolean {
    this.window = Math.min(this.window + bytes, MAX_WINDOW_BYTES);
    while (this.window > 0 && this.head < this.queue.length) {
      const payload = this.queue[this.head] as Uint8Array;
      this.head += 1;
      this.queuedBytes -= payload.length + DATA_OVERHEAD_BYTES;
      // It fitted when it was queued, and the peer's limit never shrinks.
      this.sender.writer.dataBytes(this.id, payload);
      this.charge(payload.length);
    }
    if (this.head < this.queue.length) return false;
    this.queue = [];
    this.head = 0;
    return true;
  }

  /** Counts a message that came in. @throws ProtocolError when the peer sends beyond its window */
  received(bytes: number): void {
    this.owed += bytes + DATA_OVERHEAD_BYTES;
    const limit = this.options.streamWindowBytes + this.options.maxFrameBytes + DATA_OVERHEAD_BYTES;
    if (this.owed > limit) {
      throw new ProtocolError('bad-frame', `stream ${this.id} has ${this.owed} bytes under way; at most ${limit}`);
    }
  }

  /** A message of so many bytes was consumed; the peer may send as much again, unless credit is withheld. */
  consume(bytes: number): void {
    this.consumed += bytes + DATA_OVERHEAD_BYTES;
    this.grant();
  }

  /** Gives no credit, or gives it again, with what was consumed meanwhile. */
  withhold(withheld: boolean): void {
    this.withheld = withheld;
    this.grant();
  }

  private grant(): void {
    if (this.withheld || this.consumed < CREDIT_STEP_BYTES) return;
    this.sender.writer.credit(this.id, this.consumed);
    this.owed -= this.consumed;
    this.consumed = 0;
    this.sender.wake();
  }
}

function tooLarge(bytes: number): RpcError {
  const text = `a message of ${bytes} bytes fits no frame that the peer reads`;
  return new RpcError(StatusCode.RESOURCE_EXHAUSTED, text, { outcome: 'not-applied' });
}
