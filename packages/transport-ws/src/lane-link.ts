/**
 * Keeps one lane to one peer up: at most one stream, at most one own dial, at most one incoming handshake, and a timer
 * for the next dial. The decisions are in dial-plan.ts.
 */
import type { DisconnectCause, Lane, SendResult } from '@understudy/raft-node';
import type { Answer } from './answer.js';
import type { Channel } from './channel.js';
import { Backoff } from './backoff.js';
import type { PeerCounters } from './counters.js';
import { DialAttempt, type DialResult } from './dial-attempt.js';
import { answerToHello, type DialPace, paceOnLoss, paceOnRefusal, paceOnStart } from './dial-plan.js';
import type { Environment } from './environment.js';
import type { FlushSchedule } from './flush-schedule.js';
import { LaneStream } from './lane-stream.js';
import { CloseCode } from './protocol.js';

/** What a link asks of, and tells, the peer it belongs to. */
export interface LinkOwner {
  readonly id: number;
  readonly counters: PeerCounters;
  readonly schedule: FlushSchedule;
  /** In the order in which they should be tried. */
  dialUrls(): readonly string[];
  dialled(lane: Lane, result: DialResult): void;
  heard(): void;
  frame(lane: Lane, frame: Uint8Array): void;
  connected(lane: Lane): void;
  disconnected(lane: Lane, cause: DisconnectCause, detail: string): void;
}

export class LaneLink {
  readonly lane: Lane;
  readonly #env: Environment;
  readonly #owner: LinkOwner;
  readonly #backoff: Backoff;
  #stream: LaneStream | null = null;
  #attempt: DialAttempt | null = null;
  /** An accepted hello that waits for its confirm. While it is set, nothing is dialled. */
  #answer: Answer | null = null;
  #timer: NodeJS.Timeout | null = null;
  /** The peer said that this member was removed: dialling ends until the peer is added anew. */
  #barred = false;
  #closed = false;

  constructor(env: Environment, lane: Lane, owner: LinkOwner) {
    this.lane = lane;
    this.#env = env;
    this.#owner = owner;
    this.#backoff = new Backoff(env.options.backoffMinMs, env.options.backoffMaxMs);
  }

  get stream(): LaneStream | null {
    return this.#stream;
  }

  start(): void {
    this.#dialAt(paceOnStart(this.#env.identity.memberId, this.#owner.id));
  }

  /** The URLs changed: what waits for its next dial need not wait any longer. */
  urlsChanged(): void {
    this.#barred = false;
    if (this.#stream !== null || this.#closed) return;
    this.#attempt?.cancel();
    this.#attempt = null;
    this.#backoff.reset();
    this.#dialAt('now');
  }

  send(frame: Uint8Array): SendResult {
    if (this.#stream !== null) return this.#stream.send(frame);
    this.#owner.counters.framesTurnedAway += 1;
    return 'not-connected';
  }

  /** A hello for this lane arrived. */
  claim(answer: Answer): 'accept' | 'duplicate' {
    const verdict = answerToHello(this.#env.identity.memberId, this.#owner.id, this.#attempt?.stage ?? 'none');
    if (verdict === 'duplicate') return verdict;
    this.#attempt?.cancel();
    this.#attempt = null;
    this.#clearTimer();
    const earlier = this.#answer;
    this.#answer = answer;
    earlier?.drop(CloseCode.replaced, 'a newer hello took its place');
    return verdict;
  }

  answerConfirmed(channel: Channel, answer: Answer): void {
    if (this.#answer === answer) this.#answer = null;
    this.#adopt(channel);
  }

  answerFailed(answer: Answer): void {
    if (this.#answer !== answer) return;
    this.#answer = null;
    if (this.#stream === null) this.#dialAt('backoff');
  }

  /** Its stream is of a process that another one has taken the place of. */
  dropStream(): void {
    this.#stream?.close('closed-by-us', CloseCode.replaced, 'another run of this peer took its place');
  }

  close(code: CloseCode, reason: string): void {
    this.#closed = true;
    this.#clearTimer();
    this.#attempt?.cancel();
    this.#attempt = null;
    this.#answer?.drop(code, reason);
    this.#stream?.close('closed-by-us', code, reason);
  }

  #dial(): void {
    this.#clearTimer();
    if (this.#closed || this.#stream !== null || this.#attempt !== null || this.#answer !== null) return;
    const target = { peer: this.#owner.id, stream: this.lane, urls: this.#owner.dialUrls() };
    const attempt: DialAttempt = new DialAttempt(this.#env, target, (result) => {
      if (this.#attempt !== attempt) return;
      this.#attempt = null;
      this.#owner.dialled(this.lane, result);
      // Telling the owner may have closed this link.
      if (this.#closed) return;
      if (result.kind === 'confirmed') this.#adopt(result.channel);
      else this.#dialAt(result.kind === 'refused' ? paceOnRefusal(result.refusal.reason) : 'backoff');
    });
    this.#attempt = attempt;
  }

  #dialAt(pace: DialPace): void {
    this.#clearTimer();
    if (pace === 'never') this.#barred = true;
    if (this.#closed || this.#barred || pace === 'never') return;
    if (pace === 'now') this.#dial();
    else this.#timer = setTimeout(() => this.#dial(), this.#waitMs(pace));
  }

  #waitMs(pace: 'stagger' | 'backoff' | 'slow'): number {
    const { dialStaggerMs, refusedRetryMs } = this.#env.options;
    if (pace === 'stagger') return dialStaggerMs;
    if (pace === 'backoff') return this.#backoff.nextMs(this.#env.random);
    return refusedRetryMs + this.#env.random(Math.ceil(refusedRetryMs / 4) + 1);
  }

  #adopt(channel: Channel): void {
    this.#clearTimer();
    this.#attempt?.cancel();
    this.#attempt = null;
    this.#dropOld();
    // Also the owner, when it was told of the old stream's end, may have closed this link.
    if (this.#closed) {
      channel.ws.terminate();
      return;
    }
    const stream: LaneStream = new LaneStream(
      this.#env,
      channel,
      { schedule: this.#owner.schedule, counters: this.#owner.counters },
      {
        heard: () => this.#owner.heard(),
        frame: (frame) => this.#owner.frame(this.lane, frame),
        ended: (cause, detail) => this.#lost(stream, cause, detail),
      },
    );
    this.#stream = stream;
    this.#barred = false;
    this.#env.greeted(channel.hello);
    this.#owner.connected(this.lane);
  }

  /** The peer would not have dialled if the old stream were good: it lost it, and we did not notice yet. */
  #dropOld(): void {
    const old = this.#stream;
    if (old === null) return;
    this.#stream = null;
    this.#env.parted(old.hello);
    this.#owner.disconnected(this.lane, 'closed-by-peer', 'the peer opened a new stream');
    old.close('closed-by-us', CloseCode.replaced, 'replaced by a newer stream');
  }

  #lost(stream: LaneStream, cause: DisconnectCause, detail: string): void {
    if (this.#stream !== stream) return;
    this.#stream = null;
    this.#env.parted(stream.hello);
    const livedMs = this.#env.clock.now() - stream.openedAt;
    if (livedMs >= this.#env.options.stableAfterMs) this.#backoff.reset();
    this.#owner.disconnected(this.lane, cause, detail);
    if (this.#answer !== null || this.#attempt !== null) return;
    this.#dialAt(paceOnLoss(cause, livedMs, this.#env.options.backoffMinMs));
  }

  #clearTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
