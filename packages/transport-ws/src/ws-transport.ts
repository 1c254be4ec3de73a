/**
 * `Transport` on WebSockets. It does not own an HTTP server: whoever does passes upgrade requests in. Here are the set of
 * peers, the life cycle, and snapshots; a peer's lanes are in peer.ts.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Lane, PeerAddress, PeerStatus, SendResult, Transport, TransportHandlers } from '@understudy/raft-node';
import type { Answer } from './answer.js';
import type { Channel, Objection } from './channel.js';
import type { PeerCounters } from './counters.js';
import { Doorman } from './doorman.js';
import { Environment, type WsTransportDeps } from './environment.js';
import { TransportError } from './errors.js';
import { FlushSchedule } from './flush-schedule.js';
import { checkIdentity, type PeerHello } from './identity.js';
import { IncomingSnapshot } from './incoming-snapshot.js';
import { invalid, resolveOptions, type WsTransportOptions } from './options.js';
import { OutgoingSnapshot } from './outgoing-snapshot.js';
import { Peer } from './peer.js';
import { CloseCode, MAX_FRAME_BYTES } from './protocol.js';
import { closeSocket } from './socket.js';
import { TokenBucket } from './token-bucket.js';

export interface LaneDetails {
  /** Null while the lane is down. */
  readonly hello: PeerHello | null;
  readonly waitingBytes: number;
  readonly rttMs: number | null;
}

export interface PeerDetails extends PeerStatus {
  readonly control: LaneDetails;
  readonly bulk: LaneDetails;
  /** A copy. */
  readonly counters: PeerCounters;
}

export interface SnapshotProgress {
  readonly peer: number;
  readonly direction: 'out' | 'in';
  /** Bytes of chunks sent or received so far. */
  readonly bytes: number;
  readonly elapsedMs: number;
}

type State = 'new' | 'running' | 'stopped';

export class WsTransport implements Transport {
  readonly #env: Environment;
  readonly #peers = new Map<number, Peer>();
  readonly #schedule = new FlushSchedule();
  readonly #doorman: Doorman;
  readonly #bucket: TokenBucket;
  readonly #outgoing = new Set<OutgoingSnapshot>();
  readonly #incoming = new Set<IncomingSnapshot>();
  /** Accepted hellos of snapshot streams that wait for their confirm. They count as incoming. */
  readonly #snapshotAnswers = new Set<Answer>();
  /** Given to `setPeers` before `start`. */
  #early: readonly PeerAddress[] = [];
  #handlers: TransportHandlers | null = null;
  #state: State = 'new';
  #stopping: Promise<void> | null = null;

