/**
 * Tells a dead process from everything else (design, section 4, crash failover): the peer closed all its lanes, and
 * then a dial found nobody at any URL. What we closed ourselves, back-pressure, protocol errors and ping timeouts never
 * count. Pure; one for each peer.
 */
import type { DisconnectCause, Lane } from '@understudy/raft-node';

/** `none`: not open yet since the last verdict; it neither proves nor disproves. */
type LaneFate = 'none' | 'open' | 'closed-by-peer' | 'lost';

export class DeathWatch {
  #control: LaneFate = 'none';
  #bulk: LaneFate = 'none';

  connected(lane: Lane): void {
    // A new stream is a living process: what another lane suffered before no longer counts against it.
    if (this.#control !== 'open') this.#control = 'none';
    if (this.#bulk !== 'open') this.#bulk = 'none';
    this.#set(lane, 'open');
  }

  disconnected(lane: Lane, cause: DisconnectCause): void {
    this.#set(lane, cause === 'closed-by-peer' ? 'closed-by-peer' : 'lost');
  }

  /** A dial ended with nobody listening at any URL. True once for each death. */
  foundNobody(): boolean {
    const fates = [this.#control, this.#bulk];
    if (fates.includes('open') || fates.includes('lost') || !fates.includes('closed-by-peer')) return false;
    this.#control = 'none';
    this.#bulk = 'none';
    return true;
  }

  #set(lane: Lane, fate: LaneFate): void {
    if (lane === 'control') this.#control = fate;
    else this.#bulk = fate;
  }
}
