/**
 * Linearizable reads. Dissertation, section 6.4: everything that waits joins one round, the leader confirms it, and the
 * readers go on once the state here has reached the confirmed index. A reader joins only a round that is not asked yet,
 * since an index that was fixed before the read began may be older than a write the reader knows of. For the same
 * reason a repeated question has a new number, and numbers of another run of this process never match.
 */
import { type DeadlineWheel, Waiter } from './deadline-wheel.js';
import { RaftNodeError, type RaftNodeErrorCode } from './errors.js';

export type ReadDone = (error: RaftNodeError | null, index: number) => void;

export class PendingRead extends Waiter {
  ended = false;

  constructor(
    private readonly reads: PendingReads,
    readonly done: ReadDone,
  ) {
    super();
  }

  override end(code: RaftNodeErrorCode, why: string, cause?: unknown): void {
    this.reads.refuse(this, code, why, cause);
  }
}

/** Readers that go on together. */
interface Round {
  readers: PendingRead[];
  /** The number it was asked with last. */
  number: number;
  askedTicks: number;
}

interface ConfirmedRound {
  readonly readers: readonly PendingRead[];
  readonly index: number;
}

/** More readers wait for the next round: under load rounds grow instead of multiplying. */
const MAX_ROUNDS_ASKED = 4;

export interface ReadLimits {
  readonly maxPendingReads: number;
  readonly retryTicks: number;
}

export class PendingReads {
  // Readers of the round that is not asked yet.
  #waiting: PendingRead[] = [];
  // At most MAX_ROUNDS_ASKED.
  readonly #asked = new Map<number, Round>();
  // Waiting for the state to catch up.
  #confirmed: ConfirmedRound[] = [];
  // Readers in all three.
  #count = 0;
  #lastNumber: number;

  /** `run` is random in [0, 2^32): the upper part of this run's request numbers. */
  constructor(
    run: number,
    private readonly wheel: DeadlineWheel,
    private readonly limits: ReadLimits,
  ) {
    this.#lastNumber = run * 2 ** 20;
  }

  get count(): number {
    return this.#count;
  }

  /** True when a round can be asked. */
  get due(): boolean {
    return this.#waiting.length > 0 && this.#asked.size < MAX_ROUNDS_ASKED;
  }

  add(ticks: number, done: ReadDone): PendingRead | null {
    if (this.#count >= this.limits.maxPendingReads) {
      done(new RaftNodeError('overloaded', `${this.#count} reads are waiting`), 0);
      return null;
    }
    const read = new PendingRead(this, done);
    this.#waiting.push(read);
    this.#count++;
    this.wheel.add(read, ticks);
    return read;
  }

  /** Opens a round with everything that waits, and returns the number to ask the core with. */
  open(): number {
    const round: Round = { readers: this.#waiting, number: ++this.#lastNumber, askedTicks: 0 };
    this.#waiting = [];
    this.#asked.set(round.number, round);
    return round.number;
  }

  /** The leader's answer: whatever is applied to `index` may be read by the round with that number. */
  confirm(number: number, index: number, applied: number): void {
    const round = this.#asked.get(number);
    if (round === undefined) return;
    this.#asked.delete(number);
    if (index <= applied) this.#resolve(round.readers, applied);
    else this.#confirmed.push({ readers: round.readers, index });
  }

  appliedTo(applied: number): void {
    if (this.#confirmed.length === 0) return;
    const ready = this.#confirmed.filter((round) => round.index <= applied);
    if (ready.length === 0) return;
    this.#confirmed = this.#confirmed.filter((round) => round.index > applied);
    for (const round of ready) this.#resolve(round.readers, applied);
  }

  /** New numbers for the rounds that were asked `retryTicks` ago. */
  tick(): number[] {
    const numbers: number[] = [];
    for (const round of [...this.#asked.values()]) {
      if (++round.askedTicks >= this.limits.retryTicks) this.#askAgain(round, numbers);
    }
    return numbers;
  }

  /** New numbers for all rounds: the leader that was asked is no longer the leader. */
  leaderChanged(): number[] {
    const numbers: number[] = [];
    for (const round of [...this.#asked.values()]) this.#askAgain(round, numbers);
    return numbers;
  }

  /** No leader: those that nobody was asked about yet. */
  refuseWaiting(code: RaftNodeErrorCode, why: string): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const read of waiting) this.refuse(read, code, why);
  }

  refuseAll(code: RaftNodeErrorCode, why: string, cause?: unknown): void {
    const rounds = [...this.#asked.values(), ...this.#confirmed];
    this.#asked.clear();
    this.#confirmed = [];
    this.refuseWaiting(code, why);
    for (const round of rounds) for (const read of round.readers) this.refuse(read, code, why, cause);
  }

  refuse(read: PendingRead, code: RaftNodeErrorCode, why: string, cause?: unknown): void {
    if (!this.#end(read)) return;
    read.done(new RaftNodeError(code, why, { cause }), 0);
  }

  #askAgain(round: Round, numbers: number[]): void {
    this.#asked.delete(round.number);
    round.readers = round.readers.filter((read) => !read.ended);
    if (round.readers.length === 0) return;
    round.number = ++this.#lastNumber;
    round.askedTicks = 0;
    this.#asked.set(round.number, round);
    numbers.push(round.number);
  }

  #resolve(readers: readonly PendingRead[], applied: number): void {
    for (let i = 0; i < readers.length; i++) {
      const read = readers[i] as PendingRead;
      if (this.#end(read)) read.done(null, applied);
    }
  }

  #end(read: PendingRead): boolean {
    if (read.ended) return false;
    read.ended = true;
    this.#count--;
    this.wheel.remove(read);
    return true;
  }
}
