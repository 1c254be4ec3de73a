// Whether a failed call is made again, and what may be said of its outcome. Pure.
// The rule that keeps data: a write is repeated only when it is certain that nothing was applied, unless its caller
// has said that twice is as good as once.
import { etcdErrorName, type Outcome, type RpcStatus, StatusCode } from '@understudy/protocol';

/** What a method does to the store. `idempotent`: a change that is the same when made twice. */
export type CallKind = 'read' | 'idempotent' | 'write';

/**
 * `safe` repeats reads and idempotent calls, and writes that were certainly not applied. `at-least-once` also repeats
 * a write whose outcome is unknown: it may be carried out twice. `never` repeats nothing.
 */
export type RetryMode = 'safe' | 'at-least-once' | 'never';

/** What a failure tells about the member that answered, or about the cluster. */
export type FailureHint = 'none' | 'leader-lost' | 'not-a-voter' | 'overloaded' | 'bad-token' | 'no-token';

export interface Failure {
  /** Of a write that failed so. */
  readonly outcome: Outcome;
  /** It passes within the time of a call: another endpoint, or another moment, may succeed. */
  readonly transient: boolean;
  readonly hint: FailureHint;
}

/** Judges an error that a server sent. */
export function classifyServerError(status: RpcStatus): Failure {
  const { outcome } = status;
  switch (etcdErrorName(status.text)) {
    case 'noLeader':
    case 'notLeader':
    case 'leaderChanged':
    case 'timeoutDueToLeaderFail':
      return { outcome, transient: true, hint: 'leader-lost' };
    case 'notSupportedForLearner':
      return { outcome, transient: true, hint: 'not-a-voter' };
    case 'tooManyRequests':
      return { outcome, transient: true, hint: 'overloaded' };
    case 'invalidAuthToken':
    case 'authOldRevision':
      return { outcome, transient: true, hint: 'bad-token' };
    // Authentication was turned on after the connection was made; whoever has credentials shows them now.
    case 'userEmpty':
      return { outcome, transient: false, hint: 'no-token' };
    // These pass as well, but not by themselves within seconds: an operator wants to see them.
    case 'unhealthy':
    case 'notCapable':
      return { outcome, transient: false, hint: 'none' };
    default:
      return { outcome, transient: status.retryable && status.code === StatusCode.UNAVAILABLE, hint: 'none' };
  }
}

/** Judges a connection that could not be made, or broke; `sent` says whether the request may have left. */
export function classifyLostConnection(sent: boolean): Failure {
  return { outcome: sent ? 'unknown' : 'not-applied', transient: true, hint: 'none' };
}

/** What is said of a failed call's outcome: a read changes nothing. */
export function outcomeFor(kind: CallKind, outcome: Outcome): Outcome {
  return kind === 'read' ? 'not-applied' : outcome;
}

/** Whether the call is made again, time permitting. */
export function shouldRetry(kind: CallKind, mode: RetryMode, failure: Failure): boolean {
  if (!failure.transient || mode === 'never') return false;
  return failure.outcome === 'not-applied' || kind !== 'write' || mode === 'at-least-once';
}
