// How a run ends: etcdctl's exit codes, and the error that carries one to the top. Whatever goes wrong is one line on
// stderr, `Error: ...`.
import { ClientError } from '@understudy/client';

export const ExitCode = {
  ok: 0,
  /** the request failed, or a flag is unknown or malformed */
  error: 1,
  /** a connection failed while it was in use, or its user was refused */
  badConnection: 2,
  /** what was read from stdin makes no sense */
  invalidInput: 3,
  /** the server or this tool cannot do that: an output format, a value of a flag */
  badFeature: 4,
  /** the server ended what was running */
  interrupted: 5,
  io: 6,
  /** the arguments of a command make no sense */
  badArgs: 128,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** Ends the run with a line on stderr and an exit code. */
export class CtlError extends Error {
  override readonly name = 'CtlError';
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

const AUTHENTICATION_FAILED = /authentication failed/;

export function badArgs(message: string): CtlError {
  return new CtlError(ExitCode.badArgs, message);
}

/** The words for a failure, as etcdctl has them: a deadline is a context's deadline. What a server said meanwhile is added. */
export function describeError(error: unknown): string {
  if (error instanceof ClientError && error.code === 'DEADLINE_EXCEEDED') {
    const said = error.cause instanceof Error && /^(etcdserver|understudy): /.test(error.cause.message);
    return `context deadline exceeded${said ? ` (${(error.cause as Error).message})` : ''}`;
  }
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll('\n', ' ');
}

export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CtlError) return error.exitCode;
  // etcdctl makes its connection first, and fails there.
  return error instanceof ClientError && AUTHENTICATION_FAILED.test(error.message)
    ? ExitCode.badConnection
    : ExitCode.error;
}
