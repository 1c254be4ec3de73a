/** What `understudy.v1` says of a cluster, and waiting for it to say something. */
import type { Client } from '@understudy/client';
import { type ClusterStatusResponse, LadderService } from '@understudy/protocol';
import { waitUntil } from '@understudy/testbed';

const { methods } = LadderService;

/** For what takes a second on a quiet machine: on one that does much else it takes many. */
const PATIENCE_MS = 60_000;

/** Asks until it is so. */
export function seen<T>(what: string, probe: () => Promise<T | null | false>): Promise<T> {
  return waitUntil(what, probe, PATIENCE_MS);
}

export function ladderStatus(client: Client): Promise<ClusterStatusResponse> {
  return client.call(methods.clusterStatus, {});
}

/** Names by role, sorted; a member that has not started has none. */
export async function namesIn(client: Client, role: string): Promise<string[]> {
  const { members } = await ladderStatus(client);
  return members
    .filter((member) => member.role === role)
    .map(({ name }) => name)
    .sort();
}

/** Resolves when exactly these vote. */
export async function voted(client: Client, names: readonly string[], timeoutMs = PATIENCE_MS): Promise<void> {
  const wanted = [...names].sort().join();
  await waitUntil(`${wanted} vote`, async () => (await namesIn(client, 'voter')).join() === wanted, timeoutMs);
}

/** Resolves when the member with this name is a learner that the leader would promote. */
export async function warmedUp(client: Client, name: string, timeoutMs = PATIENCE_MS): Promise<void> {
  await waitUntil(
    `${name} is a warm learner`,
    async () => {
      const { members } = await ladderStatus(client);
      const found = members.find((member) => member.name === name);
      return found?.role === 'learner' && found.answers && found.closeMs > 500 && found.lastRoundMs < 1000;
    },
    timeoutMs,
  );
}

export async function setPolicy(client: Client, settings: Readonly<Record<string, string>>): Promise<void> {
  const fields = Object.entries(settings).map(([name, value]) => ({ name, value }));
  await client.call(methods.policySet, { fields, reset: [], version: 0 });
}
