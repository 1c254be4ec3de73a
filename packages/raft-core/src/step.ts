/**
 * One message in: first the rule of terms (dissertation, section 3.3), then what the member's role makes of it.
 */
import { handleAppendResponse, handleHeartbeatResponse, isAnswer, noteRecovery } from './answers.js';
import { Campaign } from './campaign.js';
import { handleVoteRequest, handleVoteResponse, ignoresCandidate, startCampaign } from './election.js';
import { LOCAL_APPEND_THREAD, LOCAL_APPLY_THREAD, type Message, MessageType } from './message.js';
import { handleSnapshotRequest } from './lost-state.js';
import { proposeEntries } from './proposal.js';
import type { Raft } from './raft.js';
import { handleReadIndexResponse, requestRead } from './read-index.js';
import { StateType } from './ready.js';
import { handleAppend, handleHeartbeat, handleSnapshot, takeDeferredSnapshot } from './receiving.js';
import { handleRecovering } from './recovery.js';
import type { StepResult } from './results.js';
import { becomeFollower } from './role.js';
import { handleAppendDone, handleApplyDone, handleSnapshotDone } from './storage-work.js';
import { forwardTransfer, transferLeadership } from './transfer.js';

const OK: StepResult = Object.freeze({ ok: true });
const LOCAL_MESSAGE: StepResult = Object.freeze({ ok: false, reason: 'local-message' });
const UNKNOWN_PEER: StepResult = Object.freeze({ ok: false, reason: 'unknown-peer' });

/** A message from outside: of a peer, or of the host's storage threads. */
export function stepFromOutside(raft: Raft, message: Message): StepResult {
  const { from, type } = message;
  if (from !== LOCAL_APPEND_THREAD && from !== LOCAL_APPLY_THREAD) {
    if (isLocal(type)) return LOCAL_MESSAGE;
    if (isResponse(type) && raft.tracker.get(from) === undefined) return UNKNOWN_PEER;
  }
  return step(raft, message);
}

export function step(raft: Raft, message: Message): StepResult {
  const { term, type } = message;
  if (term !== 0 && term !== raft.term) {
    if (term < raft.term) {
      handleOldTerm(raft, message);
      return OK;
    }
    if (!adoptTerm(raft, message)) return OK;
  }
  switch (type) {
    case MessageType.StorageAppendResp:
      handleAppendDone(raft, message);
      return OK;
    case MessageType.StorageApplyResp:
      handleApplyDone(raft, message);
      stepDeferredSnapshot(raft);
      return OK;
    case MessageType.Vote:
    case MessageType.PreVote:
      handleVoteRequest(raft, message);
      return OK;
    case MessageType.Prop: {
      const result = proposeEntries(raft, message.from, message.entries);
      return result.ok ? OK : result;
    }
    case MessageType.ReadIndex:
      requestRead(raft, message.from, message.context);
      return OK;
    case MessageType.Recovering:
      handleRecovering(raft, message);
      return OK;
    default:
      if (raft.state === StateType.Leader) stepLeader(raft, message);
      else if (raft.state === StateType.Follower) stepFollower(raft, message);
      else stepCandidate(raft, message);
      return OK;
  }
}

function stepLeader(raft: Raft, message: Message): void {
  const progress = raft.tracker.get(message.from);
  if (progress === undefined) return;
  if (isAnswer(message) && (message.recovery !== 0 || progress.recovering)) noteRecovery(raft, progress, message);
  if (isAnswer(message) && message.session !== 0 && message.session !== progress.session) {
    if (raft.options.replicationSessions) return;
  }
  switch (message.type) {
    case MessageType.AppResp:
      handleAppendResponse(raft, progress, message);
      return;
    case MessageType.HeartbeatResp:
      handleHeartbeatResponse(raft, progress, message);
      return;
    case MessageType.SnapshotRequest:
      handleSnapshotRequest(raft, progress, message);
      return;
    case MessageType.TransferLeader:
      transferLeadership(raft, progress);
      return;
  }
}

