/**
 * The configuration in force and the progress of each member in it, with the votes of a running election. Answers the
 * questions that need both: what is committed, who won, is a quorum alive, which read round is confirmed.
 *
 * Every member of the configuration has a progress, also on followers, where it is not kept up to date.
 */
import { checkConfState, memberIds } from './changer.js';
import { EMPTY_CONF_STATE, type ConfState } from './conf-state.js';
import type { ResolvedRaftOptions } from './options.js';
import { Progress } from './progress.js';
import { jointVote, majorityIndex, majorityVote, type VoteOutcome } from './quorum.js';
import { fail } from './raft-error.js';

export class ProgressTracker {
  confState: ConfState = EMPTY_CONF_STATE;
  /** Every member, ascending by id: the order in which messages are sent. */
  members: readonly Progress[] = [];
  /** Voters of either half, ascending by id, each once. */
  voters: readonly Progress[] = [];
  private incoming: readonly Progress[] = [];
  private outgoing: readonly Progress[] = [];
  private readonly byId = new Map<number, Progress>();
  private readonly votes = new Map<number, boolean>();
  private readonly scratch: number[] = [];
  private lastSession = 0;

  constructor(private readonly options: ResolvedRaftOptions) {}

  get(id: number): Progress | undefined {
    return this.byId.get(id);
  }

  /** Whether `id` is a voter, of either half. */
  isVoter(id: number): boolean {
    return this.confState.voters.includes(id) || this.confState.votersOutgoing.includes(id);
  }

  /** Whether the one voter there is, is `id`. */
  isOnlyVoter(id: number): boolean {
    return this.outgoing.length === 0 && this.incoming.length === 1 && this.incoming[0]?.id === id;
  }

  /** Puts a configuration in force. `fresh` members get a new progress; new ones are probed from the log's end on. */
  adopt(confState: ConfState, fresh: readonly number[], lastIndex: number): void {
    const broken = checkConfState(confState);
    if (broken !== null) fail(`configuration at ${lastIndex}: ${broken}`);
    const ids = memberIds(confState);
    for (const id of fresh) this.byId.delete(id);
    for (const id of [...this.byId.keys()]) if (!ids.includes(id)) this.byId.delete(id);
    for (const id of ids) {
      const isLearner = confState.learners.includes(id);
      const known = this.byId.get(id);
      if (known === undefined) this.byId.set(id, this.newProgress(id, isLearner, lastIndex));
      else known.isLearner = isLearner;
    }
    this.confState = confState;
    this.members = ids.map((id) => this.member(id));
    this.voters = this.members.filter(({ id }) => this.isVoter(id));
    this.incoming = confState.voters.map((id) => this.member(id));
    this.outgoing = confState.votersOutgoing.map((id) => this.member(id));
  }

  /** Forgets everything about the members but who they are. */
  restart(lastIndex: number, selfId: number): void {
    for (const progress of this.members) {
      progress.restart(lastIndex + 1, progress.id === selfId ? lastIndex : 0, this.newSession());
    }
  }

  newSession(): number {
    return this.options.replicationSessions ? ++this.lastSession : 0;
  }

  /** The highest index that is on a quorum. */
  committed(): number {
    return Math.min(this.matchedBy(this.incoming), this.matchedBy(this.outgoing));
  }

  /** The highest read round that a quorum has confirmed. `selfId` needs no confirmation. */
  confirmedRound(selfId: number): number {
    return Math.min(this.confirmedBy(this.incoming, selfId), this.confirmedBy(this.outgoing, selfId));
  }

  /** Whether the voters without these are a quorum. */
  isQuorumWithout(ids: readonly number[]): boolean {
    const voteOf = (voters: readonly Progress[]): VoteOutcome => {
      const absent = voters.filter(({ id }) => ids.includes(id)).length;
      return majorityVote(voters.length, voters.length - absent, absent);
    };
    return jointVote(voteOf(this.incoming), voteOf(this.outgoing)) === 'won';
  }

  /** Whether a quorum was heard from since `recentActive` was last cleared. */
  quorumActive(): boolean {
    return jointVote(activeVote(this.incoming), activeVote(this.outgoing)) === 'won';
  }

  resetVotes(): void {
    this.votes.clear();
  }

  /** The first vote of a member counts; a repeated or changed one does not. */
  recordVote(id: number, granted: boolean): void {
    if (!this.votes.has(id)) this.votes.set(id, granted);
  }

  voteOutcome(): VoteOutcome {
    return jointVote(this.voteIn(this.incoming), this.voteIn(this.outgoing));
  }

  private voteIn(voters: readonly Progress[]): VoteOutcome {
    let granted = 0;
    let rejected = 0;
    for (const { id } of voters) {
      const vote = this.votes.get(id);
      if (vote === true) granted++;
      else if (vote === false) rejected++;
    }
    return majorityVote(voters.length, granted, rejected);
  }

  private matchedBy(voters: readonly Progress[]): number {
    for (let i = 0; i < voters.length; i++) {
      const voter = voters[i] as Progress;
      this.scratch[i] = voter.recovering ? 0 : voter.match;
    }
    return majorityIndex(this.scratch, voters.length);
  }

  private confirmedBy(voters: readonly Progress[], selfId: number): number {
    for (let i = 0; i < voters.length; i++) {
      const voter = voters[i] as Progress;
      const ack = voter.recovering ? 0 : voter.readAck;
      this.scratch[i] = voter.id === selfId ? Number.MAX_SAFE_INTEGER : ack;
    }
    return majorityIndex(this.scratch, voters.length);
  }

  private newProgress(id: number, isLearner: boolean, lastIndex: number): Progress {
    const { firstCatchUpBytes, maxInflightBytes, maxInflightMessages } = this.options;
    const next = Math.max(lastIndex, 1);
    const progress = new Progress(
      id,
      next,
      isLearner,
      this.newSession(),
      maxInflightMessages,
      maxInflightBytes,
      firstCatchUpBytes,
    );
    // Or the next check of the quorum could depose the leader before the new member had a chance to speak.
    progress.recentActive = true;
    return progress;
  }

  private member(id: number): Progress {
    return this.byId.get(id) ?? fail(`member ${id} of ${this.byId.size} has no progress`);
  }
}

function activeVote(voters: readonly Progress[]): VoteOutcome {
  let active = 0;
  for (const voter of voters) if (voter.recentActive && !voter.recovering) active++;
  return majorityVote(voters.length, active, voters.length - active);
}
