/**
 * Raft messages as bytes. A message is its type, a set of flags that tells which fields are not zero, and those fields;
 * entries follow with their data copied once. `to` is never sent: the stream knows it. `from` is sent only where it is
 * not the sender: proposals and read requests that a member passes on for another.
 */
import {
  type ConfState,
  type Entry,
  EntryType,
  Message,
  MessageType,
  NO_ENTRIES,
  type Snapshot,
} from '@understudy/raft-core';
import { type ByteReader, type ByteWriter, MAX_VARINT_BYTES } from './bytes.js';

const HAS_FROM = 1;
const HAS_TERM = 1 << 1;
const HAS_LOG_TERM = 1 << 2;
const HAS_INDEX = 1 << 3;
const HAS_COMMIT = 1 << 4;
const HAS_ENTRIES = 1 << 5;
const HAS_SESSION = 1 << 6;
const HAS_CONTEXT = 1 << 7;
const IS_REJECT = 1 << 8;
const HAS_REJECT_HINT = 1 << 9;
const HAS_SNAPSHOT = 1 << 10;
const HAS_RECOVERY = 1 << 11;
const ALL_FLAGS = (1 << 12) - 1;

/** An entry's first byte: its type, and whether its term is that of the entry before. */
const SAME_TERM = 0x80;

/** What may come from another member; the rest is between the core and its host. */
const FROM_PEERS: ReadonlySet<number> = new Set([
  MessageType.Prop,
  MessageType.App,
  MessageType.AppResp,
  MessageType.Vote,
  MessageType.VoteResp,
  MessageType.Snap,
  MessageType.Heartbeat,
  MessageType.HeartbeatResp,
  MessageType.TransferLeader,
  MessageType.TimeoutNow,
  MessageType.ReadIndex,
  MessageType.ReadIndexResp,
  MessageType.PreVote,
  MessageType.PreVoteResp,
  MessageType.Recovering,
  MessageType.SnapshotRequest,
]);

/** Without a term: they make nobody step down. */
const TERMLESS: ReadonlySet<number> = new Set([
  MessageType.Prop,
  MessageType.ReadIndex,
  MessageType.TransferLeader,
  MessageType.Recovering,
  MessageType.SnapshotRequest,
]);

/**
 * Passed on for others, so that `from` need not be the sender. TransferLeader names the member to hand over to; a Snap may
 * be sent by another member in the leader's name.
 */
function mayCarryFrom(type: number): boolean {
  return (
    type === MessageType.Prop ||
    type === MessageType.ReadIndex ||
    type === MessageType.TransferLeader ||
    type === MessageType.Snap
  );
}

/** Upper bound of what `writeMessage` takes. */
export function messageBound(message: Message): number {
  const { entries, snapshot } = message;
  let bound = 3 + 10 * MAX_VARINT_BYTES;
  if (entries.length > 0) {
    bound += 2 * MAX_VARINT_BYTES;
    for (let i = 0; i < entries.length; i++) bound += 1 + 2 * MAX_VARINT_BYTES + (entries[i] as Entry).data.length;
  }
  if (snapshot !== null) {
    const { voters, votersOutgoing, learners, learnersNext } = snapshot.confState;
    const members = voters.length + votersOutgoing.length + learners.length + learnersNext.length;
    bound += 1 + (7 + members) * MAX_VARINT_BYTES + snapshot.data.length;
  }
  return bound;
}

export function writeMessage(writer: ByteWriter, message: Message, sender: number): void {
  const { from, term, logTerm, index, commit, entries, session, context, recovery, rejectHint, snapshot } = message;
  const flags =
    (from !== sender && from !== 0 ? HAS_FROM : 0) |
    (term !== 0 ? HAS_TERM : 0) |
    (logTerm !== 0 ? HAS_LOG_TERM : 0) |
    (index !== 0 ? HAS_INDEX : 0) |
    (commit !== 0 ? HAS_COMMIT : 0) |
    (entries.length !== 0 ? HAS_ENTRIES : 0) |
    (session !== 0 ? HAS_SESSION : 0) |
    (context !== 0 ? HAS_CONTEXT : 0) |
    (message.reject ? IS_REJECT : 0) |
    (rejectHint !== 0 ? HAS_REJECT_HINT : 0) |
    (snapshot !== null ? HAS_SNAPSHOT : 0) |
    (recovery !== 0 ? HAS_RECOVERY : 0);
  writer.u8(message.type);
  writer.varint(flags);
  if (flags & HAS_FROM) writer.varint(from);
  if (flags & HAS_TERM) writer.varint(term);
  if (flags & HAS_LOG_TERM) writer.varint(logTerm);
  if (flags & HAS_INDEX) writer.varint(index);
  if (flags & HAS_COMMIT) writer.varint(commit);
  if (flags & HAS_SESSION) writer.varint(session);
  if (flags & HAS_CONTEXT) writer.varint(context);
  if (flags & HAS_REJECT_HINT) writer.varint(rejectHint);
  if (flags & HAS_RECOVERY) writer.varint(recovery);
  if (flags & HAS_ENTRIES) writeEntries(writer, entries);
  if (snapshot !== null) writeSnapshot(writer, snapshot);
}

