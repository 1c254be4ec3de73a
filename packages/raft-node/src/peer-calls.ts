/**
 * Small requests between members, with answers, over the control lane: the host's own protocol rides beside Raft's.
 * A call is sent at most once; an answer of another run of this process matches nothing.
 */
import { type DeadlineWheel, Waiter } from './deadline-wheel.js';
import { RaftNodeError, type RaftNodeErrorCode } from './errors.js';
import { answerItem, callItem } from './frame.js';

export type CallDone = (error: RaftNodeError | null, body: Uint8Array | undefined) => void;
type CallAnswer = (failure: string | null, body: Uint8Array) => void;
export type CallHandler = (from: number, body: Uint8Array, answer: CallAnswer) => void;

export interface PeerCallLimits {
  readonly maxPeerCallBytes: number;
  readonly maxPendingPeerCalls: number;
}

export class PendingCall extends Waiter {
  constructor(
    private readonly calls: PeerCalls,
    readonly id: number,
    readonly to: number,
    readonly done: CallDone,
  ) {
    super();
  }

  override end(code: RaftNodeErrorCode, why: string, cause?: unknown): void {
    this.calls.fail(this, code, `call of member ${this.to}: ${why}`, cause);
  }
}

const NOTHING = new Uint8Array(0);

export class PeerCalls {
  // Asked here, by call id; at most `maxPendingPeerCalls`.
  readonly #pending = new Map<number, PendingCall>();
  // Calls of peers that the host's handler has not answered yet; at most `maxPendingPeerCalls`.
  #answering = 0;
  #lastId: number;

  constructor(
    run: number,
    private readonly wheel: DeadlineWheel,
    private readonly limits: PeerCallLimits,
    private readonly handler: CallHandler | null,
    private readonly send: (to: number, item: Uint8Array) => void,
  ) {
    this.#lastId = run * 2 ** 20;
  }

  call(to: number, body: Uint8Array, ticks: number, done: CallDone): PendingCall | null {
    const { maxPeerCallBytes, maxPendingPeerCalls } = this.limits;
    if (body.length > maxPeerCallBytes) {
      done(
        new RaftNodeError('too-large', `peer call of ${body.length} bytes; the limit is ${maxPeerCallBytes}`),
        undefined,
      );
      return null;
    }
    if (this.#pending.size >= maxPendingPeerCalls) {
      done(new RaftNodeError('overloaded', `${this.#pending.size} peer calls are waiting`), undefined);
      return null;
    }
    const call = new PendingCall(this, ++this.#lastId, to, done);
    this.#pending.set(call.id, call);
    this.wheel.add(call, ticks);
    this.send(to, callItem(call.id, body));
    return call;
  }

  onCall(from: number, callId: number, body: Uint8Array): void {
    const { handler } = this;
    if (handler === null) {
      this.send(from, answerItem(callId, 'no handler for peer calls', NOTHING));
      return;
    }
    if (body.length > this.limits.maxPeerCallBytes) {
      this.send(from, answerItem(callId, `peer call of ${body.length} bytes`, NOTHING));
      return;
    }
    if (this.#answering >= this.limits.maxPendingPeerCalls) {
      this.send(from, answerItem(callId, `${this.#answering} peer calls are being answered`, NOTHING));
      return;
    }
    this.#answering++;
    handler(from, body, (failure, answer) => {
      this.#answering--;
      const tooLarge = failure === null && answer.length > this.limits.maxPeerCallBytes;
      this.send(from, answerItem(callId, tooLarge ? `answer of ${answer.length} bytes` : failure, answer));
    });
  }

  onAnswer(from: number, callId: number, failure: string | null, body: Uint8Array): void {
    const call = this.#pending.get(callId);
    if (call === undefined || call.to !== from) return;
    this.#remove(call);
    if (failure === null) call.done(null, body);
    else
      call.done(new RaftNodeError('peer-call-failed', `member ${from}: ${failure}`, { outcome: 'unknown' }), undefined);
  }

  /** No stream, or it broke: nobody will answer. */
  peerUnreachable(to: number): void {
    for (const call of [...this.#pending.values()]) {
      if (call.to === to) call.end('unreachable', 'no stream to it');
    }
  }

  fail(call: PendingCall, code: RaftNodeErrorCode, why: string, cause?: unknown): void {
    if (!this.#remove(call)) return;
    call.done(new RaftNodeError(code, why, { outcome: 'unknown', cause }), undefined);
  }

  failAll(code: RaftNodeErrorCode, why: string, cause?: unknown): void {
    for (const call of [...this.#pending.values()]) call.end(code, why, cause);
  }

  #remove(call: PendingCall): boolean {
    if (!this.#pending.delete(call.id)) return false;
    this.wheel.remove(call);
    return true;
  }
}
