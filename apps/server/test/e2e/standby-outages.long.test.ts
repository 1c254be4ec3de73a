import { connect } from 'node:net';
import { Client } from '@understudy/client';
import { slowness, TestCluster, type TestMember, timed, waitUntil } from '@understudy/testbed';
import { afterEach, describe, expect, it } from 'vitest';
import { equalMachines, shuffled } from './equal-machines.js';
import { LadderView } from './ladder-view.js';
import { WriteLoad } from './write-load.js';

let cluster: TestCluster;

afterEach(() => cluster.stop());

/** The server's default. */
const ELECTION_TIMEOUT_MS = 1000;

function listens({ peerUrl }: TestMember): Promise<boolean> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(peerUrl);
    const socket = connect(Number(port), hostname);
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => socket.destroy());
    socket.once('connect', () => socket.destroy());
  });
}

describe('a full outage of five voters and ten standbys', { timeout: 240_000 }, () => {
  it('is over within three election timeouts of a quorum, without an operator, in whatever order they come back', async () => {
    const begun = await equalMachines(15, 5, 'activeSize=5 standbySyncInterval=1s');
    cluster = begun.cluster;
    const { machines } = begun;
    const voters = machines.slice(0, 5);
    const ladder = new LadderView(cluster);
    for (const machine of machines) machine.process.start();
    await ladder.voters(
      voters.map(({ name }) => name),
      180_000,
    );
    const standbys = machines.slice(5).map(({ name }) => name);
    await ladder.standingBy(standbys, 180_000);
    const client = new Client({ endpoints: voters.map(({ clientUrl }) => clientUrl) }, { timeoutMs: 200_000 });
    await client.put('before', 'the outage');
    await Promise.all(machines.map((machine) => machine.process.end('SIGKILL')));
    const slow = await slowness();
    for (const machine of shuffled(machines)) machine.process.start();
    const quorum = waitUntil(
      'a quorum listens',
      async () => (await Promise.all(voters.map(listens))).filter(Boolean).length >= 3,
      180_000,
    ).then(() => performance.now());
    await client.put('after', 'the outage', { retry: 'at-least-once' });
    const tookMs = performance.now() - (await quorum);
    console.log(`full outage of 15: written ${Math.round(tookMs)} ms after a quorum listened`);
    expect(tookMs).toBeLessThan(3 * ELECTION_TIMEOUT_MS * Math.max(slow, await slowness()));
    expect((await client.get('before')).kv?.text()).toBe('the outage');
    await ladder.standingBy(standbys, 180_000);
    await client.close();
  });
});

describe('a cold standby', { timeout: 240_000 }, () => {
  it.each([
    ['the log', 10_000],
    ['a snapshot', 100],
  ])('votes in the place of a lost voter within 15 s, with 100 MB that come by %s', async (by, entries) => {
    const policy = 'activeSize=3 failoverAfter=1s stabilizationTime=2s removeDelay=5m standbySyncInterval=500ms';
    cluster = await TestCluster.start({ flags: [`--policy=${policy}`, `--snapshot-count=${entries}`] });
    const ladder = new LadderView(cluster);
    const client = new Client({ endpoints: cluster.endpoints }, { timeoutMs: 30_000 });
    const load = new WriteLoad(client, 32, 64 * 1024);
    await load.more(1600);
    await load.stop();
    const standby = await cluster.prepareMachine('s1');
    standby.process.start();
    await ladder.standingBy(['s1'], 60_000);
    const leader = await cluster.leader();
    const lost = cluster.members.find((member) => member !== leader && member !== standby) as TestMember;
    const { tookMs, slow } = await timed(async () => {
      await lost.process.end('SIGKILL');
      await waitUntil('the standby votes', async () => (await ladder.names('voter')).includes('s1'), 180_000);
    });
    console.log(`100 MB by ${by}: a cold standby votes ${Math.round(tookMs)} ms after the loss`);
    expect(tookMs).toBeLessThan(15_000 * slow);
    const own = new Client({ endpoints: [standby.clientUrl] }, { timeoutMs: 30_000 });
    const { count } = await own.getAll('load/', { countOnly: true });
    expect(count).toBeGreaterThanOrEqual(1600);
    await Promise.all([client.close(), own.close()]);
  });
});

