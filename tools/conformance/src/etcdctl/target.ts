/** A fresh cluster for one transcript, of either kind, and the names of what is in it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type ServerKind, TestCluster, waitUntil } from '@understudy/testbed';
import { type Known, Placeholders } from './placeholders.js';

/** etcd changes no members before its peers have been connected for 5 s (its `HealthInterval`), and nothing tells. */
const ETCD_SETTLES_MS = 6_000;

interface MemberList {
  readonly header: { readonly cluster_id: string };
  readonly members: readonly { readonly ID: string; readonly name: string }[];
}

export class Target {
  readonly placeholders: Placeholders;
  /** Where etcdctl goes when a line does not say it. */
  readonly endpoints: string;
  readonly #cluster: TestCluster;
  readonly #directory: string;

  /** Resolves when the cluster serves, led by its first member. */
  static async start(kind: ServerKind, voters: number): Promise<Target> {
    // A pause of a slow machine makes no election: who leads is printed. (etcd's first one would take as long.)
    const flags = kind === 'understudy' && voters > 1 ? ['--election-timeout=5000'] : [];
    const cluster = await TestCluster.start({ kind, voters, flags });
    try {
      const directory = await mkdtemp(join(tmpdir(), 'etcdctl-'));
      const list = (await call(cluster.endpoints[0] as string, 'cluster/member/list', {})) as unknown as MemberList;
      const ids = new Map([['cluster', BigInt(list.header.cluster_id)]]);
      for (const { name, ID } of list.members) ids.set(`${name}.id`, BigInt(ID));
      await waitUntil('n1 leads', async () => {
        const leader = await cluster.leader();
        if (leader.name === 'n1') return true;
        await call(leader.clientUrl, 'maintenance/transfer-leadership', { targetID: String(ids.get('n1.id')) });
        return false;
      });
      if (kind === 'etcd' && voters > 1) await delay(ETCD_SETTLES_MS);
      return new Target(cluster, directory, ids);
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  private constructor(cluster: TestCluster, directory: string, ids: ReadonlyMap<string, bigint>) {
    this.#cluster = cluster;
    this.#directory = directory;
    const known: Known[] = [{ name: 'tmp', text: directory }];
    for (const { name, clientUrl, peerUrl } of cluster.members) {
      known.push({ name, text: new URL(clientUrl).host }, { name: `${name}.peer`, text: new URL(peerUrl).host });
    }
    this.placeholders = new Placeholders(known, ids);
    this.endpoints = cluster.endpoints.map((url) => new URL(url).host).join(',');
  }

  async stop(): Promise<void> {
    await this.#cluster.stop();
    await rm(this.#directory, { recursive: true, force: true });
  }
}

async function call(clientUrl: string, path: string, body: object): Promise<object> {
  const response = await fetch(`${clientUrl}/v3/${path}`, { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path} at ${clientUrl}: ${await response.text()}`);
  return (await response.json()) as object;
}
