/** The one error class of this package. Match on `code`; the class is not the same one across package copies. */
export type TransportErrorCode =
  /** An option is missing, out of range, or contradicts another; the message names the field. */
  | 'invalid-options'
  /** The transport was stopped, or was started twice. */
  | 'stopped'
  /** The peer is not in the set given to `setPeers`. */
  | 'unknown-peer'
  /** No URL of the peer could be reached. */
  | 'unreachable'
  /** The handshake was refused; `refusal` says why. */
  | 'refused'
  /** The stream broke before the work was done. */
  | 'disconnected'
  /** The signal fired, or the sender of a snapshot gave up. */
  | 'aborted'
  /** The chunks given to `sendSnapshot` threw; `cause` is what they threw. */
  | 'source-failed'
  /** The receiver's `onSnapshot` rejected; the message carries its text. */
  | 'snapshot-refused'
  /** Length or hash of a received snapshot do not match what was sent. */
  | 'snapshot-corrupt'
  /** Nothing moved on a snapshot stream for longer than `snapshotIdleTimeoutMs`. */
  | 'snapshot-stalled'
  /** The peer broke the wire protocol. */
  | 'protocol-error'
  /** A frame or snapshot header is larger than the protocol allows. */
  | 'frame-too-large';

export interface TransportErrorDetails {
  readonly cause?: unknown;
  /** Set with code `refused`. */
  readonly refusal?: string;
}

export class TransportError extends Error {
  readonly code: TransportErrorCode;
  /** The reason of a refused handshake; null for other codes. */
  readonly refusal: string | null;

  constructor(code: TransportErrorCode, message: string, details: TransportErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'TransportError';
    this.code = code;
    this.refusal = details.refusal ?? null;
  }
}
