/**
 * Storage work as messages: what is to be written and applied, and the answers once that is done. In asynchronous mode
 * they travel through the host's threads; in synchronous mode `advance()` delivers the same answers. Dissertation,
 * section 10.2.1: a leader writes and sends in parallel, and counts itself only when its own write is done.
 */
import { type Entry, entriesSize, payloadSize } from './entry.js';
import type { HardState } from './hard-state.js';
import { maybeAutoLeave } from './membership.js';
import { LOCAL_APPEND_THREAD, LOCAL_APPLY_THREAD, Message, MessageType } from './message.js';
import { releaseUncommitted } from './own-append.js';
import type { Raft } from './raft.js';
import type { Snapshot } from './snapshot.js';

export function appendWork(
  raft: Raft,
  hardState: HardState | null,
  entries: readonly Entry[],
  snapshot: Snapshot | null,
): Message {
  const work = new Message(MessageType.StorageAppend, LOCAL_APPEND_THREAD, raft.id, 0);
  work.entries = entries;
  work.snapshot = snapshot;
  if (hardState !== null) {
    work.term = hardState.term;
    work.vote = hardState.vote;
    work.commit = hardState.commit;
  }
  const responses = raft.messagesAfterAppend;
  // The acknowledgement comes last: a leader's own answer still finds the terms of its entries in the tail.
  if (needsAppendDone(raft, snapshot)) responses.push(appendDone(raft, snapshot));
  // The array is given away, unless it stays empty: then later answers will gather in it.
  if (responses.length > 0) work.responses = responses;
  return work;
}

export function applyWork(raft: Raft, entries: readonly Entry[]): Message {
  const work = new Message(MessageType.StorageApply, LOCAL_APPLY_THREAD, raft.id, 0);
  work.entries = entries;
  work.responses = [applyDone(raft, entries)];
  return work;
}

/** Asked of every Ready while entries are unstable, also one without any: see `appendDone`. */
export function needsAppendDone(raft: Raft, snapshot: Snapshot | null): boolean {
  return raft.log.hasUnstable() || snapshot !== null;
}

/**
 * Says that everything up to the last entry of now is durable, in this term: an answer that a change of term overtakes
 * is dropped, since the entries may have been replaced by others and those by the first ones again (the same index and
 * term, and not durable). That is why a later Ready without entries repeats it in its own term.
 */
export function appendDone(raft: Raft, snapshot: Snapshot | null): Message {
  const done = new Message(MessageType.StorageAppendResp, raft.id, LOCAL_APPEND_THREAD, raft.term);
  if (raft.log.hasUnstable()) {
    done.index = raft.log.lastIndex();
    done.logTerm = raft.log.lastTerm();
  }
  done.snapshot = snapshot;
  return done;
}

export function applyDone(raft: Raft, entries: readonly Entry[]): Message {
  const done = new Message(MessageType.StorageApplyResp, raft.id, LOCAL_APPLY_THREAD, 0);
  done.entries = entries;
  return done;
}

export function handleAppendDone(raft: Raft, message: Message): void {
  if (message.index !== 0) raft.log.unstable.stableTo(message.index, message.logTerm);
  handleSnapshotDone(raft, message);
}

export function handleSnapshotDone(raft: Raft, message: Message): void {
  if (message.snapshot === null) return;
  raft.log.unstable.stableSnapshotTo(message.snapshot.index);
  appliedTo(raft, message.snapshot.index, 0);
}

export function handleApplyDone(raft: Raft, message: Message): void {
  const { entries } = message;
  if (entries.length === 0) return;
  appliedTo(raft, (entries[entries.length - 1] as Entry).index, entriesSize(entries));
  releaseUncommitted(raft, payloadSize(entries));
}

function appliedTo(raft: Raft, index: number, bytes: number): void {
  raft.log.appliedTo(Math.max(index, raft.log.applied), bytes);
  maybeAutoLeave(raft);
}
