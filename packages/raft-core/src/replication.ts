/**
 * What a leader sends: appends, snapshots, heartbeats. Dissertation, section 3.5; sections 5.3 and 10.2 for snapshots
 * and pipelining. Nothing is sent to a member whose flow is paused.
 */
import { entriesSize, payloadSize } from './entry.js';
import { NO_ENTRIES, MessageType } from './message.js';
import { NO_LIMIT } from './options.js';
import { type Progress, ProgressState } from './progress.js';
import type { Raft } from './raft.js';
import { UNKNOWN_TERM } from './raft-log.js';
import type { Snapshot } from './snapshot.js';

/** Sends an append, also an empty one, to everybody whose flow is not paused. */
export function broadcastAppend(raft: Raft): void {
  const { members } = raft.tracker;
  for (let i = 0; i < members.length; i++) {
    const progress = members[i] as Progress;
    if (progress.id !== raft.id) maybeSendAppend(raft, progress, true);
  }
}

/** True where something was sent. */
export function maybeSendAppend(raft: Raft, progress: Progress, sendIfEmpty: boolean): boolean {
  if (progress.paused() || progress.awaitingEntries) return false;
  const prevIndex = progress.next - 1;
  const prevTerm = raft.log.term(prevIndex);
  if (prevTerm === UNKNOWN_TERM) return maybeSendSnapshot(raft, progress);
  let entries = NO_ENTRIES;
  const catchesUp = progress.isLearner && progress.next <= raft.log.committed;
  const allowed = catchesUp ? progress.catchUpBytes : NO_LIMIT;
  // With a full window only empty appends go out: were all in the window lost, one of them would show it.
  if (allowed > 0 && (progress.state !== ProgressState.Replicate || !progress.inflights.full())) {
    const maxBytes = Math.min(raft.options.maxAppendBytes, allowed);
    const read = raft.log.slice(progress.next, raft.log.lastIndex() + 1, maxBytes);
    if (read === 'pending') {
      progress.awaitingEntries = true;
      return false;
    }
    if (typeof read === 'string') return sendIfEmpty && maybeSendSnapshot(raft, progress);
    entries = read;
  }
  if (entries.length === 0 && !sendIfEmpty) return false;
  const message = raft.message(MessageType.App, progress.id);
  message.index = prevIndex;
  message.logTerm = prevTerm;
  message.entries = entries;
  message.commit = raft.log.committed;
  message.session = progress.session;
  raft.send(message);
  if (allowed !== NO_LIMIT) progress.sentCatchUp(entriesSize(entries));
  progress.sentAppend(entries.length, payloadSize(entries), raft.log.committed);
  return true;
}

/** One heartbeat for everybody, carrying the newest read round that waits to be confirmed. */
export function broadcastHeartbeat(raft: Raft): void {
  const round = raft.reads.newestWaiting();
  for (const progress of raft.tracker.members) {
    if (progress.id === raft.id) continue;
    // Never beyond what the member is known to have: it may have less of the log, and other entries there.
    const commit = Math.min(progress.match, raft.log.committed);
    const message = raft.message(MessageType.Heartbeat, progress.id);
    message.commit = commit;
    message.context = round;
    message.session = progress.session;
    raft.send(message);
    progress.sentHeartbeat(commit);
  }
}

/** Moves the commit index. Only an entry of the leader's own term commits by counting. Section 3.6.2. */
export function maybeCommit(raft: Raft): boolean {
  const { log } = raft;
  const index = raft.tracker.committed();
  if (index <= log.committed || !log.matches(index, raft.term)) return false;
  log.commitTo(index);
  return true;
}

/** The host has brought entries into memory: whoever waited for them is sent to. */
export function resumeAppends(raft: Raft): void {
  for (const progress of raft.tracker.members) {
    if (!progress.awaitingEntries) continue;
    progress.awaitingEntries = false;
    fillWindow(raft, progress);
  }
}

/** As many appends as the window holds, none of them empty. */
export function fillWindow(raft: Raft, progress: Progress): void {
  while (maybeSendAppend(raft, progress, false));
}

function maybeSendSnapshot(raft: Raft, progress: Progress): boolean {
  // Whoever does not answer is not sent megabytes.
  if (!progress.recentActive) return false;
  const snapshot = raft.log.snapshot(progress.id);
  if (snapshot === 'unavailable') return false;
  progress.becomeSnapshot(snapshot.index);
  sendSnapshot(raft, progress, snapshot);
  return true;
}

export function sendSnapshot(raft: Raft, progress: Progress, snapshot: Snapshot): void {
  const message = raft.message(MessageType.Snap, progress.id);
  message.snapshot = snapshot;
  message.session = progress.session;
  raft.send(message);
}
