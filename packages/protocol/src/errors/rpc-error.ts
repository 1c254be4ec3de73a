// How a call fails, at every door and in the client: gRPC's code, a text, and the two things that a careful caller
// needs to know before it tries again.
import { type StatusCode, type StatusName, statusName } from './status-code.js';

/** What became of a call that failed: `not-applied` changed nothing for sure, `unknown` may have. */
export type Outcome = 'not-applied' | 'unknown';

/** An error as a value: a row of `etcdErrors`, or what arrived on a connection. */
export interface RpcStatus {
  readonly code: StatusCode;
  /** as etcd words it, where etcd has the error */
  readonly text: string;
  /** the same call may succeed later, or at another member */
  readonly retryable: boolean;
  readonly outcome: Outcome;
}

export interface RpcErrorOptions extends ErrorOptions {
  /** default: false */
  readonly retryable?: boolean;
  /** default: unknown, the careful guess */
  readonly outcome?: Outcome;
}

/** A call that failed. Match on `code`; `text` is the message. */
export class RpcError extends Error implements RpcStatus {
  override readonly name = 'RpcError';
  readonly code: StatusCode;
  readonly text: string;
  readonly retryable: boolean;
  readonly outcome: Outcome;

  constructor(code: StatusCode, text: string, options: RpcErrorOptions = {}) {
    super(text, options);
    this.code = code;
    this.text = text;
    this.retryable = options.retryable ?? false;
    this.outcome = options.outcome ?? 'unknown';
  }

  /** The code's name, such as `NOT_FOUND`. */
  get codeName(): StatusName {
    return statusName(this.code);
  }

  static from(status: RpcStatus, options: ErrorOptions = {}): RpcError {
    return new RpcError(status.code, status.text, { ...options, retryable: status.retryable, outcome: status.outcome });
  }
}
