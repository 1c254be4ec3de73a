/** Raft's clock, and what is kept of the log and of the history of keys. */
import type { FlagGroup } from './flag.js';

export const STORAGE_FLAGS: FlagGroup = {
  heading: 'Log and state',
  flags: [
    {
      name: 'heartbeat-interval',
      kind: 'milliseconds',
      value: 'ms',
      fallback: '100',
      help: 'time between heartbeats of a leader',
    },
    {
      name: 'election-timeout',
      kind: 'milliseconds',
      value: 'ms',
      fallback: '1000',
      help: 'silence of the leader after which a member stands for election; at least 5 heartbeats',
    },
    {
      name: 'snapshot-count',
      kind: 'count',
      value: 'entries',
      fallback: '10000',
      help: 'entries applied between two flushes of the state that let the log be compacted',
    },
    {
      name: 'snapshot-catchup-entries',
      kind: 'count',
      value: 'entries',
      fallback: '5000',
      help: 'entries kept in the log for slow members when it is compacted',
    },
    {
      name: 'quota-backend-bytes',
      kind: 'count',
      value: 'bytes',
      fallback: '2147483648',
      help: 'size of the state at which writes are refused; 0 for the default',
    },
    {
      name: 'auto-compaction-mode',
      kind: 'text',
      value: 'mode',
      fallback: 'periodic',
      help: '"periodic" or "revision": what --auto-compaction-retention counts',
    },
    {
      name: 'auto-compaction-retention',
      kind: 'text',
      value: 'length',
      fallback: '0',
      help: 'history kept by automatic compaction: hours or a duration, or revisions; 0 turns it off',
    },
    {
      name: 'ballast-bytes',
      kind: 'count',
      value: 'bytes',
      fallback: '16777216',
      help: 'room kept for the day when the disk is full, so that the member can start again; 0 for none',
    },
    {
      name: 'wal-paranoid',
      kind: 'boolean',
      value: 'bool',
      fallback: 'false',
      help: 'sync the high-water record at every write, not every 100 ms',
    },
    {
      name: 'experimental-initial-corrupt-check',
      kind: 'boolean',
      value: 'bool',
      fallback: 'false',
      help: 'before serving, compare the hash of its keys with those of its peers, and refuse to start where they differ',
    },
    {
      name: 'experimental-corrupt-check-time',
      kind: 'text',
      value: 'duration',
      fallback: '0',
      help: 'how often the leader compares the hashes of all members; a difference raises the alarm CORRUPT; 0 for never',
    },
  ],
};
