/**
 * The one error class of this package. Match on `code`, never on `instanceof`: two copies of a package may be loaded.
 * `outcome` and `retryable` are what a careful caller needs to decide about trying again.
 */

export type RaftNodeErrorCode =
  /** No leader is known. */
  | 'no-leader'
  /** Only the leader can do this. */
  | 'not-leader'
  /** The leader is handing over. */
  | 'transferring'
  /** A limit on waiting work is reached, here or at the leader. */
  | 'overloaded'
  /** The request is larger than an option allows; trying again does not help. */
  | 'too-large'
  /** No answer within the timeout. */
  | 'timeout'
  /** The caller's signal was aborted. */
  | 'aborted'
  /** Another leader's entries took the place of this proposal. */
  | 'lost'
  /** This member is not in the configuration. */
  | 'not-member'
  /** No stream to the leader, or to the peer that was called. */
  | 'unreachable'
  /** The leader has not committed an entry of its own term yet. */
  | 'not-ready'
  /** Another configuration change is under way. */
  | 'conf-change-pending'
  /** The configuration change makes no sense as it stands. */
  | 'invalid-change'
  /** The host's `validateConfChange` refused the change when it was applied. */
  | 'change-refused'
  /** No such voter to hand leadership to, or none that is alive and caught up. */
  | 'invalid-target'
  /** The peer's handler failed. */
  | 'peer-call-failed'
  /** A snapshot that a peer offers is not needed, or comes at a bad time. */
  | 'snapshot-refused'
  /** A frame from a peer does not follow the format. */
  | 'malformed-frame'
  /** An option is out of range; the message names it. */
  | 'invalid-options'
  /** What is on disk cannot be a healthy member's. */
  | 'damaged'
  /** This member and so many others lost entries that no quorum is left to refetch them from; the cause of a `failed`. */
  | 'majority-recovering'
  /** The node is stopping or has stopped. */
  | 'stopped'
  /** The node met a fatal error and accepts nothing more; `cause` has it. */
  | 'failed';

export interface RaftNodeErrorInfo {
  /** `not-applied`: certain not to have changed anything, now or later. `unknown`: it may have, or may still. */
  readonly outcome?: 'not-applied' | 'unknown';
  /** The same request may succeed when tried again (for `not-leader`: at the leader). */
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

const RETRYABLE: ReadonlySet<RaftNodeErrorCode> = new Set([
  'no-leader',
  'not-leader',
  'transferring',
  'overloaded',
  'timeout',
  'lost',
  'unreachable',
  'not-ready',
  'conf-change-pending',
]);

export class RaftNodeError extends Error {
  override readonly name = 'RaftNodeError';
  readonly code: RaftNodeErrorCode;
  readonly outcome: 'not-applied' | 'unknown';
  readonly retryable: boolean;

  constructor(code: RaftNodeErrorCode, message: string, info: RaftNodeErrorInfo = {}) {
    super(message, info.cause === undefined ? undefined : { cause: info.cause });
    this.code = code;
    this.outcome = info.outcome ?? 'not-applied';
    this.retryable = info.retryable ?? RETRYABLE.has(code);
  }
}
