/**
 * Whom the transport knows: the members, and for a while those that were removed, so that a member hears of its removal
 * through its log, with everything before it, and can answer whoever waits for that. Nobody is let in by it: `admit`
 * refuses those that were removed.
 */
import type { PeerAddress } from '@understudy/raft-node';

export class PeerAddresses {
  readonly #tell: (peers: readonly PeerAddress[]) => void;
  readonly #lingerMs: number;
  #members: readonly PeerAddress[] = [];
  readonly #leaving = new Map<number, PeerAddress>();

  constructor(tell: (peers: readonly PeerAddress[]) => void, lingerMs: number) {
    this.#tell = tell;
    this.#lingerMs = lingerMs;
  }

  set(members: readonly PeerAddress[]): void {
    const ids = new Set(members.map(({ id }) => id));
    for (const peer of this.#members) if (!ids.has(peer.id)) this.#linger(peer);
    this.#members = members;
    this.#tellAll();
  }

  #linger(peer: PeerAddress): void {
    this.#leaving.set(peer.id, peer);
    const timer = setTimeout(() => {
      this.#leaving.delete(peer.id);
      this.#tellAll();
    }, this.#lingerMs);
    timer.unref();
  }

  #tellAll(): void {
    this.#tell([...this.#members, ...this.#leaving.values()]);
  }
}
