/** Operating errors, and what damage looks like. */

/** What the scan that opens the state found wrong. The state is then thrown away and rebuilt. */
export interface Damage {
  readonly kind:
    | 'unknown-version'
    /** A record's checksum does not match, or its length. */
    | 'bad-record'
    /** A record under a key that nothing here writes, or that contradicts its content. */
    | 'misplaced-record'
    /** Every record is sound, but together they are not what was last written. */
    | 'wrong-sum';
  /** What, where, how much. */
  readonly message: string;
}

export type MvccErrorCode =
  /** A record read back is not what was written. */
  | 'damaged-record'
  /** A snapshot file is not whole and sound. */
  | 'damaged-snapshot'
  /** A method was called out of order. */
  | 'misuse';

export class MvccError extends Error {
  override readonly name = 'MvccError';

  constructor(
    readonly code: MvccErrorCode,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
  }
}
