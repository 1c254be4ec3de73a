// What each method does to the store, which decides whether a failed call may be repeated.
import {
  AlarmAction,
  type AlarmRequest,
  AuthService,
  ClusterService,
  ElectionService,
  KVService,
  LadderService,
  LeaseService,
  MaintenanceService,
  type MethodDescriptor,
  type TxnRequest,
} from '@understudy/protocol';
import type { CallKind } from './retry-policy.js';

const KINDS: ReadonlyMap<string, CallKind> = new Map<string, CallKind>([
  [KVService.methods.range.path, 'read'],
  [LeaseService.methods.leaseTimeToLive.path, 'read'],
  [LeaseService.methods.leaseLeases.path, 'read'],
  [LeaseService.methods.leaseKeepAlive.path, 'idempotent'],
  [ClusterService.methods.memberList.path, 'read'],
  [MaintenanceService.methods.status.path, 'read'],
  [MaintenanceService.methods.hash.path, 'read'],
  [MaintenanceService.methods.hashKV.path, 'read'],
  [MaintenanceService.methods.defragment.path, 'idempotent'],
  [AuthService.methods.authStatus.path, 'read'],
  [AuthService.methods.authenticate.path, 'read'],
  [AuthService.methods.userGet.path, 'read'],
  [AuthService.methods.userList.path, 'read'],
  [AuthService.methods.roleGet.path, 'read'],
  [AuthService.methods.roleList.path, 'read'],
  [ElectionService.methods.leader.path, 'read'],
  [LadderService.methods.clusterStatus.path, 'read'],
  [LadderService.methods.plan.path, 'read'],
  [LadderService.methods.policyGet.path, 'read'],
  [LadderService.methods.standbyList.path, 'read'],
  [LadderService.methods.drain.path, 'idempotent'],
  [LadderService.methods.pause.path, 'idempotent'],
  [LadderService.methods.resume.path, 'idempotent'],
]);

/** Everything that is not known to be harmless is a write. */
export function callKind(method: MethodDescriptor, request: object): CallKind {
  if (method.path === KVService.methods.txn.path) return isReadOnly(request as TxnRequest) ? 'read' : 'write';
  if (method.path === MaintenanceService.methods.alarm.path) {
    return (request as AlarmRequest).action === AlarmAction.GET ? 'read' : 'write';
  }
  return KINDS.get(method.path) ?? 'write';
}

function isReadOnly(txn: TxnRequest): boolean {
  for (const list of [txn.success, txn.failure]) {
    for (const op of list) {
      if (op.requestPut !== undefined || op.requestDeleteRange !== undefined) return false;
      if (op.requestTxn !== undefined && !isReadOnly(op.requestTxn)) return false;
    }
  }
  return true;
}
