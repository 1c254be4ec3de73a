import { Client } from '@understudy/client';
import { TestCluster } from '@understudy/testbed';
import { afterEach, describe, expect, it } from 'vitest';
import { expectNothingLost, WriteLoad } from './write-load.js';

let cluster: TestCluster;
let client: Client;

async function begin(): Promise<void> {
  cluster = await TestCluster.start();
  client = new Client({ endpoints: cluster.endpoints }, { timeoutMs: 20_000 });
}

afterEach(async () => {
  await client.close();
  await cluster.stop();
});

describe('a three-voter cluster under load', { timeout: 180_000 }, () => {
  it('loses no acknowledged write when its leader is killed, and the client goes on by itself', async () => {
    await begin();
    const load = new WriteLoad(client, 64);
    await load.more(2000);
    const leader = await cluster.leader();
    await leader.process.end('SIGKILL');
    await load.more(2000);
    await load.stop();
    await expectNothingLost(client, load);
    leader.process.start();
    await leader.process.answers(`${leader.clientUrl}/health`);
    const alone = new Client({ endpoints: [leader.clientUrl] }, { timeoutMs: 20_000 });
    await expectNothingLost(alone, load);
    await alone.close();
  });

  it('loses no acknowledged write when all members are killed at once and start again', async () => {
    await begin();
    const load = new WriteLoad(client, 64);
    await load.more(2000);
    await Promise.all(cluster.members.map((member) => member.process.end('SIGKILL')));
    for (const member of cluster.members) member.process.start();
    await Promise.all(cluster.members.map((member) => member.process.answers(`${member.clientUrl}/health`)));
    await load.more(500);
    await load.stop();
    await expectNothingLost(client, load);
  });

  it('hands leadership over at SIGTERM, ends with exit code 0, and loses nothing', async () => {
    await begin();
    const load = new WriteLoad(client, 64);
    await load.more(1000);
    const leader = await cluster.leader();
    const exit = await leader.process.end('SIGTERM');
    expect(exit).toEqual({ code: 0, signal: null });
    await load.more(1000);
    await load.stop();
    // It saw its successor before it was gone.
    expect(leader.process.output).toMatch(/"msg":"stopping"[\s\S]*"leader":"(?!0{16})[0-9a-f]{16}"/);
    await expectNothingLost(client, load);
  });
});
