/**
 * The options of a node: meaning, unit, default, and how to choose. `resolveOptions` fills in defaults and refuses what
 * is out of range, by name.
 */
import type { ConfChange, ConfState } from '@understudy/raft-core';
import { RaftNodeError } from './errors.js';

export interface BootstrapMember {
  readonly id: number;
  /** The host's own bytes about the member, as in `ConfChange.context`; the same on every bootstrap member. */
  readonly context?: Uint8Array;
}

export interface RaftNodeOptions {
  /** This member's id: a positive safe integer that no other member has or ever had. */
  readonly id: number;

  /**
   * The first members of a new cluster, all voters; every one of them must be started with the same list in the same
   * order. Used only while log and state are empty. Without it an empty node waits until a leader contacts it.
   */
  readonly bootstrap?: { readonly members: readonly BootstrapMember[] };

  /** Milliseconds between a leader's heartbeats, and the length of a tick. Default 100. About the round trip, at least. */
  readonly heartbeatIntervalMs?: number;
  /** Silence after which a follower campaigns, ms. Default 1,000; at least 5 heartbeat intervals, 10 is usual. */
  readonly electionTimeoutMs?: number;

  /** Default 7,000: etcd's 5 s and two election timeouts. After it a proposal's outcome is unknown. */
  readonly proposalTimeoutMs?: number;
  /** Default 7,000. */
  readonly readTimeoutMs?: number;
  /** A read round without an answer is asked again, with a new number, after this long, ms. Default 500. */
  readonly readRetryMs?: number;
  /** Largest proposal, bytes. Default 2 MiB. With `maxAppendBytes` at most 16 MiB: they share a frame. */
  readonly maxProposalBytes?: number;
  /** Proposals of this member that wait for their result. Default 16,384; more are refused as `overloaded`. */
  readonly maxPendingProposals?: number;
  /** Bytes of those. Default 64 MiB. */
  readonly maxPendingProposalBytes?: number;
  /** Reads that wait for a read barrier. Default 65,536. */
  readonly maxPendingReads?: number;

  /** Bytes of entries in one append message. Default 512 KiB. Larger: fewer messages in catch-up, longer frames. */
  readonly maxAppendBytes?: number;
  /** Append messages on their way to one peer. Default 256. */
  readonly maxInflightMessages?: number;
  /** Bytes of those. Default 16 MiB; at least `maxAppendBytes`. */
  readonly maxInflightBytes?: number;
  /** Bytes that a leader appends beyond what is committed; then it refuses. Default 64 MiB. */
  readonly maxUncommittedBytes?: number;

  /** Entries applied in one event-loop turn; the rest waits for the next, so that heartbeats come through. Default 1,024. */
  readonly applyTurnEntries?: number;
  /** Bytes of those. Default 4 MiB. */
  readonly applyTurnBytes?: number;
  /** Time of those, ms. Default 20; well below `heartbeatIntervalMs`. */
  readonly applyTurnMs?: number;

  /** The state is flushed after this many applied entries. Default 10,000; at most `snapshotEntries`. */
  readonly flushEntries?: number;
  /** Or this many bytes of entries. Default 16 MiB. */
  readonly flushBytes?: number;
  /** Or this long after an unflushed entry was applied, ms. Default 5,000. Longer: less writing, a longer replay at start. */
  readonly flushIntervalMs?: number;
  /** The log is compacted when it is this much longer than `keepEntries`. Default 10,000. */
  readonly snapshotEntries?: number;
  /** Entries kept behind the flushed state, so that a peer shortly away needs no snapshot. Default 5,000. */
  readonly keepEntries?: number;
  /**
   * Bytes of log that are kept, in spite of those two, for peers that catch up: from the snapshot that they are sent until
   * they follow; or as many as the snapshot has, where that is more. Beyond it they are sent another one. Default 256 MiB.
   */
  readonly maxHeldBytes?: number;
  /** Snapshots sent at a time, to all peers together. Default 2. */
  readonly maxSnapshotStreams?: number;
  /**
   * Who sends learners their snapshots: the leader, or a voter that has everything, so that the leader need not. Where
   * that fails, the leader does. Default `leader`. With `voter`, voters must reach learners, not only the leader.
   */
  readonly learnerSource?: 'leader' | 'voter';
  /** Of those, to learners: others wait their turn, so that one of them is soon of use. Default 1. */
  readonly maxLearnerSnapshots?: number;
  /**
   * Bytes a second of snapshots and of catch-up, to all learners together, while the leader's commits are as fast as
   * without. Default 64 MiB. What the network has to spare.
   */
  readonly learnerBytesPerSecond?: number;
  /** The same while they are slower. Default 1 MiB, or `learnerBytesPerSecond` where that is less. At least 64 KiB. */
  readonly learnerMinBytesPerSecond?: number;
  /**
   * A commit that takes longer than this is slow whatever is usual, ms. Default 50. Above what the disks and the network
   * take by themselves.
   */
  readonly learnerCommitLatencyMs?: number;
  /** An opened snapshot is kept this long for the next peer that needs one, ms. Default 10,000. */
  readonly snapshotKeepMs?: number;

