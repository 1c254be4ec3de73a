/** Members on real disks and sockets, in this process, for tests. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WsTransport } from '@understudy/transport-ws';
import { WalLevel } from '@understudy/wal-level';
import { FileStateMachine, RaftNode, RaftNodeError, type RaftNodeOptions } from '../src/index.js';

export interface RealMember {
  readonly id: number;
  readonly node: RaftNode<number>;
  /** The state: what was applied, in order. */
  readonly list: string[];
}

export class RealCluster {
  readonly members = new Map<number, RealMember>();
  // Servers outlive restarts, so that ports stay the same; each hands upgrades to the transport of the day.
  readonly #servers = new Map<number, Server>();
  readonly #transports = new Map<number, WsTransport>();

  private constructor(
    readonly directory: string,
    private readonly options: Omit<RaftNodeOptions, 'id' | 'bootstrap'>,
  ) {}

  static async start(ids: readonly number[], options: Omit<RaftNodeOptions, 'id' | 'bootstrap'> = {}) {
    const cluster = new RealCluster(await mkdtemp(join(tmpdir(), 'raft-node-')), {
      heartbeatIntervalMs: 50,
      electionTimeoutMs: 500,
      ...options,
    });
    for (const id of ids) await cluster.listen(id);
    const bootstrap = { members: ids.map((id) => ({ id })) };
    await Promise.all(ids.map((id) => cluster.startMember(id, { bootstrap })));
    return cluster;
  }

  async listen(id: number): Promise<void> {
    const server = createServer();
    server.on('upgrade', (request, socket, head) => {
      if (!this.#transports.get(id)?.handleUpgrade(request, socket, head)) socket.destroy();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    this.#servers.set(id, server);
    this.#spreadAddresses();
  }

  async startMember(id: number, options: Pick<RaftNodeOptions, 'bootstrap'> = {}): Promise<RealMember> {
    const directory = join(this.directory, String(id));
    const list: string[] = [];
    const stateMachine = await FileStateMachine.open<number>(
      {
        apply: ({ data }) => list.push(Buffer.from(data).toString()),
        serialize: () => Buffer.from(JSON.stringify(list)),
        restore: (bytes) => list.splice(0, list.length, ...(JSON.parse(Buffer.from(bytes).toString()) as string[])),
      },
      { directory: join(directory, 'state') },
    );
    const identity = { memberId: id, clusterId: 7 };
    const log = await WalLevel.open({ directory: join(directory, 'log') }, { identity });
    const transport = new WsTransport({ identity: log.identity, admit: () => ({ ok: true }) });
    this.#transports.set(id, transport);
    const node = await RaftNode.start({ log, transport, stateMachine }, { ...this.options, ...options, id });
    const member = { id, node, list };
    this.members.set(id, member);
    this.#spreadAddresses();
    return member;
  }

  member(id: number): RealMember {
    return this.members.get(id) as RealMember;
  }

  async stopMember(id: number, options: { handOver?: boolean } = {}): Promise<void> {
    const member = this.member(id);
    this.members.delete(id);
    await member.node.stop(options);
  }

  /** The leader that every running member follows. */
  async leader(): Promise<RealMember> {
    await until('a leader that all follow', () => {
      const leaders = new Set([...this.members.values()].map(({ node }) => node.leader));
      const [leader] = leaders;
      return leaders.size === 1 && this.members.get(leader as number)?.node.isLeader === true;
    });
    return [...this.members.values()].find(({ node }) => node.isLeader) as RealMember;
  }

  /** Tries again while it is certain that nothing was applied. */
  async propose(id: number, text: string): Promise<number> {
    let result: number | null = null;
    await until(`${text} to be accepted`, async () => {
      try {
        result = await this.member(id).node.propose(Buffer.from(text));
        return true;
      } catch (error) {
        if (error instanceof RaftNodeError && error.outcome === 'not-applied') return false;
        throw error;
      }
    });
    return result as unknown as number;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.members.keys()].map((id) => this.stopMember(id)));
    for (const server of this.#servers.values()) server.close();
    await rm(this.directory, { recursive: true });
  }

  #spreadAddresses(): void {
    const peers = [...this.#servers].map(([id, server]) => ({
      id,
      urls: [`http://127.0.0.1:${(server.address() as AddressInfo).port}`],
    }));
    for (const { node } of this.members.values()) node.setPeerAddresses(peers);
  }
}

/** Waits for what has no event of its own. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, limitMs = 15_000): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`no ${what} within ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
