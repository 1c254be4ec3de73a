/**
 * What a leader knows of one member's log, and when it may send to it.
 *
 * - probe: match is not known well; one append at a time, until an answer comes.
 * - replicate: match is known; appends stream ahead of the answers, within the window of `inflights`.
 * - snapshot: a snapshot is on its way; nothing else is sent.
 *
 * Dissertation, sections 3.5 (probing back from a conflict) and 10.2.1 (pipelining). A progress never sends anything
 * itself, and never moves `match` down: a member that lost part of its log is given a new session instead.
 */
import { Inflights } from './inflights.js';
import { fail } from './raft-error.js';

export const ProgressState = { Probe: 0, Replicate: 1, Snapshot: 2 } as const;
export type ProgressState = (typeof ProgressState)[keyof typeof ProgressState];

export class Progress {
  /** The member has every entry up to here, durably. match < next. */
  match = 0;
  /** The next entry to send; in `snapshot`, pendingSnapshot + 1. */
  next: number;
  state: ProgressState = ProgressState.Probe;
  /** Index of the snapshot on its way; 0 unless in `snapshot`. */
  pendingSnapshot = 0;
  /** Heard from since the last check of the quorum. */
  recentActive = false;
  /** Wait for an answer, to an append or to a heartbeat, before the next append. */
  flowPaused = false;
  /** The entries at `next` are being read from disk; sending resumes once they are here. */
  awaitingEntries = false;
  /** How much the host lets go to it of entries that are committed already, while it is a learner: by `entrySize`. */
  catchUpBytes: number;
  /** Highest read round that the member has confirmed. */
  readAck = 0;
  /** The member says that it recovers: it counts in no quorum. */
  recovering = false;
  /** Which life of the member recovers, or did in this session; 0 for none. */
  recoveryLife = 0;
  readonly inflights: Inflights;
  /**
   * Highest commit index sent. Goes back where what it travelled with was lost: sentCommit < next in `probe`,
   * sentCommit = pendingSnapshot on entering `snapshot`.
   */
  private sentCommit = 0;

  constructor(
    readonly id: number,
    next: number,
    public isLearner: boolean,
    /** Answers of another session are of an earlier life of the member; 0 where sessions are off. */
    public session: number,
    maxInflightMessages: number,
    maxInflightBytes: number,
    private readonly firstCatchUpBytes: number,
  ) {
    this.next = next;
    this.catchUpBytes = firstCatchUpBytes;
    this.inflights = new Inflights(maxInflightMessages, maxInflightBytes);
  }

  /** A new leadership, or a new life of the member: nothing is known but where the leader's log ends. */
  restart(next: number, match: number, session: number): void {
    this.resetTo(ProgressState.Probe);
    this.match = match;
    this.next = next;
    this.session = session;
    this.recentActive = false;
    this.readAck = 0;
    this.recovering = false;
    // A new leadership must hear of it anew: it knows of no recovery that is over.
    this.recoveryLife = 0;
    this.catchUpBytes = this.firstCatchUpBytes;
    this.sentCommit = 0;
  }

  becomeProbe(): void {
    // A pending snapshot that is known to have arrived is worth as much as a match, for where to probe.
    const pending = this.state === ProgressState.Snapshot ? this.pendingSnapshot : 0;
    this.resetTo(ProgressState.Probe);
    this.next = Math.max(this.match, pending) + 1;
    this.sentCommit = Math.min(this.sentCommit, this.next - 1);
  }

  becomeReplicate(): void {
    this.resetTo(ProgressState.Replicate);
    this.next = this.match + 1;
  }

  becomeSnapshot(index: number): void {
    this.resetTo(ProgressState.Snapshot);
    this.pendingSnapshot = index;
    this.next = index + 1;
    this.sentCommit = index;
  }

  paused(): boolean {
    return this.state === ProgressState.Snapshot || this.flowPaused;
  }

  /** An append with `count` entries of `bytes` payload bytes was sent. */
  sentAppend(count: number, bytes: number, commit: number): void {
    if (this.state === ProgressState.Replicate) {
      if (count > 0) {
        this.next += count;
        this.inflights.add(this.next - 1, bytes);
      }
      // What overflows the window, or is sent although it is full, is a probe: no more until an answer comes.
      this.flowPaused = this.inflights.full();
    } else if (this.state === ProgressState.Probe) {
      if (count > 0) this.flowPaused = true;
    } else {
      fail(`append sent to ${this.id} while snapshot ${this.pendingSnapshot} is on its way`);
    }
    this.sentCommit = commit;
  }

  /** Crumbs of what is allowed would be an append of their own, and a write to the member's disk: they are dropped. */
  sentCatchUp(bytes: number): void {
    const left = this.catchUpBytes - bytes;
    this.catchUpBytes = left < bytes ? 0 : left;
  }

  sentHeartbeat(commit: number): void {
    this.sentCommit = commit;
  }

  /** Whether sending this commit index now would teach the member something. */
  canBumpCommit(commit: number): boolean {
    return commit > this.sentCommit && this.sentCommit < this.next - 1;
  }

  /** The member has everything up to `index`. False where that was known. */
  maybeUpdate(index: number): boolean {
    if (index <= this.match) return false;
    this.match = index;
    this.next = Math.max(this.next, index + 1);
    this.flowPaused = false;
    return true;
  }

  /** The member refused an append after `rejected`; the logs may agree up to `hint`. False where that is stale. */
  maybeDecrement(rejected: number, hint: number): boolean {
    if (this.state === ProgressState.Replicate) {
      if (rejected <= this.match) return false;
      this.next = this.match + 1;
    } else {
      // While probing only one append is on its way: any other answer is an old one.
      if (this.next - 1 !== rejected) return false;
      // Refusing what it acknowledged, the member lost it, or the answer is very late: ask again a heartbeat later.
      if (rejected <= this.match) return false;
      this.next = Math.max(Math.min(rejected, hint + 1), this.match + 1);
      this.flowPaused = false;
    }
    this.sentCommit = Math.min(this.sentCommit, this.next - 1);
    return true;
  }

  private resetTo(state: ProgressState): void {
    this.state = state;
    this.flowPaused = false;
    this.awaitingEntries = false;
    this.pendingSnapshot = 0;
    this.inflights.reset();
  }
}
