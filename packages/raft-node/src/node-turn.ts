/**
 * One turn: everything that follows from what came in since the last one, in one go. Proposals become one batch, reads
 * one round, the core's Ready one log write and one frame per peer and lane. Writing the log and sending to followers
 * run in parallel (dissertation, section 10.2.1); frames leave before this member applies.
 */
import {
  LOCAL_APPEND_THREAD,
  LOCAL_APPLY_THREAD,
  type Message,
  MessageType,
  type Ready,
  StateType,
} from '@understudy/raft-core';
import { REFUSAL_CODES } from './leader-requests.js';
import type { NodeEffects } from './node-effects.js';
import type { NodeParts } from './node-parts.js';
import type { ResolvedOptions } from './options.js';
import type { PendingProposal } from './pending-proposals.js';

/** Readys taken at a time; what is left waits for the next turn. */
const MAX_READYS = 16;

export class NodeTurn<Result, Local> {
  // What the core said last.
  #leader = 0;
  #state: StateType = StateType.Follower;
  // Responses of the storage threads to this member itself, to be stepped next.
  #due: Message[] = [];
  // Waits for the applier to run dry: a snapshot is about to be put into place.
  #whenApplied: (() => void) | null = null;

  constructor(
    private readonly parts: NodeParts<Result, Local>,
    private readonly effects: Pick<NodeEffects, 'leaderChanged'>,
    private readonly options: Pick<ResolvedOptions, 'id' | 'maxAppendBytes'>,
  ) {}

  /** True when there is more to do: another turn is needed. */
  run(): boolean {
    const { applier, learners, raw, receiver, upkeep } = this.parts;
    const { outbox } = this.parts.traffic;
    this.#submitProposals();
    this.#askReads();
    this.#takeReadys();
    outbox.flush();
    if (!applier.idle) {
      applier.run();
      this.#takeReadys();
      outbox.flush();
    }
    receiver.settle(raw.snapshotPending);
    if (this.#whenApplied !== null && applier.idle) {
      const callback = this.#whenApplied;
      this.#whenApplied = null;
      upkeep.suspend(callback);
    }
    learners.observe();
    return this.#due.length > 0 || !applier.idle || !outbox.isEmpty || raw.hasReady();
  }

  /** Calls back once everything handed out is applied and no flush runs. */
  quiesce(callback: () => void): void {
    this.parts.sender.abortAll();
    this.parts.source.abort();
    this.#whenApplied = callback;
  }

  /** Work of a storage thread is done: what depends on it may go. */
  onStorageDone(message: Message): void {
    const { responses } = message;
    for (let i = 0; i < responses.length; i++) this.#route(responses[i] as Message);
  }

  #submitProposals(): void {
    const { proposals } = this.parts;
    if (!proposals.hasQueued) return;
    const queue = proposals.takeQueue();
    let batch: Uint8Array[] = [];
    let bytes = 0;
    let first = 0;
    for (let i = 0; i < queue.length; i++) {
      const { payload } = queue[i] as PendingProposal<Result, Local>;
      batch.push(payload);
      bytes += payload.length;
      if (bytes < this.options.maxAppendBytes && i + 1 < queue.length) continue;
      this.#submitBatch(queue, first, batch);
      first = i + 1;
      batch = [];
      bytes = 0;
    }
  }

  #submitBatch(queue: readonly PendingProposal<Result, Local>[], first: number, batch: readonly Uint8Array[]): void {
    const { raw, proposals } = this.parts;
    const result = raw.propose(batch);
    for (let i = first; i < first + batch.length; i++) {
      const proposal = queue[i] as PendingProposal<Result, Local>;
      if (!result.ok) {
        proposals.refuse(proposal, REFUSAL_CODES[result.reason], `the proposal was refused: ${result.reason}`);
        continue;
      }
      proposal.submitted = true;
      proposal.term = result.index === 0 ? 0 : result.term;
    }
  }

  #askReads(): void {
    const { raw, reads } = this.parts;
    if (!reads.due) return;
    if (raw.lead === 0) reads.refuseWaiting('no-leader', 'no leader is known');
    else raw.readIndex(reads.open());
  }

  #takeReadys(): void {
    const { raw } = this.parts;
    for (let count = 0; count < MAX_READYS; count++) {
      const due = this.#due;
      if (due.length > 0) {
        this.#due = [];
        for (let i = 0; i < due.length; i++) raw.step(due[i] as Message);
      }
      if (!raw.hasReady()) return;
      this.#handle(raw.ready());
    }
  }

  #handle(ready: Ready): void {
    const { applier, reads, sender } = this.parts;
    const { softState, readStates, messages } = ready;
    if (softState !== null) this.#onSoftState(softState.lead, softState.state);
    for (let i = 0; i < readStates.length; i++) {
      const { context, index } = readStates[i] as (typeof readStates)[number];
      reads.confirm(context, index, applier.applied);
    }
    for (let i = 0; i < messages.length; i++) this.#route(messages[i] as Message);
    sender.readyHandled();
  }

  #route(message: Message): void {
    const { to } = message;
    const { applier, learners, receiver, sender, traffic, wheel, writer } = this.parts;
    if (to === LOCAL_APPEND_THREAD) {
      if (message.snapshot !== null) receiver.taken();
      writer.append(message, wheel.now);
    } else if (to === LOCAL_APPLY_THREAD) applier.add(message);
    else if (to === this.options.id) this.#due.push(message);
    else if (message.type === MessageType.Snap) sender.send(message);
    else {
      if (message.type === MessageType.App) learners.onAppend(message);
      traffic.outbox.add(message);
    }
  }

  #onSoftState(leader: number, state: StateType): void {
    const { raw, reads, requests, sender } = this.parts;
    const changed = leader !== this.#leader;
    const stoppedLeading = this.#state === StateType.Leader && state !== StateType.Leader;
    this.#leader = leader;
    this.#state = state;
    if (stoppedLeading) sender.abortAll();
    if (changed && leader !== 0) for (const number of reads.leaderChanged()) raw.readIndex(number);
    requests.onLeader(leader);
    this.effects.leaderChanged({ leader, term: raw.term, state });
  }
}
