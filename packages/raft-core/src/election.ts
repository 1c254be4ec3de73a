/**
 * Campaigns and votes. Dissertation, section 3.4; 3.6.1 (who may be voted for), 9.6 (pre-vote), 6.2 and 4.2.3 (members
 * that hear from a leader ignore candidates), 3.10 (transfer).
 */
import { Campaign } from './campaign.js';
import { isConfChange } from './conf-change-codec.js';
import { Message, MessageType } from './message.js';
import type { Raft } from './raft.js';
import { fail } from './raft-error.js';
import { StateType } from './ready.js';
import { broadcastAppend } from './replication.js';
import { becomeCandidate, becomeFollower, becomeLeader, becomePreCandidate } from './role.js';

/** Starts a campaign, unless this member must not: as a leader, a learner, or with a config change still to apply. */
export function startCampaign(raft: Raft, campaign: Campaign): void {
  if (raft.state === StateType.Leader || !raft.promotable()) return;
  const unapplied = unappliedConfChange(raft);
  raft.campaignAwaitingEntries = unapplied === 'pending' ? campaign : null;
  if (unapplied === 'none') runCampaign(raft, campaign);
}

/** A campaign of one's own accord: with the pre-vote where that is on. */
export function ownCampaign(raft: Raft): void {
  startCampaign(raft, raft.options.preVote ? Campaign.PreVote : Campaign.Election);
}

/** The host has brought entries into memory: a campaign may have waited for them. */
export function resumeCampaign(raft: Raft): void {
  const campaign = raft.campaignAwaitingEntries;
  if (campaign !== null) startCampaign(raft, campaign);
}

/** The leader is dead, as the host saw it: forget it, and take turns at pre-votes. */
export function handleDeadLeader(raft: Raft): void {
  if (!raft.options.crashFailover || raft.state !== StateType.Follower || raft.lead === 0) return;
  const dead = raft.lead;
  raft.lead = 0;
  if (raft.failover.begin(rankWithout(raft, dead), raft.options.heartbeatTicks)) startCampaign(raft, Campaign.PreVote);
}

/** A leader that lives has spoken to a member before its first turn comes. */
const LEADER_SPEAKS_FIRST_TURNS = 2;

/** A quorum can be reached, and nobody is known to lead it, as after an outage of all: take turns at pre-votes. */
export function handleLeaderless(raft: Raft): void {
  const { options, failover, state, lead } = raft;
  if (!options.crashFailover || state !== StateType.Follower || lead !== 0 || failover.running) return;
  failover.begin(LEADER_SPEAKS_FIRST_TURNS + rankWithout(raft, 0), options.heartbeatTicks);
}

function rankWithout(raft: Raft, dead: number): number {
  let rank = 0;
  for (const { id } of raft.tracker.voters) if (id < raft.id && id !== dead) rank++;
  return rank;
}

/** Whether a (pre-)vote request must be dropped, since this member hears from a leader. */
export function ignoresCandidate(raft: Raft, message: Message): boolean {
  if (message.context === Campaign.Transfer) return false;
  return raft.options.checkQuorum && raft.lead !== 0 && raft.electionElapsed < raft.options.electionTicks;
}

/** Vote and PreVote of this term, or of a later one that was adopted; a PreVote's term is never adopted. */
export function handleVoteRequest(raft: Raft, message: Message): void {
  const { from, term, type } = message;
  const free = mayVoteFor(raft, message);
  const granted = free && raft.log.isUpToDate(message.index, message.logTerm);
  // A granted pre-vote is for the term that was asked for, a refusal tells ours. Learners vote too when asked: the
  // candidate may know better than they do that they were promoted.
  const answer = new Message(responseType(type), from, raft.id, granted ? term : raft.term);
  answer.reject = !granted;
  raft.sendAfterAppend(answer);
  if (!granted) return;
  if (type === MessageType.Vote) {
    raft.electionElapsed = 0;
    raft.vote = from;
  } else if (raft.failover.running) {
    yieldFailover(raft, from);
  }
}

/** Vote and pre-vote responses of the campaign that is running; others are old. */
export function handleVoteResponse(raft: Raft, message: Message): void {
  const preVote = raft.state === StateType.PreCandidate;
  if (message.type !== (preVote ? MessageType.PreVoteResp : MessageType.VoteResp)) return;
  raft.tracker.recordVote(message.from, !message.reject);
  const outcome = raft.tracker.voteOutcome();
  if (outcome === 'lost') {
    becomeFollower(raft, raft.term, 0);
  } else if (outcome === 'won' && preVote) {
    runCampaign(raft, Campaign.Election);
  } else if (outcome === 'won') {
    becomeLeader(raft);
    broadcastAppend(raft);
  }
}

function runCampaign(raft: Raft, campaign: Campaign): void {
  const preVote = campaign === Campaign.PreVote;
  if (preVote) becomePreCandidate(raft);
  else becomeCandidate(raft);
  const type = preVote ? MessageType.PreVote : MessageType.Vote;
  const term = preVote ? raft.term + 1 : raft.term;
  const lastIndex = raft.log.lastIndex();
  const lastTerm = raft.log.lastTerm();
  for (const { id } of raft.tracker.voters) {
    if (id === raft.id) {
      // Its own vote counts once it is durable.
      raft.sendAfterAppend(new Message(responseType(type), id, id, term));
      continue;
    }
    const request = new Message(type, id, raft.id, term);
    request.index = lastIndex;
    request.logTerm = lastTerm;
    request.context = campaign === Campaign.Transfer ? Campaign.Transfer : 0;
    raft.send(request);
  }
}

function mayVoteFor(raft: Raft, { from, term, type }: Message): boolean {
  // A member that lost entries could help one to lead that lacks them.
  if (raft.recovery !== null) return false;
  return (
    raft.vote === from || (raft.vote === 0 && raft.lead === 0) || (type === MessageType.PreVote && term > raft.term)
  );
}

/** Two who found the leader dead at once would split the vote: the one with the lower id goes first. */
function yieldFailover(raft: Raft, to: number): void {
  raft.failover.yieldTurn(raft.options.heartbeatTicks);
  if (raft.state === StateType.PreCandidate && to < raft.id) becomeFollower(raft, raft.term, 0);
}

/** Whether a committed config change waits to be applied: until then this member may not know who votes. */
function unappliedConfChange(raft: Raft): 'none' | 'some' | 'pending' {
  const { log } = raft;
  for (let lo = Math.max(log.applied, raft.noConfChangeTo) + 1; lo <= log.committed; ) {
    const entries = log.slice(lo, log.committed + 1, raft.options.maxCommittedBytesPerReady);
    if (entries === 'pending') return 'pending';
    if (typeof entries === 'string')
      fail(`entry ${lo} is not applied and ${entries}; the log begins at ${log.firstIndex()}`);
    for (const entry of entries) if (isConfChange(entry)) return 'some';
    lo += entries.length;
    // Where the next ones must be fetched, it goes on from here: by then the host may have dropped these again.
    raft.noConfChangeTo = lo - 1;
  }
  return 'none';
}

function responseType(request: MessageType): MessageType {
  return request === MessageType.Vote ? MessageType.VoteResp : MessageType.PreVoteResp;
}
