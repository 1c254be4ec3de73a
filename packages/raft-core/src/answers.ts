/**
 * What a leader learns from its members' answers and from the host's reports about them. An answer of another
 * replication session is of the member's former life and is dropped before it gets here.
 */
import { type Message, MessageType } from './message.js';
import { type Progress, ProgressState } from './progress.js';
import type { Raft } from './raft.js';
import { releaseReads } from './read-index.js';
import { broadcastAppend, fillWindow, maybeCommit, maybeSendAppend } from './replication.js';
import { sendTimeoutNow } from './transfer.js';

/** Also a leader's own answer, once its entries are durable. */
export function handleAppendResponse(raft: Raft, progress: Progress, message: Message): void {
  progress.recentActive = true;
  if (message.reject) {
    handleRejection(raft, progress, message);
    return;
  }
  // Nobody can have what is not in this log.
  if (message.index > raft.log.lastIndex()) return;
  const moved = progress.maybeUpdate(message.index);
  if (!moved && !(progress.match === message.index && progress.state === ProgressState.Probe)) return;
  advanceState(raft, progress, message.index);
  if (maybeCommit(raft)) {
    broadcastAppend(raft);
  } else if (progress.id !== raft.id && progress.canBumpCommit(raft.log.committed)) {
    maybeSendAppend(raft, progress, true);
  }
  if (progress.id === raft.id) return;
  // The answer made room: with small appends, for several.
  fillWindow(raft, progress);
  if (progress.id === raft.leadTransferee && progress.match === raft.log.lastIndex()) sendTimeoutNow(raft, progress.id);
}

export function handleHeartbeatResponse(raft: Raft, progress: Progress, message: Message): void {
  progress.recentActive = true;
  progress.flowPaused = false;
  // Even to a member whose window is full: an empty append finds out whether what is in it was lost. And to one that
  // is probed, although it has everything: its answer lets it replicate again.
  if (progress.match < raft.log.lastIndex() || progress.state === ProgressState.Probe) {
    maybeSendAppend(raft, progress, true);
  }
  if (message.context > progress.readAck) {
    progress.readAck = message.context;
    releaseReads(raft);
  }
}

/** The host could not reach the member: what was sent ahead is probably lost. */
export function handleUnreachable(progress: Progress): void {
  if (progress.state === ProgressState.Replicate) progress.becomeProbe();
}

/** The host knows how the sending of a snapshot ended. */
export function handleSnapshotStatus(progress: Progress, failed: boolean): void {
  if (progress.state !== ProgressState.Snapshot) return;
  if (failed) progress.pendingSnapshot = 0;
  progress.becomeProbe();
  // After a success the member itself answers; after a failure, try again a heartbeat later.
  progress.flowPaused = true;
}

/** The member lost a part of its log: whatever it acknowledged counts no more. */
export function beginSession(raft: Raft, progress: Progress): void {
  progress.restart(raft.log.lastIndex() + 1, 0, raft.tracker.newSession());
  progress.recentActive = true;
  maybeSendAppend(raft, progress, true);
}

/** A member says that it recovers, or, by an answer of the session that this began, that it does no more. */
export function noteRecovery(raft: Raft, progress: Progress, message: Message): void {
  const life = message.recovery;
  if (life === 0) {
    if (message.session === progress.session) progress.recovering = false;
  } else if (life !== progress.recoveryLife) {
    beginSession(raft, progress);
    progress.recoveryLife = life;
    progress.recovering = true;
  }
}

export function isAnswer(message: Message): boolean {
  return message.type === MessageType.AppResp || message.type === MessageType.HeartbeatResp;
}

/**
 * The member refused what followed `message.index`, and says how far its log can agree. This log's terms say better:
 * no entry above the hint whose term is higher here than there can match, so whole terms are skipped.
 */
function handleRejection(raft: Raft, progress: Progress, message: Message): void {
  const { index, logTerm, rejectHint } = message;
  const next = logTerm > 0 ? raft.log.findConflict(rejectHint, logTerm) : rejectHint;
  if (!progress.maybeDecrement(index, next)) return;
  if (progress.state === ProgressState.Replicate) progress.becomeProbe();
  maybeSendAppend(raft, progress, true);
}

function advanceState(raft: Raft, progress: Progress, index: number): void {
  if (progress.state === ProgressState.Probe) {
    progress.becomeReplicate();
  } else if (progress.state === ProgressState.Replicate) {
    progress.inflights.freeTo(index);
  } else if (progress.match + 1 >= raft.log.firstIndex()) {
    // Whichever snapshot it has installed: the log can take over from here.
    progress.becomeProbe();
    progress.becomeReplicate();
  }
}
