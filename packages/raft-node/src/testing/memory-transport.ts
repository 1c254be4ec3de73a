/**
 * A Transport in memory: members of one process, joined by a hub. For an embedder's tests, where sockets would only be
 * in the way. Frames and events are delivered by the given `defer`, in order; a snapshot is handed over chunk by chunk.
 */
import type {
  DisconnectCause,
  Lane,
  PeerAddress,
  PeerStatus,
  SendResult,
  Transport,
  TransportHandlers,
} from '../transport.js';

const LANES: readonly Lane[] = ['control', 'bulk'];

export interface MemoryHubOptions {
  /** Lets something happen later; what was deferred first happens first. */
  readonly defer: (run: () => void) => void;
}

export class MemoryHub {
  readonly #transports = new Map<number, MemoryTransport>();

  constructor(readonly options: MemoryHubOptions) {}

  /** A new transport takes the place of the member's former one. */
  transport(id: number): Transport {
    const transport = new MemoryTransport(this, id);
    this.#transports.set(id, transport);
    return transport;
  }

  find(id: number): MemoryTransport | undefined {
    return this.#transports.get(id);
  }

  get all(): Iterable<MemoryTransport> {
    return this.#transports.values();
  }
}

class MemoryTransport implements Transport {
  #handlers: TransportHandlers | null = null;
  #stopped = false;
  #peers: ReadonlySet<number> = new Set();
  // Peers with both lanes up; both ends agree.
  readonly #linked = new Set<MemoryTransport>();
  // Those whose lanes the handlers were told of.
  readonly #told = new Set<number>();
  // Snapshot streams that this member takes part in.
  readonly #streams = new Set<AbortController>();

  constructor(
    private readonly hub: MemoryHub,
    readonly id: number,
  ) {}

  start(handlers: TransportHandlers): void {
    this.#handlers = handlers;
    this.#link();
  }

  setPeers(peers: readonly PeerAddress[]): void {
    this.#peers = new Set(peers.map(({ id }) => id).filter((id) => id !== this.id));
    for (const other of [...this.#linked]) if (!this.#peers.has(other.id)) this.#unlink(other);
    this.#link();
  }

  send(to: number, lane: Lane, frame: Uint8Array): SendResult {
    if (!this.#peers.has(to)) return 'unknown-peer';
    const other = this.#linkTo(to);
    if (other === null) return 'not-connected';
    this.hub.options.defer(() => {
      if (this.#linked.has(other)) other.#handlers?.onFrame(this.id, lane, frame);
    });
    return 'sent';
  }

  async sendSnapshot(
    to: number,
    header: Uint8Array,
    chunks: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<void> {
    const other = this.#linkTo(to);
    if (other === null || other.#handlers === null) throw new Error(`member ${to} is not connected`);
    const stream = new AbortController();
    const abort = () => stream.abort(new Error('the sender gave up'));
    signal.addEventListener('abort', abort, { once: true });
    this.#streams.add(stream);
    other.#streams.add(stream);
    try {
      signal.throwIfAborted();
      await other.#handlers.onSnapshot(this.id, header, whole(chunks, stream.signal));
      stream.signal.throwIfAborted();
    } finally {
      signal.removeEventListener('abort', abort);
      this.#streams.delete(stream);
      other.#streams.delete(stream);
    }
  }

  peerStatus(id: number): PeerStatus | null {
    if (!this.#peers.has(id)) return null;
    const connected = this.#linkTo(id) !== null;
    return { id, connected, silentMs: connected ? 0 : null, rttMs: connected ? 0 : null };
  }

  /** To its peers it is as if the process were gone. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    for (const stream of this.#streams) stream.abort(new Error('a member stopped'));
    for (const other of [...this.#linked]) {
      this.#unlink(other);
      this.hub.options.defer(() => {
        if (this.hub.find(this.id) === this) other.#tell((handlers) => handlers.onPeerDead(this.id));
      });
    }
  }

  get #running(): boolean {
    return this.#handlers !== null && !this.#stopped;
  }

  #linkTo(id: number): MemoryTransport | null {
    const other = this.hub.find(id);
    return other !== undefined && this.#linked.has(other) ? other : null;
  }

  /** Joins it to everybody who runs, and whom it knows and is known by. */
  #link(): void {
    for (const other of this.hub.all) {
      const known = this.#peers.has(other.id) && other.#peers.has(this.id);
      if (!known || !this.#running || !other.#running || this.#linked.has(other)) continue;
      this.#linked.add(other);
      other.#linked.add(this);
      for (const [member, peer] of [
        [this, other],
        [other, this],
      ] as const) {
        this.hub.options.defer(() => {
          if (!member.#linked.has(peer)) return;
          member.#told.add(peer.id);
          for (const lane of LANES) member.#tell((handlers) => handlers.onConnected(peer.id, lane));
        });
      }
    }
  }

  #unlink(other: MemoryTransport): void {
    this.#linked.delete(other);
    other.#linked.delete(this);
    this.#down(other.id, 'closed-by-us');
    this.hub.options.defer(() => other.#tell(() => other.#down(this.id, 'closed-by-peer')));
  }

  #down(peer: number, cause: DisconnectCause): void {
    if (!this.#told.delete(peer)) return;
    for (const lane of LANES) this.#handlers?.onDisconnected(peer, lane, cause);
  }

  #tell(event: (handlers: TransportHandlers) => void): void {
    if (this.#handlers !== null && !this.#stopped) event(this.#handlers);
  }
}

/** Never ends as if it were complete when it was aborted. */
async function* whole(chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    signal.throwIfAborted();
    // The sender may use its memory again, and the receiver may keep it.
    yield Uint8Array.from(chunk);
    signal.throwIfAborted();
  }
}
