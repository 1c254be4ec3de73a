/**
 * How a committed configuration change moves the table of members, and which changes are refused at apply because the
 * table has moved since they were proposed. Looks at nothing but the change and the table, so that every member
 * decides alike.
 */
import { type ConfChange, ConfChangeType } from '@understudy/raft-core';
import { decodeConfChangeContext } from './conf-change-context.js';
import type { MemberRecord } from './member-record.js';
import type { MemberTable } from './member-table.js';

/** The reason to refuse; null to go ahead. */
export function refuseConfChange(change: ConfChange, table: MemberTable): string | null {
  const records = decodeConfChangeContext(change.context);
  for (const { type, nodeId } of change.changes) {
    const known = table.get(nodeId);
    if (type === ConfChangeType.AddNode || type === ConfChangeType.AddLearnerNode) {
      if (table.wasRemoved(nodeId)) return `member ${nodeId} was removed, and ids never come back`;
      if (known === undefined) {
        const record = records.find((candidate) => candidate.id === nodeId);
        if (record === undefined) return `member ${nodeId} is added without a record`;
        const taken = urlOwner(record, table);
        if (taken !== null) return `peer URL ${taken} belongs to another member`;
      }
    } else if (known === undefined) {
      return `member ${nodeId} does not exist`;
    } else if (type === ConfChangeType.UpdateNode) {
      const record = records.find((candidate) => candidate.id === nodeId);
      if (record === undefined) return `member ${nodeId} is updated without a record`;
      const taken = urlOwner(record, table);
      if (taken !== null) return `peer URL ${taken} belongs to another member`;
    }
  }
  return null;
}

export function applyMemberChanges(change: ConfChange, table: MemberTable): void {
  const records = decodeConfChangeContext(change.context);
  for (const { type, nodeId } of change.changes) {
    const known = table.get(nodeId);
    const record = records.find((candidate) => candidate.id === nodeId);
    if (type === ConfChangeType.RemoveNode) {
      if (known !== undefined) table.remove(nodeId);
    } else if (type === ConfChangeType.UpdateNode) {
      if (known !== undefined && record !== undefined) table.put({ ...known, peerUrls: record.peerUrls });
    } else if (known === undefined && record !== undefined) {
      // A promotion or demotion finds the member there already: its role is the configuration's.
      table.put(record);
    }
  }
}

/** A peer URL of `record` that another member has; null when there is none. */
function urlOwner(record: MemberRecord, table: MemberTable): string | null {
  for (const member of table.list()) {
    if (member.id === record.id) continue;
    const url = member.peerUrls.find((candidate) => record.peerUrls.includes(candidate));
    if (url !== undefined) return url;
  }
  return null;
}
