/**
 * The checks of a config change before it enters a leader's log. Dissertation, section 4.1: one at a time; and after a
 * change of leader, only behind an entry of the new term (the correction of 2015), which is an option here.
 */
import { nextConfState, isJoint } from './changer.js';
import type { ConfChange } from './conf-change.js';
import type { Raft } from './raft.js';
import type { ConfChangeRefusal } from './results.js';

/** Why a leader must not append this change now; null where it may. `change` is null where it cannot be read. */
export function refuseConfChange(raft: Raft, change: ConfChange | null): ConfChangeRefusal | null {
  if (raft.options.disableConfChangeValidation) return null;
  if (raft.pendingConfIndex > raft.log.applied) return 'conf-change-pending';
  if (change === null) return 'invalid-conf-change';
  const { confState } = raft.tracker;
  if (isJoint(confState) && change.changes.length > 0) return 'joint';
  if (!isJoint(confState) && change.changes.length === 0) return 'not-joint';
  if (raft.options.requireOwnTermCommit && !raft.committedInTerm()) return 'no-own-term-commit';
  return nextConfState(confState, change).ok ? null : 'invalid-conf-change';
}
