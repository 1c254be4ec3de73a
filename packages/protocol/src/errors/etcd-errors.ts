// Every error that etcd's API names: code and text as 3.4 sends them, since clients compare texts. Those that only later
// versions have are marked. `retryable` and `outcome` are ours.
import { type Outcome, RpcError, type RpcStatus } from './rpc-error.js';
import { StatusCode } from './status-code.js';

function status(code: StatusCode, text: string, retryable: boolean, outcome: Outcome): RpcStatus {
  return { code, text, retryable, outcome };
}

/** The request itself is refused: it changed nothing, and will be refused again. */
function refused(code: StatusCode, text: string): RpcStatus {
  return status(code, `etcdserver: ${text}`, false, 'not-applied');
}

/** It changed nothing, and may pass later or at another member. */
function notNow(code: StatusCode, text: string): RpcStatus {
  return status(code, `etcdserver: ${text}`, true, 'not-applied');
}

/** Nobody can say whether it was applied. */
function uncertain(code: StatusCode, text: string): RpcStatus {
  return status(code, `etcdserver: ${text}`, true, 'unknown');
}

const {
  CANCELLED,
  UNKNOWN,
  INVALID_ARGUMENT,
  DEADLINE_EXCEEDED,
  NOT_FOUND,
  PERMISSION_DENIED,
  RESOURCE_EXHAUSTED,
  FAILED_PRECONDITION,
  OUT_OF_RANGE,
  UNAVAILABLE,
  DATA_LOSS,
  UNAUTHENTICATED,
} = StatusCode;

