/** A cluster of real processes on loopback, with its data under a fresh temporary directory. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts } from './free-ports.js';
import { ServerProcess } from './server-process.js';
import { waitUntil } from './wait-until.js';

export type ServerKind = 'understudy' | 'etcd';

/** The built executable: run `npm run build` before. */
export const SERVER_BIN = fileURLToPath(new URL('../../../apps/server/bin/understudy.js', import.meta.url));

export interface TestClusterOptions {
  readonly kind?: ServerKind;
  readonly voters?: number;
  /** Given to every member, after the usual ones. */
  readonly flags?: readonly string[];
}

export interface TestMember {
  readonly name: string;
  readonly clientUrl: string;
  readonly peerUrl: string;
  readonly dataDir: string;
  readonly process: ServerProcess;
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
    const { kind = 'understudy', voters = 3, flags = [] } = options;
    const directory = await mkdtemp(join(tmpdir(), `${kind}-cluster-`));
    const cluster = new TestCluster(kind, directory, flags);
    const ports = await freePorts(2 * voters);
    const peers = Array.from({ length: voters }, (_, index) => `http://127.0.0.1:${ports[2 * index + 1]}`);
    const initial = peers.map((url, index) => `n${index + 1}=${url}`).join(',');
    for (const [index, peerUrl] of peers.entries()) {
      const clientUrl = `http://127.0.0.1:${ports[2 * index]}`;
      cluster.#add(`n${index + 1}`, clientUrl, peerUrl, [
        `--initial-cluster=${initial}`,
        '--initial-cluster-state=new',
        `--initial-cluster-token=${kind}-test`,
      ]);
    }
    return cluster;
  }

  private constructor(kind: ServerKind, directory: string, flags: readonly string[]) {
    this.kind = kind;
    this.directory = directory;
    this.#flags = flags;
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
    const [client, peer] = (await freePorts(2)) as [number, number];
    const peerUrl = `http://127.0.0.1:${peer}`;
    const initial = [...this.members.map((member) => `${member.name}=${member.peerUrl}`), `${name}=${peerUrl}`].join(
      ',',
    );
    return this.#add(name, `http://127.0.0.1:${client}`, peerUrl, [
      `--initial-cluster=${initial}`,
      '--initial-cluster-state=existing',
    ]);
  }

  /** A machine that takes part by --join, with the client URLs of all members unless told otherwise; not started. */
  async prepareMachine(name: string, flags: readonly string[] = []): Promise<TestMember> {
    const [client, peer] = (await freePorts(2)) as [number, number];
    const join = flags.some((flag) => flag.startsWith('--join=')) ? [] : [`--join=${this.endpoints.join(',')}`];
    return this.#add(name, `http://127.0.0.1:${client}`, `http://127.0.0.1:${peer}`, [...join, ...flags]);
  }

  /** The same, where it is known before. */
  addMachine(name: string, clientUrl: string, peerUrl: string, flags: readonly string[]): TestMember {
    return this.#add(name, clientUrl, peerUrl, flags);
  }

  #add(name: string, clientUrl: string, peerUrl: string, joining: readonly string[]): TestMember {
    const dataDir = join(this.directory, name);
    const flags = [
      `--name=${name}`,
      `--data-dir=${dataDir}`,
      `--listen-client-urls=${clientUrl}`,
      `--advertise-client-urls=${clientUrl}`,
      `--listen-peer-urls=${peerUrl}`,
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
  leader(timeoutMs = 20_000): Promise<TestMember> {
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
    await Promise.all(this.members.map((member) => member.process.stop()));
    await rm(this.directory, { recursive: true, force: true });
  }
}
