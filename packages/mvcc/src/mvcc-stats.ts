/** How large the state is, and what it is busy with: for flush policies, quotas and metrics. */
import type { Compaction } from './compaction.js';
import type { KvState } from './kv-state.js';
import type { WatchHub } from './watch-hub.js';

export interface MvccStats {
  /** Keys that exist now. */
  readonly keys: number;
  /** Stored versions and tombstones, older ones included. */
  readonly records: number;
  /** Bytes of all records, flushed or not, before the store's own compression and overhead. */
  readonly bytes: number;
  /** Bytes of the records that only memory has. What the host's flush policy looks at. */
  readonly unflushedBytes: number;
  readonly unflushedRecords: number;
  readonly pendingDeletes: number;
  /** Compaction is scrubbing, or waits for a flush or for a range cursor. */
  readonly compacting: boolean;
  readonly leases: number;
  readonly watches: number;
  /** Watches that read history. */
  readonly watchesBehind: number;
  /** Watches whose receiver did not take a batch. */
  readonly watchesBlocked: number;
}

export function statsOf(state: KvState, hub: WatchHub, compaction: Compaction): MvccStats {
  return {
    keys: state.index.live,
    records: state.records,
    bytes: state.bytes,
    unflushedBytes: state.log.bytes,
    unflushedRecords: state.log.records,
    pendingDeletes: compaction.pendingDeletes,
    compacting: compaction.pending,
    leases: state.leases.size,
    watches: hub.size,
    watchesBehind: hub.behind.size,
    watchesBlocked: hub.blockedSize,
  };
}