describe('more standbys than places', { timeout: 240_000 }, () => {
  it('are activated one for each voter that does not answer, and no third', async () => {
    const quick = 'failoverAfter=3s stabilizationTime=500ms removeDelay=10m standbySyncInterval=1s';
    const begun = await equalMachines(9, 5, `activeSize=5 ${quick}`);
    cluster = begun.cluster;
    const { machines } = begun;
    const ladder = new LadderView(cluster);
    for (const machine of machines) machine.process.start();
    const voters = machines.slice(0, 5);
    await ladder.voters(
      voters.map(({ name }) => name),
      120_000,
    );
    await ladder.standingBy(['m6', 'm7', 'm8', 'm9'], 120_000);
    const leader = await cluster.leader();
    const lost = voters.filter((machine) => machine !== leader).slice(0, 2);
    await Promise.all(lost.map((machine) => machine.process.end('SIGKILL')));
    const left = voters.filter((machine) => !lost.includes(machine)).map(({ name }) => name);
    const now = await waitUntil(
      'five vote, and those that are lost do not',
      async () => {
        const names = await ladder.names('voter');
        return names.length === 5 && !lost.some(({ name }) => names.includes(name)) && names;
      },
      120_000,
    );
    expect(now.filter((name) => left.includes(name))).toEqual([...left].sort());
    await waitUntil('the other two stand by', async () => (await ladder.connected()).length === 2, 60_000);
    const activated = (await ladder.decisions()).filter((text) => /^activate /.test(text));
    expect(activated).toHaveLength(2);
  });
});

describe('machines in zones', { timeout: 240_000 }, () => {
  it('vote where the fewest do: the standby of the zone that lost its voter is taken', async () => {
    const policy = 'activeSize=3 failoverAfter=3s stabilizationTime=500ms removeDelay=10m standbySyncInterval=500ms';
    cluster = await TestCluster.start({ voters: 1, flags: [`--policy=${policy}`] });
    const ladder = new LadderView(cluster);
    const start = async (name: string, zone: string): Promise<TestMember> => {
      const machine = await cluster.prepareMachine(name, [`--zone=${zone}`]);
      machine.process.start();
      return machine;
    };
    const [, west] = (await Promise.all([start('east', 'east'), start('west', 'west')])) as [TestMember, TestMember];
    await ladder.voters(['n1', 'east', 'west'], 60_000);
    await Promise.all([start('spare-east', 'east'), start('spare-west', 'west')]);
    await ladder.standingBy(['spare-east', 'spare-west'], 60_000);
    await west.process.end('SIGKILL');
    await ladder.voters(['n1', 'east', 'spare-west'], 60_000);
    await ladder.standingBy(['spare-east'], 60_000);
  });
});

describe('a policy that changes while standbys are away', { timeout: 240_000 }, () => {
  it('is the policy they find when they are back, whatever they were started with', async () => {
    const quick = 'failoverAfter=60s stabilizationTime=500ms standbySyncInterval=500ms maxAutoRemovals=5';
    cluster = await TestCluster.start({ flags: [`--policy=activeSize=3 ${quick}`] });
    const ladder = new LadderView(cluster);
    const standbys = await Promise.all(['s1', 's2'].map((name) => cluster.prepareMachine(name)));
    for (const machine of standbys) machine.process.start();
    await ladder.standingBy(['s1', 's2'], 60_000);
    for (const activeSize of [5, 3]) {
      // The second time they are two of five voters.
      await Promise.all(standbys.map((machine) => machine.process.end('SIGKILL')));
      await ladder.set({ activeSize: String(activeSize) });
      for (const machine of standbys) machine.process.start();
      await waitUntil(
        `${activeSize} voters, ${5 - activeSize} standbys`,
        async () =>
          (await ladder.names('voter')).length === activeSize && (await ladder.connected()).length === 5 - activeSize,
        120_000,
      );
    }
    expect(await ladder.names('learner')).toEqual([]);
  });
});
