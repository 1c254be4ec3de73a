// The one error of this package. It answers what a careful caller asks after a failure: what happened (gRPC's code word
// and etcd's text), may the same call be made again, and may it have been carried out all the same.
import { type Outcome, type RpcError, type RpcStatus, type StatusName, statusName } from '@understudy/protocol';

/** gRPC's status words. Closed: match on it. */
export type ClientErrorCode = Exclude<StatusName, 'OK'>;

export interface ClientErrorDetails {
  readonly outcome: Outcome;
  /** Default false. */
  readonly retryable?: boolean;
  readonly endpoint?: string | undefined;
  readonly compactRevision?: number | undefined;
  readonly cause?: unknown;
}

/** Every failure of a call, a watch or a lease that this package reports. */
export class ClientError extends Error {
  override readonly name = 'ClientError';
  readonly code: ClientErrorCode;
  /**
   * `not-applied`: certainly nothing changed. `unknown`: the change may have been made, or may still be made. Reads
   * are always `not-applied`.
   */
  readonly outcome: Outcome;
  /**
   * The same call may succeed later without anything else being done. With `outcome: 'unknown'` repeating it may carry
   * it out twice.
   */
  readonly retryable: boolean;
  /** The endpoint that answered or failed, as it was configured; undefined when none was reached. */
  readonly endpoint: string | undefined;
  /** Of a watch below the compaction: the oldest revision that is left. */
  readonly compactRevision: number | undefined;

  constructor(code: ClientErrorCode, message: string, details: ClientErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.outcome = details.outcome;
    this.retryable = details.retryable ?? false;
    this.endpoint = details.endpoint;
    this.compactRevision = details.compactRevision;
  }
}

/** The code word of a failure that a server sent. */
export function codeOf(status: Pick<RpcStatus, 'code'>): ClientErrorCode {
  const name = statusName(status.code);
  return name === 'OK' ? 'UNKNOWN' : name;
}

/** A failure that a server sent, with its word on the outcome unless the caller knows better. */
export function serverError(status: RpcError, endpoint: string | undefined, outcome = status.outcome): ClientError {
  const { retryable } = status;
  return new ClientError(codeOf(status), status.text, { outcome, retryable, endpoint, cause: status });
}

/** A failure in the caller's own arguments: nothing was sent. */
export function invalidArgument(message: string): ClientError {
  return new ClientError('INVALID_ARGUMENT', message, { outcome: 'not-applied' });
}
