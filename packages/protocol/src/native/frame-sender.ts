// The outgoing side of a session: one flush a turn, and back-pressure. A peer that does not read its answers is not
// read from either, so what it is owed stays bounded by its calls and windows.
import type { ResolvedSessionOptions } from './limits.js';
import { MINIMUM_LIMITS } from './limits.js';
import { FrameWriter } from './frame-writer.js';
import type { SessionTransport } from './session-transport.js';

export class FrameSender {
  readonly writer = new FrameWriter(MINIMUM_LIMITS.maxFrameBytes);
  /** Flushes so far: what was written at another count than now has left. */
  flushes = 0;
  /** More than `highWaterBytes` wait in the transport. */
  congested = false;

  private readonly transport: SessionTransport;
  private readonly highWaterBytes: number;
  private scheduled = false;
  private closed = false;
  private readonly flushLater = (): void => {
    this.scheduled = false;
    this.flush();
  };
  private readonly sendFrame: (frame: Uint8Array) => void;

  constructor(transport: SessionTransport, options: ResolvedSessionOptions) {
    this.transport = transport;
    this.highWaterBytes = options.highWaterBytes;
    this.sendFrame = (frame) => transport.send(frame);
  }

  /** To be called after every write to `writer`. */
  wake(): void {
    if (this.scheduled || this.closed) return;
    this.scheduled = true;
    this.transport.schedule(this.flushLater);
  }

  /** Sends what was written, now. */
  flush(): void {
    if (this.closed) return;
    this.flushes += 1;
    this.writer.flush(this.sendFrame);
    if (this.congested || this.transport.bufferedBytes === undefined) return;
    if (this.transport.bufferedBytes() > this.highWaterBytes) {
      this.congested = true;
      this.transport.pauseReading?.();
    }
  }

  /** The transport has sent something; true if that ended the congestion. */
  drained(): boolean {
    if (!this.congested || this.closed) return false;
    if ((this.transport.bufferedBytes?.() ?? 0) > this.highWaterBytes / 2) return false;
    this.congested = false;
    this.transport.resumeReading?.();
    return true;
  }

  close(): void {
    this.closed = true;
  }
}
