// The server's end of one native connection. It takes frames, hands calls and streams to a handler, and sends the answers
// of one turn together. It knows no socket, no clock and no store.
import { takeFrame } from './frame-reader.js';
import { FrameSender } from './frame-sender.js';
import { type ResolvedSessionOptions, resolveSessionOptions, type SessionOptions } from './limits.js';
import { ServerDispatch, type ServerHandler } from './server-dispatch.js';
import type { SessionTransport } from './session-transport.js';

export interface ServerSessionDeps {
  readonly transport: SessionTransport;
  readonly handler: ServerHandler;
}

export interface ServerSessionOptions extends SessionOptions {
  /** The member's own id; clients are told. */
  readonly memberId: number;
  readonly clusterId: number;
}

const DEFAULT_MAX_FRAME_BYTES = 4 * 1024 * 1024;

export class ServerSession {
  private readonly transport: SessionTransport;
  private readonly options: ResolvedSessionOptions;
  private readonly sender: FrameSender;
  private readonly dispatch: ServerDispatch;
  private closed = false;

  constructor(deps: ServerSessionDeps, options: ServerSessionOptions) {
    this.transport = deps.transport;
    this.options = resolveSessionOptions(options, DEFAULT_MAX_FRAME_BYTES);
    this.sender = new FrameSender(deps.transport, this.options);
    this.dispatch = new ServerDispatch(deps.handler, this.sender, this.options);
    const { memberId, clusterId } = options;
    this.sender.writer.hello({ ...this.options, memberId, clusterId });
    this.sender.wake();
  }

  /** Calls and streams that are not over. */
  get outstanding(): number {
    return this.dispatch.outstanding;
  }

  /** A binary message of the connection. The session keeps views of it; nobody may write to it afterwards. */
  receive(frame: Uint8Array): void {
    if (this.closed) return;
    const fault = takeFrame(frame, this.options.maxFrameBytes, this.dispatch);
    if (fault === null) return;
    this.sender.flush();
    this.transport.fail(fault);
    this.close();
  }

  /** The transport has sent some of its bytes. */
  drained(): void {
    if (this.sender.drained()) this.dispatch.writable();
  }

  /** Tells the client to go elsewhere, and refuses new calls; those that run go on. */
  goaway(text: string): void {
    if (this.dispatch.stopping || this.closed) return;
    this.dispatch.stopping = true;
    this.sender.writer.goaway(text);
    this.sender.wake();
  }

  /** Settles when no call and no stream is left, or the connection is gone. */
  whenIdle(): Promise<void> {
    return this.dispatch.whenIdle();
  }

  /** Sends what waits for the end of the turn, now. */
  flush(): void {
    this.sender.flush();
  }

  /** The connection is gone: everything that runs is cancelled. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.sender.close();
    this.dispatch.close();
  }
}
