import { Client } from '@understudy/client';
import { TestCluster, type TestMember, waitUntil } from '@understudy/testbed';
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
  it('goes from nine over seven to eight under load: exact counts, never the leader, every answer right', async () => {
    const quick = 'stabilizationTime=1s standbySyncInterval=1s maxAutoRemovals=9';
    const begun = await equalMachines(9, 9, `activeSize=9 ${quick}`);
    cluster = begun.cluster;
    const ladder = new LadderView(cluster);
    const names = begun.machines.map(({ name }) => name).sort();
    for (const machine of begun.machines) machine.process.start();
    await ladder.voters(names, 180_000);
    const client = new Client({ endpoints: cluster.endpoints }, { timeoutMs: 30_000 });
    const writer = new SteadyWriter(client, 'count');
    for (const size of [7, 8]) {
      const leader = await cluster.leader();
      await ladder.set({ activeSize: String(size) });
      await waitUntil(
        `${size} voters, ${9 - size} standbys`,
        async () => (await ladder.names('voter')).length === size && (await ladder.connected()).length === 9 - size,
        180_000,
      );
      expect([...(await ladder.names('voter')), ...(await ladder.connected())].sort()).toEqual(names);
      expect(await ladder.names('voter')).toContain(leader.name);
    }
    const written = await writer.stop();
    expect((await client.get('count')).kv?.text()).toBe(String(written));
    await client.close();
  });
});

describe('a voter that falls silent again and again', { timeout: 400_000 }, () => {
  it('is not swapped, and raises an alarm', async () => {
    cluster = await TestCluster.start({
      flags: [
        '--policy=activeSize=3 failoverAfter=30s stabilizationTime=500ms removeDelay=5m standbySyncInterval=500ms',
      ],
    });
    const ladder = new LadderView(cluster);
    const standby = await cluster.prepareMachine('s1');
    standby.process.start();
    await ladder.standingBy(['s1'], 60_000);
    const leader = await cluster.leader();
    const flapping = cluster.members.find((member) => member !== leader && member !== standby) as TestMember;
    const { id } = await cluster.status(flapping);
    // As the leader has it noted, which looks at its members now and then.
    const isDown = async (): Promise<boolean> => {
      const member = (await ladder.members()).find(({ ID }) => ID === id);
      return Number(member?.silent_ms ?? 0) > 0;
    };
    for (let fall = 0; fall < 5; fall += 1) {
      flapping.process.signal('SIGSTOP');
      await waitUntil('it is silent', isDown, 30_000);
      flapping.process.signal('SIGCONT');
      await waitUntil('it answers, and has for a while', async () => !(await isDown()), 30_000);
    }
    await waitUntil(
      'an alarm says so',
      async () => (await ladder.decisions()).some((text) => /flapping/.test(text)),
      60_000,
    );
    expect(await ladder.names('voter')).toEqual(['n1', 'n2', 'n3']);
    expect(await ladder.names('learner')).toEqual([]);
  });
});
