/**
 * Is the other end of a stream alive, and how far away is it? Counts in ticks of the ping timer, not in time: when this
 * process itself was stopped for a while, its first tick afterwards must not condemn every peer. Pure.
 */
const RTT_WEIGHT = 1 / 8;

export type LivenessVerdict = 'alive' | 'ping-timeout' | 'back-pressure';

export class Liveness {
  readonly #quietTicksAllowed: number;
  readonly #fullTicksAllowed: number;
  /** Ticks since anything was heard, or a congested socket moved. */
  #quietTicks = 0;
  /** Ticks that the queue has been full without a break. */
  #fullTicks = 0;
  #flushedBytes = 0;
  #wasCongested = false;
  #rttMs: number | null = null;

  constructor(pingTimeoutTicks: number, backPressureTicks: number) {
    this.#quietTicksAllowed = pingTimeoutTicks;
    this.#fullTicksAllowed = backPressureTicks;
  }

  get rttMs(): number | null {
    return this.#rttMs;
  }

  heard(): void {
    this.#quietTicks = 0;
  }

  /** One round trip of a ping, smoothed as TCP smooths its own. */
  sample(rttMs: number): void {
    this.#rttMs = this.#rttMs === null ? rttMs : this.#rttMs + (rttMs - this.#rttMs) * RTT_WEIGHT;
  }

  /**
   * @param waitingBytes what the socket could not hand to the kernel yet
   * @param flushedBytes what it ever handed over
   * @param full whether a frame was turned away since the last tick and the queue is still long
   */
  tick(waitingBytes: number, flushedBytes: number, full: boolean): LivenessVerdict {
    // Behind a long queue a pong is late. Only a congested socket proves something by moving: an idle one hands its
    // heartbeats to the kernel even when the cable is cut.
    if (this.#wasCongested && flushedBytes > this.#flushedBytes) this.#quietTicks = 0;
    this.#wasCongested = waitingBytes > 0;
    this.#flushedBytes = flushedBytes;
    this.#fullTicks = full ? this.#fullTicks + 1 : 0;
    if (this.#fullTicks > this.#fullTicksAllowed) return 'back-pressure';
    this.#quietTicks += 1;
    return this.#quietTicks > this.#quietTicksAllowed ? 'ping-timeout' : 'alive';
  }
}