export function readMessage(reader: ByteReader, sender: number, self: number): Message {
  const type = reader.u8();
  if (!FROM_PEERS.has(type)) reader.fail(`has a message of type ${type}, which no peer sends`);
  const flags = reader.varint();
  if (flags > ALL_FLAGS) reader.fail(`has message flags ${flags}, which are not known`);
  const message = new Message(type as MessageType, self, sender);
  if (flags & HAS_FROM) {
    message.from = reader.varint();
    if (!mayCarryFrom(type) || message.from === 0) reader.fail(`speaks for member ${message.from} in type ${type}`);
  }
  if (flags & HAS_TERM) message.term = reader.varint();
  if (flags & HAS_LOG_TERM) message.logTerm = reader.varint();
  if (flags & HAS_INDEX) message.index = reader.varint();
  if (flags & HAS_COMMIT) message.commit = reader.varint();
  if (flags & HAS_SESSION) message.session = reader.varint();
  if (flags & HAS_CONTEXT) message.context = reader.varint();
  if (flags & IS_REJECT) message.reject = true;
  if (flags & HAS_REJECT_HINT) message.rejectHint = reader.varint();
  if (flags & HAS_RECOVERY) message.recovery = reader.varint();
  if (flags & HAS_ENTRIES) message.entries = readEntries(reader, message);
  if (flags & HAS_SNAPSHOT) message.snapshot = readSnapshot(reader);
  checkShape(reader, message);
  return message;
}

/** What the core takes for granted of each type, so that a peer's nonsense stops here. */
function checkShape(reader: ByteReader, message: Message): void {
  const { type } = message;
  const local = TERMLESS.has(type);
  if (!local && type !== MessageType.ReadIndexResp && message.term === 0) reader.fail(`has no term in type ${type}`);
  if (local && message.term !== 0) reader.fail(`has term ${message.term} in type ${type}`);
  if (message.entries.length > 0 && type !== MessageType.App && type !== MessageType.Prop) {
    reader.fail(`has entries in type ${type}`);
  }
  if (type === MessageType.Prop && message.entries.length === 0) reader.fail('has a proposal without entries');
  if ((message.snapshot !== null) !== (type === MessageType.Snap)) reader.fail(`misplaces a snapshot in type ${type}`);
}

// Entries of an append follow `index` without a gap; those of a proposal have neither index nor term yet.
function writeEntries(writer: ByteWriter, entries: readonly Entry[]): void {
  const first = entries[0] as Entry;
  writer.varint(entries.length);
  writer.varint(first.index);
  let term = -1;
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i] as Entry;
    if (entry.term === term) {
      writer.u8(entry.type | SAME_TERM);
    } else {
      term = entry.term;
      writer.u8(entry.type);
      writer.varint(term);
    }
    writer.varint(entry.data.length);
    writer.bytes(entry.data);
  }
}

function readEntries(reader: ByteReader, message: Message): Entry[] {
  const count = reader.count(2);
  const first = reader.varint();
  const append = message.type === MessageType.App;
  if (first !== (append ? message.index + 1 : 0)) reader.fail(`has entries from ${first} after ${message.index}`);
  if (!Number.isSafeInteger(first + count)) reader.fail('has an index beyond 2^53');
  const entries: Entry[] = [];
  let term = -1;
  for (let i = 0; i < count; i++) {
    const head = reader.u8();
    const type = head & ~SAME_TERM;
    if (type > EntryType.ConfChangeV2) reader.fail(`has an entry of type ${type}`);
    if (head & SAME_TERM) {
      if (term < 0) reader.fail('has no term in its first entry');
    } else {
      const next = reader.varint();
      if (next < term || (next === 0) === append || next > message.term) reader.fail(`has an entry of term ${next}`);
      term = next;
    }
    const data = reader.view(reader.varint());
    entries.push({ term, index: append ? first + i : 0, type: type as EntryType, data });
  }
  return count === 0 ? (NO_ENTRIES as Entry[]) : entries;
}

function writeSnapshot(writer: ByteWriter, snapshot: Snapshot): void {
  const { confState } = snapshot;
  writer.varint(snapshot.index);
  writer.varint(snapshot.term);
  writer.u8(confState.autoLeave ? 1 : 0);
  writeIds(writer, confState.voters);
  writeIds(writer, confState.votersOutgoing);
  writeIds(writer, confState.learners);
  writeIds(writer, confState.learnersNext);
  writer.varint(snapshot.data.length);
  writer.bytes(snapshot.data);
}

function readSnapshot(reader: ByteReader): Snapshot {
  const index = reader.varint();
  const term = reader.varint();
  if (index === 0 || term === 0) reader.fail(`has a snapshot at index ${index}, term ${term}`);
  const autoLeave = reader.u8() !== 0;
  const confState: ConfState = {
    voters: readIds(reader),
    votersOutgoing: readIds(reader),
    learners: readIds(reader),
    learnersNext: readIds(reader),
    autoLeave,
  };
  if (confState.voters.length === 0) reader.fail('has a snapshot without voters');
  return { index, term, confState, data: reader.view(reader.varint()) };
}

function writeIds(writer: ByteWriter, ids: readonly number[]): void {
  writer.varint(ids.length);
  for (let i = 0; i < ids.length; i++) writer.varint(ids[i] as number);
}

// Ascending, so that a configuration has one encoding.
function readIds(reader: ByteReader): number[] {
  const count = reader.count(1);
  const ids: number[] = [];
  let last = 0;
  for (let i = 0; i < count; i++) {
    const id = reader.varint();
    if (id <= last) reader.fail(`has member ${id} after ${last}`);
    last = id;
    ids.push(id);
  }
  return ids;
}
