/** How this runtime sets up the core: every safety option is on, and storage is asynchronous (design, section 4). */
import type { RaftOptions } from '@understudy/raft-core';
import { type ResolvedOptions, toTicks } from './options.js';
import type { StartState } from './start-state.js';

export function coreOptions(options: ResolvedOptions, start: StartState): RaftOptions {
  return {
    id: options.id,
    electionTicks: toTicks(options, options.electionTimeoutMs),
    heartbeatTicks: 1,
    applied: start.applied.index,
    recovering: start.recovering,
    stateLost: start.stateLost,
    maxAppendBytes: options.maxAppendBytes,
    maxCommittedBytesPerReady: options.applyTurnBytes,
    maxUncommittedBytes: options.maxUncommittedBytes,
    maxInflightMessages: options.maxInflightMessages,
    maxInflightBytes: options.maxInflightBytes,
    // `LearnerFeed` allows what the budget has.
    firstCatchUpBytes: 0,
    maxPendingReads: options.maxPendingReads,
    checkQuorum: true,
    preVote: true,
    stepDownOnRemoval: true,
    asyncStorageWrites: true,
    requireOwnTermCommit: true,
    replicationSessions: true,
    crashFailover: options.crashFailover,
    stalledLeaderHandover: options.stalledLeaderHandover,
  };
}
