/**
 * Whether a long change is between two of its steps. Reads need not care: they see the revision before it. What is about
 * to write the state down, or to look at it otherwise, waits here until it is whole.
 */
import type { LongChange } from '@understudy/mvcc';
import { LongApply } from '@understudy/raft-node';

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export class Wholeness {
  #torn = false;
  #closed = false;
  #waiting: Waiter[] = [];

  /** The change as raft-node carries it out; the state is not whole from now until its last step. */
  during<Result>(change: LongChange<Result>): LongApply<Result> {
    this.#torn = true;
    return new LongApply(() => {
      const done = change.step();
      if (done !== null) this.#mended();
      return done;
    });
  }

  /** What `read` gives, called at once or as soon as the state is whole. Rejects where it is closed before. */
  async look<T>(read: () => T): Promise<T> {
    // Again, and in the very turn in which it is read: whoever ended one change may have begun another.
    while (this.#torn) {
      if (this.#closed) throw closedError();
      await new Promise<void>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    }
    return read();
  }

  /** A change that is not done by now will not be. */
  close(): void {
    this.#closed = true;
    for (const { reject } of this.#take()) reject(closedError());
  }

  #mended(): void {
    this.#torn = false;
    for (const { resolve } of this.#take()) resolve();
  }

  #take(): readonly Waiter[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }
}

function closedError(): Error {
  return new Error('the state was closed in the midst of a change');
}
