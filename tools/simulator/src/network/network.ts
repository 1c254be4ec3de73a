/**
 * The network between members: frames on two lanes, in order within a lane unless a fault says otherwise, and snapshot
 * streams. It loses, delays, repeats and reorders frames, cuts links one way or both, holds them up, and resets them with
 * the old frames arriving late. One limit is the transport's contract: what carries a proposal is never repeated.
 */
import type { Lane, SendResult } from '@understudy/raft-node';
import type { Random } from '../random.js';
import type { VirtualClock } from '../virtual-clock.js';

export interface NetworkSpeed {
  readonly minMs: number;
  readonly maxMs: number;
}

/** Probabilities for each frame. */
export interface Weather {
  readonly drop: number;
  readonly repeat: number;
  readonly reorder: number;
  readonly delay: number;
  /** Of a delayed or reordered frame, at most. */
  readonly delayMs: number;
}

const BOTH_LANES: readonly Lane[] = ['control', 'bulk'];
const CALM: Weather = { drop: 0, repeat: 0, reorder: 0, delay: 0, delayMs: 0 };

interface Link {
  /** Frames are lost until then; the sender is not told. */
  cutUntil: number;
  /** The sender is told that there is no connection. */
  refusesUntil: number;
  /** Frames of each lane are held until then: each is a connection of its own. */
  readonly cloggedUntil: { control: number; bulk: number };
  /** When the last frame of each lane arrives. */
  readonly lastAt: { control: number; bulk: number };
  /** Grows with each reset: frames of before are lost or late. */
  epoch: number;
  /** Frames of an earlier epoch arrive, late. */
  lateEpoch: number;
}

export interface NetworkHandlers {
  deliver(from: number, to: number, lane: Lane, frame: Uint8Array): void;
  disconnected(peer: number, of: number): void;
}

export class Network {
  weather: Weather = CALM;
  // By from * 2^16 + to.
  private readonly links = new Map<number, Link>();
  private readonly counts = { sent: 0, dropped: 0, repeated: 0, reordered: 0, delayed: 0 };

  constructor(
    private readonly clock: VirtualClock,
    private readonly random: Random,
    private readonly speed: NetworkSpeed,
    private readonly handlers: NetworkHandlers,
  ) {}

  get statistics(): Readonly<Record<string, number>> {
    return this.counts;
  }

  send(from: number, to: number, lane: Lane, frame: Uint8Array, mayRepeat: boolean): SendResult {
    const link = this.link(from, to);
    const { now } = this.clock;
    if (now < link.refusesUntil) return 'not-connected';
    this.counts.sent++;
    const { weather, random } = this;
    if (now < link.cutUntil || (weather.drop > 0 && random.chance(weather.drop))) {
      this.counts.dropped++;
      return 'sent';
    }
    this.deliverOnce(link, from, to, lane, frame);
    if (mayRepeat && weather.repeat > 0 && random.chance(weather.repeat)) {
      this.counts.repeated++;
      this.deliverAt(link, this.arrival() + random.between(0, weather.delayMs), from, to, lane, frame);
    }
    return 'sent';
  }

  /** When a stream that begins now is over; null while the link is cut. */
  streamEnd(from: number, to: number): number | null {
    const link = this.link(from, to);
    const { now } = this.clock;
    if (now < link.cutUntil || now < link.refusesUntil) return null;
    return Math.max(link.cloggedUntil.bulk, now) + 4 * this.random.between(this.speed.minMs, this.speed.maxMs);
  }

  isOpen(from: number, to: number): boolean {
    const link = this.link(from, to);
    return this.clock.now >= link.cutUntil && this.clock.now >= link.refusesUntil;
  }

  /** One way. `known`: the sender sees that the connection is gone. */
  cut(from: number, to: number, untilMs: number, known: boolean): void {
    const link = this.link(from, to);
    link.cutUntil = Math.max(link.cutUntil, untilMs);
    if (!known) return;
    link.refusesUntil = Math.max(link.refusesUntil, untilMs);
    this.handlers.disconnected(to, from);
  }

  clog(from: number, to: number, untilMs: number, lanes: readonly Lane[] = BOTH_LANES): void {
    const { cloggedUntil } = this.link(from, to);
    for (const lane of lanes) cloggedUntil[lane] = Math.max(cloggedUntil[lane], untilMs);
  }

  /** Both ways. What is under way is lost, or arrives late. */
  reset(a: number, b: number, late: boolean): void {
    for (const link of [this.link(a, b), this.link(b, a)]) {
      link.epoch++;
      if (late) link.lateEpoch = link.epoch - 1;
      link.lastAt.control = 0;
      link.lastAt.bulk = 0;
    }
    this.handlers.disconnected(a, b);
    this.handlers.disconnected(b, a);
  }

  heal(): void {
    this.weather = CALM;
    for (const link of this.links.values()) {
      link.cutUntil = 0;
      link.refusesUntil = 0;
      link.cloggedUntil.control = 0;
      link.cloggedUntil.bulk = 0;
    }
  }

  private deliverOnce(link: Link, from: number, to: number, lane: Lane, frame: Uint8Array): void {
    const { weather, random } = this;
    let at = Math.max(this.arrival(), link.cloggedUntil[lane]);
    if (weather.reorder > 0 && random.chance(weather.reorder)) {
      this.counts.reordered++;
      this.deliverAt(link, at + random.between(0, weather.delayMs), from, to, lane, frame);
      return;
    }
    if (weather.delay > 0 && random.chance(weather.delay)) {
      this.counts.delayed++;
      at += random.between(0, weather.delayMs);
    }
    at = Math.max(at, link.lastAt[lane]);
    link.lastAt[lane] = at;
    this.deliverAt(link, at, from, to, lane, frame);
  }

  private deliverAt(link: Link, atMs: number, from: number, to: number, lane: Lane, frame: Uint8Array): void {
    const { epoch } = link;
    this.clock.at(atMs, () => {
      if (epoch === link.epoch) this.handlers.deliver(from, to, lane, frame);
      else if (epoch === link.lateEpoch) {
        const late = this.clock.now + this.random.between(0, 20 * this.speed.maxMs);
        this.clock.at(late, () => this.handlers.deliver(from, to, lane, frame));
      }
    });
  }

  private arrival(): number {
    return this.clock.now + this.random.between(this.speed.minMs, this.speed.maxMs);
  }

  private link(from: number, to: number): Link {
    const key = from * 0x1_0000 + to;
    let link = this.links.get(key);
    if (link === undefined) {
      const lastAt = { control: 0, bulk: 0 };
      const cloggedUntil = { control: 0, bulk: 0 };
      link = { cutUntil: 0, refusesUntil: 0, cloggedUntil, lastAt, epoch: 0, lateEpoch: -1 };
      this.links.set(key, link);
    }
    return link;
  }
}
