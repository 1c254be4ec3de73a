/**
 * The state of one Raft member, and what it is about to send. The rules that change it are functions in modules of
 * their own, one concept each; nothing outside this package sees this class.
 */
import type { Campaign } from './campaign.js';
import type { ConfState } from './conf-state.js';
import { CrashFailover } from './crash-failover.js';
import type { LogReader } from './log-reader.js';
import { Message, type MessageType } from './message.js';
import type { ResolvedRaftOptions } from './options.js';
import { ProgressTracker } from './progress-tracker.js';
import { fail } from './raft-error.js';
import { RaftLog } from './raft-log.js';
import { ReadRounds } from './read-index.js';
import { type ReadState, StateType } from './ready.js';
import { Recovery } from './recovery.js';

export class Raft {
  readonly id: number;
  readonly log: RaftLog;
  readonly tracker: ProgressTracker;

  /** Never goes back. */
  term = 0;
  /** Whom this member voted for in `term`; 0 for nobody. Fixed once set within a term. */
  vote = 0;
  /** 0 when there is none known. */
  lead = 0;
  state: StateType = StateType.Follower;

  /** Since the leader was last heard from, or a campaign began; of a leader, since the last check of the quorum. */
  electionElapsed = 0;
  heartbeatElapsed = 0;
  /** electionTicks <= randomizedElectionTicks < 2 * electionTicks, drawn anew at every change of role. */
  randomizedElectionTicks = 0;
  /** A campaign waits until the host has fetched the entries that it must look through; null for none. */
  campaignAwaitingEntries: Campaign | null = null;

  /** No entry after the applied ones, up to here, is a config change. noConfChangeTo <= committed: it stays so. */
  noConfChangeTo = 0;

  /** A snapshot that waits until the host has applied what it was given before; null for none. */
  deferredSnapshot: Message | null = null;

  /** Leader only: whom leadership is being handed to; 0 for none. No proposals meanwhile. */
  leadTransferee = 0;
  /** Leader only: somebody was told to campaign in this term in spite of every lease, so leases hold no more. */
  leaseVoid = false;
  /** Leader only: no config change is proposed until this index is applied: there may be one up to here. */
  pendingConfIndex = 0;
  /** Leader only: payload bytes appended in this term and not yet applied. */
  uncommittedBytes = 0;
  /** Last index at the last two beats of the heart: what has had that long to be acknowledged. */
  lastIndexAtBeat = 0;
  lastIndexAtBeatBefore = 0;

  /** What this member lost, until it has that again; null where it lost nothing. */
  recovery: Recovery | null;

  readonly reads: ReadRounds;
  readonly failover = new CrashFailover();
  /** Until a stalled leader may hand over again. */
  handoverCooldownTicks = 0;

  /** May leave before anything is durable. */
  messages: Message[] = [];
  /** Votes and acknowledgements: may leave only once everything that the host was given is durable. */
  messagesAfterAppend: Message[] = [];
  readStates: ReadState[] = [];

  constructor(
    storage: LogReader,
    readonly random: (exclusiveMax: number) => number,
    readonly options: ResolvedRaftOptions,
  ) {
    this.id = options.id;
    this.log = new RaftLog(storage, options.maxCommittedBytesPerReady);
    this.tracker = new ProgressTracker(options);
    this.reads = new ReadRounds(options.maxPendingReads);
    const { hardState, confState } = storage.initialState();
    const last = this.log.lastIndex();
    this.tracker.adopt(sorted(confState), [], last);
    this.term = hardState.term;
    this.vote = hardState.vote;
    // The commit index may be older than what the host has applied: losing it is safe.
    const commit = Math.max(hardState.commit, options.applied);
    if (commit > last) fail(`committed or applied ${commit} is beyond the last entry, ${last}; was the log lost?`);
    this.log.commitTo(commit);
    this.log.stateLost = options.stateLost;
    if (options.applied > 0) this.log.appliedTo(options.applied, 0);
    this.drawElectionTimeout();
    this.recovery = options.recovering === null ? null : new Recovery(options.recovering, 1 + random(2 ** 48));
  }

  /** A message of this member in its term. */
  message(type: MessageType, to: number): Message {
    return new Message(type, to, this.id, this.term);
  }

  /** An answer to the leader's append, snapshot or heartbeat. */
  answer(type: MessageType, to: Message): Message {
    const answer = this.message(type, to.from);
    answer.session = to.session;
    if (this.recovery !== null) answer.recovery = this.recovery.life;
    return answer;
  }

  send(message: Message): void {
    if (message.to === this.id) fail(`message of type ${message.type} from ${this.id} to itself`);
    this.messages.push(message);
  }

  sendAfterAppend(message: Message): void {
    this.messagesAfterAppend.push(message);
  }

  /** Whether a campaign of this member could make it a leader. */
  promotable(): boolean {
    if (this.recovery !== null) return false;
    const self = this.tracker.get(this.id);
    return self !== undefined && !self.isLearner && this.log.unstable.snapshot === null;
  }

  /** Whether this leader knows that everything of former terms that could be committed, is. */
  committedInTerm(): boolean {
    return this.log.term(this.log.committed) === this.term;
  }

  drawElectionTimeout(): void {
    const { electionTicks } = this.options;
    const drawn = this.random(electionTicks);
    if (!(drawn >= 0 && drawn < electionTicks))
      fail(`random gave ${drawn}; it must be at least 0 and below ${electionTicks}`);
    this.randomizedElectionTicks = electionTicks + Math.floor(drawn);
  }
}

function sorted(confState: ConfState): ConfState {
  const ascending = (ids: readonly number[]): number[] => [...ids].sort((a, b) => a - b);
  return {
    voters: ascending(confState.voters),
    votersOutgoing: ascending(confState.votersOutgoing),
    learners: ascending(confState.learners),
    learnersNext: ascending(confState.learnersNext),
    autoLeave: confState.autoLeave,
  };
}
