/** Many failovers to a warm learner. */
import { Client } from '@understudy/client';
import { AddedRole, LadderService } from '@understudy/protocol';
import { slowness, TestCluster, type TestMember, waitUntil } from '@understudy/testbed';
import { afterEach, describe, expect, it } from 'vitest';
import { namesIn, warmedUp } from './ladder-status.js';

const { methods } = LadderService;

let cluster: TestCluster;
let client: Client;

afterEach(async () => {
  await client.close();
  await cluster.stop();
});

describe('a warm learner', { timeout: 600_000 }, () => {
  const took: number[] = [];

  // Six failovers a cluster: a machine that falls three times within a minute would count as flapping.
  it.each([1, 2, 3, 4, 5])('takes the place of a killed voter within 2.5 s, six times, in cluster %i', async () => {
    cluster = await TestCluster.start({ flags: ['--policy', 'failoverAfter=1s stabilizationTime=500ms'] });
    client = new Client({ endpoints: cluster.endpoints }, { timeoutMs: 20_000 });
    let spare = await cluster.prepareMember('n4');
    const request = { peerUrls: [spare.peerUrl], role: AddedRole.LEARNER, promote: 'failover', zone: '' };
    await client.call(methods.memberAdd, request);
    spare.process.start();
    await warmedUp(client, 'n4');
    const fallen = new Map<TestMember, number>();
    for (let round = 0; round < 6; round += 1) {
      const slow = await slowness();
      const leader = await cluster.leader();
      const standing = cluster.members.filter((member) => member !== leader && member !== spare);
      const falls = (member: TestMember): number => fallen.get(member) ?? 0;
      const victim = standing.reduce((least, member) => (falls(member) < falls(least) ? member : least));
      fallen.set(victim, falls(victim) + 1);
      const killedAt = performance.now();
      await victim.process.end('SIGKILL');
      await waitUntil(`${spare.name} votes`, async () => (await namesIn(client, 'voter')).includes(spare.name), 60_000);
      const tookMs = performance.now() - killedAt;
      took.push(tookMs);
      expect(tookMs).toBeLessThan(2500 * Math.max(slow, await slowness()));
      victim.process.start();
      await warmedUp(client, victim.name, 60_000);
      spare = victim;
    }
    console.log(`so far ${took.length} failovers, the slowest ${Math.round(Math.max(...took))} ms`);
  });
});
