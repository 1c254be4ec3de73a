/** A cluster of which every machine is another one in the end. */
import { Client } from '@understudy/client';
import { LadderService } from '@understudy/protocol';
import { TestCluster } from '@understudy/testbed';
import { afterEach, describe, expect, it } from 'vitest';
import { ladderStatus, namesIn, voted } from './ladder-status.js';
import { lostWrites, WriteLoad } from './write-load.js';

const { methods } = LadderService;

let cluster: TestCluster;
let client: Client;

afterEach(async () => {
  await client.close();
  await cluster.stop();
});

describe('every voter of five', { timeout: 600_000 }, () => {
  it('is replaced by another machine, under load, and no client request fails', async () => {
    cluster = await TestCluster.start({ voters: 5, flags: ['--on-removal=exit'] });
    client = new Client({ endpoints: cluster.endpoints }, { timeoutMs: 30_000, syncIntervalMs: 500 });
    const load = new WriteLoad(client, 16);
    await load.more(500);
    const first = [...cluster.members];
    for (const [at, old] of first.entries()) {
      const { members } = await ladderStatus(client);
      const id = members.find(({ name }) => name === old.name)?.id ?? 0;
      const fresh = await cluster.prepareMember(`m${at + 1}`);
      await client.call(methods.memberReplace, { id, peerUrls: [fresh.peerUrl], zone: '' });
      fresh.process.start();
      const wanted = [
        ...first.slice(at + 1).map(({ name }) => name),
        ...first.slice(0, at + 1).map((_, i) => `m${i + 1}`),
      ];
      await voted(client, wanted, 90_000);
      expect(await old.process.exited()).toMatchObject({ code: 0 });
      await load.more(100);
    }
    await load.stop();
    expect([...load.failures]).toEqual([]);
    expect(await namesIn(client, 'voter')).toEqual(['m1', 'm2', 'm3', 'm4', 'm5']);
    const fresh = new Client({ endpoints: [cluster.member('m5').clientUrl] });
    expect(await lostWrites(fresh, load)).toEqual([]);
    await fresh.close();
  });
});
