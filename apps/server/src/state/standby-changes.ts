/**
 * What a committed configuration change means for the register of standbys, and which activation it refuses. Looks at
 * nothing but the change and the tables, so that every member decides alike.
 */
import { type ConfChange, ConfChangeType } from '@understudy/raft-core';
import { decodeConfChangeContext } from './conf-change-context.js';
import type { MemberTable } from './member-table.js';
import type { StandbyTable } from './standby-table.js';

/** The reason to refuse; null to go ahead. */
export function refuseActivation(change: ConfChange, standbys: StandbyTable): string | null {
  const { activation } = decodeConfChangeContext(change.context);
  return activation === undefined ? null : standbys.refuseActivation(activation.registration, activation.token);
}

/** `members` is the table before the change. */
export function noteStandbyChanges(change: ConfChange, members: MemberTable, standbys: StandbyTable): void {
  const { members: records, withdrawn = false } = decodeConfChangeContext(change.context);
  standbys.becameMembers(records.filter(({ id }) => members.get(id) === undefined));
  for (const { type, nodeId } of change.changes) {
    const member = members.get(nodeId);
    if (member === undefined) continue;
    if (type === ConfChangeType.RemoveNode) standbys.memberRemoved(member, withdrawn);
    else if (type === ConfChangeType.AddNode) standbys.memberPromoted(member);
  }
}
