/**
 * Snapshots on their way to peers. The core asks for one through the log reader and is told `unavailable` while the
 * state machine prepares it; the MsgSnap it then sends becomes a stream, whose end is reported back to the core. One
 * stream a peer, a few in all; an opened snapshot serves every peer that asks while it is fresh, and is always closed.
 */
import type { ConfState, Message, Snapshot } from '@understudy/raft-core';
import { writeFrame } from './frame.js';
import type { SnapshotPace } from './node-effects.js';
import type { SourceRequests } from './source-requests.js';
import type { StateMachine, StateSnapshot } from './state-machine.js';

export interface SnapshotSenderDeps {
  readonly self: number;
  readonly stateMachine: Pick<StateMachine, 'durable' | 'openSnapshot'>;
  /** Index of the first entry in the log: a snapshot must reach to just before it, or further. */
  readonly firstIndex: () => number;
  /** What so many bytes to a learner cost, as a time to wait, milliseconds. */
  readonly spendOnLearner: (bytes: number) => number;
  /** Has another member send it to this learner; null where none can. */
  readonly askSource: SourceRequests['ask'] | null;
  /** The configuration that is in effect. */
  readonly confState: () => ConfState;
  /** Starts the stream; the returned function aborts it, and `done` is called all the same. */
  readonly stream: (
    to: number,
    header: Uint8Array,
    snapshot: StateSnapshot,
    done: (error: Error | null) => void,
    pace: SnapshotPace,
  ) => () => void;
  /** It is on its way. */
  readonly sent: (to: number) => void;
  readonly report: (to: number, outcome: 'finished' | 'failed') => void;
  readonly warn: (text: string, error: Error) => void;
}

export interface SnapshotSenderLimits {
  readonly maxSnapshotStreams: number;
  readonly maxLearnerSnapshots: number;
  readonly keepTicks: number;
}

/** An opened snapshot. */
interface View {
  readonly snapshot: StateSnapshot;
  readonly forCore: Snapshot;
  // Streams that read it.
  users: number;
  idleTicks: number;
  // Nobody was sent it yet: the log must go on from it until then.
  waiting: boolean;
  // No longer offered; closed when the last user leaves.
  retired: boolean;
}

interface Stream {
  readonly to: number;
  readonly view: View;
  readonly message: Message;
  sentBytes: number;
  totalBytes: number;
  // Who sends it.
  source: number;
  abort: () => void;
}

/** How far a snapshot on its way has come. */
export interface SnapshotProgress {
  readonly index: number;
  /** Handed to the transport. */
  readonly sentBytes: number;
  /** As the state machine estimated it; at least `sentBytes`. */
  readonly totalBytes: number;
  /** The member that sends it: the leader, or one in its place. */
  readonly source: number;
}

const NO_DATA = new Uint8Array(0);

export class SnapshotSender {
  #view: View | null = null;
  #opening = false;
  // It will be at this index or after it.
  #openingFrom = 0;
  #lastBytes = 0;
  // Opened for nobody any more: closed as soon as it is there.
  #discardOpening = false;
  // By peer; at most `maxSnapshotStreams`, counting what was promised to the core and is not sent yet.
  readonly #streams = new Map<number, Stream>();
  #promised = 0;
  #promisedToLearners = 0;
  // Learners whose last source failed: this member feeds them itself.
  readonly #fedHere = new Set<number>();

  constructor(
    private readonly deps: SnapshotSenderDeps,
    private readonly limits: SnapshotSenderLimits,
  ) {}

  get streams(): number {
    return this.#streams.size;
  }

