/** The ladder for longer: many failovers, and a cluster of which every machine is another one in the end. */
import { Client } from '@understudy/client';
import { AddedRole, LadderService } from '@understudy/protocol';
import { TestCluster, type TestMember, waitUntil } from '@understudy/testbed';
import { afterEach, describe, expect, it } from 'vitest';
import { ladderStatus, namesIn, voted, warmedUp } from './ladder-status.js';
import { lostWrites, WriteLoad } from './write-load.js';

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
      const leader = await cluster.leader();
      const standing = cluster.members.filter((member) => member !== leader && member !== spare);
      const falls = (member: TestMember): number => fallen.get(member) ?? 0;
      const victim = standing.reduce((least, member) => (falls(member) < falls(least) ? member : least));
      fallen.set(victim, falls(victim) + 1);
      const killedAt = performance.now();
      await victim.process.end('SIGKILL');
      await waitUntil(`${spare.name} votes`, async () => (await namesIn(client, 'voter')).includes(spare.name), 60_000);
      took.push(performance.now() - killedAt);
      victim.process.start();
      await warmedUp(client, victim.name, 60_000);
      spare = victim;
    }
    console.log(`so far ${took.length} failovers, the slowest ${Math.round(Math.max(...took))} ms`);
    expect(Math.max(...took)).toBeLessThan(2500);
  });
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
