/**
 * The Ready that comes next: what is due that the host was not told yet, and in synchronous mode the answers of the work
 * that it was given last. Making one tells the host all of it, so that nothing is given out twice.
 */
import type { HardState } from './hard-state.js';
import { type Message, NO_MESSAGES } from './message.js';
import type { Raft } from './raft.js';
import { fail } from './raft-error.js';
import { readRoundDue, sendReadRound } from './read-index.js';
import type { Ready, ReadState, SoftState } from './ready.js';
import { step } from './step.js';
import { appendDone, appendWork, applyDone, applyWork, needsAppendDone } from './storage-work.js';

const NO_READ_STATES: readonly ReadState[] = Object.freeze([]);

export class NextReady {
  /** What the host was told last. */
  private toldSoft: SoftState;
  private toldHard: HardState;
  /** Synchronous mode: answers of the work of the last Ready, for `advance()`. Empty when there is none to advance. */
  private answers: Message[] = [];
  private advanceDue = false;

  constructor(private readonly raft: Raft) {
    this.toldSoft = this.softState();
    this.toldHard = this.hardState();
  }

  isDue(): boolean {
    const { raft } = this;
    const { log } = raft;
    return (
      raft.messages.length > 0 ||
      raft.messagesAfterAppend.length > 0 ||
      log.hasNextUnstable() ||
      log.hasNextCommitted(!raft.options.asyncStorageWrites) ||
      raft.readStates.length > 0 ||
      this.softStateMoved() ||
      this.hardStateMoved() ||
      (log.unstable.snapshot !== null && !log.unstable.snapshotInProgress) ||
      readRoundDue(raft)
    );
  }

  take(): Ready {
    if (this.advanceDue) fail(`a Ready with ${this.answers.length} answers is not advanced yet`);
    const { raft } = this;
    const { log, options } = raft;
    sendReadRound(raft);
    const softState = this.softStateMoved() ? this.softState() : null;
    const hardState = this.hardStateMoved() ? this.hardState() : null;
    const entries = log.nextUnstable();
    const snapshot = log.unstable.snapshotInProgress ? null : log.unstable.snapshot;
    const applyUnstable = !options.asyncStorageWrites;
    const committedEntries = log.nextCommitted(applyUnstable);
    const mustSync = entries.length > 0 || raft.term !== this.toldHard.term || raft.vote !== this.toldHard.vote;
    if (options.asyncStorageWrites) this.enqueueWork(hardState, entries, snapshot, committedEntries);
    else this.keepAnswers(snapshot, committedEntries);

    const ready: Ready = {
      softState,
      hardState,
      readStates: raft.readStates.length === 0 ? NO_READ_STATES : raft.readStates,
      entries,
      snapshot,
      committedEntries,
      messages: raft.messages.length === 0 ? NO_MESSAGES : raft.messages,
      mustSync,
    };
    if (softState !== null) this.toldSoft = softState;
    if (hardState !== null) this.toldHard = hardState;
    if (raft.readStates.length > 0) raft.readStates = [];
    if (raft.messages.length > 0) raft.messages = [];
    if (raft.messagesAfterAppend.length > 0) raft.messagesAfterAppend = [];
    log.unstable.acceptInProgress();
    if (committedEntries.length > 0) log.acceptApplying(committedEntries, applyUnstable);
    return ready;
  }

  /** Synchronous mode: the answers of that work are stepped in. */
  advance(): void {
    if (!this.advanceDue) fail(`there is no Ready to advance; ${this.answers.length} answers wait`);
    this.advanceDue = false;
    const { answers } = this;
    if (answers.length === 0) return;
    this.answers = [];
    for (const answer of answers) step(this.raft, answer);
  }

  private enqueueWork(
    hardState: HardState | null,
    entries: Ready['entries'],
    snapshot: Ready['snapshot'],
    committedEntries: Ready['committedEntries'],
  ): void {
    const { raft } = this;
    const after = raft.messagesAfterAppend.length > 0;
    if (entries.length > 0 || hardState !== null || snapshot !== null || after) {
      raft.messages.push(appendWork(raft, hardState, entries, snapshot));
    }
    if (committedEntries.length > 0) raft.messages.push(applyWork(raft, committedEntries));
  }

  private keepAnswers(snapshot: Ready['snapshot'], committedEntries: Ready['committedEntries']): void {
    const { raft } = this;
    const after = raft.messagesAfterAppend;
    for (let i = 0; i < after.length; i++) {
      const message = after[i] as Message;
      if (message.to === raft.id) this.answers.push(message);
      else raft.messages.push(message);
    }
    if (needsAppendDone(raft, snapshot)) this.answers.push(appendDone(raft, snapshot));
    if (committedEntries.length > 0) this.answers.push(applyDone(raft, committedEntries));
    this.advanceDue = true;
  }

  private softState(): SoftState {
    return { lead: this.raft.lead, state: this.raft.state };
  }

  private hardState(): HardState {
    return { term: this.raft.term, vote: this.raft.vote, commit: this.raft.log.committed };
  }

  private softStateMoved(): boolean {
    return this.raft.lead !== this.toldSoft.lead || this.raft.state !== this.toldSoft.state;
  }

  private hardStateMoved(): boolean {
    const { toldHard, raft } = this;
    return raft.log.committed !== toldHard.commit || raft.term !== toldHard.term || raft.vote !== toldHard.vote;
  }
}
