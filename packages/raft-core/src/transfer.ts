/**
 * Handing leadership over: the target is brought up to date, then told to campaign at once. Dissertation, section 3.10.
 * No proposals meanwhile; given up after an election timeout. Never to a learner.
 */
import { Message, MessageType } from './message.js';
import { type Progress, ProgressState } from './progress.js';
import type { Raft } from './raft.js';
import { StateType } from './ready.js';
import { maybeSendAppend } from './replication.js';

/** A cooldown of so many election timeouts between two hand-overs of stalled leaders. */
const HANDOVER_COOLDOWN = 10;

/** Leader only. */
export function transferLeadership(raft: Raft, target: Progress): void {
  if (target.isLearner || target.recovering || raft.leadTransferee === target.id) return;
  raft.leadTransferee = 0;
  if (target.id === raft.id) return;
  // The target has an election timeout from now on.
  raft.electionElapsed = 0;
  raft.leadTransferee = target.id;
  if (target.match === raft.log.lastIndex()) sendTimeoutNow(raft, target.id);
  else maybeSendAppend(raft, target, true);
}

/** A follower asks the leader. The target stands as the sender. */
export function forwardTransfer(raft: Raft, to: number): void {
  if (raft.lead === 0) return;
  raft.send(new Message(MessageType.TransferLeader, raft.lead, to, raft.term));
}

export function sendTimeoutNow(raft: Raft, to: number): void {
  raft.leaseVoid = true;
  raft.send(raft.message(MessageType.TimeoutNow, to));
}

/**
 * The leader's own disk has not finished an append for `appendTicks`. From an election timeout on it hands over, if some
 * voter's disk keeps up: one that has acknowledged all that is older than a heartbeat interval.
 */
export function handOverIfStalled(raft: Raft, appendTicks: number): void {
  const { electionTicks, stalledLeaderHandover } = raft.options;
  if (!stalledLeaderHandover || raft.state !== StateType.Leader || appendTicks < electionTicks) return;
  if (raft.leadTransferee !== 0 || raft.handoverCooldownTicks > 0) return;
  let best: Progress | null = null;
  for (const voter of raft.tracker.voters) {
    if (voter.id === raft.id || voter.recovering || !voter.recentActive || voter.state !== ProgressState.Replicate)
      continue;
    // A voter that the running change turns into a learner would have to hand over again.
    if (!raft.tracker.confState.voters.includes(voter.id)) continue;
    if (voter.match < raft.lastIndexAtBeatBefore) continue;
    if (best === null || voter.match > best.match) best = voter;
  }
  if (best === null) return;
  raft.handoverCooldownTicks = HANDOVER_COOLDOWN * electionTicks;
  transferLeadership(raft, best);
}
