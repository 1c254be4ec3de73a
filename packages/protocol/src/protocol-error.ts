// What this package says of bytes or text that are not what the contract asks for. Anything that comes from a peer may
// raise it and nothing else: malformed input never crashes, loops, or allocates more than its own size warrants.

/** Why input was refused. Closed: match on it. */
export type ProtocolErrorCode =
  /** the input ends inside a field, or a length points beyond the end */
  | 'truncated'
  /** a varint longer than ten bytes, or above 64 bits */
  | 'overlong-varint'
  /** a field number of 0, or a wire type that does not exist */
  | 'bad-tag'
  /** a known field with a wire type that is not its own */
  | 'wrong-wire-type'
  /** messages nested deeper than `MAX_NESTING` */
  | 'too-deep'
  /** a string field that is not UTF-8 */
  | 'bad-utf8'
  /** JSON that does not parse, or a JSON value of the wrong kind */
  | 'bad-json'
  /** a JSON field that the message does not have */
  | 'unknown-field'
  /** a frame of a version that this side does not speak */
  | 'unsupported-version'
  /** a frame that breaks the framing's own rules */
  | 'bad-frame'
  /** a frame, a message or a text above its limit */
  | 'too-large'
  /** an option out of its range */
  | 'bad-option';

/** The input, or an option, breaks the contract; `message` says what and where. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code: ProtocolErrorCode;

  constructor(code: ProtocolErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
