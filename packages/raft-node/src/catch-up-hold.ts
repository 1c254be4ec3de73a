/**
 * From where on the leader's log is still needed by members that catch up: from the snapshot that is on its way to one, or
 * is opened for it, and then from what it has, until it has caught up so far that the entries kept in any case are
 * enough. Without that a log that grows faster than a snapshot travels would be compacted past each snapshot before it is
 * in place, and the member would be sent one after the other. How much may be held is for LogUpkeep to bound.
 */
import { type RawNode, StateType } from '@understudy/raft-core';

export interface CatchUpHoldDeps {
  readonly raw: RawNode;
  /** Heard within an election timeout: nothing is kept for who is gone. */
  readonly isLive: (id: number) => boolean;
  /** Index of a snapshot that is opened for somebody and not sent yet; Infinity where there is none. */
  readonly waitingSnapshot: () => number;
}

export class CatchUpHold {
  // Were sent a snapshot, and have not caught up since.
  readonly #behind = new Set<number>();

  constructor(
    private readonly deps: CatchUpHoldDeps,
    private readonly keepEntries: number,
  ) {}

  snapshotSent(to: number): void {
    this.#behind.add(to);
  }

  /** The entries after this index are needed; Infinity where none are. */
  heldFrom(): number {
    const { isLive, raw, waitingSnapshot } = this.deps;
    if (raw.state !== StateType.Leader) {
      this.#behind.clear();
      return Number.POSITIVE_INFINITY;
    }
    let index = waitingSnapshot();
    const { commit, progress } = raw.status();
    for (const { id, isLearner, match, next, pendingSnapshot, state } of progress) {
      if (state === 'snapshot') index = Math.min(index, pendingSnapshot);
      else if (!isLive(id)) this.#behind.delete(id);
      // It may have its snapshot, and has not said so yet.
      else if (state === 'probe' && (isLearner || this.#behind.has(id))) index = Math.min(index, next - 1);
      else if (this.#behind.has(id)) index = Math.min(index, this.#stillBehind(id, match, commit));
    }
    return index;
  }

  #stillBehind(id: number, match: number, commit: number): number {
    if (commit - match > this.keepEntries) return match;
    this.#behind.delete(id);
    return Number.POSITIVE_INFINITY;
  }
}
