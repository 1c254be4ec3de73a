// Walks through one frame and hands its messages to a visitor, in order. Nothing is allocated per message but the view
// of its payload. What comes before a malformed message has been handed over when the error is thrown.
import type { RpcStatus } from '../errors/rpc-error.js';
import { StatusCode, toStatusCode } from '../errors/status-code.js';
import { ProtocolError } from '../protocol-error.js';
import { WireReader } from '../wire/wire-reader.js';
import {
  CallFlag,
  ErrorFlag,
  FRAME_VERSION,
  FrameKind,
  MAX_CALL_ID,
  MAX_PING_BYTES,
  MAX_TEXT_BYTES,
} from './frame-format.js';
import { type Hello, MINIMUM_LIMITS } from './limits.js';

/** Takes the messages of a frame. Payloads are views into the frame. */
export interface FrameVisitor {
  hello(hello: Hello): void;
  /** `timeoutMs` 0: none. `token` undefined: the connection's. */
  request(
    call: number,
    methodId: number,
    timeoutMs: number,
    token: string | undefined,
    requireLeader: boolean,
    payload: Uint8Array,
  ): void;
  response(call: number, payload: Uint8Array): void;
  error(call: number, status: RpcStatus): void;
  open(call: number, methodId: number, timeoutMs: number, token: string | undefined, requireLeader: boolean): void;
  data(call: number, payload: Uint8Array): void;
  halfClose(call: number): void;
  end(call: number): void;
  cancel(call: number): void;
  credit(call: number, bytes: number): void;
  credentials(token: string): void;
  ping(body: Uint8Array): void;
  pong(body: Uint8Array): void;
  goaway(text: string): void;
}

/**
 * Reads one binary WebSocket message.
 * @throws ProtocolError `unsupported-version`, `bad-frame`, `truncated`, `overlong-varint`, `bad-utf8`, `too-large`
 */
export function readFrame(frame: Uint8Array, visitor: FrameVisitor): void {
  const r = new WireReader(frame);
  const version = r.byte(r.end);
  if (version !== FRAME_VERSION) {
    throw new ProtocolError(
      'unsupported-version',
      `the frame has version ${version}, this side speaks ${FRAME_VERSION}`,
    );
  }
  while (r.pos < r.end) {
    const kind = r.byte(r.end);
    const call = r.uint64(r.end);
    const stop = r.nested(r.end);
    if (call > MAX_CALL_ID) throw new ProtocolError('bad-frame', `call id ${call} is above ${MAX_CALL_ID}`);
    readMessage(r, kind, call, stop, visitor);
    r.pos = stop;
  }
}

/**
 * As `readFrame`, for a session, which takes no frame beyond its limit: what is wrong with the frame, be it for the visitor,
 * is for its connection to end with. Null where nothing is.
 */
export function takeFrame(frame: Uint8Array, maxFrameBytes: number, visitor: FrameVisitor): ProtocolError | null {
  if (frame.length > maxFrameBytes) {
    return new ProtocolError('too-large', `a frame has ${frame.length} bytes; at most ${maxFrameBytes}`);
  }
  try {
    readFrame(frame, visitor);
    return null;
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return error;
  }
}

function readMessage(r: WireReader, kind: number, call: number, stop: number, visitor: FrameVisitor): void {
  switch (kind) {
    case FrameKind.REQUEST:
    case FrameKind.OPEN:
      readCall(r, kind, call, stop, visitor);
      break;
    case FrameKind.RESPONSE:
      visitor.response(call, r.rest(stop));
      break;
    case FrameKind.DATA:
      visitor.data(call, r.rest(stop));
      break;
    case FrameKind.ERROR:
      visitor.error(call, readStatus(r, stop));
      break;
    case FrameKind.CREDIT:
      visitor.credit(call, r.uint64(stop));
      break;
    case FrameKind.HALF_CLOSE:
      visitor.halfClose(call);
      break;
    case FrameKind.END:
      visitor.end(call);
      break;
    case FrameKind.CANCEL:
      visitor.cancel(call);
      break;
    case FrameKind.HELLO:
      visitor.hello(readHello(r, stop));
      break;
    case FrameKind.CREDENTIALS:
      visitor.credentials(readText(r, stop));
      break;
    case FrameKind.GOAWAY:
      visitor.goaway(readText(r, stop));
      break;
    case FrameKind.PING:
      visitor.ping(readPing(r, stop));
      break;
    case FrameKind.PONG:
      visitor.pong(readPing(r, stop));
      break;
    default:
    // A later version's kind: the envelope says how long it is.
  }
}

function readCall(r: WireReader, kind: number, call: number, stop: number, visitor: FrameVisitor): void {
  if (call === 0) throw new ProtocolError('bad-frame', 'a call has id 0, which is the connection');
  const methodId = r.uint32(stop);
  const flags = r.byte(stop);
  const timeoutMs = (flags & CallFlag.TIMEOUT) === 0 ? 0 : r.uint32(stop);
  const token = (flags & CallFlag.TOKEN) === 0 ? undefined : readText(r, r.nested(stop));
  const requireLeader = (flags & CallFlag.REQUIRE_LEADER) !== 0;
  if (kind === FrameKind.OPEN) visitor.open(call, methodId, timeoutMs, token, requireLeader);
  else visitor.request(call, methodId, timeoutMs, token, requireLeader, r.rest(stop));
}

function readStatus(r: WireReader, stop: number): RpcStatus {
  // An error is never OK.
  const code = toStatusCode(r.byte(stop) || StatusCode.UNKNOWN);
  const flags = r.byte(stop);
  const outcome = (flags & ErrorFlag.NOT_APPLIED) === 0 ? 'unknown' : 'not-applied';
  return { code, text: readText(r, stop), retryable: (flags & ErrorFlag.RETRYABLE) !== 0, outcome };
}

function readHello(r: WireReader, stop: number): Hello {
  // Nobody may announce less than what is allowed before hello came.
  const least = MINIMUM_LIMITS;
  return {
    maxFrameBytes: Math.max(r.uint64(stop), least.maxFrameBytes),
    maxCalls: Math.max(r.uint64(stop), least.maxCalls),
    maxStreams: Math.max(r.uint64(stop), least.maxStreams),
    streamWindowBytes: Math.max(r.uint64(stop), least.streamWindowBytes),
    memberId: r.uint64(stop),
    clusterId: r.uint64(stop),
  };
}

function readText(r: WireReader, stop: number): string {
  const length = stop - r.pos;
  if (length > MAX_TEXT_BYTES)
    throw new ProtocolError('too-large', `a text has ${length} bytes; at most ${MAX_TEXT_BYTES}`);
  return r.restAsString(stop);
}

function readPing(r: WireReader, stop: number): Uint8Array {
  const length = stop - r.pos;
  if (length > MAX_PING_BYTES)
    throw new ProtocolError('too-large', `a ping has ${length} bytes; at most ${MAX_PING_BYTES}`);
  return r.rest(stop);
}
