/** What this member has done since it started, for metrics: plain numbers, read when somebody asks. */

/** A read index that takes longer is slow, as in etcd. */
export const SLOW_READ_INDEX_MS = 500;

export class MemberCounts {
  /** Answered outside transactions. */
  ranges = 0;
  slowReadIndexes = 0;
  failedReadIndexes = 0;
  /** Heartbeats that this member, as the leader, sent late: its event loop was held up for more than an interval. */
  lateHeartbeats = 0;
  leasesRenewed = 0;
  watchStreams = 0;
  /** Told to watches. */
  watchEvents = 0;
  /** Taken out of the state, and not taken by the client's connection yet. */
  pendingEvents = 0;
  healthSuccesses = 0;
  healthFailures = 0;
  defragmenting = 0;
}
