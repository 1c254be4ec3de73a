// What every call accepts beside its own arguments.
import type { RetryMode } from './retry-policy.js';

export interface CallOptions {
  /** Milliseconds until the call fails with `DEADLINE_EXCEEDED`, retries included. Default: the client's `timeoutMs`. */
  readonly timeoutMs?: number | undefined;
  /** Default: the client's `retry`. Say `at-least-once` for a put that may as well be made twice. */
  readonly retry?: RetryMode | undefined;
  /** Only this endpoint, whatever its role; it need not be one of the client's. Default: the balancer chooses. */
  readonly endpoint?: string | undefined;
  /** Ends the call with `CANCELLED`. A write that was already sent may still be carried out. */
  readonly signal?: AbortSignal | undefined;
}

/** The options of a call that has none. */
export const NO_OPTIONS: CallOptions = {};
