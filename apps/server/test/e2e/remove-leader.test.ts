import { Client } from '@understudy/client';
import { TestCluster } from '@understudy/testbed';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let cluster: TestCluster;

beforeEach(async () => {
  // A pause of a slow machine makes no election, and no voter count as silent, for which changes are refused.
  cluster = await TestCluster.start({ flags: ['--on-removal=exit', '--election-timeout=3000'] });
}, 180_000);
afterEach(() => cluster.stop());

describe('removing the member that leads', { timeout: 180_000 }, () => {
  it.each(['the leader itself', 'a follower'])(
    'hands over first, when %s is asked, and the rest goes on',
    async (who) => {
      const leader = await cluster.leader();
      const { id } = await cluster.status(leader);
      const asked = who === 'a follower' ? cluster.members.find((member) => member !== leader) : leader;
      const client = new Client(
        { endpoints: [asked?.clientUrl as string] },
        { followLeader: false, timeoutMs: 20_000 },
      );
      await client.put('before', '1');
      const { members } = await client.cluster.memberRemove(Number(id));
      expect(members.map((member) => member.id)).not.toContain(Number(id));
      // As etcd does, with --on-removal=exit: a removed member ends by itself, and well.
      expect(await leader.process.exited()).toEqual({ code: 0, signal: null });
      const rest = new Client({ endpoints: cluster.endpoints }, { timeoutMs: 20_000 });
      await rest.put('after', '2');
      expect((await rest.get('before')).kv?.text()).toBe('1');
      await Promise.all([client.close(), rest.close()]);
    },
  );
});
