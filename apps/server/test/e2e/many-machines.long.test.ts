import { Client } from '@understudy/client';
import { type TestCluster, waitUntil } from '@understudy/testbed';
import { afterEach, describe, expect, it } from 'vitest';
import { equalMachines, shuffled } from './equal-machines.js';
import { LadderView } from './ladder-view.js';
import { SteadyWriter } from './steady-writer.js';

let cluster: TestCluster;

afterEach(() => cluster.stop());

describe('twenty machines that are started at once with the same flags', { timeout: 400_000 }, () => {
  it('are three voters and seventeen standbys, whoever comes first', async () => {
    const begun = await equalMachines(20, 3, 'activeSize=3 standbySyncInterval=1s');
    cluster = begun.cluster;
    const ladder = new LadderView(cluster);
    for (const machine of shuffled(begun.machines)) machine.process.start();
    await ladder.voters(['m1', 'm2', 'm3'], 180_000);
    await ladder.standingBy(
      begun.machines.slice(3).map(({ name }) => name),
      180_000,
    );
  });
});

describe('the size of a large cluster', { timeout: 600_000 }, () => {
  it.each([
    ['by one at a time', [8, 7, 8]],
    ['by many at once', [7, 8, 3, 9]],
  ])(
    'follows the policy down and up, %s, under load: exact counts, never the leader, every answer right',
    async (_, sizes) => {
      const quick = 'stabilizationTime=1s standbySyncInterval=1s maxAutoRemovals=9';
      const begun = await equalMachines(9, 9, `activeSize=9 ${quick}`);
      cluster = begun.cluster;
      const ladder = new LadderView(cluster);
      const names = begun.machines.map(({ name }) => name).sort();
      for (const machine of begun.machines) machine.process.start();
      await ladder.voters(names, 180_000);
      const client = new Client({ endpoints: cluster.endpoints }, { timeoutMs: 30_000 });
      const writer = new SteadyWriter(client, 'count');
      for (const size of sizes) {
        await ladder.set({ activeSize: String(size) });
        await waitUntil(
          `${size} voters, ${9 - size} standbys`,
          async () => (await ladder.names('voter')).length === size && (await ladder.connected()).length === 9 - size,
          180_000,
        );
        expect([...(await ladder.names('voter')), ...(await ladder.connected())].sort()).toEqual(names);
      }
      const written = await writer.stop();
      expect(written).toBeGreaterThan(0);
      expect((await client.get('count')).kv?.text()).toBe(String(written));
      const did = begun.machines.map((machine) => machine.process.output).join('\n');
      expect(did).toContain('ladder: remove ');
      // Who leads is removed only by handing over first.
      expect(did).not.toContain('ladder: hand over ');
      await client.close();
    },
  );
});
