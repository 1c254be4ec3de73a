import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from '@understudy/client';
import { TestCluster, type TestMember, waitUntil } from '@understudy/testbed';
import { afterEach, describe, expect, it } from 'vitest';
import { LadderView } from './ladder-view.js';

let cluster: TestCluster;
let ladder: LadderView;

/** Short delays, so that a test sees what takes minutes in earnest. A learner that is stuck is an alarm before it goes. */
const QUICK = 'stabilizationTime=500ms learnerStall=10s standbySyncInterval=500ms';
/** Nobody is replaced or forgotten, however slow the machine that runs this is. */
const PATIENT = 'failoverAfter=60s removeDelay=10m';
/** More than a pause of a slow machine: who is alive is not to be replaced. */
const HASTY = 'failoverAfter=3s removeDelay=10s';

async function begin(voters: number, policy: string): Promise<void> {
  cluster = await TestCluster.start({ voters, flags: [`--policy=activeSize=3 ${policy} ${QUICK}`] });
  ladder = new LadderView(cluster);
}

async function join_(...names: string[]): Promise<TestMember[]> {
  const machines = await Promise.all(names.map((name) => cluster.prepareMachine(name)));
  for (const machine of machines) machine.process.start();
  return machines;
}

afterEach(() => cluster.stop());

describe('a machine that takes part by one flag', { timeout: 240_000 }, () => {
  it('becomes a voter where voters are missing, and a standby where there are enough', async () => {
    await begin(1, PATIENT);
    const [first] = await join_('m2', 'm3');
    await ladder.voters(['n1', 'm2', 'm3']);
    await join_('m4');
    await ladder.standingBy(['m4']);
    expect(await ladder.names('voter')).toEqual(['m2', 'm3', 'n1']);
    // The mark of a standby is gone with it.
    await expect(readFile(join(first?.dataDir ?? '', 'standby.json'))).rejects.toThrow('ENOENT');
  });
});

describe('a voter that is lost', { timeout: 240_000 }, () => {
  it('is replaced by a standby, which learns and then votes; back again it stands by', async () => {
    await begin(3, HASTY);
    await join_('s1', 's2');
    await ladder.standingBy(['s1', 's2']);
    const leader = await cluster.leader();
    const lost = cluster.members.find(({ name }) => name.startsWith('n') && name !== leader.name) as TestMember;
    const client = new Client({ endpoints: cluster.endpoints }, { timeoutMs: 20_000 });
    await client.put('before', 'the loss');
    await lost.process.end('SIGKILL');
    const rest = ['n1', 'n2', 'n3'].filter((name) => name !== lost.name);
    const replaced = await waitUntil('a standby votes in its place', async () => {
      const voters = await ladder.names('voter');
      return voters.length === 3 && !voters.includes(lost.name) && voters;
    });
    const [newcomer] = replaced.filter((name) => name.startsWith('s'));
    expect(replaced).toEqual([...rest, newcomer].sort());
    await waitUntil(
      'it knows so itself',
      async () => !(await cluster.status(cluster.member(newcomer as string))).isLearner,
    );
    const own = new Client({ endpoints: [cluster.member(newcomer as string).clientUrl] }, { timeoutMs: 20_000 });
    expect((await own.get('before')).kv?.text()).toBe('the loss');
    await waitUntil('the lost one is removed', async () => (await ladder.members()).length === 3, 60_000);
    lost.process.start();
    await ladder.standingBy([lost.name, newcomer === 's1' ? 's2' : 's1']);
    await Promise.all([client.close(), own.close()]);
  });

  it('is not replaced where it comes back in time, and the reservation is let go', async () => {
    await begin(3, PATIENT);
    await join_('s1');
    await ladder.standingBy(['s1']);
    const leader = await cluster.leader();
    const lost = cluster.members.find(({ name }) => name.startsWith('n') && name !== leader.name) as TestMember;
    await lost.process.end('SIGKILL');
    await waitUntil('the standby is reserved', async () => (await ladder.standbys())[0]?.reserved === true);
    lost.process.start();
    await waitUntil('the reservation is released', async () => (await ladder.standbys())[0]?.reserved !== true);
    expect(await ladder.names('voter')).toEqual(['n1', 'n2', 'n3']);
    expect(await ladder.names('learner')).toEqual([]);
  });
});

describe('a voter whose data is lost', { timeout: 240_000 }, () => {
  it('says so, and votes again under a new id, of three as well, without an operator', async () => {
    await begin(1, 'failoverAfter=3s removeDelay=10m');
    const [, wiped] = (await join_('m2', 'm3')) as [TestMember, TestMember];
    await ladder.voters(['n1', 'm2', 'm3']);
    const before = (await ladder.members()).find(({ name }) => name === 'm3');
    await wiped.process.end('SIGKILL');
    await rm(wiped.dataDir, { recursive: true });
    wiped.process.start();
    await waitUntil('it says why', () => /has its peer URLs; it is to be removed first/.test(wiped.process.output));
    await waitUntil('its old self is gone', async () => !(await ladder.members()).some(({ ID }) => ID === before?.ID));
    await ladder.voters(['n1', 'm2', 'm3']);
    expect((await ladder.decisions()).some((text) => /its machine is back without its data/.test(text))).toBe(true);
    const client = new Client({ endpoints: cluster.endpoints }, { timeoutMs: 20_000 });
    await client.put('and', 'writes');
    await client.close();
  });
});

describe('the register', { timeout: 240_000 }, () => {
  it('is known to a new leader at once, and forgets who is gone for good', async () => {
    await begin(3, PATIENT);
    const [s1, s2] = (await join_('s1', 's2')) as [TestMember, TestMember];
    await ladder.standingBy(['s1', 's2']);
    const registered = (await ladder.standbys()).map(({ registration }) => registration);
    const leader = await cluster.leader();
    await s1.process.end('SIGKILL');
    await leader.process.end('SIGKILL');
    const known = await waitUntil('the new leader tells', () => ladder.standbys());
    expect(known.map(({ registration }) => registration)).toEqual(registered);
    leader.process.start();
    await ladder.standingBy(['s2']);
    await waitUntil('all members answer', async () =>
      (await ladder.members()).every(({ answers }) => answers === true),
    );
    await ladder.set({ removeDelay: '5s', failoverAfter: '5s' });
    await waitUntil('the lost standby is forgotten', async () => (await ladder.standbys()).length === 1, 60_000);
    await ladder.set({ removeDelay: '10m', failoverAfter: '60s' });
    expect((await ladder.standbys()).map(({ name }) => name)).toEqual([s2.name]);
    // Back again, it registers as who it was.
    s1.process.start();
    await ladder.standingBy(['s1', 's2']);
    expect((await ladder.standbys()).map(({ registration }) => registration)).toEqual(registered);
  });

  it('never activates a machine that is only to stand by', async () => {
    await begin(1, PATIENT);
    const machine = await cluster.prepareMachine('only', ['--role=standby-only']);
    machine.process.start();
    await ladder.standingBy(['only']);
    await join_('m2', 'm3');
    await ladder.voters(['n1', 'm2', 'm3']);
    expect(await ladder.connected()).toEqual(['only']);
  });
});
