/**
 * The one error class of this package. Pure outcomes are values; what is thrown is a wrong option, found before anything
 * runs; a committed config change that cannot be read; or a broken invariant. After the last two the process must stop.
 */

export type RaftErrorCode = 'invalid-option' | 'malformed-conf-change' | 'broken-invariant';

export class RaftError extends Error {
  override readonly name = 'RaftError';

  constructor(
    readonly code: RaftErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/** An invariant is broken. The text holds both numbers that disagree. */
export function fail(text: string): never {
  throw new RaftError('broken-invariant', text);
}