  /** Index of what is opened for a peer that has not been sent it yet; Infinity where there is none. */
  get waitingFrom(): number {
    if (this.#opening) return this.#openingFrom;
    return this.#view?.waiting === true ? this.#view.snapshot.meta.index : Number.POSITIVE_INFINITY;
  }

  /** As the state machine estimated the one that was opened last; 0 before there was one. */
  get lastBytes(): number {
    return this.#lastBytes;
  }

  /** One is on its way to a learner, from here or from another member. */
  get feedsLearners(): boolean {
    return this.#learnerStreams() > 0;
  }

  /** Null where none is being sent to it. */
  progress(to: number): SnapshotProgress | null {
    const stream = this.#streams.get(to);
    if (stream === undefined) return null;
    const { sentBytes, source, totalBytes } = stream;
    const { index } = stream.view.snapshot.meta;
    return { index, sentBytes, totalBytes: Math.max(totalBytes, sentBytes), source };
  }

  /** For the core, which sends what it is given in its next Ready. */
  offer(to: number): Snapshot | 'unavailable' {
    const { maxLearnerSnapshots, maxSnapshotStreams } = this.limits;
    const learner = this.#isLearner(to);
    // One that is being sent already takes no second place.
    if (!this.#streams.has(to)) {
      if (this.#streams.size + this.#promised >= maxSnapshotStreams) return 'unavailable';
      if (learner && this.#learnerStreams() + this.#promisedToLearners >= maxLearnerSnapshots) return 'unavailable';
    }
    const view = this.#view;
    if (view !== null && this.#isFresh(view)) {
      this.#promised++;
      if (learner) this.#promisedToLearners++;
      return view.forCore;
    }
    if (view !== null) this.#retire(view);
    this.#open();
    return 'unavailable';
  }

  /** What was promised is in the Ready that has just been handled. */
  readyHandled(): void {
    this.#promised = 0;
    this.#promisedToLearners = 0;
  }

  send(message: Message): void {
    const { to } = message;
    const running = this.#streams.get(to);
    // Asked for twice: a member without state asks until the snapshot arrives.
    if (running !== undefined && sameOffer(running.message, message)) return;
    this.#abort(to);
    const view = this.#view;
    if (view === null || view.forCore !== message.snapshot || !has(view.forCore.confState, to)) {
      this.deps.report(to, 'failed');
      return;
    }
    view.waiting = false;
    this.deps.sent(to);
    const { self } = this.deps;
    const totalBytes = view.snapshot.sizeHint;
    const stream: Stream = { to, view, message, sentBytes: 0, totalBytes, source: self, abort: () => {} };
    this.#streams.set(to, stream);
    if (!this.#sendFromSource(stream)) this.#sendFromHere(stream);
  }

  /** A learner costs this member least where another sends its snapshot. */
  #sendFromSource(stream: Stream): boolean {
    const { askSource } = this.deps;
    const { message, to } = stream;
    if (askSource === null || !this.#isLearner(to) || this.#fedHere.has(to)) return false;
    const onProgress = (sentBytes: number, totalBytes: number) => {
      stream.sentBytes = sentBytes;
      stream.totalBytes = totalBytes;
    };
    const sourced = askSource(message, onProgress, (error) => this.#onStreamEnd(stream, error));
    if (sourced === null) return false;
    stream.source = sourced.source;
    stream.abort = () => sourced.stop();
    return true;
  }

  #sendFromHere(stream: Stream): void {
    const { message, to, view } = stream;
    view.users++;
    const header = writeFrame([message], 0, 1, [], this.deps.self);
    const pace: SnapshotPace = {
      sent: (bytes) => {
        stream.sentBytes += bytes;
        return this.#isLearner(to) ? this.deps.spendOnLearner(bytes) : 0;
      },
    };
    const onEnd = (error: Error | null) => this.#onStreamEnd(stream, error);
    stream.abort = this.deps.stream(to, header, view.snapshot, onEnd, pace);
  }

  tick(): void {
    const view = this.#view;
    if (view !== null && view.users === 0 && ++view.idleTicks > this.limits.keepTicks) this.#retire(view);
  }

  /** No longer the leader, or the state is about to be replaced: nothing is sent, nothing stays open. */
  abortAll(): void {
    for (const to of [...this.#streams.keys()]) this.#abort(to);
    if (this.#view !== null) this.#retire(this.#view);
    if (this.#opening) this.#discardOpening = true;
    this.#fedHere.clear();
  }

  /** The log goes on from it, and every member is in its configuration: else the member would not take it. */
  #isFresh({ snapshot }: View): boolean {
    const { index, confState } = snapshot.meta;
    return index + 1 >= this.deps.firstIndex() && membersOf(this.deps.confState()).every((id) => has(confState, id));
  }

  #isLearner(id: number): boolean {
    return this.deps.confState().learners.includes(id);
  }

  #learnerStreams(): number {
    let count = 0;
    for (const to of this.#streams.keys()) if (this.#isLearner(to)) count++;
    return count;
  }

  #open(): void {
    if (this.#opening) {
      this.#discardOpening = false;
      return;
    }
    this.#opening = true;
    this.#openingFrom = this.deps.stateMachine.durable.index;
    this.deps.stateMachine.openSnapshot((error, snapshot) => {
      this.#opening = false;
      if (error !== null || snapshot === null) {
        this.deps.warn('opening a snapshot of the state', error ?? new Error('the state machine gave none'));
        return;
      }
      if (this.#discardOpening) {
        this.#discardOpening = false;
        snapshot.close();
        return;
      }
      this.#lastBytes = snapshot.sizeHint;
      const { index, term, confState } = snapshot.meta;
      const forCore: Snapshot = { index, term, confState, data: NO_DATA };
      this.#view = { snapshot, forCore, users: 0, idleTicks: 0, waiting: true, retired: false };
    });
  }

  #abort(to: number): void {
    const stream = this.#streams.get(to);
    if (stream === undefined) return;
    this.#streams.delete(to);
    stream.abort();
  }

  #onStreamEnd(stream: Stream, error: Error | null): void {
    const { source, to, view } = stream;
    if (source === this.deps.self) {
      view.users--;
      view.idleTicks = 0;
      if (view.retired && view.users === 0) view.snapshot.close();
      this.#fedHere.delete(to);
    } else if (error !== null) this.#fedHere.add(to);
    // Of an aborted stream the core is told nothing: it has moved on.
    if (this.#streams.get(to) !== stream) return;
    this.#streams.delete(to);
    if (error !== null) this.deps.warn(`sending a snapshot to member ${to}`, error);
    this.deps.report(to, error === null ? 'finished' : 'failed');
  }

  #retire(view: View): void {
    view.retired = true;
    if (this.#view === view) this.#view = null;
    if (view.users === 0) view.snapshot.close();
  }
}

function sameOffer(a: Message, b: Message): boolean {
  return a.snapshot === b.snapshot && a.term === b.term && a.session === b.session;
}

function membersOf({ voters, learners, learnersNext }: ConfState): number[] {
  return [...voters, ...learners, ...learnersNext];
}

function has({ voters, votersOutgoing, learners, learnersNext }: ConfState, id: number): boolean {
  return voters.includes(id) || votersOutgoing.includes(id) || learners.includes(id) || learnersNext.includes(id);
}
