/**
 * Errors on their way to a caller: the state machine's reasons and Raft's failures in etcd's codes and texts. What is
 * told apart here is what a careful client needs: may it be tried again, and may it have happened?
 */
import type { Reason } from '@understudy/mvcc';
import {
  etcdErrors,
  ProtocolError,
  RpcError,
  type RpcStatus,
  StatusCode,
  statusOfMalformedRequest,
} from '@understudy/protocol';
import type { AlarmRefusal } from '../state/apply-client.js';

export function failure(status: RpcStatus): RpcError {
  return RpcError.from(status);
}

const BY_REASON: Readonly<Record<Reason | AlarmRefusal['reason'], RpcStatus>> = {
  'no-space': etcdErrors.noSpace,
  corrupt: etcdErrors.corrupt,
  compacted: etcdErrors.compacted,
  'future-revision': etcdErrors.futureRevision,
  'lease-not-found': etcdErrors.leaseNotFound,
  'lease-exists': etcdErrors.leaseExists,
  'lease-ttl-too-large': etcdErrors.leaseTtlTooLarge,
  'key-not-found': etcdErrors.keyNotFound,
  'duplicate-key': etcdErrors.duplicateKey,
  'empty-key': etcdErrors.emptyKey,
  'value-provided': etcdErrors.valueProvided,
  'lease-provided': etcdErrors.leaseProvided,
  'too-many-ops': etcdErrors.tooManyOps,
  'empty-op': etcdErrors.keyNotFound,
  'empty-watch-range': etcdErrors.watchCanceled,
  'root-user-missing': etcdErrors.rootUserNotExist,
  'root-role-missing': etcdErrors.rootRoleNotExist,
  'user-empty': etcdErrors.userEmpty,
  'user-exists': etcdErrors.userExists,
  'user-not-found': etcdErrors.userNotFound,
  'role-empty': etcdErrors.roleEmpty,
  'role-exists': etcdErrors.roleExists,
  'role-not-found': etcdErrors.roleNotFound,
  'role-not-granted': etcdErrors.roleNotGranted,
  'permission-not-given': etcdErrors.permissionNotGiven,
  'permission-not-granted': etcdErrors.permissionNotGranted,
  'auth-management': etcdErrors.invalidAuthManagement,
  'auth-not-enabled': etcdErrors.authNotEnabled,
  'auth-old-revision': etcdErrors.authOldRevision,
  'permission-denied': etcdErrors.permissionDenied,
};

export function refused(reason: keyof typeof BY_REASON): RpcError {
  return failure(BY_REASON[reason]);
}

/** What raft-node throws; matched by shape, since packages may be loaded twice. */
interface RaftFailure {
  readonly code: string;
  readonly outcome: 'not-applied' | 'unknown';
  readonly retryable: boolean;
}

function isRaftFailure(error: unknown): error is Error & RaftFailure {
  return error instanceof Error && error.name === 'RaftNodeError' && 'outcome' in error;
}

/** etcd has no words for these. */
function unlike(code: StatusCode, text: string, retryable: boolean): RpcStatus {
  return { code, text: `etcdserver: ${text}`, retryable, outcome: 'not-applied' };
}

/** The code and text of each, and whether another member may do better; the outcome is the failure's own. */
const BY_RAFT_CODE: Readonly<Record<string, RpcStatus>> = {
  'no-leader': etcdErrors.noLeader,
  'not-leader': etcdErrors.notLeader,
  transferring: etcdErrors.leaderChanged,
  lost: etcdErrors.leaderChanged,
  overloaded: etcdErrors.tooManyRequests,
  'too-large': etcdErrors.requestTooLarge,
  timeout: etcdErrors.timeout,
  'not-ready': etcdErrors.unhealthy,
  'invalid-target': etcdErrors.badLeaderTransferee,
  'not-member': unlike(StatusCode.UNAVAILABLE, 'this member is not in the cluster yet, or any more', true),
  'conf-change-pending': unlike(StatusCode.UNAVAILABLE, 'another change of members is under way', true),
  'change-refused': unlike(StatusCode.FAILED_PRECONDITION, 'the members have changed meanwhile', false),
  'invalid-change': unlike(StatusCode.FAILED_PRECONDITION, 'the change of members makes no sense', false),
  'peer-call-failed': etcdErrors.leaderChanged,
  aborted: etcdErrors.canceled,
  unreachable: etcdErrors.noLeader,
  stopped: etcdErrors.stopped,
  failed: etcdErrors.stopped,
};

export function fromRaft(error: unknown): RpcError {
  if (error instanceof RpcError) return error;
  if (!isRaftFailure(error)) return asRpcError(error);
  const known = BY_RAFT_CODE[error.code] ?? unlike(StatusCode.UNAVAILABLE, error.message, false);
  const retryable = error.retryable || known.retryable;
  return new RpcError(known.code, known.text, { outcome: error.outcome, retryable, cause: error });
}

/** Anything thrown, as what a caller may see. A bug of ours is told without its insides. */
export function asRpcError(error: unknown): RpcError {
  if (error instanceof RpcError) return error;
  if (error instanceof ProtocolError) return RpcError.from(statusOfMalformedRequest(error), { cause: error });
  return new RpcError(StatusCode.INTERNAL, 'internal error; the server log has more', { cause: error });
}
