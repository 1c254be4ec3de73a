// The numbers of the native framing, subprotocol `understudy.v1`. README.md has the byte tables; both change together.
//
//   frame    = version byte, message*
//   message  = kind byte, call varint, length varint, body of that length
//
// A kind that a reader does not know is skipped; so are bytes at the end of a hello that it does not know.

/** The WebSocket subprotocol. */
export const SUBPROTOCOL = 'understudy.v1';

/** The first byte of every frame. */
export const FRAME_VERSION = 1;

export const FrameKind = {
  /** both ways, first: limits and identity */
  HELLO: 1,
  /** client: a unary call */
  REQUEST: 2,
  /** server: its answer */
  RESPONSE: 3,
  /** server: how a call or a stream failed; it is over */
  ERROR: 4,
  /** client: a stream begins */
  OPEN: 5,
  /** both ways: one message of a stream */
  DATA: 6,
  /** client: it sends no more on this stream */
  HALF_CLOSE: 7,
  /** server: the stream is over, and went well */
  END: 8,
  /** client: it wants no answer any more */
  CANCEL: 9,
  /** both ways: so many more bytes of data may come */
  CREDIT: 10,
  /** client: the token for all later calls that bring none */
  CREDENTIALS: 11,
  /** both ways */
  PING: 12,
  /** both ways: the body of the ping */
  PONG: 13,
  /** server: it is stopping; finish what runs, and go elsewhere */
  GOAWAY: 14,
} as const;
export type FrameKind = (typeof FrameKind)[keyof typeof FrameKind];

/** Bits of the flags byte of a request or an open. */
export const CallFlag = {
  /** a timeout in ms follows, a varint */
  TIMEOUT: 1,
  /** a token follows: length, UTF-8 */
  TOKEN: 2,
  /** fail when the member knows no leader, as etcd's `hasleader` */
  REQUIRE_LEADER: 4,
} as const;

/** Bits of the flags byte of an error. */
export const ErrorFlag = {
  RETRYABLE: 1,
  /** nothing was applied; without it, the outcome is unknown */
  NOT_APPLIED: 2,
} as const;

/** Call ids go from 1 to here, and then begin again with those that are free. 0 is the connection itself. */
export const MAX_CALL_ID = 0x7fff_ffff;

/** A data message counts this much above its payload, so that empty ones are bounded too. */
export const DATA_OVERHEAD_BYTES = 16;

/** A receiver grants credit at the latest when it has consumed so much: half of the smallest window. */
export const CREDIT_STEP_BYTES = 32 * 1024;

/** Longest body of a ping. */
export const MAX_PING_BYTES = 125;

/** Longest token, and longest text of an error or a goaway, in UTF-8. */
export const MAX_TEXT_BYTES = 16 * 1024;
