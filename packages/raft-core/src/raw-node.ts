/**
 * The public face of the core: what a host calls, and the Ready it takes work from. Every call returns at once and does
 * no I/O; what it brings about is in the next Ready. See the README for the host's part of the contract.
 */
import { beginSession, handleSnapshotStatus, handleUnreachable } from './answers.js';
import type { ConfChange } from './conf-change.js';
import type { ConfState } from './conf-state.js';
import { handleDeadLeader, handleLeaderless, ownCampaign, resumeCampaign } from './election.js';
import type { LogReader } from './log-reader.js';
import { restoreState } from './lost-state.js';
import { applyConfChange } from './membership.js';
import type { Message } from './message.js';
import { NextReady } from './next-ready.js';
import { type RaftOptions, resolveOptions } from './options.js';
import type { Progress } from './progress.js';
import { propose, proposeConfChange } from './proposal.js';
import { Raft } from './raft.js';
import { fail } from './raft-error.js';
import { requestRead } from './read-index.js';
import { type Ready, StateType } from './ready.js';
import { hasRefetched, type RecoveryStatus, recoveryStatus } from './recovery.js';
import { fillWindow, resumeAppends } from './replication.js';
import type { ProposeResult, ReadIndexResult, StepResult } from './results.js';
import type { SnapshotMeta } from './snapshot.js';
import { statusOf, type Status } from './status.js';
import { stepFromOutside } from './step.js';
import { tick } from './tick.js';
import { forwardTransfer, handOverIfStalled, transferLeadership } from './transfer.js';

export interface RawNodeDeps {
  readonly storage: LogReader;
  /** A whole number in [0, exclusiveMax). The only source of chance. */
  readonly random: (exclusiveMax: number) => number;
}

export class RawNode {
  private readonly raft: Raft;
  private readonly next: NextReady;

  /** Throws `RaftError` (`invalid-option`). */
  constructor(deps: RawNodeDeps, options: RaftOptions) {
    this.raft = new Raft(deps.storage, deps.random, resolveOptions(options));
    this.next = new NextReady(this.raft);
  }

  get id(): number {
    return this.raft.id;
  }

  get term(): number {
    return this.raft.term;
  }

  /** 0 when there is none known. */
  get lead(): number {
    return this.raft.lead;
  }

  get state(): StateType {
    return this.raft.state;
  }

  get commitIndex(): number {
    return this.raft.log.committed;
  }

  /** The last entry known here, durable or not. */
  get lastIndex(): number {
    return this.raft.log.lastIndex();
  }

  /** As far as the host has said. */
  get appliedIndex(): number {
    return this.raft.log.applied;
  }

  /** 0 where leadership is not being handed over. */
  get leadTransferee(): number {
    return this.raft.leadTransferee;
  }

  /** One unit of time has passed. */
  tick(): void {
    tick(this.raft);
  }

  /** Campaigns at once, with the pre-vote where that is on. */
  campaign(): void {
    ownCampaign(this.raft);
  }

  /** Appends the payloads in order, all or none; or sends them on to the leader. */
  propose(data: readonly Uint8Array[]): ProposeResult {
    return propose(this.raft, data);
  }

  /** The change takes effect when the host applies its entry and calls `applyConfChange`. */
  proposeConfChange(change: ConfChange, format: 'v1' | 'v2' = 'v2'): ProposeResult {
    return proposeConfChange(this.raft, change, format);
  }

  /**
   * Puts the change of a committed entry in force, when the host applies that entry: in order, and before the work it
   * came with is answered. A host that ignores a change does not call this. Returns the configuration now in force.
   */
  applyConfChange(change: ConfChange): ConfState {
    return applyConfChange(this.raft, change);
  }

  /** A message of a peer, or an answer of the host's own storage threads. */
  step(message: Message): StepResult {
    return stepFromOutside(this.raft, message);
  }

  hasReady(): boolean {
    return this.next.isDue();
  }

  /** The work that is due. The host must do all of it, in order; in synchronous mode it then calls `advance()`. */
  ready(): Ready {
    return this.next.take();
  }

  /** Synchronous mode only: everything in the last Ready is written, sent and applied. */
  advance(): void {
    this.next.advance();
  }

  /**
   * Asks for a linearizable read point, answered in `Ready.readStates` with the same number, or never: when the leader
   * changes or a message is lost. Ask again with a new number then. Numbers must not come back, restarts included: begin
   * at a random one.
   */
  readIndex(context: number): ReadIndexResult {
    return requestRead(this.raft, this.raft.id, context);
  }

  /** Hands leadership to a voter, or asks the leader to. Given up after an election timeout; ignored for learners. */
  transferLeadership(to: number): void {
    const { raft } = this;
    if (raft.state === StateType.Leader) {
      const target = raft.tracker.get(to);
      if (target !== undefined) transferLeadership(raft, target);
    } else if (raft.state === StateType.Follower) {
      forwardTransfer(raft, to);
    }
  }

