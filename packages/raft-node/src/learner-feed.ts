/**
 * Holds learners that catch up to the budget. Entries that are committed already when they are sent are catch-up; what
 * is replicated as it is written is not, so that a learner that keeps up is never behind because of it.
 *
 * What is allowed goes in pieces, at turns: between them stand the leader's own commits, and none of them waits until
 * all that a tick allows is read from the log.
 */
import { entriesSize, type Entry, type Message, type RawNode, StateType } from '@understudy/raft-core';
import type { CommitLatency } from './commit-latency.js';
import type { LearnerBudget } from './learner-budget.js';
import type { LearnerPace } from './learner-pace.js';

export interface LearnerFeedDeps {
  readonly raw: RawNode;
  readonly budget: LearnerBudget;
  readonly pace: LearnerPace;
  readonly latency: CommitLatency;
  readonly learners: () => readonly number[];
  /** A snapshot is on its way to a learner. */
  readonly isSending: () => boolean;
  readonly isLive: (id: number) => boolean;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
}

/** Writing and applying an entry is work, however small it is: as much as so many bytes of a snapshot. */
const ENTRY_COST_BYTES = 2_048;
/** Bytes of entries that go at a turn: with less, the disk syncs of the learner would cost more than the entries. */
const PIECE_BYTES = 32 * 1_024;

export class LearnerFeed {
  // A learner was sent catch-up since the last tick.
  #fed = false;
  // Bytes of entries that are allowed and not sent yet.
  #left = 0;
  // Of the last append of catch-up: what an entry cost, and how much of the cost were its bytes.
  #entryCost = ENTRY_COST_BYTES;
  #byteShare = 1;
  // Where the log ended at the last tick.
  #lastIndex = 0;

  constructor(private readonly deps: LearnerFeedDeps) {}

  /** An append of this leader is about to leave. */
  onAppend({ to, entries }: Message): void {
    const { budget, learners, raw } = this.deps;
    const first = entries[0] as Entry | undefined;
    if (first === undefined || first.index > raw.commitIndex || !learners().includes(to)) return;
    const bytes = entriesSize(entries);
    const cost = bytes + entries.length * ENTRY_COST_BYTES;
    budget.spend(cost);
    this.#fed = true;
    this.#left -= bytes;
    this.#entryCost = cost / entries.length;
    this.#byteShare = bytes / cost;
  }

  /** After each turn. */
  observe(): void {
    const { latency, now, raw } = this.deps;
    if (raw.state !== StateType.Leader) return;
    latency.observe(raw.lastIndex, raw.commitIndex, now());
    if (this.#fed && this.#left < PIECE_BYTES / 2) this.#allow(PIECE_BYTES, PIECE_BYTES);
  }

  tick(): void {
    const { budget, isSending, latency, now, pace, raw } = this.deps;
    const grown = raw.lastIndex - this.#lastIndex;
    this.#lastIndex = raw.lastIndex;
    if (raw.state !== StateType.Leader) {
      this.#fed = false;
      latency.reset();
      pace.reset();
      return;
    }
    const latencyMs = latency.take(now());
    const catchesUp = this.#fed || budget.available < 0;
    this.#fed = false;
    const feeding = catchesUp || isSending();
    const grownBytes = catchesUp ? grown * this.#entryCost : 0;
    budget.follow(pace.next({ latencyMs, feeding, urgent: feeding && this.#missesVoter(), grownBytes }));
    // Where nobody writes nobody waits, and there may be no turn before the next tick.
    this.#allow(0, latencyMs > 0 ? PIECE_BYTES : Number.POSITIVE_INFINITY);
  }

  /** What the budget has, up to `most`, unless that is less than `least`: bytes of entries. */
  #allow(least: number, most: number): void {
    const { budget, learners, raw } = this.deps;
    const { available } = budget;
    const bytes = available <= 0 ? 0 : Math.max(1, Math.floor(available * this.#byteShare));
    if (bytes < least) return;
    this.#left = Math.min(bytes, most);
    for (const id of learners()) raw.allowCatchUp(id, this.#left);
  }

  #missesVoter(): boolean {
    const { isLive, raw } = this.deps;
    const { id: self, progress } = raw.status();
    return progress.some(({ id, isLearner }) => id !== self && !isLearner && !isLive(id));
  }
}
