/**
 * A snapshot that comes in: staged and verified first, then stepped into the core, and, if the core takes it, put into
 * place: durable intent, swap of the state, one log write that begins after it, and only then the answer. Nothing is
 * applied and nothing flushed meanwhile. A snapshot that the core does not take is thrown away.
 */
import type { Message, SnapshotMeta } from '@understudy/raft-core';
import { RaftNodeError } from './errors.js';
import { readSnapshotHeader } from './frame.js';
import type { LogWrite, RaftLog } from './raft-log.js';
import type { StagedSnapshot, StateMachine } from './state-machine.js';

export interface SnapshotReceiverDeps {
  readonly self: number;
  readonly log: RaftLog;
  readonly stateMachine: Pick<StateMachine, 'installSnapshot' | 'discardStaged'>;
  readonly term: () => number;
  readonly commit: () => number;
  /** There is no state: any snapshot is welcome that the log goes on from. */
  readonly stateLost: () => boolean;
  /** The state is the snapshot's, and the log stays as it is. */
  readonly restoreState: (meta: SnapshotMeta) => void;
  /** Steps a snapshot that the core will not take, for its answer. */
  readonly answer: (message: Message) => void;
  /** Calls back once nothing is being applied, flushed or streamed from the state any more. */
  readonly quiesce: (callback: () => void) => void;
  readonly installed: (message: Message) => void;
  readonly fail: (error: Error) => void;
}

type Phase = 'idle' | 'staging' | 'stepping' | 'installing';

export class SnapshotReceiver {
  #phase: Phase = 'idle';
  // Set from `stepping` on.
  #staged: StagedSnapshot | null = null;

  constructor(private readonly deps: SnapshotReceiverDeps) {}

  get busy(): boolean {
    return this.#phase !== 'idle';
  }

  get installing(): boolean {
    return this.#phase === 'installing';
  }

  /** Whether to receive what a peer offers; throws the refusal. Follow with `staged` or `stagingFailed`. */
  accept(from: number, header: Uint8Array): Message {
    const message = readSnapshotHeader(header, from, this.deps.self);
    const index = message.snapshot?.index ?? 0;
    if (message.term < this.deps.term()) refuse(`from term ${message.term}; the term here is ${this.deps.term()}`);
    const { stateLost, log } = this.deps;
    if (stateLost()) {
      if (index + 1 < log.firstIndex()) refuse(`at ${index}; the log begins at ${log.firstIndex()}`);
    } else if (index <= this.deps.commit()) {
      // The core tells the leader where the log is.
      this.deps.answer(message);
      refuse(`at ${index}; the log is committed to ${this.deps.commit()}`);
    }
    if (this.#phase !== 'idle') refuse(`at ${index} while another is ${this.#phase}`);
    this.#phase = 'staging';
    return message;
  }

  stagingFailed(): void {
    this.#phase = 'idle';
  }

  /** Before the message is stepped into the core. */
  stepping(staged: StagedSnapshot): void {
    this.#phase = 'stepping';
    this.#staged = staged;
  }

  /** The core took it: it is in a StorageAppend, which may have to wait for writes before it. */
  taken(): void {
    this.#phase = 'installing';
  }

  /**
   * After the Readys that followed. `pending`: the core has not decided, since it lets what it handed out be applied
   * first, or the Ready that says so is still to come. One that it did not take is thrown away.
   */
  settle(pending: boolean): void {
    if (this.#phase !== 'stepping' || pending) return;
    this.#phase = 'idle';
    this.#staged = null;
    this.deps.stateMachine.discardStaged();
  }

  /** The log holds the entry that the snapshot ends with, durably, and only the state is gone: the log stays. */
  restoresState({ meta }: StagedSnapshot): boolean {
    const { log, stateLost } = this.deps;
    return stateLost() && log.term(meta.index) === meta.term;
  }

  /**
   * Puts the snapshot under the log. No intent is needed: until it is in place, a start finds no state, and asks again.
   */
  restore(message: Message, staged: StagedSnapshot): void {
    this.#phase = 'installing';
    const { fail, installed, quiesce, restoreState, stateMachine } = this.deps;
    quiesce(() =>
      stateMachine.installSnapshot(staged, (error) => {
        if (error !== null) return fail(error);
        this.#phase = 'idle';
        restoreState(staged.meta);
        installed(message);
      }),
    );
  }

  /** `write` goes to the log when the state is in place. */
  install(message: Message, write: LogWrite, done: () => void): void {
    const { log, stateMachine, quiesce, installed, fail } = this.deps;
    const staged = this.#staged;
    if (staged === null || staged.meta.index !== message.snapshot?.index) {
      fail(new Error(`the core installs a snapshot at ${message.snapshot?.index}; ${staged?.meta.index} is staged`));
      return;
    }
    const step = (next: () => void) => (error: Error | null) => (error === null ? next() : fail(error));
    const { index, term, confState } = staged.meta;
    quiesce(() =>
      log.beginInstall(
        { index, term, confState, hash: staged.hash },
        step(() =>
          stateMachine.installSnapshot(
            staged,
            step(() =>
              log.append(
                write,
                step(() => {
                  this.#phase = 'idle';
                  this.#staged = null;
                  installed(message);
                  done();
                }),
              ),
            ),
          ),
        ),
      ),
    );
  }
}

function refuse(what: string): never {
  throw new RaftNodeError('snapshot-refused', `snapshot ${what}`);
}
