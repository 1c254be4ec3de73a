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
