import { Client } from '@understudy/client';
import { TestCluster } from '@understudy/testbed';
import { afterEach, expect, it } from 'vitest';

let cluster: TestCluster;
let client: Client;

afterEach(async () => {
  await client.close();
  await cluster.stop();
});

it('a member that was removed while it was down learns of it from the others, and ends well', {
  timeout: 60_000,
}, async () => {
  cluster = await TestCluster.start();
  client = new Client({ endpoints: cluster.endpoints });
  const leader = await cluster.leader();
  const follower = cluster.members.find((member) => member !== leader);
  if (follower === undefined) throw new Error('no follower');
  const { id } = await cluster.status(follower);
  await follower.process.end('SIGKILL');
  await client.cluster.memberRemove(Number(id));
  await client.put('after', 'removal');
  follower.process.start();
  expect(await follower.process.exited()).toEqual({ code: 0, signal: null });
  expect(follower.process.output).toContain('this member was removed from the cluster');
});
