// What a session needs of the connection beneath it. Sessions never see a socket: the server and the client give them
// this, over `ws` or over anything that carries binary messages in order.
import type { ProtocolError } from '../protocol-error.js';

export interface SessionTransport {
  /** Hands over one frame, a binary message. The bytes are the transport's from now on; nobody writes to them. */
  send(frame: Uint8Array): void;
  /**
   * Runs `flush` soon, when what belongs together was written: `queueMicrotask` for the least delay, `setImmediate` to
   * gather everything of one turn of the event loop. Never synchronously.
   */
  schedule(flush: () => void): void;
  /** The peer broke the protocol; the transport closes the connection and then calls the session's `close`. */
  fail(error: ProtocolError): void;
  /** Bytes handed to `send` that are still in this process. Without it, no back-pressure. */
  bufferedBytes?(): number;
  /** Stop, and go on, reading from the connection: the peer does not take what is sent to it. */
  pauseReading?(): void;
  resumeReading?(): void;
}
