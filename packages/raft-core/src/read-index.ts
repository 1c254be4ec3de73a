/**
 * Linearizable reads without log entries. Dissertation, section 6.4.
 *
 * A leader numbers its rounds itself: a round's number travels as the context of heartbeats, and whoever answers it
 * thereby says that it took this leader for the leader after the round began. Requests attach to the round that is not
 * sent yet; what the asker calls its request is carried along and never looked at. Before a round is confirmed,
 * leadership, term and the commit of an entry of this term are checked again.
 */
import { Message, MessageType } from './message.js';
import type { Raft } from './raft.js';
import { StateType } from './ready.js';
import { broadcastHeartbeat } from './replication.js';
import { handleConfirmation } from './recovery.js';
import type { ReadIndexResult } from './results.js';

interface ReadRound {
  readonly number: number;
  /** Term of the leadership that sent the round. */
  readonly term: number;
  /** Commit index when the round was sent. */
  readonly index: number;
  readonly askers: readonly number[];
  readonly contexts: readonly number[];
}

const OK: ReadIndexResult = Object.freeze({ ok: true });
const NO_LEADER: ReadIndexResult = Object.freeze({ ok: false, reason: 'no-leader' });
const READ_LIMIT: ReadIndexResult = Object.freeze({ ok: false, reason: 'read-limit' });

export class ReadRounds {
  /** Requests of the round that is not sent yet. Never joined once it is. */
  private askers: number[] = [];
  private contexts: number[] = [];
  /** Sent rounds that wait to be confirmed, ascending, from `head` on. */
  private sent: ReadRound[] = [];
  private head = 0;
  /** Number of the last round. Never used twice, also not by later leaderships. */
  private lastNumber = 0;
  /** Requests held, sent or not. pending <= maxPending. */
  private pending = 0;

  constructor(private readonly maxPending: number) {}

  hasUnsent(): boolean {
    return this.askers.length > 0;
  }

  /** False where too many are held. */
  add(asker: number, context: number): boolean {
    if (this.pending >= this.maxPending) return false;
    this.askers.push(asker);
    this.contexts.push(context);
    this.pending++;
    return true;
  }

  /** Closes the round that is not sent yet: who asks from now on belongs to the next. */
  close(term: number, index: number): ReadRound {
    const { askers, contexts } = this;
    this.askers = [];
    this.contexts = [];
    return { number: ++this.lastNumber, term, index, askers, contexts };
  }

  wait(round: ReadRound): void {
    this.sent.push(round);
  }

  /** 0 for none. */
  newestWaiting(): number {
    return this.head === this.sent.length ? 0 : (this.sent[this.sent.length - 1] as ReadRound).number;
  }

  /** The oldest round that waits, where it is `confirmed` or older. */
  takeConfirmed(confirmed: number): ReadRound | null {
    if (this.head === this.sent.length) return null;
    const round = this.sent[this.head] as ReadRound;
    if (round.number > confirmed) return null;
    this.head++;
    if (this.head * 2 >= this.sent.length) {
      this.sent = this.sent.slice(this.head);
      this.head = 0;
    }
    return round;
  }

  /** Its requests are held no more. */
  settle(round: ReadRound): void {
    this.pending -= round.askers.length;
  }

  /** Drops every request: the askers ask again. */
  clear(): void {
    this.askers = [];
    this.contexts = [];
    this.sent = [];
    this.head = 0;
    this.pending = 0;
  }
}

/** A request, of this member itself or sent on by another, learners included. */
export function requestRead(raft: Raft, asker: number, context: number): ReadIndexResult {
  if (raft.state === StateType.Leader) return raft.reads.add(asker, context) ? OK : READ_LIMIT;
  if (raft.state !== StateType.Follower || raft.lead === 0) return NO_LEADER;
  const message = new Message(MessageType.ReadIndex, raft.lead, asker, 0);
  message.context = context;
  raft.send(message);
  return OK;
}

/** Whether `sendReadRound` would do anything. Without an entry of its term, a leader may not know what is committed. */
export function readRoundDue(raft: Raft): boolean {
  return raft.reads.hasUnsent() && raft.state === StateType.Leader && raft.committedInTerm();
}

/** Sends the round that gathered since the last Ready; the host's own turn makes the batch. */
export function sendReadRound(raft: Raft): void {
  if (!readRoundDue(raft)) return;
  const round = raft.reads.close(raft.term, raft.log.committed);
  if (raft.tracker.isOnlyVoter(raft.id) || holdsLease(raft)) {
    raft.reads.settle(round);
    answer(raft, round);
    return;
  }
  raft.reads.wait(round);
  broadcastHeartbeat(raft);
}

/** Answers the rounds that a quorum has confirmed. */
export function releaseReads(raft: Raft): void {
  if (raft.reads.newestWaiting() === 0 || raft.state !== StateType.Leader || !raft.committedInTerm()) return;
  const confirmed = raft.tracker.confirmedRound(raft.id);
  for (let round = raft.reads.takeConfirmed(confirmed); round !== null; round = raft.reads.takeConfirmed(confirmed)) {
    raft.reads.settle(round);
    if (round.term === raft.term) answer(raft, round);
  }
}

/** The leader's answer to a request of this member. */
export function handleReadIndexResponse(raft: Raft, message: Message): void {
  if (handleConfirmation(raft, message)) return;
  raft.readStates.push({ index: message.index, context: message.context });
}

/** Nobody else can lead yet, if the clocks run alike and nobody was told to campaign in spite of the lease. */
function holdsLease(raft: Raft): boolean {
  if (raft.options.readOnly !== 'lease-based' || raft.leaseVoid) return false;
  // What a member said before it was damaged holds up no lease.
  return raft.tracker.members.every(({ recovering }) => !recovering);
}

function answer(raft: Raft, round: ReadRound): void {
  const { askers, contexts, index } = round;
  for (let i = 0; i < askers.length; i++) {
    const asker = askers[i] as number;
    const context = contexts[i] as number;
    if (asker === raft.id) {
      raft.readStates.push({ index, context });
      continue;
    }
    const message = raft.message(MessageType.ReadIndexResp, asker);
    message.index = index;
    message.context = context;
    raft.send(message);
  }
}
