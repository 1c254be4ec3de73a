/**
 * A leader's own entries enter its log, within the limit of what may wait to be applied.
 */
import { type Entry, payloadSize } from './entry.js';
import { MessageType } from './message.js';
import type { Raft } from './raft.js';

/** Appends a leader's own entries. False above the uncommitted limit. */
export function appendOwn(raft: Raft, entries: readonly Entry[]): boolean {
  const bytes = payloadSize(entries);
  const { uncommittedBytes } = raft;
  // An empty entry is always taken: a leader's first, or one that leaves a joint configuration.
  if (uncommittedBytes > 0 && bytes > 0 && uncommittedBytes + bytes > raft.options.maxUncommittedBytes) return false;
  raft.uncommittedBytes += bytes;
  raft.log.append(entries);
  // The leader acknowledges to itself once the entries are durable here, as any follower does.
  const ack = raft.message(MessageType.AppResp, raft.id);
  ack.index = raft.log.lastIndex();
  raft.sendAfterAppend(ack);
  return true;
}

/** The host has applied entries of so many payload bytes. */
export function releaseUncommitted(raft: Raft, bytes: number): void {
  raft.uncommittedBytes = Math.max(0, raft.uncommittedBytes - bytes);
}
