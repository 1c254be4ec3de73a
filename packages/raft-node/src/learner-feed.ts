/**
 * Holds learners that catch up to the budget. Entries that are committed already when they are sent are catch-up; what
 * is replicated as it is written is not, so that a learner that keeps up is never behind because of it.
 */
import { type Entry, type Message, payloadSize, type RawNode, StateType } from '@understudy/raft-core';
import type { CommitLatency } from './commit-latency.js';
import type { LearnerBudget } from './learner-budget.js';
import type { LearnerPace } from './learner-pace.js';

export interface LearnerFeedDeps {
  readonly raw: RawNode;
  readonly budget: LearnerBudget;
  readonly pace: LearnerPace;
  readonly latency: CommitLatency;
  readonly isLearner: (id: number) => boolean;
  /** A snapshot is on its way to a learner. */
  readonly isSending: () => boolean;
  readonly isLive: (id: number) => boolean;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /**
   * From one `tick` to the next. So much may be spent ahead: who is held is let go at a tick, and would otherwise get one
   * append a tick, however much the budget allows.
   */
  readonly tickMs: number;
}

export class LearnerFeed {
  // Learners that are held, and until when.
  readonly #held = new Map<number, number>();
  // A learner was sent catch-up since the last tick.
  #fed = false;

  constructor(private readonly deps: LearnerFeedDeps) {}

  /** An append of this leader is about to leave. */
  onAppend({ to, entries }: Message): void {
    const { budget, isLearner, now, raw, tickMs } = this.deps;
    const last = entries[entries.length - 1] as Entry | undefined;
    if (last === undefined || last.index > raw.commitIndex || !isLearner(to)) return;
    this.#fed = true;
    const waitMs = budget.spend(payloadSize(entries)) - tickMs;
    if (waitMs <= 0) return;
    this.#held.set(to, now() + waitMs);
    raw.holdAppends(to, true);
  }

  /** After each turn. */
  observe(): void {
    const { latency, now, raw } = this.deps;
    if (raw.state === StateType.Leader) latency.observe(raw.lastIndex, raw.commitIndex, now());
  }

  tick(): void {
    const { budget, isLearner, isSending, latency, now, pace, raw } = this.deps;
    if (raw.state !== StateType.Leader) {
      this.#held.clear();
      latency.reset();
      pace.reset();
      return;
    }
    const at = now();
    const feeding = this.#fed || this.#held.size > 0 || isSending();
    this.#fed = false;
    budget.follow(pace.next({ latencyMs: latency.take(at), feeding, urgent: feeding && this.#missesVoter() }));
    for (const [id, until] of this.#held) {
      if (until > at && isLearner(id)) continue;
      this.#held.delete(id);
      raw.holdAppends(id, false);
    }
  }

  #missesVoter(): boolean {
    const { isLive, raw } = this.deps;
    const { id: self, progress } = raw.status();
    return progress.some(({ id, isLearner }) => id !== self && !isLearner && !isLive(id));
  }
}
