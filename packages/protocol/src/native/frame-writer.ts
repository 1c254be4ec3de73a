// Collects the messages of one turn into one frame, or into as few as the peer's limit allows. Messages are encoded
// straight into the arena; a frame that was given out is never written again.
import type { RpcStatus } from '../errors/rpc-error.js';
import type { MessageType } from '../message-type.js';
import { sizeOfString, sizeOfUint64, sizeOfVarint32 } from '../wire/wire-size.js';
import { WireWriter } from '../wire/wire-writer.js';
import { CallFlag, ErrorFlag, FRAME_VERSION, FrameKind, MAX_TEXT_BYTES } from './frame-format.js';
import type { Hello } from './limits.js';

/** What goes with a call besides its message. */
export interface CallMetadata {
  /** ms from now after which the caller gives up; the server may stop working then */
  readonly timeoutMs?: number | undefined;
  /** overrides the connection's token */
  readonly token?: string | undefined;
  /** fail at once where no leader is known */
  readonly requireLeader?: boolean | undefined;
}

const NO_METADATA: CallMetadata = {};
// Kind, call id and length at their longest.
const MAX_ENVELOPE_BYTES = 1 + 5 + 5;
// Beyond this a frame is closed even if the peer takes longer ones: the first answers need not wait for the last.
const CUT_BYTES = 1024 * 1024;

export class FrameWriter {
  private readonly arena = new WireWriter(64 * 1024);
  private finished: Uint8Array[] = [];
  private finishedBytes = 0;
  private maxFrameBytes: number;

  constructor(maxFrameBytes: number) {
    this.maxFrameBytes = maxFrameBytes;
  }

  /** The peer's limit, once it is known. */
  setMaxFrameBytes(maxFrameBytes: number): void {
    this.maxFrameBytes = maxFrameBytes;
  }

  /** Bytes that wait for `flush`. */
  get pendingBytes(): number {
    return this.finishedBytes + this.arena.length;
  }

  /** Whether a frame of the peer can hold a message with such a body, whatever its call id. */
  fits(bodyBytes: number): boolean {
    return bodyBytes + MAX_ENVELOPE_BYTES < this.maxFrameBytes;
  }

  /** Gives out the frames, usually one. */
  flush(send: (frame: Uint8Array) => void): void {
    const frames = this.finished;
    if (frames.length > 0) {
      this.finished = [];
      this.finishedBytes = 0;
      for (const frame of frames) send(frame);
    }
    if (this.arena.length > 0) send(this.arena.take());
  }

  /** Begins a message whose body takes `bodyBytes`; false if no frame of the peer can hold it. */
  private begin(kind: FrameKind, call: number, bodyBytes: number): boolean {
    const arena = this.arena;
    const size = 1 + sizeOfVarint32(call) + sizeOfVarint32(bodyBytes) + bodyBytes;
    if (size >= this.maxFrameBytes) return false;
    if (arena.length > 0 && arena.length + size > Math.min(CUT_BYTES, this.maxFrameBytes)) this.cut();
    arena.reserve(size + 1);
    if (arena.length === 0) arena.byte(FRAME_VERSION);
    arena.byte(kind);
    arena.varint32(call);
    arena.varint32(bodyBytes);
    return true;
  }

  private cut(): void {
    const frame = this.arena.take();
    this.finished.push(frame);
    this.finishedBytes += frame.length;
  }

  hello(hello: Hello): void {
    const { maxFrameBytes, maxCalls, maxStreams, streamWindowBytes, memberId, clusterId } = hello;
    const numbers = [maxFrameBytes, maxCalls, maxStreams, streamWindowBytes, memberId, clusterId];
    this.begin(
      FrameKind.HELLO,
      0,
      numbers.reduce((sum, number) => sum + sizeOfUint64(number), 0),
    );
    for (const number of numbers) this.arena.uint64(number);
  }

  /** A unary call; false if it is too large for the peer. */
  request<I extends object>(
    call: number,
    method: { readonly id: number; readonly input: MessageType<I> },
    message: I,
    metadata: CallMetadata = NO_METADATA,
  ): boolean {
    const size = method.input.sizeOf(message);
    if (!this.head(FrameKind.REQUEST, call, method.id, metadata, size)) return false;
    method.input.write(message, this.arena);
    return true;
  }

