/** One connection between two members, through the test: each of its directions can be held up or slowed. */
import { EventEmitter } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface LinkEnds {
  /** Empty where a process dialled that is no member. */
  readonly dialler: string;
  readonly to: string;
  readonly peerPort: number;
}

/** What one direction lets through. */
export interface Passage {
  /** Nothing; it is kept until this is over. */
  readonly cut: boolean;
  readonly bytesPerSecond: number;
}

export class Link extends EventEmitter<{ closed: [] }> {
  readonly dialler: string;
  readonly to: string;
  readonly #near: Socket;
  readonly #peerPort: number;
  #far: Socket | null = null;
  #forth: OneWay | null = null;
  #back: OneWay | null = null;

  /** `near` is the end of the one that dialled, paused; the other end is dialled at the first update without a cut. */
  constructor(near: Socket, { dialler, to, peerPort }: LinkEnds) {
    super();
    this.dialler = dialler;
    this.to = to;
    this.#near = near;
    this.#peerPort = peerPort;
    near.once('close', () => this.#onClose());
  }

  /** A connection is made only where both ways are open: it takes packets both ways. */
  update(forth: Passage, back: Passage): void {
    if (this.#far === null && !forth.cut && !back.cut && !this.#near.destroyed) this.#dial();
    this.#forth?.let(forth);
    this.#back?.let(back);
  }

  destroy(): void {
    this.#near.destroy();
    this.#far?.destroy();
  }

  #dial(): void {
    const far = connect({ port: this.#peerPort, host: '127.0.0.1', allowHalfOpen: true });
    this.#far = far;
    far.on('error', () => far.destroy());
    this.#forth = new OneWay(this.#near, far);
    this.#back = new OneWay(far, this.#near);
    far.once('close', () => this.#onClose());
  }

  #onClose(): void {
    if (this.#near.destroyed && this.#far?.destroyed !== false) this.emit('closed');
  }
}

/** What comes from one socket goes to the other, its end and its failure too, unless it is held up. */
class OneWay {
  readonly #from: Socket;
  readonly #to: Socket;
  #passage: Passage = { cut: false, bytesPerSecond: Number.POSITIVE_INFINITY };
  /** What was let through last fills the link until then. */
  #busy: NodeJS.Timeout | null = null;
  #failed = false;

  constructor(from: Socket, to: Socket) {
    this.#from = from;
    this.#to = to;
    from.on('data', (bytes) => {
      const drained = to.write(bytes);
      const busyMs = (bytes.length * 1000) / this.#passage.bytesPerSecond;
      if (!drained || busyMs >= 1) from.pause();
      if (busyMs >= 1) this.#busy = setTimeout(() => this.#free(), busyMs);
    });
    from.on('end', () => to.end());
    from.on('close', () => {
      this.#failed = true;
      this.#tellFailure();
    });
    to.on('drain', () => this.#flow());
    this.#flow();
  }

  let(passage: Passage): void {
    this.#passage = passage;
    if (passage.cut) this.#from.pause();
    else this.#flow();
    this.#tellFailure();
  }

  #free(): void {
    this.#busy = null;
    this.#flow();
  }

  #flow(): void {
    if (!this.#passage.cut && this.#busy === null && !this.#to.writableNeedDrain) this.#from.resume();
  }

  #tellFailure(): void {
    if (!this.#failed || this.#passage.cut) return;
    // What an orderly end had still to say is on its way; anything else ends as abruptly here as there.
    if (this.#from.readableEnded) this.#to.end();
    else this.#to.destroy();
  }
}