  /**
   * A peer whose process is gone is replaced as leader without waiting for the election timeout, and a quorum that has
   * come together without a leader elects one so. Default true.
   */
  readonly crashFailover?: boolean;
  /** A leader whose disk stalls hands over. Default true. */
  readonly stalledLeaderHandover?: boolean;

  /**
   * Called deterministically, on every member, just before a committed change takes effect: a reason refuses it
   * everywhere. It may look only at its arguments and at applied state.
   */
  readonly validateConfChange?: (change: ConfChange, confState: ConfState) => string | null;

  /** Answers a peer's `callPeer`. Absent: such calls fail. */
  readonly onPeerCall?: (from: number, body: Uint8Array) => Promise<Uint8Array>;
  /** Default 5,000. */
  readonly peerCallTimeoutMs?: number;
  /** Largest body of a call or of its answer, bytes. Default 1 MiB, at most 16 MiB. */
  readonly maxPeerCallBytes?: number;
  /** Calls that wait for an answer, and calls being answered. Default 1,024. */
  readonly maxPendingPeerCalls?: number;

  /** `stop` waits this long for a hand-over and for pending proposals, each, ms. Default: two election timeouts. */
  readonly drainTimeoutMs?: number;
}

type Defaulted = Required<Omit<RaftNodeOptions, 'bootstrap' | 'validateConfChange' | 'onPeerCall'>>;

export interface ResolvedOptions extends Defaulted {
  readonly bootstrap: RaftNodeOptions['bootstrap'] | null;
  readonly validateConfChange: ((change: ConfChange, confState: ConfState) => string | null) | null;
  readonly onPeerCall: ((from: number, body: Uint8Array) => Promise<Uint8Array>) | null;
}

const KIB = 1024;
const MIB = 1024 * KIB;

export function resolveOptions(options: RaftNodeOptions): ResolvedOptions {
  const electionTimeoutMs = options.electionTimeoutMs ?? 1_000;
  const snapshotEntries = options.snapshotEntries ?? 10_000;
  const maxAppendBytes = options.maxAppendBytes ?? 512 * KIB;
  const learnerBytesPerSecond = options.learnerBytesPerSecond ?? 64 * MIB;
  const resolved: ResolvedOptions = {
    id: options.id,
    bootstrap: options.bootstrap ?? null,
    heartbeatIntervalMs: options.heartbeatIntervalMs ?? 100,
    electionTimeoutMs,
    proposalTimeoutMs: options.proposalTimeoutMs ?? 7_000,
    readTimeoutMs: options.readTimeoutMs ?? 7_000,
    readRetryMs: options.readRetryMs ?? 500,
    maxProposalBytes: options.maxProposalBytes ?? 2 * MIB,
    maxPendingProposals: options.maxPendingProposals ?? 16_384,
    maxPendingProposalBytes: options.maxPendingProposalBytes ?? 64 * MIB,
    maxPendingReads: options.maxPendingReads ?? 65_536,
    maxAppendBytes,
    maxInflightMessages: options.maxInflightMessages ?? 256,
    maxInflightBytes: options.maxInflightBytes ?? Math.max(16 * MIB, maxAppendBytes),
    maxUncommittedBytes: options.maxUncommittedBytes ?? 64 * MIB,
    applyTurnEntries: options.applyTurnEntries ?? 1_024,
    applyTurnBytes: options.applyTurnBytes ?? 4 * MIB,
    applyTurnMs: options.applyTurnMs ?? 20,
    flushEntries: options.flushEntries ?? Math.min(10_000, snapshotEntries),
    flushBytes: options.flushBytes ?? 16 * MIB,
    flushIntervalMs: options.flushIntervalMs ?? 5_000,
    snapshotEntries,
    keepEntries: options.keepEntries ?? 5_000,
    maxHeldBytes: options.maxHeldBytes ?? 256 * MIB,
    maxSnapshotStreams: options.maxSnapshotStreams ?? 2,
    learnerSource: options.learnerSource ?? 'leader',
    maxLearnerSnapshots: options.maxLearnerSnapshots ?? 1,
    learnerBytesPerSecond,
    learnerMinBytesPerSecond: options.learnerMinBytesPerSecond ?? Math.min(MIB, learnerBytesPerSecond),
    learnerCommitLatencyMs: options.learnerCommitLatencyMs ?? 50,
    snapshotKeepMs: options.snapshotKeepMs ?? 10_000,
    crashFailover: options.crashFailover ?? true,
    stalledLeaderHandover: options.stalledLeaderHandover ?? true,
    validateConfChange: options.validateConfChange ?? null,
    onPeerCall: options.onPeerCall ?? null,
    peerCallTimeoutMs: options.peerCallTimeoutMs ?? 5_000,
    maxPeerCallBytes: options.maxPeerCallBytes ?? MIB,
    maxPendingPeerCalls: options.maxPendingPeerCalls ?? 1_024,
    drainTimeoutMs: options.drainTimeoutMs ?? 2 * electionTimeoutMs,
  };
  checkRanges(resolved);
  checkRelations(resolved);
  return resolved;
}

