/** The ladder of a cluster of processes as its leader tells it, through any process that answers: a standby, too. */
import { type TestCluster, type TestMember, waitUntil } from '@understudy/testbed';

export interface LadderMemberView {
  readonly ID: string;
  readonly name: string;
  readonly role: 'voter' | 'learner' | 'reader';
  readonly registration?: string;
  readonly answers?: boolean;
  /** How long its down-time is, as the leader has noted it; absent where there is none. */
  readonly silent_ms?: string;
}

export interface StandbyEntryView {
  readonly registration: string;
  readonly name: string;
  readonly connected?: boolean;
  readonly reserved?: boolean;
}

export async function call<T>(clientUrl: string, path: string, request: object = {}): Promise<T> {
  const response = await fetch(`${clientUrl}${path}`, {
    method: 'POST',
    body: JSON.stringify(request),
    signal: AbortSignal.timeout(3000),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

export class LadderView {
  readonly #cluster: TestCluster;

  constructor(cluster: TestCluster) {
    this.#cluster = cluster;
  }

  async members(): Promise<readonly LadderMemberView[]> {
    return (await this.#ask<{ members: readonly LadderMemberView[] }>('/understudy/v1/cluster/status')).members;
  }

  /** What the leader did, in words, the oldest first. */
  async decisions(): Promise<string[]> {
    const status = await this.#ask<{ decisions?: readonly { text: string }[] }>('/understudy/v1/cluster/status');
    return (status.decisions ?? []).map(({ text }) => text);
  }

  async standbys(): Promise<readonly StandbyEntryView[]> {
    return (await this.#ask<{ standbys?: readonly StandbyEntryView[] }>('/understudy/v1/standby/list')).standbys ?? [];
  }

  /** Names of those in the role, sorted. */
  async names(role: LadderMemberView['role']): Promise<string[]> {
    const members = await this.members();
    return members
      .filter((member) => member.role === role)
      .map(({ name }) => name)
      .sort();
  }

  /** Names of those that are registered and connected, sorted. */
  async connected(): Promise<string[]> {
    const standbys = await this.standbys();
    return standbys
      .filter(({ connected }) => connected === true)
      .map(({ name }) => name)
      .sort();
  }

  /** Waits until exactly these are voters. */
  voters(names: readonly string[], timeoutMs = 60_000): Promise<unknown> {
    const wanted = [...names].sort().join();
    return waitUntil(`voters are ${wanted}`, async () => (await this.names('voter')).join() === wanted, timeoutMs);
  }

  /** Waits until exactly these stand by, registered and connected. */
  standingBy(names: readonly string[], timeoutMs = 60_000): Promise<unknown> {
    const wanted = [...names].sort().join();
    return waitUntil(`standbys are ${wanted}`, async () => (await this.connected()).join() === wanted, timeoutMs);
  }

  set(settings: Readonly<Record<string, string>>): Promise<unknown> {
    const fields = Object.entries(settings).map(([name, value]) => ({ name, value }));
    return this.#ask('/understudy/v1/policy/set', { fields });
  }

  async #ask<T>(path: string, request: object = {}): Promise<T> {
    const running = this.#cluster.members.filter((member: TestMember) => member.process.running);
    return Promise.any(running.map((member) => call<T>(member.clientUrl, path, request)));
  }
}
