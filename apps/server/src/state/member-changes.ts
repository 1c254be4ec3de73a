/**
 * How a committed configuration change moves the table of members, and which changes are refused at apply because the
 * table has moved since they were proposed. Looks at nothing but the change and the table, so that every member
 * decides alike.
 */
import { type ConfChange, ConfChangeType } from '@understudy/raft-core';
import { decodeConfChangeContext } from './conf-change-context.js';
import type { LadderTable } from './ladder-table.js';
import type { MemberRecord } from './member-record.js';
import type { MemberTable } from './member-table.js';

/** The reason to refuse; null to go ahead. */
export function refuseConfChange(change: ConfChange, table: MemberTable): string | null {
  const { members: records } = decodeConfChangeContext(change.context);
  for (const { type, nodeId } of change.changes) {
    const known = table.get(nodeId);
    const record = records.find((candidate) => candidate.id === nodeId);
    if (type === ConfChangeType.AddNode || type === ConfChangeType.AddLearnerNode) {
      if (table.wasRemoved(nodeId)) return `member ${nodeId} was removed, and ids never come back`;
      if (known !== undefined) continue;
      if (record === undefined) return `member ${nodeId} is added without a record`;
      const problem = refuseNewcomer(record, table);
      if (problem !== null) return problem;
    } else if (known === undefined) {
      return `member ${nodeId} does not exist`;
    } else if (type === ConfChangeType.UpdateNode) {
      if (record === undefined) return `member ${nodeId} is updated without a record`;
      const taken = urlOwner(record, table);
      if (taken !== null) return `peer URL ${taken} belongs to another member`;
    }
  }
  return null;
}

function refuseNewcomer(record: MemberRecord, table: MemberTable): string | null {
  const taken = urlOwner(record, table);
  if (taken !== null) return `peer URL ${taken} belongs to another member`;
  const { registration } = record;
  if (registration === '') return null;
  const twin = table.list().find((member) => member.registration === registration);
  return twin === undefined ? null : `standby ${registration} is member ${twin.id} already`;
}

export function applyMemberChanges(change: ConfChange, table: MemberTable): void {
  const { members: records } = decodeConfChangeContext(change.context);
  for (const { type, nodeId } of change.changes) {
    const known = table.get(nodeId);
    const record = records.find((candidate) => candidate.id === nodeId);
    if (type === ConfChangeType.RemoveNode) {
      if (known !== undefined) table.remove(nodeId);
    } else if (record !== undefined && known === undefined) {
      if (type !== ConfChangeType.UpdateNode) table.put(record);
    } else if (record !== undefined && known !== undefined) {
      table.put(
        type === ConfChangeType.UpdateNode ? { ...known, peerUrls: record.peerUrls } : changedRole(known, record),
      );
    }
  }
}

export function noteAutomaticRemoval(change: ConfChange, ladder: LadderTable): void {
  const { automaticAtMs } = decodeConfChangeContext(change.context);
  const removed = change.changes.filter(({ type }) => type === ConfChangeType.RemoveNode).map(({ nodeId }) => nodeId);
  if (automaticAtMs !== undefined && removed.length > 0) {
    ladder.noteRemoval({ atMs: automaticAtMs, memberIds: removed });
  }
}

/** A promotion or demotion brings what is to become of the member; what it has told of itself since stays. */
function changedRole(known: MemberRecord, told: MemberRecord): MemberRecord {
  const { promotion, triggers, reader, replaces, pinnedAtVersion } = told;
  return { ...known, promotion, triggers, reader, replaces, pinnedAtVersion };
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
