/**
 * One entry of the replicated log, and its size.
 * Raft dissertation, section 3.5. Entries are immutable once made: the same object is shared by the unstable tail,
 * the messages that carry it and the host's log.
 */

export const EntryType = {
  /** A command for the state machine; empty data is a leader's first entry of its term, or a refused config change. */
  Normal: 0,
  /** A single-member change in the old format. */
  ConfChange: 1,
  /** A change of several members, entering (or, with empty data, leaving) a joint configuration. */
  ConfChangeV2: 2,
} as const;
export type EntryType = (typeof EntryType)[keyof typeof EntryType];

export interface Entry {
  readonly term: number;
  readonly index: number;
  readonly type: EntryType;
  readonly data: Uint8Array;
}

/**
 * The size that every byte limit of the log counts: that of the entry as a protobuf message of its type, term, index
 * and data.
 */
export function entrySize(entry: Entry): number {
  const bytes = entry.data.length;
  const data = bytes === 0 ? 0 : 1 + varintSize(bytes) + bytes;
  return 2 + 1 + varintSize(entry.term) + 1 + varintSize(entry.index) + data;
}

export function entriesSize(entries: readonly Entry[]): number {
  let size = 0;
  for (let i = 0; i < entries.length; i++) size += entrySize(entries[i] as Entry);
  return size;
}

/** Bytes of data alone: what flow control and the uncommitted limit count. */
export function payloadSize(entries: readonly Entry[]): number {
  let size = 0;
  for (let i = 0; i < entries.length; i++) size += (entries[i] as Entry).data.length;
  return size;
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 128; rest /= 128) size++;
  return size;
}
