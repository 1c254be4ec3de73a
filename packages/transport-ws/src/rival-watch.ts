/**
 * Two processes on copies of one data directory (design, section 5): while one has a stream, the other must not get one.
 * A process that restarts looks the same where the end of its old connection was never told, so the old stream is asked
 * first: an answer to a ping that left after the newcomer's hello proves that both live; silence for a moment, that the
 * old one is gone. Until then the newcomer is told to dial again. One for each peer; it sends nothing itself.
 */
import type { PeerHello } from './identity.js';

/** `asked`: not known yet. */
export type RivalVerdict = 'none' | 'asked' | 'alive';

/** A stream that the peer has. */
export interface RivalStream {
  readonly hello: PeerHello;
  /** Calls back once a ping that leaves after this call is answered; never, where it is not. */
  challenge(answered: () => void): void;
}

/** How long an old stream has to answer. A peer that sleeps longer is taken for dead, and meets the newcomer's stream. */
const ANSWER_WITHIN_MS = 1000;

export class RivalWatch {
  #challenge: { readonly lifeId: number; readonly sinceMs: number; alive: boolean } | null = null;

  /** `streams` are those that the peer has, in any order. */
  judge(hello: PeerHello, streams: readonly RivalStream[], nowMs: number): RivalVerdict {
    const rival = streams.find((stream) => isCopy(stream.hello, hello));
    if (rival === undefined) return 'none';
    const { lifeId } = hello.life;
    if (this.#challenge?.lifeId !== lifeId) {
      const challenge = { lifeId, sinceMs: nowMs, alive: false };
      this.#challenge = challenge;
      rival.challenge(() => {
        challenge.alive = true;
      });
      return 'asked';
    }
    if (this.#challenge.alive) return 'alive';
    return nowMs - this.#challenge.sinceMs < ANSWER_WITHIN_MS ? 'asked' : 'none';
  }
}

/** The same directory in another run. Where a version does not tell its runs apart, nobody can. */
export function isCopy(a: PeerHello, b: PeerHello): boolean {
  if (a.life.lifeId === 0 || b.life.lifeId === 0) return false;
  return a.directoryId === b.directoryId && a.life.lifeId !== b.life.lifeId;
}
