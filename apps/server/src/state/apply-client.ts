/**
 * Commands that clients propose, applied to the key-value state: judged once more, by the users, roles and alarms of
 * this moment, then carried out. The same commands in the same order give the same outcomes on every member.
 */
import { AlarmType, type AuthReason, type Caller, LongChange, type Mvcc, type Outcome } from '@understudy/mvcc';
import {
  AlarmAction,
  AlarmRequest,
  CompactionRequest,
  DeleteRangeRequest,
  KVService,
  LeaseGrantRequest,
  LeaseRevokeRequest,
  LeaseService,
  MaintenanceService,
  PutRequest,
  TxnRequest,
} from '@understudy/protocol';
import type { ApplyCounts } from './apply-counts.js';
import { decodeAuthCommand } from './auth-command.js';
import { authorize } from './authorize.js';
import { CommandKind } from './command.js';
import { bytesOfTxn } from './request-effect.js';

/** Alarms that refuse what needs space, or any change at all. */
export interface AlarmRefusal {
  readonly ok: false;
  readonly reason: 'no-space' | 'corrupt';
}

const NO_SPACE: AlarmRefusal = { ok: false, reason: 'no-space' };
const CORRUPT: AlarmRefusal = { ok: false, reason: 'corrupt' };

export type ClientResult = Outcome<object> | AlarmRefusal;

/** What changed the alarms. */
export interface AlarmsChanged {
  readonly ok: true;
  readonly alarms: readonly { readonly memberId: number; readonly type: number }[];
}

/** The kinds of commands that clients propose; all others are the members' own. */
export type ClientKind =
  | typeof CommandKind.Put
  | typeof CommandKind.DeleteRange
  | typeof CommandKind.Txn
  | typeof CommandKind.Compact
  | typeof CommandKind.LeaseGrant
  | typeof CommandKind.LeaseRevoke
  | typeof CommandKind.ChangeAuth
  | typeof CommandKind.ChangeAlarms;

const CLIENT_KINDS: ReadonlySet<CommandKind> = new Set<ClientKind>([
  CommandKind.Put,
  CommandKind.DeleteRange,
  CommandKind.Txn,
  CommandKind.Compact,
  CommandKind.LeaseGrant,
  CommandKind.LeaseRevoke,
  CommandKind.ChangeAuth,
  CommandKind.ChangeAlarms,
]);

export function isClientKind(kind: CommandKind): kind is ClientKind {
  return CLIENT_KINDS.has(kind);
}

export interface ClientCommand {
  readonly kind: ClientKind;
  readonly bytes: Uint8Array;
  /** The request, where this member has it decoded. */
  readonly local: object | undefined;
  /** Null: it did not say who it is, or nobody asks. */
  readonly caller: Caller | null;
}

const { put, deleteRange, txn, compact } = KVService.methods;
const { leaseGrant, leaseRevoke } = LeaseService.methods;
const { alarm } = MaintenanceService.methods;

/** In steps where it concerns very many keys. */
export function applyClient(
  mvcc: Mvcc,
  counts: ApplyCounts,
  command: ClientCommand,
): ClientResult | LongChange<ClientResult> {
  const { kind, bytes, local, caller } = command;
  switch (kind) {
    case CommandKind.Put: {
      const request = (local as PutRequest | undefined) ?? PutRequest.decode(bytes);
      const refused = refuse(authorize(mvcc, put.permission, request, caller)) ?? refuseByAlarm(mvcc, true);
      counts.puts += 1;
      return refused ?? mvcc.put(request);
    }
    case CommandKind.DeleteRange: {
      const request = (local as DeleteRangeRequest | undefined) ?? DeleteRangeRequest.decode(bytes);
      const refused = refuse(authorize(mvcc, deleteRange.permission, request, caller)) ?? refuseByAlarm(mvcc, false);
      counts.deletes += 1;
      return refused ?? mvcc.startDeleteRange(request);
    }
    case CommandKind.Txn:
      return applyTxn(mvcc, counts, (local as TxnRequest | undefined) ?? TxnRequest.decode(bytes), caller);
    case CommandKind.Compact: {
      const request = CompactionRequest.decode(bytes);
      const refused = refuse(authorize(mvcc, compact.permission, request, caller)) ?? refuseByAlarm(mvcc, false);
      return refused ?? mvcc.compact(request.revision);
    }
    case CommandKind.LeaseGrant: {
      const request = LeaseGrantRequest.decode(bytes);
      const refused = refuse(authorize(mvcc, leaseGrant.permission, request, caller)) ?? refuseByAlarm(mvcc, true);
      if (refused !== null) return refused;
      const granted = mvcc.leaseGrant(request.id, request.ttl);
      if (granted.ok) {
        counts.leasesGranted += 1;
        counts.onGranted(granted.ttl);
      }
      return granted;
    }
    case CommandKind.LeaseRevoke: {
      const request = LeaseRevokeRequest.decode(bytes);
      const refused = refuse(authorize(mvcc, leaseRevoke.permission, request, caller)) ?? refuseByAlarm(mvcc, false);
      return refused ?? revoke(mvcc, counts, request.id);
    }
    case CommandKind.ChangeAuth: {
      const change = decodeAuthCommand(bytes);
      return refuse(authorize(mvcc, change.method.permission, change.request, caller)) ?? change.apply(mvcc.auth);
    }
    case CommandKind.ChangeAlarms: {
      const request = AlarmRequest.decode(bytes);
      return refuse(authorize(mvcc, alarm.permission, request, caller)) ?? changeAlarms(mvcc, request);
    }
  }
}

/** Ends a lease, by request or because its time is over. */
export function revoke(mvcc: Mvcc, counts: ApplyCounts, id: bigint): ClientResult | LongChange<ClientResult> {
  const begun = mvcc.startLeaseRevoke(id);
  if (begun instanceof LongChange || begun.ok) counts.leasesRevoked += 1;
  return begun;
}

/** Raises or disarms. The answer has the alarm, where there was one to raise or to disarm. */
export function changeAlarms(mvcc: Mvcc, { action, memberId, alarm: type }: AlarmRequest): AlarmsChanged {
  const { alarms } = mvcc;
  if (action === AlarmAction.GET) return { ok: true, alarms: alarms.list(type) };
  const changed = action === AlarmAction.ACTIVATE ? alarms.raise(memberId, type) : alarms.disarm(memberId, type);
  return { ok: true, alarms: changed === null ? [] : [changed] };
}

function applyTxn(
  mvcc: Mvcc,
  counts: ApplyCounts,
  request: TxnRequest,
  caller: Caller | null,
): ClientResult | LongChange<ClientResult> {
  const denied = refuse(authorize(mvcc, txn.permission, request, caller));
  if (denied !== null) return denied;
  const refused = refuseByAlarm(mvcc, bytesOfTxn(request) > 0);
  if (refused !== null) return refused;
  const count = (result: ReturnType<Mvcc['txn']>): void => {
    if (result.ok) counts.addTxn(result);
  };
  const begun = mvcc.startTxn(request);
  if (begun instanceof LongChange) return begun.whenDone(count);
  count(begun);
  return begun;
}

function refuse(reason: AuthReason | null): ClientResult | null {
  return reason === null ? null : { ok: false, reason };
}

/** Null where no alarm speaks against a change. */
export function refuseByAlarm({ alarms }: Mvcc, needsSpace: boolean): AlarmRefusal | null {
  if (alarms.active(AlarmType.corrupt)) return CORRUPT;
  return needsSpace && alarms.active(AlarmType.noSpace) ? NO_SPACE : null;
}
