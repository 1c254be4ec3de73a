import { readdir } from 'node:fs/promises';
import { Client } from '@understudy/client';
import { TestCluster, type TestMember, waitUntil } from '@understudy/testbed';
import { afterEach, describe, expect, it } from 'vitest';

let cluster: TestCluster;
let client: Client;

afterEach(async () => {
  await client.close();
  await cluster.stop();
});

/** A follower, killed, and removed while it is down. */
async function removeDownFollower(flags: readonly string[]): Promise<TestMember> {
  // A pause of a slow machine makes no election, and no voter count as silent, for which changes are refused.
  cluster = await TestCluster.start({ flags: [...flags, '--election-timeout=3000'] });
  client = new Client({ endpoints: cluster.endpoints }, { timeoutMs: 20_000 });
  const leader = await cluster.leader();
  const follower = cluster.members.find((member) => member !== leader);
  if (follower === undefined) throw new Error('no follower');
  const { id } = await cluster.status(follower);
  await follower.process.end('SIGKILL');
  await client.cluster.memberRemove(Number(id));
  await client.put('after', 'removal');
  return follower;
}

describe('a member that was removed while it was down', { timeout: 180_000 }, () => {
  it('learns of it from the others, sets its data aside and stands by, also after a restart', async () => {
    const follower = await removeDownFollower([]);
    for (const attempt of ['first', 'second']) {
      follower.process.start();
      const redirected = await waitUntil(`it stands by, ${attempt} start`, async () => {
        const response = await fetch(`${follower.clientUrl}/health?from=here`, { redirect: 'manual' });
        return response.status === 307 && response;
      });
      const target = new URL(redirected.headers.get('location') ?? '');
      expect(cluster.endpoints).toContain(target.origin);
      expect(target.pathname + target.search).toBe('/health?from=here');
      expect((await fetch(`${follower.peerUrl}/members`)).status).toBe(404);
      await follower.process.end('SIGKILL');
    }
    const kept = await readdir(follower.dataDir);
    expect(kept).toEqual(
      expect.arrayContaining([expect.stringMatching(/^removed-000001-[0-9a-f]{16}$/), 'standby.json']),
    );
  });

  it('ends well with --on-removal=exit, and says so again at the next start', async () => {
    const follower = await removeDownFollower(['--on-removal=exit']);
    follower.process.start();
    expect(await follower.process.exited()).toEqual({ code: 0, signal: null });
    expect(follower.process.output).toContain('this member was removed from the cluster');
  });
});
