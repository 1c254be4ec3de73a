/**
 * When the state is flushed and the log compacted. Flushing is rare and in the background, and each member does it at
 * moments of its own. The log is compacted only up to what the state machine says is durable, less the entries kept for
 * peers that were shortly away, and not past what a peer still needs that catches up by a snapshot, as long as that costs
 * no more than a bounded log.
 */
import type { RaftLog } from './raft-log.js';
import type { StateMachine } from './state-machine.js';

export interface UpkeepLimits {
  readonly flushEntries: number;
  readonly flushBytes: number;
  readonly flushTicks: number;
  readonly snapshotEntries: number;
  readonly keepEntries: number;
  readonly maxHeldBytes: number;
  /**
   * How much of the way to its first flush is behind this member at the start; in [0, 1). Members that apply the same
   * would flush at the same moments, and a commit would wait for all their disks at once.
   */
  readonly flushPhase: number;
}

export interface UpkeepDeps {
  readonly log: RaftLog;
  readonly stateMachine: Pick<StateMachine, 'durable' | 'flush'>;
  /** Peers still need the entries after this index; Infinity when none does. */
  readonly heldFrom: () => number;
  /** What sending the state once more would cost: to hold as much of the log costs no more. */
  readonly snapshotBytes: () => number;
  /** A flush or a compaction failed: what is on disk is unknown. */
  readonly fail: (error: Error) => void;
}

/** What an entry costs beside its payload, in the log and in memory. */
const ENTRY_BYTES = 100;

type Done = (error: Error | null) => void;

export class LogUpkeep {
  // Applied since the last flush began.
  #entries = 0;
  #bytes = 0;
  // Of all entries applied since the start, with what they cost beside their payload.
  #totalBytes = 0;
  // What that was when the state was flushed at these indexes; from the beginning of the log on.
  #marks: { readonly index: number; readonly totalBytes: number }[] = [];
  // Ticks since the first of those.
  #ticks = 0;
  // Of the limits, until the next flush; in (0, 1].
  #share: number;
  #flushing = false;
  #compacting = false;
  // Told by the next flush that begins after they asked.
  #waiting: Done[] = [];
  // Set while a snapshot is put into place: no flush begins.
  #suspended = false;
  #whenSuspended: (() => void) | null = null;

  constructor(
    private readonly deps: UpkeepDeps,
    private readonly limits: UpkeepLimits,
  ) {
    this.#share = 1 - limits.flushPhase;
  }

  onApplied(entries: number, bytes: number): void {
    this.#entries += entries;
    this.#bytes += bytes;
    this.#totalBytes += bytes + entries * ENTRY_BYTES;
    const { flushBytes, flushEntries } = this.limits;
    if (this.#entries >= flushEntries * this.#share || this.#bytes >= flushBytes * this.#share) this.#start();
  }

  tick(): void {
    if (this.#entries === 0) return;
    if (++this.#ticks >= this.limits.flushTicks * this.#share) this.#start();
  }

  /** Calls back once everything applied before the call is durable. */
  flush(done: Done): void {
    this.#waiting.push(done);
    this.#start();
  }

  /** Compacts now, keeping `keepEntries` behind the durable state. */
  compact(keepEntries: number, done: Done): void {
    this.#compactTo(Math.min(this.deps.stateMachine.durable.index - keepEntries, this.deps.heldFrom()), done);
  }

  /** Calls back once no flush runs; none begins until `resume`. */
  suspend(callback: () => void): void {
    this.#suspended = true;
    if (this.#flushing) this.#whenSuspended = callback;
    else callback();
  }

  /** A snapshot replaced the state, durably: what was applied before needs no flush. */
  resume(): void {
    this.#suspended = false;
    this.#resetCounters();
    if (this.#waiting.length > 0) this.#start();
  }

  /** The member ends: nobody waits for a flush that has not begun. */
  endAll(error: Error): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const done of waiting) done(error);
  }

  #start(): void {
    // One at a time; a request meanwhile starts another behind it.
    if (this.#flushing || this.#suspended) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#resetCounters();
    this.#flushing = true;
    const totalBytes = this.#totalBytes;
    this.deps.stateMachine.flush((error) => {
      this.#flushing = false;
      if (error !== null) this.deps.fail(error);
      else this.#marks.push({ index: this.deps.stateMachine.durable.index, totalBytes });
      for (const done of waiting) done(error);
      if (error === null) this.#afterFlush();
    });
  }

  #afterFlush(): void {
    const suspended = this.#whenSuspended;
    this.#whenSuspended = null;
    if (suspended !== null) suspended();
    else if (this.#waiting.length > 0) this.#start();
    this.#compactIfLong();
  }

  #compactIfLong(): void {
    const { maxHeldBytes, snapshotEntries, keepEntries } = this.limits;
    const index = this.deps.stateMachine.durable.index - keepEntries;
    const excess = index - this.deps.log.firstIndex() + 1;
    if (excess < snapshotEntries) return;
    const { heldFrom, snapshotBytes } = this.deps;
    const mayHold = this.#logBytes() < Math.max(maxHeldBytes, snapshotBytes());
    const held = mayHold ? heldFrom() : Number.POSITIVE_INFINITY;
    this.#compactTo(Math.min(index, held), () => {});
  }

  /** Of the log up to what is applied, as far as this process has written it. */
  #logBytes(): number {
    const first = this.deps.log.firstIndex();
    this.#marks = this.#marks.filter(({ index }) => index >= first);
    return this.#totalBytes - (this.#marks[0]?.totalBytes ?? 0);
  }

  #compactTo(index: number, done: Done): void {
    const to = Math.min(index, this.deps.log.lastIndex());
    if (this.#compacting || to < this.deps.log.firstIndex()) {
      done(null);
      return;
    }
    this.#compacting = true;
    this.deps.log.compact(to, (error) => {
      this.#compacting = false;
      if (error !== null) this.deps.fail(error);
      done(error);
    });
  }

  #resetCounters(): void {
    this.#entries = 0;
    this.#bytes = 0;
    this.#ticks = 0;
    this.#share = 1;
  }
}