function stepFollower(raft: Raft, message: Message): void {
  switch (message.type) {
    case MessageType.App:
      hearFromLeader(raft, message.from);
      handleAppend(raft, message);
      return;
    case MessageType.Heartbeat:
      hearFromLeader(raft, message.from);
      handleHeartbeat(raft, message);
      return;
    case MessageType.Snap:
      hearFromLeader(raft, message.from);
      handleSnapshot(raft, message);
      return;
    case MessageType.TransferLeader:
      forwardTransfer(raft, message.from);
      return;
    case MessageType.TimeoutNow:
      startCampaign(raft, Campaign.Transfer);
      return;
    case MessageType.ReadIndexResp:
      handleReadIndexResponse(raft, message);
      return;
  }
}

function stepCandidate(raft: Raft, message: Message): void {
  switch (message.type) {
    case MessageType.App:
    case MessageType.Heartbeat:
    case MessageType.Snap:
      // Somebody won this term, or leads it still.
      becomeFollower(raft, message.term, message.from);
      stepFollower(raft, message);
      return;
    case MessageType.VoteResp:
    case MessageType.PreVoteResp:
      handleVoteResponse(raft, message);
      return;
  }
}

function stepDeferredSnapshot(raft: Raft): void {
  const message = takeDeferredSnapshot(raft);
  if (message !== null) step(raft, message);
}

function hearFromLeader(raft: Raft, lead: number): void {
  raft.electionElapsed = 0;
  raft.lead = lead;
  raft.campaignAwaitingEntries = null;
  raft.failover.end();
  if (raft.recovery !== null) raft.recovery.leaderlessTicks = 0;
}

/** A later term. False where the message goes no further. */
function adoptTerm(raft: Raft, message: Message): boolean {
  const { from, reject, term, type } = message;
  if (type === MessageType.Vote || type === MessageType.PreVote) {
    if (ignoresCandidate(raft, message)) return false;
  }
  // The term of a pre-vote, and of a pre-vote that was granted, is of an election that may never be.
  if (type === MessageType.PreVote || (type === MessageType.PreVoteResp && !reject)) return true;
  const fromLeader = type === MessageType.App || type === MessageType.Heartbeat || type === MessageType.Snap;
  becomeFollower(raft, term, fromLeader ? from : 0);
  return true;
}

function handleOldTerm(raft: Raft, message: Message): void {
  const { checkQuorum, preVote } = raft.options;
  switch (message.type) {
    case MessageType.Heartbeat:
    case MessageType.App:
      // A leader that was left behind must learn the term, or it would neither be replaced nor step down: members that
      // pre-vote, or that hear from a leader, do not raise anybody's term.
      if (checkQuorum || preVote) raft.sendAfterAppend(raft.message(MessageType.AppResp, message.from));
      return;
    case MessageType.PreVote: {
      // A candidate that cannot win would otherwise go on asking.
      const answer = raft.message(MessageType.PreVoteResp, message.from);
      answer.reject = true;
      raft.sendAfterAppend(answer);
      return;
    }
    case MessageType.StorageAppendResp:
      // Entries may have been replaced since; a snapshot is committed in every term.
      handleSnapshotDone(raft, message);
      return;
  }
}

/** Messages that only the host's own threads may send. */
function isLocal(type: MessageType): boolean {
  switch (type) {
    case MessageType.Hup:
    case MessageType.Beat:
    case MessageType.Unreachable:
    case MessageType.SnapStatus:
    case MessageType.CheckQuorum:
    case MessageType.ForgetLeader:
    case MessageType.StorageAppend:
    case MessageType.StorageAppendResp:
    case MessageType.StorageApply:
    case MessageType.StorageApplyResp:
      return true;
    default:
      return false;
  }
}

/** Messages that mean something only of members of the configuration. */
function isResponse(type: MessageType): boolean {
  switch (type) {
    case MessageType.AppResp:
    case MessageType.VoteResp:
    case MessageType.PreVoteResp:
    case MessageType.HeartbeatResp:
    case MessageType.ReadIndexResp:
    case MessageType.Recovering:
    case MessageType.SnapshotRequest:
      return true;
    default:
      return false;
  }
}