  open(call: number, methodId: number, metadata: CallMetadata = NO_METADATA): boolean {
    return this.head(FrameKind.OPEN, call, methodId, metadata, 0);
  }

  private head(kind: FrameKind, call: number, methodId: number, metadata: CallMetadata, payload: number): boolean {
    const { token, requireLeader } = metadata;
    const timeoutMs =
      metadata.timeoutMs === undefined ? 0 : Math.max(1, Math.min(Math.ceil(metadata.timeoutMs), 0xffff_ffff));
    let flags = 0;
    let size = sizeOfVarint32(methodId) + 1 + payload;
    if (timeoutMs > 0) {
      flags |= CallFlag.TIMEOUT;
      size += sizeOfVarint32(timeoutMs);
    }
    if (token !== undefined) {
      const tokenSize = sizeOfString(token);
      if (tokenSize > MAX_TEXT_BYTES) return false;
      flags |= CallFlag.TOKEN;
      size += tokenSize;
    }
    if (requireLeader === true) flags |= CallFlag.REQUIRE_LEADER;
    if (!this.begin(kind, call, size)) return false;
    this.arena.varint32(methodId);
    this.arena.byte(flags);
    if (timeoutMs > 0) this.arena.varint32(timeoutMs);
    if (token !== undefined) this.arena.string(token);
    return true;
  }

  private message<T extends object>(kind: FrameKind, call: number, type: MessageType<T>, message: T): boolean {
    if (!this.begin(kind, call, type.sizeOf(message))) return false;
    type.write(message, this.arena);
    return true;
  }

  private body(kind: FrameKind, call: number, body: Uint8Array): boolean {
    if (!this.begin(kind, call, body.length)) return false;
    this.arena.raw(body);
    return true;
  }

  response<T extends object>(call: number, type: MessageType<T>, message: T): boolean {
    return this.message(FrameKind.RESPONSE, call, type, message);
  }

  responseBytes(call: number, payload: Uint8Array): boolean {
    return this.body(FrameKind.RESPONSE, call, payload);
  }

  data<T extends object>(call: number, type: MessageType<T>, message: T): boolean {
    return this.message(FrameKind.DATA, call, type, message);
  }

  dataBytes(call: number, payload: Uint8Array): boolean {
    return this.body(FrameKind.DATA, call, payload);
  }

  /** The text is cut at the limit rather than refused: an error must always be tellable. */
  error(call: number, status: RpcStatus): void {
    const text = shorten(status.text);
    const retryable = status.retryable ? ErrorFlag.RETRYABLE : 0;
    const notApplied = status.outcome === 'not-applied' ? ErrorFlag.NOT_APPLIED : 0;
    this.begin(FrameKind.ERROR, call, 2 + text.length);
    this.arena.byte(status.code);
    this.arena.byte(retryable | notApplied);
    this.arena.raw(text);
  }

  halfClose(call: number): void {
    this.begin(FrameKind.HALF_CLOSE, call, 0);
  }

  end(call: number): void {
    this.begin(FrameKind.END, call, 0);
  }

  cancel(call: number): void {
    this.begin(FrameKind.CANCEL, call, 0);
  }

  credit(call: number, bytes: number): void {
    this.begin(FrameKind.CREDIT, call, sizeOfVarint32(bytes));
    this.arena.varint32(bytes);
  }

  /** false if the token is too long. */
  credentials(token: string): boolean {
    const bytes = Buffer.from(token, 'utf8');
    return bytes.length <= MAX_TEXT_BYTES && this.body(FrameKind.CREDENTIALS, 0, bytes);
  }

  ping(body: Uint8Array): void {
    this.body(FrameKind.PING, 0, body);
  }

  pong(body: Uint8Array): void {
    this.body(FrameKind.PONG, 0, body);
  }

  goaway(text: string): void {
    this.body(FrameKind.GOAWAY, 0, shorten(text));
  }
}

/** UTF-8 of a text, at most `MAX_TEXT_BYTES`, cut between characters. */
function shorten(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= MAX_TEXT_BYTES) return bytes;
  let end = MAX_TEXT_BYTES;
  while (((bytes[end] as number) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end);
}
