/**
 * The options of a Raft member, their defaults, and the checks between them. Every later reader of an option may rely on
 * what is checked here.
 */
import { RaftError } from './raft-error.js';

/** Stands for "no limit" in every option that counts bytes or messages. */
export const NO_LIMIT = Number.MAX_SAFE_INTEGER;

/** Entries that this member may have acknowledged are lost. */
export interface MemberRecovery {
  /** The highest index that it may have acknowledged. */
  readonly highWaterIndex: number;
  /** Its term when it was damaged: no acknowledgement is of a later one. */
  readonly highWaterTerm: number;
  /** The hard state holds the highest term that it ever answered in, and its vote there. */
  readonly voteProven: boolean;
}

export interface RaftOptions {
  /** This member's id: an integer, 1 to 2^53 - 3. Never reused by another member. */
  readonly id: number;
  /**
   * Ticks without a word from the leader after which a follower campaigns; the real wait is drawn from
   * [electionTicks, 2 * electionTicks). Default 10. Greater than `heartbeatTicks`; ten times it is a good choice.
   */
  readonly electionTicks?: number;
  /** Ticks between two heartbeats of the leader. Default 1. */
  readonly heartbeatTicks?: number;
  /** Index of the last entry that the host has applied, at start; entries up to here are not given again. Default 0. */
  readonly applied?: number;
  /** Bytes (`entrySize`) of entries in one append message, which always carries at least one. Default 1 MiB. */
  readonly maxAppendBytes?: number;
  /**
   * Bytes of committed entries that are handed out and not yet applied. Default `maxAppendBytes`. A Ready holds at
   * least one entry where one is due.
   */
  readonly maxCommittedBytesPerReady?: number;
  /**
   * Bytes of payload that a leader accepts ahead of what is applied; above it proposals answer `uncommitted-limit`. It
   * bounds the in-memory tail of the log too. One proposal is always accepted when nothing is waiting. Default no limit.
   */
  readonly maxUncommittedBytes?: number;
  /** Append messages on their way to one peer. Default 256. Bounds a follower's unwritten tail. */
  readonly maxInflightMessages?: number;
  /** Bytes of payload on their way to one peer. Default no limit. At least `maxAppendBytes`. */
  readonly maxInflightBytes?: number;
  /** What goes to a learner that catches up before `allowCatchUp` says more, bytes. Default no limit. */
  readonly firstCatchUpBytes?: number;
  /** Read requests that a leader holds until they are confirmed; above it requests are dropped. Default 65536. */
  readonly maxPendingReads?: number;
  /**
   * A leader that has not heard from a quorum for an election timeout steps down, and a member that hears from a leader
   * ignores candidates. Dissertation, section 6.2. Default false.
   */
  readonly checkQuorum?: boolean;
  /** Ask whether an election could be won before starting one. Dissertation, section 9.6. Default false. */
  readonly preVote?: boolean;
  /**
   * `safe` confirms leadership by a round of heartbeats for each batch of reads. `lease-based` trusts the clocks and
   * needs `checkQuorum`; refused with `crashFailover`, which ends a lease early. Default `safe`.
   */
  readonly readOnly?: 'safe' | 'lease-based';
  /** A follower refuses proposals instead of sending them to the leader. Default false. */
  readonly disableProposalForwarding?: boolean;
  /** Let config changes enter the log unchecked; for hosts that check them at apply. Default false. */
  readonly disableConfChangeValidation?: boolean;
  /** A leader that is removed or demoted becomes a follower when it applies the change. Default false. */
  readonly stepDownOnRemoval?: boolean;
  /** Storage work travels as messages to the host's own threads; there is no `advance()`. Default false. */
  readonly asyncStorageWrites?: boolean;
  /** Refuse config changes until the leader has committed an entry of its own term. Default false. */
  readonly requireOwnTermCommit?: boolean;
  /** Stamp what a leader sends with a replication session, and drop answers of another one. Default false. */
  readonly replicationSessions?: boolean;
  /**
   * What was lost of this member's log: it counts in no quorum until it has that again and `endRecovery` is called. Needs
   * `replicationSessions`, on every member. Default null: nothing.
   */
  readonly recovering?: MemberRecovery | null;
  /**
   * The host has no state for a log that does not go back to index 1: nothing is applied until a snapshot is put into
   * place, see `restoreState`. Then `applied` is 0. Default false.
   */
  readonly stateLost?: boolean;
  /** Pre-vote at once when the leader is reported dead. Needs `preVote` and `checkQuorum`. Default false. */
  readonly crashFailover?: boolean;
  /** A leader whose own disk stalls for an election timeout hands over to a voter whose disk does not. Default false. */
  readonly stalledLeaderHandover?: boolean;
}

export type ResolvedRaftOptions = Required<RaftOptions>;

