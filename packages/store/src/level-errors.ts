/** Turns what `level` throws and rejects with into StoreErrors. */
import { StoreError, type StoreErrorCode } from './store-error.js';

/** `doing` says what was under way, and to which store: `batch of 3 writes to /data/log`. */
export function toStoreError(error: unknown, doing: string): StoreError {
  if (error instanceof StoreError) return error;
  // A failed open wraps the reason in an error that only says that the database is not open.
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const text = inner instanceof Error ? inner.message : String(inner);
  return new StoreError(codeOf(inner, text), `${doing}: ${text}`, { cause: error });
}

function codeOf(error: unknown, text: string): StoreErrorCode {
  // The binding passes the operating system's words, not its numbers.
  if (/no space left|disk quota exceeded|ENOSPC|EDQUOT/i.test(text)) return 'full';
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'LEVEL_IO_ERROR' && isLostFile(text)) return 'corrupted';
  switch (code) {
    case 'LEVEL_LOCKED':
      return 'locked';
    case 'LEVEL_CORRUPTION':
      return 'corrupted';
    case 'LEVEL_DATABASE_NOT_OPEN':
    case 'LEVEL_ITERATOR_NOT_OPEN':
    case 'LEVEL_SNAPSHOT_NOT_OPEN':
      return 'closed';
    default:
      return 'io';
  }
}

/** A file that LevelDB's own records name is gone. Its lock file is only missing where there is no store at all. */
function isLostFile(text: string): boolean {
  return /no such file or directory/i.test(text) && !/[\\/]LOCK: /.test(text);
}
