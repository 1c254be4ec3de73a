/**
 * Time, as the core knows it. Dissertation, section 3.4 (election timeouts) and 6.2 (a leader without a quorum steps
 * down).
 */
import { Campaign } from './campaign.js';
import { ownCampaign, startCampaign } from './election.js';
import { tickLostState } from './lost-state.js';
import { maybeAutoLeave } from './membership.js';
import type { Raft } from './raft.js';
import { StateType } from './ready.js';
import { tickRecovery } from './recovery.js';
import { broadcastHeartbeat } from './replication.js';
import { becomeFollower } from './role.js';

export function tick(raft: Raft): void {
  tickRecovery(raft);
  tickLostState(raft);
  if (raft.handoverCooldownTicks > 0) raft.handoverCooldownTicks--;
  if (raft.state === StateType.Leader) tickLeader(raft);
  else tickElection(raft);
}

function tickElection(raft: Raft): void {
  const { electionTicks, heartbeatTicks } = raft.options;
  raft.electionElapsed++;
  if (raft.promotable() && raft.electionElapsed >= raft.randomizedElectionTicks) {
    raft.electionElapsed = 0;
    raft.failover.end();
    ownCampaign(raft);
  } else if (raft.failover.tick(electionTicks, heartbeatTicks)) {
    startCampaign(raft, Campaign.PreVote);
  }
}

function tickLeader(raft: Raft): void {
  const { checkQuorum, electionTicks, heartbeatTicks } = raft.options;
  raft.heartbeatElapsed++;
  raft.electionElapsed++;
  if (raft.electionElapsed >= electionTicks) {
    raft.electionElapsed = 0;
    if (checkQuorum && !keepsQuorum(raft)) return;
    if (raft.leadTransferee !== 0) {
      raft.leadTransferee = 0;
      // A joint configuration is not left during a transfer; it did not come to one.
      maybeAutoLeave(raft);
    }
  }
  if (raft.heartbeatElapsed < heartbeatTicks) return;
  raft.heartbeatElapsed = 0;
  raft.lastIndexAtBeatBefore = raft.lastIndexAtBeat;
  raft.lastIndexAtBeat = raft.log.lastIndex();
  broadcastHeartbeat(raft);
}

/** Steps down without a quorum; else asks everybody to be heard from again. */
function keepsQuorum(raft: Raft): boolean {
  const active = raft.tracker.quorumActive();
  if (!active) becomeFollower(raft, raft.term, 0);
  for (const progress of raft.tracker.members) if (progress.id !== raft.id) progress.recentActive = false;
  return active;
}