/** Fills defaults and checks ranges and relations. Throws `RaftError` (`invalid-option`) that names the field. */
export function resolveOptions(options: RaftOptions): ResolvedRaftOptions {
  const maxAppendBytes = options.maxAppendBytes ?? 1_048_576;
  const resolved: ResolvedRaftOptions = {
    id: options.id,
    electionTicks: options.electionTicks ?? 10,
    heartbeatTicks: options.heartbeatTicks ?? 1,
    applied: options.applied ?? 0,
    maxAppendBytes,
    maxCommittedBytesPerReady: options.maxCommittedBytesPerReady ?? Math.max(1, maxAppendBytes),
    maxUncommittedBytes: options.maxUncommittedBytes ?? NO_LIMIT,
    maxInflightMessages: options.maxInflightMessages ?? 256,
    maxInflightBytes: options.maxInflightBytes ?? NO_LIMIT,
    firstCatchUpBytes: options.firstCatchUpBytes ?? NO_LIMIT,
    maxPendingReads: options.maxPendingReads ?? 65_536,
    checkQuorum: options.checkQuorum ?? false,
    preVote: options.preVote ?? false,
    readOnly: options.readOnly ?? 'safe',
    disableProposalForwarding: options.disableProposalForwarding ?? false,
    disableConfChangeValidation: options.disableConfChangeValidation ?? false,
    stepDownOnRemoval: options.stepDownOnRemoval ?? false,
    asyncStorageWrites: options.asyncStorageWrites ?? false,
    requireOwnTermCommit: options.requireOwnTermCommit ?? false,
    replicationSessions: options.replicationSessions ?? false,
    recovering: options.recovering ?? null,
    stateLost: options.stateLost ?? false,
    crashFailover: options.crashFailover ?? false,
    stalledLeaderHandover: options.stalledLeaderHandover ?? false,
  };
  checkRanges(resolved);
  checkRelations(resolved);
  return resolved;
}

function checkRanges(options: ResolvedRaftOptions): void {
  // The two largest safe integers are the addresses of the local storage threads.
  integer(options, 'id', 1, Number.MAX_SAFE_INTEGER - 2);
  integer(options, 'heartbeatTicks', 1, 1_000_000);
  integer(options, 'electionTicks', 2, 1_000_000);
  integer(options, 'applied', 0, NO_LIMIT);
  integer(options, 'maxAppendBytes', 0, NO_LIMIT);
  integer(options, 'maxCommittedBytesPerReady', 1, NO_LIMIT);
  integer(options, 'maxUncommittedBytes', 1, NO_LIMIT);
  integer(options, 'maxInflightMessages', 1, NO_LIMIT);
  integer(options, 'maxInflightBytes', 1, NO_LIMIT);
  integer(options, 'firstCatchUpBytes', 0, NO_LIMIT);
  integer(options, 'maxPendingReads', 1, NO_LIMIT);
  if (options.readOnly !== 'safe' && options.readOnly !== 'lease-based') {
    refuse(`readOnly is ${String(options.readOnly)}; it must be safe or lease-based`);
  }
}

function checkRelations(options: ResolvedRaftOptions): void {
  if (options.electionTicks <= options.heartbeatTicks) {
    refuse(
      `electionTicks is ${options.electionTicks}; it must be greater than heartbeatTicks, ${options.heartbeatTicks}`,
    );
  }
  if (options.maxInflightBytes < options.maxAppendBytes) {
    refuse(
      `maxInflightBytes is ${options.maxInflightBytes}; it must be at least maxAppendBytes, ${options.maxAppendBytes}`,
    );
  }
  if (options.readOnly === 'lease-based') {
    if (!options.checkQuorum) refuse('readOnly is lease-based; it needs checkQuorum');
    if (options.crashFailover)
      refuse('readOnly is lease-based; crashFailover ends leases early, so choose one of them');
  }
  if (options.stateLost && options.applied > 0) refuse(`stateLost is set; applied is ${options.applied}, not 0`);
  const { recovering } = options;
  if (recovering !== null) {
    if (!options.replicationSessions) refuse('recovering is set; it needs replicationSessions');
    const { highWaterIndex, highWaterTerm } = recovering;
    if (!isIndex(highWaterIndex) || !isIndex(highWaterTerm)) {
      refuse(`recovering is up to index ${highWaterIndex} in term ${highWaterTerm}; both must be integers from 0`);
    }
  }
  if (options.crashFailover && !(options.preVote && options.checkQuorum)) {
    refuse('crashFailover is on; it needs preVote and checkQuorum');
  }
}

function isIndex(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function integer(options: ResolvedRaftOptions, field: keyof ResolvedRaftOptions, min: number, max: number): void {
  const value = options[field];
  if (!Number.isSafeInteger(value) || (value as number) < min || (value as number) > max) {
    refuse(`${field} is ${String(value)}; it must be an integer from ${min} to ${max}`);
  }
}

function refuse(text: string): never {
  throw new RaftError('invalid-option', text);
}