  /** Throws `invalid-options`, naming the field. */
  constructor(deps: WsTransportDeps, options: WsTransportOptions = {}) {
    checkIdentity(deps.identity);
    this.#env = new Environment(deps, resolveOptions(options));
    this.#env.rival = (hello) => this.#peers.get(hello.memberId)?.rival(hello) ?? 'none';
    this.#bucket = new TokenBucket(this.#env.options.snapshotBytesPerSecond, this.#env.clock.now());
    this.#doorman = new Doorman(this.#env, {
      claim: (hello, answer) => this.#claim(hello, answer),
      confirmed: (channel, answer) => this.#confirmed(channel, answer),
      failed: (hello, answer) => {
        this.#snapshotAnswers.delete(answer);
        if (hello !== null && hello.stream !== 'snapshot') {
          this.#peers.get(hello.memberId)?.link(hello.stream).answerFailed(answer);
        }
      },
    });
  }

  /** Throws `stopped` when it was started before. */
  start(handlers: TransportHandlers): void {
    if (this.#state !== 'new') throw new TransportError('stopped', `start of a transport that is ${this.#state}`);
    this.#state = 'running';
    this.#handlers = handlers;
    this.#doorman.open();
    this.setPeers(this.#early);
  }

  /** A URL that cannot be parsed is logged and never reached; it does no harm to the others. */
  setPeers(peers: readonly PeerAddress[]): void {
    if (this.#state === 'new') this.#early = peers;
    const handlers = this.#handlers;
    if (handlers === null || this.#state !== 'running') return;
    const wanted = new Map(peers.map((peer) => [peer.id, peer.urls]));
    wanted.delete(this.#env.identity.memberId);
    for (const peer of [...this.#peers.values()]) if (!wanted.has(peer.id)) this.#remove(peer);
    for (const [id, urls] of wanted) {
      const known = this.#peers.get(id);
      if (known !== undefined) {
        known.setUrls(urls);
      } else {
        const peer = new Peer(this.#env, id, urls, { schedule: this.#schedule, handlers });
        this.#peers.set(id, peer);
        peer.start();
      }
    }
  }

  /** Throws `frame-too-large` above `MAX_FRAME_BYTES`. The frame must not be changed before the turn is over. */
  send(to: number, lane: Lane, frame: Uint8Array): SendResult {
    const peer = this.#peers.get(to);
    if (peer === undefined) return 'unknown-peer';
    if (frame.length > MAX_FRAME_BYTES) {
      throw new TransportError('frame-too-large', `a frame of ${frame.length} bytes; the limit is ${MAX_FRAME_BYTES}`);
    }
    return lane === 'control' ? peer.control.send(frame) : peer.bulk.send(frame);
  }

  async sendSnapshot(
    to: number,
    header: Uint8Array,
    chunks: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<void> {
    if (this.#state !== 'running') throw new TransportError('stopped', 'the transport does not run');
    const peer = this.#peers.get(to);
    if (peer === undefined) throw new TransportError('unknown-peer', `${to} is not a peer`);
    if (header.length > MAX_FRAME_BYTES) {
      throw new TransportError(
        'frame-too-large',
        `a header of ${header.length} bytes; the limit is ${MAX_FRAME_BYTES}`,
      );
    }
    const snapshot = new OutgoingSnapshot(this.#env, to, peer.counters, this.#bucket);
    this.#outgoing.add(snapshot);
    try {
      await snapshot.run(peer.dialUrls(), header, chunks, signal);
    } finally {
      this.#outgoing.delete(snapshot);
    }
  }

  /** Changes `snapshotBytesPerSecond` for the snapshots that are under way, too. 0 is no limit. */
  setSnapshotRate(bytesPerSecond: number): void {
    if (!Number.isSafeInteger(bytesPerSecond) || bytesPerSecond < 0) {
      throw invalid(`snapshotBytesPerSecond is ${bytesPerSecond}`);
    }
    this.#bucket.setRate(bytesPerSecond, this.#env.clock.now());
  }

  /** The snapshots under way, in both directions. */
  snapshots(): readonly SnapshotProgress[] {
    const now = this.#env.clock.now();
    const progress = (direction: 'out' | 'in') => (snapshot: OutgoingSnapshot | IncomingSnapshot) => ({
      peer: snapshot.peer,
      direction,
      bytes: snapshot.bytes,
      elapsedMs: now - snapshot.startedAt,
    });
    return [...[...this.#outgoing].map(progress('out')), ...[...this.#incoming].map(progress('in'))];
  }

  /** `connected` means that both lanes are up; `rttMs` is the control lane's. */
  peerStatus(id: number): PeerStatus | null {
    return this.#peers.get(id)?.status() ?? null;
  }

  peerDetails(id: number): PeerDetails | null {
    const peer = this.#peers.get(id);
    if (peer === undefined) return null;
    const lane = (name: Lane): LaneDetails => {
      const stream = peer.link(name).stream;
      return {
        hello: stream?.hello ?? null,
        waitingBytes: stream?.waitingBytes ?? 0,
        rttMs: stream?.rttMs ?? null,
      };
    };
    const counters = { ...peer.counters, disconnects: { ...peer.counters.disconnects } };
    return { ...peer.status(), control: lane('control'), bulk: lane('bulk'), counters };
  }

  /**
   * To be called by the peer port's server on 'upgrade'. False when the path is not this transport's: then the caller
   * answers. Before `start` and after `stop` the answer is 503.
   */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    return this.#doorman.handleUpgrade(request, socket, head);
  }

  /** Closes everything; what does not close within `stopTimeoutMs` is cut. Frames sent in this turn still leave. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #stop(): Promise<void> {
    this.#state = 'stopped';
    const stopped = new TransportError('stopped', 'the transport was stopped');
    for (const snapshot of [...this.#outgoing, ...this.#incoming]) snapshot.fail(stopped);
    for (const peer of [...this.#peers.values()]) peer.close(CloseCode.stopping, 'stopping');
    this.#peers.clear();
    this.#doorman.close();
    await this.#socketsClosed(this.#env.options.stopTimeoutMs);
    for (const ws of this.#env.sockets) ws.terminate();
  }

  #socketsClosed(timeoutMs: number): Promise<void> {
    const { sockets } = this.#env;
    if (sockets.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      for (const ws of sockets) {
        ws.once('close', () => {
          if (sockets.size > 0) return;
          clearTimeout(timer);
          resolve();
        });
      }
    });
  }

  #remove(peer: Peer): void {
    this.#peers.delete(peer.id);
    peer.close(CloseCode.notAPeer, 'not a peer any more');
    const removed = new TransportError('unknown-peer', `${peer.id} is not a peer any more`);
    for (const snapshot of [...this.#outgoing, ...this.#incoming])
      if (snapshot.peer === peer.id) snapshot.fail(removed);
  }

  #claim(hello: PeerHello, answer: Answer): Objection | null {
    const peer = this.#peers.get(hello.memberId);
    if (peer === undefined) return { reason: 'unknown-member', configIndex: 0 };
    if (hello.stream !== 'snapshot') {
      return peer.link(hello.stream).claim(answer) === 'accept' ? null : { reason: 'duplicate', configIndex: 0 };
    }
    if (this.#incoming.size + this.#snapshotAnswers.size >= this.#env.options.maxIncomingSnapshots) {
      return { reason: 'busy', configIndex: 0 };
    }
    this.#snapshotAnswers.add(answer);
    return null;
  }

  #confirmed(channel: Channel, answer: Answer): void {
    this.#snapshotAnswers.delete(answer);
    const peer = this.#peers.get(channel.hello.memberId);
    const handlers = this.#handlers;
    if (peer === undefined || handlers === null) {
      closeSocket(channel.ws, CloseCode.notAPeer, 'not a peer any more');
    } else if (channel.hello.stream !== 'snapshot') {
      peer.link(channel.hello.stream).answerConfirmed(channel, answer);
    } else {
      const snapshot: IncomingSnapshot = new IncomingSnapshot(this.#env, channel, peer.counters, {
        receive: (from, header, chunks) => handlers.onSnapshot(from, header, chunks),
        over: () => this.#incoming.delete(snapshot),
      });
      this.#incoming.add(snapshot);
    }
  }
}
