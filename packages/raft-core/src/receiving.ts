/**
 * What a follower does with the leader's appends, heartbeats and snapshots. Dissertation, sections 3.5, 5.3. Answers
 * echo the replication session, and appends and snapshots are answered once they are durable.
 */
import { isMember } from './changer.js';
import { restoreConfState } from './membership.js';
import { type Message, MessageType } from './message.js';
import type { Raft } from './raft.js';
import { UNKNOWN_TERM } from './raft-log.js';
import { StateType } from './ready.js';
import { becomeFollower } from './role.js';
import type { Snapshot } from './snapshot.js';

export function handleAppend(raft: Raft, message: Message): void {
  const { log } = raft;
  const answer = raft.answer(MessageType.AppResp, message);
  if (message.index < log.committed) {
    answer.index = log.committed;
  } else if (log.appendBehind(message.index, message.logTerm, message.entries, message.commit)) {
    answer.index = message.index + message.entries.length;
  } else {
    // Skip what cannot agree: the entries here whose term is above that of the leader's entry.
    const hint = log.findConflict(Math.min(message.index, log.lastIndex()), message.logTerm);
    const hintTerm = log.term(hint);
    answer.index = message.index;
    answer.reject = true;
    answer.rejectHint = hint;
    answer.logTerm = hintTerm === UNKNOWN_TERM ? 0 : hintTerm;
  }
  raft.sendAfterAppend(answer);
}

export function handleHeartbeat(raft: Raft, message: Message): void {
  // A member that recovers may have less than the leader believes, until its new session begins.
  const known = raft.options.replicationSessions ? Math.min(message.commit, raft.log.lastIndex()) : message.commit;
  raft.log.commitTo(known);
  const answer = raft.answer(MessageType.HeartbeatResp, message);
  answer.context = message.context;
  raft.send(answer);
}

export function handleSnapshot(raft: Raft, message: Message): void {
  const { log } = raft;
  const { snapshot } = message;
  if (snapshot !== null && snapshot.index > log.committed && log.applying > log.applied) {
    // The host is applying entries of before. A config change among them must not meet the snapshot's configuration.
    raft.deferredSnapshot = message;
    log.holdApplying = true;
    return;
  }
  const answer = raft.answer(MessageType.AppResp, message);
  answer.index = snapshot !== null && restore(raft, snapshot) ? log.lastIndex() : log.committed;
  raft.sendAfterAppend(answer);
}

/** The snapshot that waited until everything handed out was applied; null where none did, or must wait still. */
export function takeDeferredSnapshot(raft: Raft): Message | null {
  const { deferredSnapshot, log } = raft;
  if (deferredSnapshot === null || log.applying > log.applied) return null;
  raft.deferredSnapshot = null;
  log.holdApplying = false;
  return deferredSnapshot;
}

/** False where the log stays: the snapshot is old, is not for this member, or says nothing that is not here. */
function restore(raft: Raft, snapshot: Snapshot): boolean {
  const { log } = raft;
  if (snapshot.index <= log.committed) return false;
  if (raft.state !== StateType.Follower) {
    becomeFollower(raft, raft.term + 1, 0);
    return false;
  }
  if (!isMember(snapshot.confState, raft.id)) return false;
  if (log.matches(snapshot.index, snapshot.term)) {
    log.commitTo(snapshot.index);
    return false;
  }
  log.restore(snapshot);
  restoreConfState(raft, snapshot.confState);
  return true;
}
