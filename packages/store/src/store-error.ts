/** What went wrong with a store, as a closed set of codes. */

export type StoreErrorCode =
  /** Another process, or this one, has the store open. */
  | 'locked'
  /** The store found its own files damaged. Never repaired here: the owner decides. */
  | 'corrupted'
  /** The disk, or a quota on it, is full. After a write the outcome is unknown. */
  | 'full'
  /** Any other failure of the file system. After a write the outcome is unknown. */
  | 'io'
  /** The store is closed. */
  | 'closed'
  /** An option or an argument is out of range; the message names it. */
  | 'invalid-argument';

export class StoreError extends Error {
  override readonly name = 'StoreError';

  constructor(
    readonly code: StoreErrorCode,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
  }
}
