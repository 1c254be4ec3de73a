/**
 * The one decision about who may do what, asked at the edge before a request is carried out, and again when it is
 * applied, by the users and roles of that moment. Looks at the request and the state alone, so that every member
 * decides alike. What it has no rule for is denied.
 */
import type { AuthReason, Caller, Mvcc } from '@understudy/mvcc';
import type {
  AuthRoleGetRequest,
  AuthUserGetRequest,
  Compare,
  DeleteRangeRequest,
  LeaseRevokeRequest,
  LeaseTimeToLiveRequest,
  MethodPermission,
  PutRequest,
  RangeRequest,
  RequestOp,
  TxnRequest,
} from '@understudy/protocol';

const NO_KEY = new Uint8Array(0);
const FIRST_KEY = new Uint8Array([0]);
/** As a range end: no end. */
const NO_END = new Uint8Array([0]);

type Rule = (mvcc: Mvcc, user: string, request: never) => boolean;

const always: Rule = () => true;

/** `user` exists, and does not hold the role root. */
const RULES: Readonly<Record<MethodPermission, Rule>> = {
  none: always,
  user: always,
  watch: always,
  lock: always,
  admin: () => false,
  range: mayRange,
  put: mayPut,
  delete_range: mayDelete,
  txn: mayTxn,
  write_all: ({ auth }, user) => auth.mayWrite(user, FIRST_KEY, NO_END),
  lease_revoke: (mvcc, user, { id }: LeaseRevokeRequest) => mayWriteLeased(mvcc, user, id),
  lease_keys: (mvcc, user, { id, keys }: LeaseTimeToLiveRequest) =>
    !keys || mvcc.everyLeasedKey(id, (key) => mvcc.auth.mayRead(user, key, NO_KEY)),
  own_user: (_mvcc, user, { name }: AuthUserGetRequest) => name === user,
  own_role: ({ auth }, user, { role }: AuthRoleGetRequest) => auth.hasRole(user, role),
};

/** Why the caller may not; null: it may. `caller` null: it did not say who it is. */
export function authorize(
  mvcc: Mvcc,
  permission: MethodPermission,
  request: object,
  caller: Caller | null,
): AuthReason | null {
  const { auth } = mvcc;
  // A watch is judged by what it watches, a lock by its parts.
  if (!auth.enabled || permission === 'none' || permission === 'watch') return null;
  const reason = auth.refuseCaller(caller);
  if (reason !== null) return reason;
  // The cast is sound: nobody is refused above where authentication is enabled.
  const { user } = caller as Caller;
  const rule: Rule | undefined = RULES[permission];
  const permitted = rule !== undefined && (auth.isRoot(user) || rule(mvcc, user, request as never));
  return permitted ? null : 'permission-denied';
}

function mayRange({ auth }: Mvcc, user: string, { key, rangeEnd }: RangeRequest | Compare): boolean {
  return auth.mayRead(user, key, rangeEnd);
}

/** A key on a lease ends with it: who may not write the others on it may not add to them. */
function mayPut(mvcc: Mvcc, user: string, { key, prevKv, lease }: PutRequest): boolean {
  const { auth } = mvcc;
  if (!auth.mayWrite(user, key, NO_KEY)) return false;
  if (prevKv && !auth.mayRead(user, key, NO_KEY)) return false;
  return lease === 0n || mayWriteLeased(mvcc, user, lease);
}

function mayDelete({ auth }: Mvcc, user: string, { key, rangeEnd, prevKv }: DeleteRangeRequest): boolean {
  return auth.mayWrite(user, key, rangeEnd) && (!prevKv || auth.mayRead(user, key, rangeEnd));
}

/** Both branches, however deep: which one runs would tell what is in keys that the caller may not read. */
function mayTxn(mvcc: Mvcc, user: string, { compare, success, failure }: TxnRequest): boolean {
  const mayOp = (op: RequestOp): boolean => {
    if (op.requestRange !== undefined) return mayRange(mvcc, user, op.requestRange);
    if (op.requestPut !== undefined) return mayPut(mvcc, user, op.requestPut);
    if (op.requestDeleteRange !== undefined) return mayDelete(mvcc, user, op.requestDeleteRange);
    return op.requestTxn !== undefined && mayTxn(mvcc, user, op.requestTxn);
  };
  return compare.every((one) => mayRange(mvcc, user, one)) && success.every(mayOp) && failure.every(mayOp);
}

function mayWriteLeased(mvcc: Mvcc, user: string, lease: bigint): boolean {
  return mvcc.everyLeasedKey(lease, (key) => mvcc.auth.mayWrite(user, key, NO_KEY));
}
