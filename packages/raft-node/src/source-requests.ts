/**
 * The leader's part where a learner is fed by a member that is not the leader (design, section 6): it names source and
 * index, and waits. A source that fails, falls silent or loses its place is given up, and the leader feeds the learner
 * itself.
 */
import type { Message, ProgressStatus, RawNode } from '@understudy/raft-core';
import { askWords, paceWords, type SourceTold, stopWords } from './source-words.js';

export interface SourceRequestsDeps {
  readonly self: number;
  readonly raw: RawNode;
  /** Random in [0, 2^32): where the numbers of requests begin. */
  readonly run: number;
  readonly isLive: (id: number) => boolean;
  /** What snapshots to learners may take now, all together: bytes a second. */
  readonly rate: () => number;
  readonly say: (to: number, words: Uint8Array) => void;
}

export interface SourcedStream {
  readonly source: number;
  stop(): void;
}

interface SourceRequest {
  readonly source: number;
  silentTicks: number;
  /** What it was last told; 0: nothing yet. */
  rate: number;
  readonly onProgress: (sentBytes: number, totalBytes: number) => void;
  readonly done: (error: Error | null) => void;
}

export class SourceRequests {
  #nextId: number;
  readonly #requests = new Map<number, SourceRequest>();

  constructor(
    private readonly deps: SourceRequestsDeps,
    /** A source that says nothing for so long is given up. */
    private readonly silenceTicks: number,
  ) {
    this.#nextId = deps.run + 1;
  }

  /** Null where no member could do it. `done` is called once, later, unless it is stopped before. */
  ask(
    message: Message,
    onProgress: (sentBytes: number, totalBytes: number) => void,
    done: (error: Error | null) => void,
  ): SourcedStream | null {
    const index = message.snapshot?.index ?? 0;
    const source = this.#source(index);
    if (source === 0) return null;
    const { session, term, to: learner } = message;
    const id = this.#nextId++;
    this.#requests.set(id, { source, silentTicks: 0, rate: 0, onProgress, done });
    this.deps.say(source, askWords({ id, term, session, learner, index }));
    this.#pace();
    const stop = () => {
      if (this.#requests.delete(id)) this.deps.say(source, stopWords(id));
    };
    return { source, stop };
  }

  onTold(from: number, { id, reason, sentBytes, state, totalBytes }: SourceTold): void {
    const request = this.#requests.get(id);
    if (request === undefined || request.source !== from) return;
    request.silentTicks = 0;
    request.onProgress(sentBytes, totalBytes);
    if (state === 'sending') return;
    this.#requests.delete(id);
    request.done(state === 'finished' ? null : new Error(`member ${from} did not send it: ${reason}`));
  }

  tick(): void {
    this.#pace();
    for (const [id, request] of this.#requests) {
      if (++request.silentTicks <= this.silenceTicks) continue;
      this.#requests.delete(id);
      this.deps.say(request.source, stopWords(id));
      request.done(new Error(`member ${request.source} has said nothing of it for too long`));
    }
  }

  /** Only the leader knows how its commits are doing: each source has an equal part of what they leave room for. */
  #pace(): void {
    const rate = Math.floor(this.deps.rate() / Math.max(1, this.#requests.size));
    for (const [id, request] of this.#requests) {
      if (request.rate === rate) continue;
      request.rate = rate;
      this.deps.say(request.source, paceWords(id, rate));
    }
  }

  /** The voter with the most, of those that are in sync; 0 for none. */
  #source(index: number): number {
    const { isLive, raw, self } = this.deps;
    const busy = new Set([...this.#requests.values()].map(({ source }) => source));
    let best: ProgressStatus | null = null;
    for (const peer of raw.status().progress) {
      if (peer.id === self || peer.isLearner || peer.recovering || peer.state !== 'replicate') continue;
      if (peer.match < index || busy.has(peer.id) || !isLive(peer.id)) continue;
      if (best === null || peer.match > best.match) best = peer;
    }
    return best === null ? 0 : best.id;
  }
}
