/**
 * The core's append thread: gives StorageAppend messages to the log in order, and their responses back when, and only
 * when, everything up to them is durable. So a term, vote or entry is on disk before any message that depends on it
 * leaves (design, section 4). A snapshot install is a barrier: what follows waits for it.
 */
import { type HardState, type Message, NO_ENTRIES } from '@understudy/raft-core';
import type { LogWrite, RaftLog } from './raft-log.js';

interface AppendJob {
  readonly message: Message;
  readonly submittedAt: number;
  submitted: boolean;
  durable: boolean;
  next: AppendJob | null;
}

export interface LogWriterSink {
  /** Everything up to this message is durable; its responses may be delivered. */
  onDurable(message: Message): void;
  /** A snapshot is to be put into place, ending with `write`; `done` when that is durable. */
  onInstall(message: Message, write: LogWrite, done: () => void): void;
  onLogFailure(error: Error): void;
}

export class LogWriter {
  // The jobs that are not durable yet, oldest first; submitted ones first, unless an install holds them up.
  #head: AppendJob | null = null;
  #tail: AppendJob | null = null;
  // What the log was last told; decides whether a write must be synced.
  #term: number;
  #vote: number;

  constructor(
    private readonly log: RaftLog,
    hardState: HardState,
    private readonly sink: LogWriterSink,
  ) {
    this.#term = hardState.term;
    this.#vote = hardState.vote;
  }

  get idle(): boolean {
    return this.#head === null;
  }

  /** Ticks since the oldest write that is not durable was submitted; 0 when there is none. */
  oldestAge(now: number): number {
    return this.#head === null ? 0 : now - this.#head.submittedAt;
  }

  append(message: Message, now: number): void {
    const job: AppendJob = { message, submittedAt: now, submitted: false, durable: false, next: null };
    const blocked = this.#tail !== null && (!this.#tail.submitted || this.#tail.message.snapshot !== null);
    if (this.#tail === null) this.#head = job;
    else this.#tail.next = job;
    this.#tail = job;
    if (!blocked) this.#submit(job);
  }

  #submit(job: AppendJob): void {
    const { message } = job;
    if (message.snapshot !== null) {
      // Only once everything before it is durable: an install replaces the log.
      if (job !== this.#head) return;
      job.submitted = true;
      this.sink.onInstall(message, this.#writeOf(message), () => this.#onDone(job));
      return;
    }
    job.submitted = true;
    const write = this.#writeOf(message);
    if (write.hardState === null && write.entries.length === 0) {
      // Nothing of its own, but its responses depend on what was written before.
      this.#onDone(job);
      return;
    }
    if (write.mustSync) {
      this.log.append(write, (error) => (error === null ? this.#onDone(job) : this.sink.onLogFailure(error)));
      return;
    }
    // A commit index may be lost: nothing waits for it, so it counts as done at once.
    this.log.append(write, (error) => {
      if (error !== null) this.sink.onLogFailure(error);
    });
    this.#onDone(job);
  }

  #writeOf(message: Message): LogWrite {
    const { term, vote, commit, snapshot } = message;
    const hasHardState = term !== 0 || vote !== 0 || commit !== 0;
    const moved = hasHardState && (term !== this.#term || vote !== this.#vote);
    if (moved) {
      this.#term = term;
      this.#vote = vote;
    }
    return {
      hardState: hasHardState ? { term, vote, commit } : null,
      entries: message.entries.length === 0 ? NO_ENTRIES : message.entries,
      snapshot:
        snapshot === null ? null : { index: snapshot.index, term: snapshot.term, confState: snapshot.confState },
      mustSync: moved || message.entries.length > 0 || snapshot !== null,
    };
  }

  #onDone(job: AppendJob): void {
    job.durable = true;
    while (this.#head?.durable) {
      const done = this.#head;
      this.#head = done.next;
      if (this.#head === null) this.#tail = null;
      this.sink.onDurable(done.message);
      if (done.message.snapshot !== null || this.#head?.message.snapshot) this.#submitWaiting();
    }
  }

  /** After an install, or when one is next: the jobs behind it, up to the next install. */
  #submitWaiting(): void {
    for (let job = this.#head; job !== null; job = job.next) {
      if (!job.submitted) this.#submit(job);
      if (!job.submitted || job.message.snapshot !== null) return;
    }
  }
}