  /**
   * Forgets the leader, and so grants votes that it would refuse while it hears from one. The election timer runs on.
   * No effect on leaders and candidates, nor where reads trust the lease.
   */
  forgetLeader(): void {
    const { raft } = this;
    if (raft.state === StateType.Follower && raft.options.readOnly !== 'lease-based') raft.lead = 0;
  }

  /** What was sent to this peer last is probably lost. */
  reportUnreachable(id: number): void {
    const progress = this.progressOfPeer(id);
    if (progress !== undefined) handleUnreachable(progress);
  }

  /**
   * Entries that are committed already go to this peer, while it is a learner, up to so many bytes more, by `entrySize`,
   * and one entry at least; a rest that is less than the append before it is not used. Newer entries, heartbeats and
   * commit indexes are not held up. For hosts that bound what catching up costs. `firstCatchUpBytes` again when
   * leadership or the peer's membership changes.
   */
  allowCatchUp(id: number, bytes: number): void {
    const progress = this.progressOfPeer(id);
    if (progress === undefined) return;
    progress.catchUpBytes = bytes;
    if (bytes > 0) fillWindow(this.raft, progress);
  }

  /** How sending a snapshot ended. Must be called for every MsgSnap: nothing else is sent to the peer meanwhile. */
  reportSnapshot(id: number, outcome: 'finished' | 'failed'): void {
    const progress = this.progressOfPeer(id);
    if (progress !== undefined) handleSnapshotStatus(progress, outcome === 'failed');
  }

  /**
   * Crash failover: this peer closed its connections, and dialling it again failed. Never to be called for connections
   * that this side closed, for back-pressure or for a timeout.
   */
  reportDisconnected(id: number): void {
    if (id !== 0 && id === this.raft.lead) handleDeadLeader(this.raft);
  }

  /**
   * Crash failover: connections to a quorum of the voters, this member included, are open, and before they were not. Does
   * nothing where a leader is known.
   */
  reportQuorumConnected(): void {
    handleLeaderless(this.raft);
  }

  /**
   * The peer lost a part of its log and refetches it: its acknowledgements so far count no more. Begins a new replication
   * session with match 0, so that answers of its former life are dropped, where `replicationSessions` is on.
   */
  reportRecovering(id: number): void {
    const progress = this.progressOfPeer(id);
    if (progress !== undefined) beginSession(this.raft, progress);
  }

  /**
   * This member has everything again that it lost, and the host's log says so durably: from now on it votes and counts.
   * Only once `Status.recovery` says that it has `refetched`, and where the vote is proven.
   */
  endRecovery(): void {
    const { recovery } = this.raft;
    if (recovery === null || !recovery.lost.voteProven || !hasRefetched(this.raft)) {
      fail(`a recovery that is not over is ended; ${this.raft.log.lastIndex()} entries are here`);
    }
    this.raft.recovery = null;
  }

  /**
   * After a start with `stateLost`: the host has put this snapshot into place, and kept its log, which holds the entry
   * that the snapshot ends with. Where the log does not reach it, step the MsgSnap instead.
   */
  restoreState(meta: SnapshotMeta): void {
    restoreState(this.raft, meta);
  }

  /** Null where this member does not recover. */
  get recovery(): RecoveryStatus | null {
    return recoveryStatus(this.raft);
  }

  /**
   * A snapshot that was stepped in waits until what was handed out is applied, or was taken and is not in place yet. The
   * host keeps what belongs to it; else the snapshot was refused, and may go.
   */
  get snapshotPending(): boolean {
    const { deferredSnapshot, log } = this.raft;
    return deferredSnapshot !== null || log.unstable.snapshot !== null;
  }

  /** This member's oldest unfinished log write is so many ticks old. See `stalledLeaderHandover`. */
  reportSlowDisk(appendTicks: number): void {
    handOverIfStalled(this.raft, appendTicks);
  }

  /** Entries for which the `LogReader` answered `pending` are in memory now. */
  entriesFetched(): void {
    this.raft.log.entriesFetched();
    if (this.raft.state === StateType.Leader) resumeAppends(this.raft);
    else resumeCampaign(this.raft);
  }

  /** For tests and simulators: the randomized election timeout, until the next change of role draws another. */
  setRandomizedElectionTicks(ticks: number): void {
    this.raft.randomizedElectionTicks = ticks;
  }

  status(): Status {
    return statusOf(this.raft);
  }

  private progressOfPeer(id: number): Progress | undefined {
    return this.raft.state === StateType.Leader && id !== this.raft.id ? this.raft.tracker.get(id) : undefined;
  }
}
