import { Client } from '@understudy/client';
import { TestCluster, waitUntil } from '@understudy/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WriteLoad } from './write-load.js';

let cluster: TestCluster;
let client: Client;
let learnerId: number;

beforeAll(async () => {
  // A short log, so that a new member needs a snapshot.
  cluster = await TestCluster.start({ flags: ['--snapshot-count=500', '--snapshot-catchup-entries=100'] });
  client = new Client({ endpoints: cluster.endpoints }, { timeoutMs: 20_000 });
  const load = new WriteLoad(client, 64);
  await load.more(3000);
  await load.stop();
}, 180_000);

afterAll(async () => {
  await client.close();
  await cluster.stop();
});

describe('a cluster that grows by a learner', { timeout: 180_000 }, () => {
  it("takes a learner, and refuses to promote it before it is in sync, with etcd's text", async () => {
    const n4 = await cluster.prepareMember('n4');
    const added = await client.cluster.memberAdd({ peerUrls: [n4.peerUrl], isLearner: true });
    learnerId = added.member?.id ?? 0;
    expect(added.members.map((member) => member.isLearner).filter(Boolean)).toHaveLength(1);
    await expect(client.cluster.memberPromote(learnerId)).rejects.toMatchObject({
      code: 'FAILED_PRECONDITION',
      message: expect.stringContaining('can only promote a learner member which is in sync with leader'),
    });
  });

  it('brings it up by a snapshot; it says that it is a learner and serves serializable reads only', async () => {
    const n4 = cluster.member('n4');
    n4.process.start();
    const leader = await cluster.status(await cluster.leader());
    await waitUntil('the learner has caught up', async () => {
      const status = await cluster.status(n4);
      return status.isLearner && status.revision >= leader.revision;
    });
    const direct = new Client({ endpoints: [n4.clientUrl] }, { excludeLearners: false, timeoutMs: 20_000 });
    const { kvs } = await direct.getAll('load/', { consistency: 'serializable' });
    expect(kvs.length).toBeGreaterThanOrEqual(3000);
    await expect(direct.get('load/1', { retry: 'never' })).rejects.toMatchObject({
      message: expect.stringContaining('rpc not supported for learner'),
    });
    await direct.close();
  });

  it('never hands leadership to a learner', async () => {
    await expect(client.maintenance.moveLeader(learnerId)).rejects.toMatchObject({
      message: expect.stringContaining('bad leader transferee'),
    });
    expect(await cluster.leader()).not.toBe(cluster.member('n4'));
  });

  it('promotes it once it is in sync, and it counts as a voter from then on', async () => {
    const { members } = await waitUntil('the promotion is accepted', () => client.cluster.memberPromote(learnerId));
    expect(members.every((member) => !member.isLearner)).toBe(true);
    await expect(client.cluster.memberPromote(learnerId)).rejects.toMatchObject({
      message: expect.stringContaining('can only promote a learner member'),
    });
    // With four voters the quorum is three: without n4 and one other there must be none.
    const others = cluster.members.filter((member) => member.name !== 'n4');
    await cluster.member('n4').process.end('SIGKILL');
    await client.put('after', 'one down');
    await others[0]?.process.end('SIGKILL');
    const alone = new Client({ endpoints: [others[1]?.clientUrl as string] }, { timeoutMs: 2500 });
    await expect(alone.put('after', 'two down')).rejects.toMatchObject({ retryable: true });
    await alone.close();
    others[0]?.process.start();
    await cluster.leader();
    await client.put('after', 'back again');
  });
});