export const etcdErrors = {
  // keys and transactions
  emptyKey: refused(INVALID_ARGUMENT, 'key is not provided'),
  keyNotFound: refused(INVALID_ARGUMENT, 'key not found'),
  valueProvided: refused(INVALID_ARGUMENT, 'value is provided'),
  leaseProvided: refused(INVALID_ARGUMENT, 'lease is provided'),
  tooManyOps: refused(INVALID_ARGUMENT, 'too many operations in txn request'),
  duplicateKey: refused(INVALID_ARGUMENT, 'duplicate key given in txn request'),
  invalidSortOption: refused(INVALID_ARGUMENT, 'invalid sort option'), // from 3.5 on
  compacted: refused(OUT_OF_RANGE, 'mvcc: required revision has been compacted'),
  futureRevision: refused(OUT_OF_RANGE, 'mvcc: required revision is a future revision'),
  noSpace: refused(RESOURCE_EXHAUSTED, 'mvcc: database space exceeded'),

  // leases
  leaseNotFound: refused(NOT_FOUND, 'requested lease not found'),
  leaseExists: refused(FAILED_PRECONDITION, 'lease already exists'),
  leaseTtlTooLarge: refused(OUT_OF_RANGE, 'too large lease TTL'),

  // watches
  watchCanceled: refused(CANCELLED, 'watch canceled'),

  // members
  memberExists: refused(FAILED_PRECONDITION, 'member ID already exist'),
  peerUrlExists: refused(FAILED_PRECONDITION, 'Peer URLs already exists'),
  memberNotEnoughStarted: refused(FAILED_PRECONDITION, 're-configuration failed due to not enough started members'),
  memberBadUrls: refused(INVALID_ARGUMENT, 'given member URLs are invalid'),
  memberNotFound: refused(NOT_FOUND, 'member not found'),
  memberNotLearner: refused(FAILED_PRECONDITION, 'can only promote a learner member'),
  learnerNotReady: notNow(FAILED_PRECONDITION, 'can only promote a learner member which is in sync with leader'),
  tooManyLearners: refused(FAILED_PRECONDITION, 'too many learner members in cluster'),
  notSupportedForLearner: notNow(UNAVAILABLE, 'rpc not supported for learner'),
  badLeaderTransferee: refused(FAILED_PRECONDITION, 'bad leader transferee'),

  // size and load
  requestTooLarge: refused(INVALID_ARGUMENT, 'request is too large'),
  tooManyRequests: notNow(RESOURCE_EXHAUSTED, 'too many requests'),

  // users and roles
  rootUserNotExist: refused(FAILED_PRECONDITION, 'root user does not exist'),
  rootRoleNotExist: refused(FAILED_PRECONDITION, 'root user does not have root role'),
  userExists: refused(FAILED_PRECONDITION, 'user name already exists'),
  userEmpty: refused(INVALID_ARGUMENT, 'user name is empty'),
  userNotFound: refused(FAILED_PRECONDITION, 'user name not found'),
  roleExists: refused(FAILED_PRECONDITION, 'role name already exists'),
  roleNotFound: refused(FAILED_PRECONDITION, 'role name not found'),
  roleEmpty: refused(INVALID_ARGUMENT, 'role name is empty'),
  authFailed: refused(INVALID_ARGUMENT, 'authentication failed, invalid user ID or password'),
  // etcd has no entry for it in its table, so that it leaves as UNKNOWN with the inner text
  noPasswordUser: status(
    UNKNOWN,
    'auth: authentication failed, password was given for no password user',
    false,
    'not-applied',
  ),
  permissionNotGiven: refused(INVALID_ARGUMENT, 'permission not given'), // from 3.5 on
  permissionDenied: refused(PERMISSION_DENIED, 'permission denied'),
  roleNotGranted: refused(FAILED_PRECONDITION, 'role is not granted to the user'),
  permissionNotGranted: refused(FAILED_PRECONDITION, 'permission is not granted to the role'),
  authNotEnabled: refused(FAILED_PRECONDITION, 'authentication is not enabled'),
  invalidAuthToken: refused(UNAUTHENTICATED, 'invalid auth token'),
  invalidAuthManagement: refused(INVALID_ARGUMENT, 'invalid auth management'),
  authOldRevision: notNow(INVALID_ARGUMENT, 'revision of auth store is old'),

  // the cluster's state
  noLeader: notNow(UNAVAILABLE, 'no leader'),
  notLeader: notNow(FAILED_PRECONDITION, 'not leader'),
  leaderChanged: uncertain(UNAVAILABLE, 'leader changed'),
  notCapable: notNow(UNAVAILABLE, 'not capable'),
  stopped: uncertain(UNAVAILABLE, 'server stopped'),
  timeout: uncertain(UNAVAILABLE, 'request timed out'),
  timeoutDueToLeaderFail: uncertain(UNAVAILABLE, 'request timed out, possibly due to previous leader failure'),
  timeoutDueToConnectionLost: uncertain(UNAVAILABLE, 'request timed out, possibly due to connection lost'),
  timeoutWaitAppliedIndex: uncertain(UNAVAILABLE, 'request timed out, waiting for the applied index took too long'),
  timeoutLeaderTransfer: uncertain(UNKNOWN, 'request timed out, leader transfer took too long'),
  unhealthy: notNow(UNAVAILABLE, 'unhealthy cluster'),
  corrupt: refused(DATA_LOSS, 'corrupt cluster'),
  canceled: uncertain(CANCELLED, 'request canceled'), // from 3.6 on
  deadlineExceeded: uncertain(DEADLINE_EXCEEDED, 'context deadline exceeded'), // from 3.6 on

  // downgrades, from 3.5 on
  wrongDowngradeVersionFormat: refused(INVALID_ARGUMENT, 'wrong downgrade target version format'),
  invalidDowngradeTargetVersion: refused(INVALID_ARGUMENT, 'invalid downgrade target version'),
  clusterVersionUnavailable: notNow(FAILED_PRECONDITION, 'cluster version not found during downgrade'),
  downgradeInProcess: refused(FAILED_PRECONDITION, 'cluster has a downgrade job in progress'),
  noInflightDowngrade: refused(FAILED_PRECONDITION, 'no inflight downgrade job'),
} as const satisfies Readonly<Record<string, RpcStatus>>;

export type EtcdErrorName = keyof typeof etcdErrors;

const nameByText: ReadonlyMap<string, EtcdErrorName> = /* @__PURE__ */ new Map(
  (Object.keys(etcdErrors) as EtcdErrorName[]).map((name) => [etcdErrors[name].text, name]),
);

/** An error of the table, to throw. */
export function etcdError(name: EtcdErrorName, options?: ErrorOptions): RpcError {
  return RpcError.from(etcdErrors[name], options);
}

/** Which error of the table has this text: what an etcd server sends is known by its text alone. */
export function etcdErrorName(text: string): EtcdErrorName | undefined {
  return nameByText.get(text);
}
