/** Transports on real loopback sockets, each with its HTTP server, and handlers that record and can be awaited. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DisconnectCause, Lane, PeerAddress, TransportHandlers } from '@understudy/raft-node';
import type { Refusal, WsTransportDeps, WsTransportOptions } from '../src/index.js';
import { WsTransport } from '../src/index.js';

export const CLUSTER_ID = 77;

export interface Seen {
  readonly what: 'connected' | 'disconnected' | 'dead' | 'refused';
  readonly peer: number;
  readonly lane?: Lane;
  readonly cause?: DisconnectCause;
  readonly reason?: string;
  readonly refusal?: Refusal;
}

/** Records what a transport told, and lets a test wait for it. */
export class Recorder implements TransportHandlers {
  readonly seen: Seen[] = [];
  readonly frames: { readonly from: number; readonly lane: Lane; readonly frame: Uint8Array }[] = [];
  receive: (from: number, header: Uint8Array, chunks: AsyncIterable<Uint8Array>) => Promise<void> = async () => {
    throw new Error('no snapshot expected');
  };
  frameHook: ((from: number, lane: Lane, frame: Uint8Array) => void) | null = null;
  readonly #waiting = new Set<() => void>();

  onFrame(from: number, lane: Lane, frame: Uint8Array): void {
    if (this.frameHook !== null) this.frameHook(from, lane, frame);
    else this.frames.push({ from, lane, frame });
    this.#wake();
  }

  onSnapshot(from: number, header: Uint8Array, chunks: AsyncIterable<Uint8Array>): Promise<void> {
    return this.receive(from, header, chunks);
  }

  onConnected(peer: number, lane: Lane): void {
    this.note({ what: 'connected', peer, lane });
  }

  onDisconnected(peer: number, lane: Lane, cause: DisconnectCause): void {
    this.note({ what: 'disconnected', peer, lane, cause });
  }

  onPeerDead(peer: number): void {
    this.note({ what: 'dead', peer });
  }

  note(seen: Seen): void {
    this.seen.push(seen);
    this.#wake();
  }

  count(match: Partial<Seen>): number {
    return this.seen.filter((seen) => matches(seen, match)).length;
  }

  /** Resolves when `condition` holds, asked after each event; rejects at the deadline. */
  async until(condition: () => boolean, deadlineMs = 10_000): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve, reject) => {
      const check = (): void => {
        if (!condition()) return;
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(check);
        reject(new Error(`not within ${deadlineMs} ms; seen: ${JSON.stringify(this.seen)}`));
      }, deadlineMs);
      this.#waiting.add(check);
    });
  }

  saw(match: Partial<Seen>, times = 1, deadlineMs?: number): Promise<void> {
    return this.until(() => this.count(match) >= times, deadlineMs);
  }

  bothLanes(peer: number): Promise<void> {
    return this.until(() => {
      const up = (lane: Lane) =>
        this.count({ what: 'connected', peer, lane }) > this.count({ what: 'disconnected', peer, lane });
      return up('control') && up('bulk');
    });
  }

  #wake(): void {
    for (const check of [...this.#waiting]) check();
  }
}

function matches(seen: Seen, match: Partial<Seen>): boolean {
  return Object.entries(match).every(([key, value]) => seen[key as keyof Seen] === value);
}

export interface Member {
  readonly id: number;
  readonly port: number;
  readonly address: PeerAddress;
  readonly transport: WsTransport;
  readonly recorder: Recorder;
  readonly server: Server;
  close(): Promise<void>;
}

export interface MemberSetup {
  readonly options?: WsTransportOptions;
  readonly deps?: Partial<WsTransportDeps>;
  readonly clusterId?: number;
  readonly port?: number;
  /** False leaves `start` to the test. */
  readonly start?: boolean;
}

const open = new Set<Member>();

export async function member(id: number, setup: MemberSetup = {}): Promise<Member> {
  const recorder = new Recorder();
  const transport = new WsTransport(
    {
      identity: { clusterId: setup.clusterId ?? CLUSTER_ID, memberId: id, directoryId: `dir-${id}`, bootCount: 1 },
      admit: () => ({ ok: true }),
      onRefused: (refusal) => recorder.note({ what: 'refused', peer: refusal.peer, reason: refusal.reason, refusal }),
      ...setup.deps,
    },
    { backoffMinMs: 10, backoffMaxMs: 100, refusedRetryMs: 100, ...setup.options },
  );
  const server = createServer((_request, response) => response.writeHead(404).end());
  server.on('upgrade', (request, socket, head) => {
    if (!transport.handleUpgrade(request, socket, head)) socket.destroy();
  });
  server.listen(setup.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const made: Member = {
    id,
    port,
    address: { id, urls: [`http://127.0.0.1:${port}`] },
    transport,
    recorder,
    server,
    close: async () => {
      open.delete(made);
      await transport.stop();
      if (server.listening) {
        server.close();
        server.closeAllConnections();
        await once(server, 'close');
      }
    },
  };
  open.add(made);
  if (setup.start !== false) transport.start(recorder);
  return made;
}

/** To be called after each test. */
export async function closeMembers(): Promise<void> {
  await Promise.all([...open].map((each) => each.close()));
}

/** Each knows all the others. */
export function introduce(...members: readonly Member[]): void {
  for (const one of members) {
    one.transport.setPeers(members.filter((other) => other !== one).map((other) => other.address));
  }
}

/** Two members with both lanes up. */
export async function pair(a: MemberSetup = {}, b: MemberSetup = {}): Promise<[Member, Member]> {
  const one = await member(1, a);
  const two = await member(2, b);
  introduce(one, two);
  await Promise.all([one.recorder.bothLanes(2), two.recorder.bothLanes(1)]);
  return [one, two];
}

/** For what makes no event, such as counters. */
export async function eventually(condition: () => boolean, deadlineMs = 10_000): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`not within ${deadlineMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

export function text(frame: Uint8Array): string {
  return Buffer.from(frame).toString('utf8');
}

export function bytes(value: string): Uint8Array {
  return new Uint8Array(Buffer.from(value, 'utf8'));
}
