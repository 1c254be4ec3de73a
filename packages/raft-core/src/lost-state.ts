/**
 * A member whose log, term and vote are whole, but whose state is gone, with entries that could rebuild it compacted. It
 * follows, acknowledges and votes as ever; it applies nothing, and asks the leader for a snapshot until it has one. It
 * does not campaign: it does not know the configuration.
 */
import { restoreConfState } from './membership.js';
import { Message, MessageType } from './message.js';
import { type Progress, ProgressState } from './progress.js';
import type { Raft } from './raft.js';
import { fail } from './raft-error.js';
import { sendSnapshot } from './replication.js';
import type { SnapshotMeta } from './snapshot.js';

export function tickLostState(raft: Raft): void {
  if (!raft.log.stateLost || raft.lead === 0 || raft.electionElapsed % raft.options.heartbeatTicks !== 0) return;
  const request = new Message(MessageType.SnapshotRequest, raft.lead, raft.id, 0);
  request.index = raft.log.firstIndex() - 1;
  raft.send(request);
}

/** Leader only. Appends go on meanwhile: the member's log needs no snapshot. */
export function handleSnapshotRequest(raft: Raft, progress: Progress, message: Message): void {
  if (progress.state === ProgressState.Snapshot) return;
  const snapshot = raft.log.snapshot(progress.id);
  if (snapshot === 'unavailable' || snapshot.index < message.index) return;
  sendSnapshot(raft, progress, snapshot);
}

/** The host has put a snapshot into place whose entry this log holds: what follows it is applied from the log. */
export function restoreState(raft: Raft, { confState, index, term }: SnapshotMeta): void {
  const { log } = raft;
  if (!log.stateLost || !log.matches(index, term)) {
    fail(`state at ${index} of term ${term} is put under a log of [${log.firstIndex()}, ${log.lastIndex()}]`);
  }
  log.commitTo(index);
  log.appliedTo(Math.max(index, log.applied), 0);
  log.stateLost = false;
  restoreConfState(raft, confState);
}
