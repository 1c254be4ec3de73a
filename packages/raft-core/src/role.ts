/**
 * The changes of role. Dissertation, figure 3.3. Every change forgets what belonged to the old role; only a new term
 * forgets the vote.
 */
import { EntryType } from './entry.js';
import { appendOwn } from './own-append.js';
import type { Raft } from './raft.js';
import { fail } from './raft-error.js';
import { StateType } from './ready.js';

const NO_DATA = new Uint8Array(0);

export function becomeFollower(raft: Raft, term: number, lead: number): void {
  reset(raft, term);
  raft.lead = lead;
  raft.state = StateType.Follower;
  if (lead !== 0) raft.failover.end();
}

/** Changes the role and nothing else: neither the term nor the vote. */
export function becomePreCandidate(raft: Raft): void {
  if (raft.state === StateType.Leader) fail(`leader ${raft.id} of term ${raft.term} cannot pre-vote`);
  raft.tracker.resetVotes();
  raft.lead = 0;
  raft.state = StateType.PreCandidate;
}

export function becomeCandidate(raft: Raft): void {
  if (raft.state === StateType.Leader) fail(`leader ${raft.id} of term ${raft.term} cannot campaign`);
  reset(raft, raft.term + 1);
  raft.vote = raft.id;
  raft.state = StateType.Candidate;
}

export function becomeLeader(raft: Raft): void {
  if (raft.state === StateType.Follower)
    fail(`follower ${raft.id} of term ${raft.term} cannot lead without a campaign`);
  reset(raft, raft.term);
  const lastIndex = raft.log.lastIndex();
  raft.tracker.restart(lastIndex, raft.id);
  raft.lead = raft.id;
  raft.state = StateType.Leader;
  const self = raft.tracker.get(raft.id) ?? fail(`leader ${raft.id} is none of ${raft.tracker.members.length} members`);
  self.becomeReplicate();
  self.recentActive = true;
  // There may be a config change anywhere in the tail: the next must wait until all of it is applied.
  raft.pendingConfIndex = lastIndex;
  raft.lastIndexAtBeat = lastIndex;
  raft.lastIndexAtBeatBefore = lastIndex;
  // Entries of former terms are committed only by one of this term. Dissertation, section 3.6.2.
  appendOwn(raft, [{ term: raft.term, index: lastIndex + 1, type: EntryType.Normal, data: NO_DATA }]);
}

function reset(raft: Raft, term: number): void {
  if (raft.term !== term) {
    if (term < raft.term) fail(`term goes back from ${raft.term} to ${term}`);
    raft.term = term;
    raft.vote = 0;
    raft.failover.end();
  }
  raft.lead = 0;
  raft.electionElapsed = 0;
  raft.heartbeatElapsed = 0;
  raft.drawElectionTimeout();
  raft.leadTransferee = 0;
  raft.leaseVoid = false;
  raft.tracker.resetVotes();
  raft.pendingConfIndex = 0;
  raft.uncommittedBytes = 0;
  raft.campaignAwaitingEntries = null;
  raft.reads.clear();
}
