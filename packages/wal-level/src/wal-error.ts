/** What went wrong with a log, as a closed set of codes. */
import { StoreError } from '@understudy/store';
import { type Damage, describeDamage } from './damage.js';
import type { IdentityRefusal } from './identity.js';

export type WalErrorCode =
  | IdentityRefusal
  /** Another process has the directory open; the message names it where it is known. */
  | 'locked'
  /** What is on disk is not what was written there; `damage` says what and where. */
  | 'damaged'
  /** A write failed. What is on disk is unknown, so the process must stop: the next start reads it. */
  | 'failed'
  /** As `failed`, or at open, because the disk is full. */
  | 'full'
  /** The directory or a file in it cannot be read or written. */
  | 'io'
  | 'closed'
  /** An option is out of range; the message names it. */
  | 'invalid-argument';

export class WalError extends Error {
  override readonly name = 'WalError';
  /** Set with code `damaged`. */
  readonly damage: Damage | null;

  constructor(
    readonly code: WalErrorCode,
    message: string,
    options: { readonly cause?: unknown; readonly damage?: Damage } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : {});
    this.damage = options.damage ?? null;
  }
}

export function damagedError(directory: string, damage: Damage, cause?: unknown): WalError {
  const message = `${directory}: ${describeDamage(damage)}`;
  return new WalError('damaged', message, cause === undefined ? { damage } : { damage, cause });
}

/** For failures of what the log stands on: the store and the file system. */
export function toWalError(error: unknown, doing: string): WalError {
  if (error instanceof WalError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const message = `${doing}: ${text}`;
  if (error instanceof StoreError) {
    if (error.code === 'corrupted') {
      return damagedError(doing, { what: 'unreadable', where: 'store', index: null, detail: text }, error);
    }
    return new WalError(error.code, message, { cause: error });
  }
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return new WalError(code === 'ENOSPC' || code === 'EDQUOT' ? 'full' : 'io', message, { cause: error });
}
