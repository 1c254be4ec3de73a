/** A cluster of real processes on loopback, with its data under a fresh temporary directory. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts } from './free-ports.js';
import { Links } from './links.js';
import { ServerProcess } from './server-process.js';
import { PATIENCE_MS, waitUntil } from './wait-until.js';

export type ServerKind = 'understudy' | 'etcd';

/** The built executable: run `npm run build` before. */
export const SERVER_BIN = fileURLToPath(new URL('../../../apps/server/bin/understudy.js', import.meta.url));

export interface TestClusterOptions {
  readonly kind?: ServerKind;
  readonly voters?: number;
  /** Given to every member, after the usual ones. */
  readonly flags?: readonly string[];
  /** Members reach each other through `links`, which a test can cut. Default false. */
  readonly linked?: boolean;
}

export interface TestMember {
  readonly name: string;
  readonly clientUrl: string;
  /** What others dial. */
  readonly peerUrl: string;
  readonly dataDir: string;
  readonly process: ServerProcess;
}

/** Where a member is to be; others dial `peerUrl`, which is another one where links are between. */
interface Place extends Pick<TestMember, 'name' | 'clientUrl' | 'peerUrl'> {
  readonly listenPeerUrl: string;
}

/** A member's status, from its own JSON gateway. Ids are decimal, as the gateway prints them. */
export interface MemberStatus {
  readonly id: string;
  readonly leader: string;
  readonly term: number;
  readonly appliedIndex: number;
  readonly revision: number;
  readonly isLearner: boolean;
}

export class TestCluster {
  readonly kind: ServerKind;
  readonly directory: string;
  readonly members: TestMember[] = [];
  readonly #flags: readonly string[];
  readonly #links: Links | null;

  /** Resolves when every member is healthy. */
  static async start(options: TestClusterOptions = {}): Promise<TestCluster> {
    const cluster = await TestCluster.prepare(options);
    try {
      for (const member of cluster.members) member.process.start();
      await Promise.all(cluster.members.map((member) => member.process.answers(`${member.clientUrl}/health`)));
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** Directory, ports and flags; nothing runs yet. */
  static async prepare(options: TestClusterOptions = {}): Promise<TestCluster> {
    const { kind = 'understudy', voters = 3, flags = [], linked = false } = options;
    const directory = await mkdtemp(join(tmpdir(), `${kind}-cluster-`));
    const cluster = new TestCluster(kind, directory, flags, linked ? new Links() : null);
    const names = Array.from({ length: voters }, (_, index) => `n${index + 1}`);
    const places = await cluster.#places(names);
    const initial = places.map(({ name, peerUrl }) => `${name}=${peerUrl}`).join(',');
    for (const place of places) {
      cluster.#add(place, [
        `--initial-cluster=${initial}`,
        '--initial-cluster-state=new',
        `--initial-cluster-token=${kind}-test`,
      ]);
    }
    return cluster;
  }

  private constructor(kind: ServerKind, directory: string, flags: readonly string[], links: Links | null) {
    this.kind = kind;
    this.directory = directory;
    this.#flags = flags;
    this.#links = links;
  }

