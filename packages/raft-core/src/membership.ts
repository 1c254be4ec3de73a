/**
 * The configuration in force: the switch when the host applies a change, and the automatic end of a joint one.
 * Dissertation, sections 4.1 to 4.3.
 */
import { nextConfState, memberIds } from './changer.js';
import type { ConfChange } from './conf-change.js';
import type { ConfState } from './conf-state.js';
import { proposeLeaveJoint } from './proposal.js';
import type { Raft } from './raft.js';
import { fail } from './raft-error.js';
import { releaseReads } from './read-index.js';
import { StateType } from './ready.js';
import { broadcastAppend, maybeCommit, maybeSendAppend } from './replication.js';
import { becomeFollower } from './role.js';

/** Puts an applied change in force. */
export function applyConfChange(raft: Raft, change: ConfChange): ConfState {
  const { confState } = raft.tracker;
  const outcome = nextConfState(confState, change);
  if (!outcome.ok)
    fail(`change of ${change.changes.length} of ${memberIds(confState).length} members: ${outcome.reason}`);
  raft.tracker.adopt(outcome.confState, outcome.fresh, raft.log.lastIndex());
  afterSwitch(raft);
  return outcome.confState;
}

/** Puts the configuration of a snapshot in force: nothing is known of any member. */
export function restoreConfState(raft: Raft, confState: ConfState): void {
  raft.tracker.adopt(confState, memberIds(confState), raft.log.lastIndex());
  afterSwitch(raft);
}

/** The leader leaves a joint configuration that is to be left by itself, once it is applied. */
export function maybeAutoLeave(raft: Raft): void {
  if (!raft.tracker.confState.autoLeave || raft.state !== StateType.Leader) return;
  if (raft.log.applied < raft.pendingConfIndex) return;
  // Tried again with every applied entry, of which there will be one of this term.
  if (raft.options.requireOwnTermCommit && !raft.committedInTerm()) return;
  proposeLeaveJoint(raft);
}

function afterSwitch(raft: Raft): void {
  const self = raft.tracker.get(raft.id);
  if (raft.state !== StateType.Leader) return;
  if (self === undefined || self.isLearner) {
    if (raft.options.stepDownOnRemoval) becomeFollower(raft, raft.term, 0);
    return;
  }
  if (raft.tracker.confState.voters.length === 0) return;
  if (maybeCommit(raft)) {
    broadcastAppend(raft);
  } else {
    // New members need not wait for the next heartbeat.
    for (const progress of raft.tracker.members) {
      if (progress.id !== raft.id) maybeSendAppend(raft, progress, false);
    }
  }
  // Fewer voters may be enough for what is waiting.
  releaseReads(raft);
  if (raft.leadTransferee !== 0 && !raft.tracker.isVoter(raft.leadTransferee)) raft.leadTransferee = 0;
}
