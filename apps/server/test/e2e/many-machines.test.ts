import { Client } from '@understudy/client';
import { type TestCluster, waitUntil } from '@understudy/testbed';
import { afterEach, describe, expect, it } from 'vitest';
import { equalMachines, shuffled } from './equal-machines.js';
import { LadderView } from './ladder-view.js';
import { SteadyWriter } from './steady-writer.js';

let cluster: TestCluster;

afterEach(() => cluster.stop());

describe('machines that are started at once, all with the same flags', { timeout: 180_000 }, () => {
  it('are three voters and the rest standbys, whoever comes first; and again after a cold restart', async () => {
    const begun = await equalMachines(6, 3, 'activeSize=3 standbySyncInterval=1s');
    cluster = begun.cluster;
    const ladder = new LadderView(cluster);
    const settled = async (): Promise<void> => {
      await ladder.voters(['m1', 'm2', 'm3'], 60_000);
      await ladder.standingBy(['m4', 'm5', 'm6'], 60_000);
    };
    for (const machine of shuffled(begun.machines)) machine.process.start();
    await settled();
    const client = new Client({ endpoints: cluster.endpoints.slice(0, 3) }, { timeoutMs: 20_000 });
    await client.put('before', 'the night');
    await Promise.all(begun.machines.map((machine) => machine.process.end('SIGKILL')));
    for (const machine of shuffled(begun.machines)) machine.process.start();
    await client.put('after', 'the night', { timeoutMs: 60_000 });
    expect((await client.get('before')).kv?.text()).toBe('the night');
    await settled();
    await client.close();
  });
});

describe('the size of the cluster', { timeout: 240_000 }, () => {
  it('follows the policy down and up under load, never removes the leader and loses no answer', async () => {
    const quick = 'stabilizationTime=500ms standbySyncInterval=500ms maxAutoRemovals=5';
    // A pause of a slow machine makes no election: who led at the beginning is the one that must not be removed.
    const begun = await equalMachines(5, 5, `activeSize=5 ${quick}`, ['--election-timeout=5000']);
    cluster = begun.cluster;
    const names = begun.machines.map(({ name }) => name);
    const ladder = new LadderView(cluster);
    for (const machine of begun.machines) machine.process.start();
    await ladder.voters(names, 60_000);
    const leader = await cluster.leader();
    const client = new Client({ endpoints: cluster.endpoints }, { timeoutMs: 20_000 });
    const writer = new SteadyWriter(client, 'count');
    for (const size of [3, 4]) {
      await ladder.set({ activeSize: String(size) });
      await waitUntil(
        `${size} voters, ${5 - size} standbys`,
        async () => (await ladder.names('voter')).length === size && (await ladder.connected()).length === 5 - size,
        90_000,
      );
      expect([...(await ladder.names('voter')), ...(await ladder.connected())].sort()).toEqual(names);
      expect(await ladder.names('learner')).toEqual([]);
    }
    const written = await writer.stop();
    expect(await ladder.names('voter')).toContain(leader.name);
    expect((await client.get('count')).kv?.text()).toBe(String(written));
    expect(written).toBeGreaterThan(0);
    await client.close();
  });
});
