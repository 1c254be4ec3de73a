/**
 * What members propose of their own, and what changes of the configuration mean beyond Raft: the table of members, the
 * memory of the ladder, the register of standbys. It looks at nothing but the tables and the entry, so that every member
 * decides alike.
 */
import type { ConfChange } from '@understudy/raft-core';
import { CommandKind } from './command.js';
import { decodeLadderCommand, type SetDrain, type SetPolicy, type SetSilences } from './ladder-command.js';
import type { LadderOutcome, LadderTable } from './ladder-table.js';
import { applyMemberChanges, noteAutomaticRemoval, refuseConfChange } from './member-changes.js';
import { decodeMemberRecord, laterLife, type MemberRecord } from './member-record.js';
import type { MemberTable } from './member-table.js';
import { noteStandbyChanges, refuseActivation } from './standby-changes.js';
import {
  decodeStandbyCommand,
  type ForgetStandbys,
  type RegisterStandbys,
  type ReleaseStandby,
  type ReserveStandby,
} from './standby-record.js';
import type { StandbyOutcome, StandbyTable } from './standby-table.js';

export interface Tables {
  readonly members: MemberTable;
  readonly ladder: LadderTable;
  readonly standbys: StandbyTable;
}

/** Why a member's publication was refused at apply. */
export type PublishOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: 'unknown-member' | 'other-directory' };

export type LadderKind = typeof CommandKind.SetPolicy | typeof CommandKind.SetDrain | typeof CommandKind.SetSilences;
export type RegisterKind =
  | typeof CommandKind.RegisterStandbys
  | typeof CommandKind.ForgetStandbys
  | typeof CommandKind.ReserveStandby
  | typeof CommandKind.ReleaseStandby;

export function applyPublication(bytes: Uint8Array, { members }: Tables): PublishOutcome {
  const record: MemberRecord = decodeMemberRecord(bytes);
  const known = members.get(record.id);
  if (known === undefined) return { ok: false, reason: 'unknown-member' };
  if (known.directoryId !== '' && known.directoryId !== record.directoryId) {
    return { ok: false, reason: 'other-directory' };
  }
  const { name, clientUrls, directoryId, zone, protocol } = record;
  members.put({ ...known, name, clientUrls, directoryId, life: laterLife(known.life, record.life), zone, protocol });
  return { ok: true };
}

/** `term` is that of the entry. */
export function applyLadder(
  kind: LadderKind,
  bytes: Uint8Array,
  term: number,
  { ladder, members }: Tables,
): LadderOutcome {
  if (kind === CommandKind.SetPolicy) return ladder.setPolicy(decodeLadderCommand<SetPolicy>(bytes));
  if (kind === CommandKind.SetDrain) return ladder.setDrain(decodeLadderCommand<SetDrain>(bytes), members);
  return ladder.setSilences(decodeLadderCommand<SetSilences>(bytes), term, members);
}

export function applyRegister(kind: RegisterKind, bytes: Uint8Array, { standbys, members }: Tables): StandbyOutcome {
  if (kind === CommandKind.RegisterStandbys) {
    return standbys.register(decodeStandbyCommand<RegisterStandbys>(bytes), members);
  }
  if (kind === CommandKind.ForgetStandbys) return standbys.forget(decodeStandbyCommand<ForgetStandbys>(bytes));
  if (kind === CommandKind.ReserveStandby) return standbys.reserve(decodeStandbyCommand<ReserveStandby>(bytes));
  return standbys.release(decodeStandbyCommand<ReleaseStandby>(bytes));
}

/** The reason to refuse a change of the configuration; null to go ahead. */
export function refuseChange(change: ConfChange, { members, standbys }: Tables): string | null {
  return refuseConfChange(change, members) ?? refuseActivation(change, standbys);
}

export function applyChange(change: ConfChange, { members, ladder, standbys }: Tables): void {
  noteStandbyChanges(change, members, standbys);
  applyMemberChanges(change, members);
  noteAutomaticRemoval(change, ladder);
  ladder.membersChanged(members);
}
