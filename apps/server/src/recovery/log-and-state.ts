/**
 * Whether a log and a state belong together, before anything runs on them. Each may be whole by itself and yet older
 * than the other: restored from a copy, or lost where no check of its own could see it. Pure.
 */
import type { SnapshotMeta } from '@understudy/raft-core';
import type { RaftLog } from '@understudy/raft-node';

export type Agreement =
  | { readonly kind: 'agree' }
  /** The log has lost entries that the state holds. */
  | { readonly kind: 'log-behind'; readonly damage: string }
  /** The state ends before the log begins; index 0 where there is none. */
  | { readonly kind: 'state-behind'; readonly damage: string };

type Ends = Pick<RaftLog, 'pendingInstall' | 'recovering' | 'firstIndex' | 'lastIndex'>;

export function judgeLogAndState(log: Ends, { index }: SnapshotMeta): Agreement {
  // An install that a crash cut short is finished or undone first.
  if (log.pendingInstall !== null) return { kind: 'agree' };
  if (index < log.firstIndex() - 1) {
    return { kind: 'state-behind', damage: `the state is at ${index}; the log begins at ${log.firstIndex()}` };
  }
  // The log of a recovering member goes on behind its state.
  if (index <= log.lastIndex() || log.recovering !== null) return { kind: 'agree' };
  return { kind: 'log-behind', damage: `the state is at ${index}; the log ends at ${log.lastIndex()}` };
}