/** Frames are bounded by what a transport must take; see `Transport.send`. */
const MAX_MESSAGE_BYTES = 16 * MIB;

/** Rounded up: nothing ends before its time. */
export function toTicks(options: Pick<ResolvedOptions, 'heartbeatIntervalMs'>, ms: number): number {
  return Math.ceil(ms / options.heartbeatIntervalMs);
}

/** Fields that may be 0; every other number is at least 1. */
const MAY_BE_ZERO: ReadonlySet<string> = new Set(['keepEntries', 'snapshotKeepMs', 'drainTimeoutMs']);

function checkRanges(options: ResolvedOptions): void {
  for (const [field, value] of Object.entries(options)) {
    if (typeof value !== 'number') continue;
    const least = MAY_BE_ZERO.has(field) ? 0 : 1;
    if (!Number.isSafeInteger(value) || value < least)
      refuse(field, `is ${value}, not an integer of at least ${least}`);
  }
}

function checkRelations(options: ResolvedOptions): void {
  if (options.electionTimeoutMs < 5 * options.heartbeatIntervalMs) {
    refuse(
      'electionTimeoutMs',
      `is ${options.electionTimeoutMs}, below 5 times heartbeatIntervalMs (${options.heartbeatIntervalMs})`,
    );
  }
  const message = options.maxAppendBytes + options.maxProposalBytes;
  if (message > MAX_MESSAGE_BYTES) {
    refuse('maxAppendBytes', `and maxProposalBytes are ${message} together, above ${MAX_MESSAGE_BYTES}`);
  }
  if (options.maxPeerCallBytes > MAX_MESSAGE_BYTES) {
    refuse('maxPeerCallBytes', `is ${options.maxPeerCallBytes}, above ${MAX_MESSAGE_BYTES}`);
  }
  if (options.maxInflightBytes < options.maxAppendBytes) {
    refuse('maxInflightBytes', `is ${options.maxInflightBytes}, below maxAppendBytes (${options.maxAppendBytes})`);
  }
  if (options.maxUncommittedBytes < options.maxProposalBytes) {
    refuse(
      'maxUncommittedBytes',
      `is ${options.maxUncommittedBytes}, below maxProposalBytes (${options.maxProposalBytes})`,
    );
  }
  if (options.maxPendingProposalBytes < options.maxProposalBytes) {
    refuse(
      'maxPendingProposalBytes',
      `is ${options.maxPendingProposalBytes}, below maxProposalBytes (${options.maxProposalBytes})`,
    );
  }
  if (options.flushEntries > options.snapshotEntries) {
    refuse('flushEntries', `is ${options.flushEntries}, above snapshotEntries (${options.snapshotEntries})`);
  }
  if (options.learnerSource !== 'leader' && options.learnerSource !== 'voter') {
    refuse('learnerSource', `is ${String(options.learnerSource)}, neither leader nor voter`);
  }
  if (options.learnerMinBytesPerSecond > options.learnerBytesPerSecond) {
    refuse(
      'learnerMinBytesPerSecond',
      `is ${options.learnerMinBytesPerSecond}, above learnerBytesPerSecond (${options.learnerBytesPerSecond})`,
    );
  }
  if (options.learnerMinBytesPerSecond < 64 * KIB) {
    refuse('learnerMinBytesPerSecond', `is ${options.learnerMinBytesPerSecond}, below ${64 * KIB}`);
  }
  const members = options.bootstrap?.members;
  if (!members) return;
  const ids = new Set(members.map((member) => member.id));
  if (members.length === 0) refuse('bootstrap.members', 'is empty');
  if (ids.size !== members.length) refuse('bootstrap.members', 'names a member twice');
  for (const id of ids) {
    if (!Number.isSafeInteger(id) || id < 1) refuse('bootstrap.members', `has id ${id}, not a positive safe integer`);
  }
  if (!ids.has(options.id)) refuse('bootstrap.members', `lacks this member, ${options.id}`);
}

function refuse(field: string, why: string): never {
  throw new RaftNodeError('invalid-options', `option ${field} ${why}`);
}
