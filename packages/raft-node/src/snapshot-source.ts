/**
 * A member that sends a snapshot of its own state to a learner, because the leader asked it to. It must be in sync and
 * not recovering, and sends the configuration of its snapshot's index; the learner answers the leader. One at a time; it
 * ends when the leader does.
 */
import { type ConfState, isMember, Message, MessageType, type RawNode } from '@understudy/raft-core';
import { writeFrame } from './frame.js';
import type { NodeEffects } from './node-effects.js';
import { type SourceAsk, toldWords } from './source-words.js';
import type { StateMachine, StateSnapshot } from './state-machine.js';

export interface SnapshotSourceDeps {
  readonly self: number;
  readonly raw: RawNode;
  readonly stateMachine: Pick<StateMachine, 'openSnapshot'>;
  readonly applied: () => number;
  readonly confState: () => ConfState;
  readonly say: (to: number, words: Uint8Array) => void;
  readonly stream: NodeEffects['streamSnapshot'];
  readonly spend: (bytes: number) => number;
  /** From now on it spends so much a second. */
  readonly pace: (bytesPerSecond: number) => void;
}

interface Feed {
  readonly leader: number;
  readonly ask: SourceAsk;
  sentBytes: number;
  totalBytes: number;
  abort: () => void;
}

const NO_DATA = new Uint8Array(0);

export class SnapshotSource {
  #feed: Feed | null = null;

  constructor(private readonly deps: SnapshotSourceDeps) {}

  onAsk(leader: number, ask: SourceAsk): void {
    const refusal = this.#refusal(leader, ask);
    const feed: Feed = { leader, ask, sentBytes: 0, totalBytes: 0, abort: () => {} };
    if (refusal !== null) {
      this.#tell(feed, 'failed', refusal);
      return;
    }
    this.#feed = feed;
    this.deps.stateMachine.openSnapshot((error, snapshot) => {
      if (error !== null || snapshot === null) this.#end(feed, error ?? new Error('there is no snapshot'));
      else if (this.#feed !== feed) snapshot.close();
      else this.#stream(feed, snapshot);
    });
  }

  onStop(leader: number, id: number): void {
    const feed = this.#feed;
    if (feed !== null && feed.leader === leader && feed.ask.id === id) this.abort();
  }

  onPace(leader: number, id: number, bytesPerSecond: number): void {
    const feed = this.#feed;
    if (feed !== null && feed.leader === leader && feed.ask.id === id) this.deps.pace(bytesPerSecond);
  }

  /** Tells how far it is, and ends with the leadership that asked. */
  tick(): void {
    const feed = this.#feed;
    if (feed === null) return;
    const { raw } = this.deps;
    if (raw.lead === feed.leader && raw.term === feed.ask.term) this.#tell(feed, 'sending', '');
    else this.abort();
  }

  /** Nothing is sent any more: the state is about to be replaced, or the member ends. */
  abort(): void {
    const feed = this.#feed;
    this.#feed = null;
    if (feed === null) return;
    feed.abort();
    this.#tell(feed, 'failed', 'it was stopped');
  }

  #refusal(leader: number, { index, learner, term }: SourceAsk): string | null {
    const { applied, confState, raw } = this.deps;
    const { lead, recovery, stateLost } = raw.status();
    if (lead !== leader || raw.term !== term) return `its leader is ${lead} of term ${raw.term}`;
    if (recovery !== null || stateLost) return 'it recovers';
    if (applied() < index) return `it has applied ${applied()}, not ${index}`;
    if (!isMember(confState(), learner)) return `${learner} is no member as far as it knows`;
    return this.#feed === null ? null : `it is sending one to member ${this.#feed.ask.learner}`;
  }

  #stream(feed: Feed, snapshot: StateSnapshot): void {
    const { self, spend, stream } = this.deps;
    const { learner, session, term } = feed.ask;
    const { confState, index, term: snapshotTerm } = snapshot.meta;
    // In the leader's name: it is the leader whom the learner answers.
    const message = new Message(MessageType.Snap, learner, feed.leader, term);
    message.session = session;
    message.snapshot = { index, term: snapshotTerm, confState, data: NO_DATA };
    const pace = {
      sent: (bytes: number) => {
        feed.sentBytes += bytes;
        return spend(bytes);
      },
    };
    feed.totalBytes = snapshot.sizeHint;
    feed.abort = stream(
      learner,
      writeFrame([message], 0, 1, [], self),
      snapshot,
      (error) => {
        snapshot.close();
        this.#end(feed, error);
      },
      pace,
    );
  }

  #end(feed: Feed, error: Error | null): void {
    if (this.#feed !== feed) return;
    this.#feed = null;
    this.#tell(feed, error === null ? 'finished' : 'failed', error?.message ?? '');
  }

  #tell({ ask, leader, sentBytes, totalBytes }: Feed, state: 'sending' | 'finished' | 'failed', reason: string): void {
    const told = { id: ask.id, state, sentBytes, totalBytes: Math.max(totalBytes, sentBytes), reason };
    this.deps.say(leader, toldWords(told));
  }
}
