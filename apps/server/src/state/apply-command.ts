/**
 * What each kind of command does to the state: to keys, leases and users, or to the tables. It looks at nothing but the
 * state and the entry, so that every member decides alike.
 */
import type { AuthReason, LongChange, Mvcc } from '@understudy/mvcc';
import {
  AlarmRequest,
  CompactionRequest,
  type DeleteRangeRequest,
  type PutRequest,
  type TxnRequest,
} from '@understudy/protocol';
import type { Command } from '@understudy/raft-node';
import { applyClient, changeAlarms, type ClientResult, isClientKind, refuseByAlarm, revoke } from './apply-client.js';
import type { ApplyCounts } from './apply-counts.js';
import { applyLadder, applyPublication, applyRegister, type PublishOutcome, type Tables } from './apply-own.js';
import { decodeCallerCommand } from './caller-command.js';
import { CommandKind, commandKind, commandRequest, decodeExpiry, UnknownCommandError } from './command.js';
import type { LadderOutcome } from './ladder-table.js';
import type { StandbyOutcome } from './standby-table.js';
import { decodeTokenGrant, type TokenGrant } from './token-grant.js';

/** What the proposer decoded already. */
export type LocalRequest = PutRequest | DeleteRangeRequest | TxnRequest;

export interface StaleExpiry {
  readonly ok: false;
  readonly reason: 'stale-term';
}

const STALE_EXPIRY: StaleExpiry = { ok: false, reason: 'stale-term' };

/** What became of a token: the index of its entry, for members that have not applied it yet. */
export type GrantOutcome =
  | { readonly ok: true; readonly index: number }
  | { readonly ok: false; readonly reason: AuthReason };

export type ApplyResult = ClientResult | PublishOutcome | LadderOutcome | StandbyOutcome | StaleExpiry | GrantOutcome;

/** What a command is applied to. */
export interface Applied extends Tables {
  readonly mvcc: Mvcc;
}

export interface ApplyListener {
  /** The table may have changed. */
  changed(table: keyof Tables): void;
  /** A user has proven who it is. */
  granted(token: TokenGrant): void;
}

/** In steps where it concerns very many keys. */
export function applyCommand(
  command: Command<LocalRequest>,
  state: Applied,
  counts: ApplyCounts,
  listener: ApplyListener,
): ApplyResult | LongChange<ApplyResult> {
  const { data, local } = command;
  const { mvcc } = state;
  const kind = commandKind(data);
  const bytes = commandRequest(data);
  if (isClientKind(kind)) return applyClient(mvcc, counts, { kind, bytes, local, caller: null });
  switch (kind) {
    case CommandKind.AsCaller: {
      const { kind: inner, caller, request } = decodeCallerCommand(bytes);
      if (!isClientKind(inner)) throw new UnknownCommandError(`a caller proposed a command of kind ${inner}`);
      return applyClient(mvcc, counts, { kind: inner, bytes: request, local, caller });
    }
    case CommandKind.GrantToken:
      return grantToken(decodeTokenGrant(bytes), command.index, mvcc, listener);
    case CommandKind.RaiseAlarm:
      return changeAlarms(mvcc, AlarmRequest.decode(bytes));
    case CommandKind.CompactByPolicy:
      return refuseByAlarm(mvcc, false) ?? mvcc.compact(CompactionRequest.decode(bytes).revision);
    case CommandKind.ExpireLease: {
      const { lease, term } = decodeExpiry(bytes);
      // A leader that has lost its place must not end a lease that its successor has extended.
      if (term !== command.term) return STALE_EXPIRY;
      return refuseByAlarm(mvcc, false) ?? expire(mvcc, counts, lease);
    }
    case CommandKind.PublishMember: {
      const outcome = applyPublication(bytes, state);
      if (outcome.ok) listener.changed('members');
      return outcome;
    }
    case CommandKind.SetPolicy:
    case CommandKind.SetDrain:
    case CommandKind.SetSilences: {
      const outcome = applyLadder(kind, bytes, command.term, state);
      listener.changed('ladder');
      return outcome;
    }
    case CommandKind.RegisterStandbys:
    case CommandKind.ForgetStandbys:
    case CommandKind.ReserveStandby:
    case CommandKind.ReleaseStandby: {
      const outcome = applyRegister(kind, bytes, state);
      listener.changed('standbys');
      return outcome;
    }
  }
}

function expire(mvcc: Mvcc, counts: ApplyCounts, lease: bigint): ApplyResult | LongChange<ApplyResult> {
  const before = counts.leasesRevoked;
  const begun = revoke(mvcc, counts, lease);
  counts.leasesExpired += counts.leasesRevoked - before;
  return begun;
}

/** Void where the password may be another one since it was looked at. */
function grantToken(grant: TokenGrant, index: number, { auth }: Mvcc, listener: ApplyListener): GrantOutcome {
  if (!auth.enabled) return { ok: false, reason: 'auth-not-enabled' };
  if (!auth.stillProven(grant.user, grant.revision)) return { ok: false, reason: 'auth-old-revision' };
  listener.granted(grant);
  return { ok: true, index };
}
