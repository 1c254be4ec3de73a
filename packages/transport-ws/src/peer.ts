/** One other member seen from here: its two lanes, its URLs, and whether its process is gone. */
import type { DisconnectCause, Lane, PeerStatus, TransportHandlers } from '@understudy/raft-node';
import { type PeerCounters, newCounters } from './counters.js';
import { DeathWatch } from './death-watch.js';
import type { DialResult } from './dial-attempt.js';
import type { Environment } from './environment.js';
import type { FlushSchedule } from './flush-schedule.js';
import { LaneLink, type LinkOwner } from './lane-link.js';
import type { PeerHello } from './identity.js';
import type { CloseCode } from './protocol.js';
import { isCopy, RivalWatch, type RivalVerdict } from './rival-watch.js';

export class Peer implements LinkOwner {
  readonly id: number;
  readonly counters: PeerCounters = newCounters();
  readonly schedule: FlushSchedule;
  readonly control: LaneLink;
  readonly bulk: LaneLink;
  readonly #env: Environment;
  readonly #handlers: TransportHandlers;
  readonly #deathWatch = new DeathWatch();
  readonly #rivalWatch = new RivalWatch();
  #urls: readonly string[];
  /** The URL that worked last; tried first. */
  #goodUrl = '';
  #heardAt: number | null = null;

  constructor(
    env: Environment,
    id: number,
    urls: readonly string[],
    shared: { readonly schedule: FlushSchedule; readonly handlers: TransportHandlers },
  ) {
    this.id = id;
    this.#env = env;
    this.#urls = urls;
    this.schedule = shared.schedule;
    this.#handlers = shared.handlers;
    this.control = new LaneLink(env, 'control', this);
    this.bulk = new LaneLink(env, 'bulk', this);
  }

  start(): void {
    this.control.start();
    this.bulk.start();
  }

  link(lane: Lane): LaneLink {
    return lane === 'control' ? this.control : this.bulk;
  }

  setUrls(urls: readonly string[]): void {
    if (urls.length === this.#urls.length && urls.every((url, i) => url === this.#urls[i])) return;
    this.#urls = urls;
    this.control.urlsChanged();
    this.bulk.urlsChanged();
  }

  close(code: CloseCode, reason: string): void {
    this.control.close(code, reason);
    this.bulk.close(code, reason);
  }

  status(): PeerStatus {
    return {
      id: this.id,
      connected: this.control.stream !== null && this.bulk.stream !== null,
      silentMs: this.#heardAt === null ? null : Math.max(0, this.#env.clock.now() - this.#heardAt),
      rttMs: this.control.stream?.rttMs ?? null,
    };
  }

  /** Whether another process than the one that has the streams says that it is this peer. */
  rival(hello: PeerHello): RivalVerdict {
    const streams = [this.control.stream, this.bulk.stream].filter((stream) => stream !== null);
    return this.#rivalWatch.judge(hello, streams, this.#env.clock.now());
  }

  dialUrls(): readonly string[] {
    if (!this.#urls.includes(this.#goodUrl)) return this.#urls;
    return [this.#goodUrl, ...this.#urls.filter((url) => url !== this.#goodUrl)];
  }

  dialled(_lane: Lane, result: DialResult): void {
    if (result.kind === 'confirmed') {
      this.#goodUrl = result.url;
    } else if (result.kind === 'refused') {
      this.#env.refused(result.refusal);
    } else {
      this.counters.failedDials += 1;
      if (result.gone && this.#deathWatch.foundNobody()) this.#handlers.onPeerDead(this.id);
    }
  }

  heard(): void {
    this.#heardAt = this.#env.clock.now();
  }

  frame(lane: Lane, frame: Uint8Array): void {
    this.#handlers.onFrame(this.id, lane, frame);
  }

  connected(lane: Lane): void {
    const [opened, other] = lane === 'control' ? [this.control, this.bulk] : [this.bulk, this.control];
    // Never two runs at once: what one lane's run acknowledges, the other's may not have.
    if (opened.stream !== null && other.stream !== null && isCopy(opened.stream.hello, other.stream.hello)) {
      other.dropStream();
    }
    this.heard();
    this.counters.connects += 1;
    this.#deathWatch.connected(lane);
    this.#handlers.onConnected(this.id, lane);
  }

  disconnected(lane: Lane, cause: DisconnectCause, detail: string): void {
    this.counters.disconnects[cause] += 1;
    this.#deathWatch.disconnected(lane, cause);
    if (cause === 'protocol-error') {
      this.#env.warn(`garbage/${this.id}`, 'peer broke the protocol', { peer: this.id, lane, detail });
    }
    this.#handlers.onDisconnected(this.id, lane, cause);
  }
}