  /** The network between members; throws where the cluster was not started `linked`. */
  get links(): Links {
    if (this.#links === null) throw new Error('the cluster was not started with linked: true');
    return this.#links;
  }

  get endpoints(): string[] {
    return this.members.map((member) => member.clientUrl);
  }

  member(name: string): TestMember {
    const found = this.members.find((member) => member.name === name);
    if (found === undefined) throw new Error(`no member ${name}`);
    return found;
  }

  /** Ports and a directory for one more member; it is not started. */
  async prepareMember(name: string): Promise<TestMember> {
    const [place] = (await this.#places([name])) as [Place];
    const initial = [...this.members, place].map((member) => `${member.name}=${member.peerUrl}`);
    return this.#add(place, [`--initial-cluster=${initial.join(',')}`, '--initial-cluster-state=existing']);
  }

  /** A machine that takes part by --join, with the client URLs of all members unless told otherwise; not started. */
  async prepareMachine(name: string, flags: readonly string[] = []): Promise<TestMember> {
    const [place] = (await this.#places([name])) as [Place];
    const join = flags.some((flag) => flag.startsWith('--join=')) ? [] : [`--join=${this.endpoints.join(',')}`];
    return this.#add(place, [...join, ...flags]);
  }

  /** The same, where it is known before. */
  addMachine(name: string, clientUrl: string, peerUrl: string, flags: readonly string[]): TestMember {
    return this.#add({ name, clientUrl, peerUrl, listenPeerUrl: peerUrl }, flags);
  }

  async #places(names: readonly string[]): Promise<Place[]> {
    const ports = await freePorts(2 * names.length);
    const url = (port: number | undefined): string => `http://127.0.0.1:${port}`;
    return Promise.all(
      names.map(async (name, index) => {
        const [client, peer] = ports.slice(2 * index) as [number, number];
        const dialled = this.#links === null ? peer : await this.#links.before(name, peer);
        return { name, clientUrl: url(client), peerUrl: url(dialled), listenPeerUrl: url(peer) };
      }),
    );
  }

  #add({ name, clientUrl, peerUrl, listenPeerUrl }: Place, joining: readonly string[]): TestMember {
    const dataDir = join(this.directory, name);
    const flags = [
      `--name=${name}`,
      `--data-dir=${dataDir}`,
      `--listen-client-urls=${clientUrl}`,
      `--advertise-client-urls=${clientUrl}`,
      `--listen-peer-urls=${listenPeerUrl}`,
      `--initial-advertise-peer-urls=${peerUrl}`,
      ...joining,
      ...this.#flags,
    ];
    const process_ =
      this.kind === 'etcd'
        ? new ServerProcess('etcd', flags)
        : new ServerProcess(process.execPath, [SERVER_BIN, ...flags]);
    const member = { name, clientUrl, peerUrl, dataDir, process: process_ };
    this.members.push(member);
    this.#links?.know(name, () => ({ name, pid: process_.running ? process_.pid : null }));
    return member;
  }

  async status(member: TestMember): Promise<MemberStatus> {
    const response = await fetch(`${member.clientUrl}/v3/maintenance/status`, { method: 'POST', body: '{}' });
    const body = (await response.json()) as {
      header: { member_id: string; revision?: string };
      leader?: string;
      raftTerm?: string;
      raftAppliedIndex?: string;
      isLearner?: boolean;
    };
    return {
      id: body.header.member_id,
      leader: body.leader ?? '0',
      term: Number(body.raftTerm ?? 0),
      appliedIndex: Number(body.raftAppliedIndex ?? 0),
      revision: Number(body.header.revision ?? 0),
      isLearner: body.isLearner === true,
    };
  }

  /** The running member that leads, as soon as every running one agrees on it. */
  leader(timeoutMs = PATIENCE_MS): Promise<TestMember> {
    return waitUntil(
      'a leader that all running members know',
      async () => {
        const running = this.members.filter((member) => member.process.running);
        const statuses = await Promise.all(running.map((member) => this.status(member)));
        const [first] = statuses;
        if (first === undefined || first.leader === '0') return null;
        if (statuses.some((status) => status.leader !== first.leader)) return null;
        return running[statuses.findIndex((status) => status.id === first.leader)] ?? null;
      },
      timeoutMs,
    );
  }

  /** Ends every process and removes the data. */
  async stop(): Promise<void> {
    const running = this.members.map(({ process }) => process).filter((process) => process.running);
    await Promise.all(
      running.map(async (process) => {
        await process.stop();
        const left = running.filter((other) => other.running);
        // A leader waits for a successor, and the last one has none.
        if (left.length === 1) left[0]?.signal('SIGKILL');
      }),
    );
    await this.#links?.close();
    await rm(this.directory, { recursive: true, force: true });
  }
}
