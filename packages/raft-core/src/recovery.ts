/**
 * A member that lost entries it may have acknowledged. Until it has them again it counts in no quorum: it does not vote
 * or campaign, and its answers carry the number of this life, so that whoever leads gives it no credit and begins a new
 * replication session with it.
 *
 * It has them again when a leader, confirmed after this life began by a quorum without this member, has said how far is
 * committed, and the durable log here reaches there, and to the highest index that was acknowledged; or behind an entry
 * of a term after those acknowledgements, since what such a leader did not have was never committed, and never will be.
 *
 * Where the vote is not proven, it never counts again under this id: a vote of the former life may still be on its way.
 */
import { noteRecovery } from './answers.js';
import { Message, MessageType } from './message.js';
import type { MemberRecovery } from './options.js';
import type { Raft } from './raft.js';
import { StateType } from './ready.js';

/** What the recovery has come to; see `Status.recovery`. */
export interface RecoveryStatus {
  /** A commit index that a quorum without this member has confirmed; 0 while there is none. */
  readonly confirmed: number;
  readonly highWaterIndex: number;
  /** False: this member counts in no quorum under its id again. */
  readonly voteProven: boolean;
  /** Everything that was lost is here again, durably. */
  readonly refetched: boolean;
  /** The voters that recover too, as far as was heard within an election timeout, ascending by id. */
  readonly others: readonly number[];
  /** Nobody leads, and the voters that do not recover are no quorum: this member cannot recover. */
  readonly stuck: boolean;
}

export class Recovery {
  confirmed = 0;
  /**
   * Everything that was lost was here again, durably. It stays true: what a leader has cut off since was never committed,
   * and a member that had lost nothing would have lost it too.
   */
  refetched = false;
  /** Since a leader was last heard from. */
  leaderlessTicks = 0;
  nowTicks = 0;
  /** When each member last said that it recovers too. */
  private readonly heard = new Map<number, number>();

  constructor(
    readonly lost: MemberRecovery,
    /** Not 0; another one after every start. */
    readonly life: number,
  ) {}

  tick(): void {
    this.nowTicks++;
    this.leaderlessTicks++;
  }

  hear(id: number): void {
    this.heard.set(id, this.nowTicks);
  }

  hasHeard(id: number, withinTicks: number): boolean {
    const at = this.heard.get(id);
    return at !== undefined && this.nowTicks - at <= withinTicks;
  }
}

/** Tells the leader, until it has confirmed a commit index; where there is none, all voters tell each other. */
export function tickRecovery(raft: Raft): void {
  const { recovery } = raft;
  if (recovery === null) return;
  recovery.tick();
  if (recovery.nowTicks % raft.options.heartbeatTicks !== 0) return;
  if (recovery.leaderlessTicks < raft.options.electionTicks) {
    if (raft.lead !== 0 && recovery.confirmed === 0) sayRecovering(raft, raft.lead, recovery.life);
    return;
  }
  for (const { id } of raft.tracker.voters) if (id !== raft.id) sayRecovering(raft, id, recovery.life);
}

/** Somebody recovers. Where this member leads, it is also asked up to where that member must refetch. */
export function handleRecovering(raft: Raft, message: Message): void {
  raft.recovery?.hear(message.from);
  const progress = raft.tracker.get(message.from);
  if (raft.state !== StateType.Leader || progress === undefined || message.from === raft.id) return;
  noteRecovery(raft, progress, message);
  raft.reads.add(message.from, message.context);
}

/** True where the answer to a read request is to this member's own question about its recovery. */
export function handleConfirmation(raft: Raft, message: Message): boolean {
  const { recovery } = raft;
  if (recovery === null || message.context !== recovery.life) return false;
  recovery.confirmed = Math.max(recovery.confirmed, message.index);
  return true;
}

export function hasRefetched(raft: Raft): boolean {
  const { recovery } = raft;
  if (recovery === null) return false;
  recovery.refetched ||= reachesWhatWasLost(raft, recovery);
  return recovery.refetched;
}

function reachesWhatWasLost({ log }: Raft, recovery: Recovery): boolean {
  if (recovery.confirmed === 0 || log.unstable.snapshot !== null) return false;
  const durable = log.unstable.offset - 1;
  const known = Math.min(durable, log.committed);
  if (known < recovery.confirmed) return false;
  return durable >= recovery.lost.highWaterIndex || log.term(known) > recovery.lost.highWaterTerm;
}

export function recoveryStatus(raft: Raft): RecoveryStatus | null {
  const { recovery, tracker } = raft;
  if (recovery === null) return null;
  const { electionTicks } = raft.options;
  const others = tracker.voters.map(({ id }) => id).filter((id) => recovery.hasHeard(id, electionTicks));
  // A member that was heard from may have recovered since: by then a leader would have been heard from too.
  const alone = recovery.leaderlessTicks >= 2 * electionTicks;
  return {
    confirmed: recovery.confirmed,
    highWaterIndex: recovery.lost.highWaterIndex,
    voteProven: recovery.lost.voteProven,
    refetched: hasRefetched(raft),
    others,
    stuck: alone && !tracker.isQuorumWithout([...others, raft.id]),
  };
}

function sayRecovering(raft: Raft, to: number, life: number): void {
  // No term: a member that recovers makes nobody step down.
  const message = new Message(MessageType.Recovering, to, raft.id, 0);
  message.recovery = life;
  message.context = life;
  raft.send(message);
}
