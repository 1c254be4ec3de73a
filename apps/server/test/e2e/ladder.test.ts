import { Client } from '@understudy/client';
import { AddedRole, LadderService } from '@understudy/protocol';
import { TestCluster, type TestClusterOptions, type TestMember } from '@understudy/testbed';
import { afterEach, describe, expect, it } from 'vitest';
import { ladderStatus, namesIn, seen, setPolicy, voted, warmedUp } from './ladder-status.js';
import { expectNothingLost, WriteLoad } from './write-load.js';

const { methods } = LadderService;
/** A pause of a slow machine makes no election, and nobody count as silent. */
const UNHURRIED = '--election-timeout=5000';

let cluster: TestCluster;
let client: Client;

async function begin(options: TestClusterOptions = {}): Promise<void> {
  cluster = await TestCluster.start(options);
  client = new Client({ endpoints: cluster.endpoints }, { timeoutMs: 20_000 });
}

afterEach(async () => {
  await client.close();
  await cluster.stop();
});

/** Announces a machine by etcd's own call. */
async function join(name: string): Promise<TestMember> {
  const member = await cluster.prepareMember(name);
  await client.cluster.memberAdd({ peerUrls: [member.peerUrl] });
  return member;
}

describe('a member that is added to vote', { timeout: 240_000 }, () => {
  it('is a learner first and told as one, and votes by itself once it is in sync', async () => {
    await begin({ flags: ['--snapshot-count=500', '--snapshot-catchup-entries=100', UNHURRIED] });
    const load = new WriteLoad(client, 32);
    await load.more(1500);
    const n4 = await join('n4');
    const { members } = await client.cluster.memberList();
    expect(members.filter(({ isLearner }) => isLearner).map(({ peerUrls }) => peerUrls[0])).toEqual([n4.peerUrl]);
    n4.process.start();
    await voted(client, ['n1', 'n2', 'n3', 'n4']);
    await load.stop();
    const direct = new Client({ endpoints: [n4.clientUrl] }, { timeoutMs: 20_000 });
    await expectNothingLost(direct, load);
    await direct.close();
    const done = (await ladderStatus(client)).decisions.filter(({ outcome }) => outcome === 'done');
    expect(done.map(({ type }) => type)).toEqual(['promote']);
  });

  it('makes three of one in a single joint step, and no write fails meanwhile', async () => {
    await begin({ voters: 1, flags: [UNHURRIED] });
    const load = new WriteLoad(client, 16);
    await load.more(200);
    const added = [await join('n2'), await join('n3')];
    added[0]?.process.start();
    await seen('one is ready and waits for the other', async () => {
      const { holds } = await ladderStatus(client);
      return holds.some(({ reason }) => reason === 'two-voters');
    });
    expect(await namesIn(client, 'voter')).toEqual(['n1']);
    added[1]?.process.start();
    await voted(client, ['n1', 'n2', 'n3']);
    await load.more(200);
    await load.stop();
    expect([...load.failures]).toEqual([]);
    await expectNothingLost(client, load);
    const { decisions } = await ladderStatus(client);
    expect(decisions.filter(({ type }) => type === 'promote')).toHaveLength(1);
  });

  it('votes at once where etcd is asked for, by flag or by role', async () => {
    await begin({ flags: ['--new-member=voter', UNHURRIED] });
    await join('n4').then(({ process }) => process.start());
    expect((await client.cluster.memberList()).members.map(({ isLearner }) => isLearner)).not.toContain(true);
    await voted(client, ['n1', 'n2', 'n3', 'n4']);
    const n5 = await cluster.prepareMember('n5');
    const request = { peerUrls: [n5.peerUrl], role: AddedRole.VOTER, promote: '', zone: '' };
    expect((await client.call(methods.memberAdd, request)).member).toMatchObject({ role: 'voter', pinned: true });
  });
});

describe('a warm learner', { timeout: 240_000 }, () => {
  it('takes the place of a voter that is killed, again and again, once failoverAfter is over', async () => {
    await begin({ flags: ['--policy', 'failoverAfter=3s stabilizationTime=500ms'] });
    const n4 = await cluster.prepareMember('n4');
    const request = { peerUrls: [n4.peerUrl], role: AddedRole.LEARNER, promote: 'failover', zone: '' };
    await client.call(methods.memberAdd, request);
    n4.process.start();
    await warmedUp(client, 'n4');
    let spare = n4;
    for (let round = 0; round < 3; round += 1) {
      const leader = await cluster.leader();
      const victim = cluster.members.find((member) => member !== leader && member !== spare) as TestMember;
      const killedAt = performance.now();
      await victim.process.end('SIGKILL');
      await seen(`${spare.name} votes`, async () => (await namesIn(client, 'voter')).includes(spare.name));
      const tookMs = performance.now() - killedAt;
      console.log(`round ${round + 1}: ${spare.name} in the place of ${victim.name} after ${Math.round(tookMs)} ms`);
      // Counted from its last answer, which may have been some time ago. How soon after it, the long tier says.
      expect(tookMs).toBeGreaterThan(2000);
      expect(await namesIn(client, 'voter')).not.toContain(victim.name);
      victim.process.start();
      await warmedUp(client, victim.name);
      spare = victim;
    }
    expect(await namesIn(client, 'voter')).toHaveLength(3);
  });

  it('stays one while the automation is paused, and takes the place once it is resumed', async () => {
    await begin({ flags: ['--policy', 'failoverAfter=500ms stabilizationTime=200ms'] });
    const n4 = await cluster.prepareMember('n4');
    const request = { peerUrls: [n4.peerUrl], role: AddedRole.LEARNER, promote: 'auto', zone: '' };
    await client.call(methods.memberAdd, request);
    await client.call(methods.pause, {});
    n4.process.start();
    await warmedUp(client, 'n4');
    const leader = await cluster.leader();
    const victim = cluster.members.find((member) => member !== leader && member !== n4) as TestMember;
    await victim.process.end('SIGKILL');
    await seen('the leader would swap', async () => {
      const { actions } = await client.call(methods.plan, { policy: [], ignorePaused: true });
      return actions.some(({ type }) => type === 'swap');
    });
    expect(await namesIn(client, 'voter')).toContain(victim.name);
    await client.call(methods.resume, {});
    await voted(
      client,
      cluster.members.filter((member) => member !== victim).map(({ name }) => name),
    );
  });
});

describe('a voter that stays silent', { timeout: 240_000 }, () => {
  it('is removed after removeDelay, counted from its first silence though the leader changes meanwhile', async () => {
    await begin({
      voters: 5,
      flags: ['--policy', 'removeDelay=20s standbySyncInterval=1s failoverAfter=1s stabilizationTime=200ms'],
    });
    await setPolicy(client, { activeSize: '5' });
    const first = await cluster.leader();
    const { id } = await cluster.status(first);
    const [victim, next] = cluster.members.filter((member) => member !== first) as [TestMember, TestMember];
    const victimId = (await cluster.status(victim)).id;
    await seen('nobody has been silent of late', async () => {
      return (await ladderStatus(client)).members.every(({ silentMs }) => silentMs === 0);
    });
    const killedAt = performance.now();
    await victim.process.end('SIGKILL');
    await seen('its silence is in the log', async () => {
      const { members } = await ladderStatus(client);
      return members.some((member) => member.id === Number(victimId) && member.silentMs > 3000);
    });
    await client.maintenance.moveLeader(Number((await cluster.status(next)).id), { endpoint: first.clientUrl });
    const status = await seen('the next leader answers', async () => {
      const now = await ladderStatus(client);
      return now.leader !== Number(id) && now;
    });
    // Without what the first leader wrote down, it would have begun anew.
    expect(status.members.find((member) => member.id === Number(victimId))?.silentMs).toBeGreaterThan(3000);
    const gone = async (): Promise<boolean> =>
      !(await ladderStatus(client)).members.some((m) => m.id === Number(victimId));
    await seen('it is removed', gone);
    expect(performance.now() - killedAt).toBeGreaterThan(18_000);
    expect((await ladderStatus(client)).decisions.map(({ type, outcome }) => `${type} ${outcome}`)).toContain(
      'remove done',
    );
    const { members } = await client.cluster.memberList();
    expect(members).toHaveLength(4);
  });

  it('that is drained hands leadership over first, when it leads, and leaves the rest with its tolerance', async () => {
    await begin({ voters: 4, flags: ['--on-removal=exit'] });
    const leader = await cluster.leader();
    const id = Number((await cluster.status(leader)).id);
    await client.call(methods.drain, { id, cancel: false });
    expect(await leader.process.exited()).toEqual({ code: 0, signal: null });
    await voted(
      client,
      cluster.members.filter((member) => member !== leader).map(({ name }) => name),
    );
    const other = Number((await cluster.status(await cluster.leader())).id);
    await client.call(methods.drain, { id: other, cancel: false });
    const { holds } = await ladderStatus(client);
    expect(holds.find(({ memberId }) => memberId === other)?.reason).toMatch(/slack|no-standby|two-voters/);
    await client.call(methods.drain, { id: other, cancel: true });
    expect((await ladderStatus(client)).members.some(({ draining }) => draining)).toBe(false);
    expect(await namesIn(client, 'voter')).toHaveLength(3);
  });
});

describe('adds that are mistaken', { timeout: 240_000 }, () => {
  it('harm nobody, are seen, and are removed by themselves', async () => {
    await begin({ flags: ['--policy', 'failoverAfter=5s', UNHURRIED] });
    const other = await TestCluster.start({ voters: 1 });
    try {
      const load = new WriteLoad(client, 8);
      await load.more(50);
      // Nobody there; another cluster there; a machine that takes the name of a voter.
      const duplicate = await cluster.prepareMember('n5');
      const urls = ['http://127.0.0.1:1', other.members[0]?.peerUrl as string, duplicate.peerUrl];
      for (const url of urls) await client.cluster.memberAdd({ peerUrls: [url], isLearner: true });
      duplicate.process.start([
        '--name=n1',
        `--initial-cluster=n1=${duplicate.peerUrl},n2=${cluster.member('n2').peerUrl}`,
      ]);
      await seen('the twin is seen under the name it took', async () => {
        return (await namesIn(client, 'learner')).includes('n1');
      });
      expect((await ladderStatus(client)).members.filter(({ started }) => !started)).toHaveLength(2);
      const hasty = { learnerStall: '2s', removeDelay: '6s', standbySyncInterval: '1s' };
      await setPolicy(client, { activeSize: '3', maxAutoRemovals: '9', ...hasty });
      await seen('alarms are raised', async () => {
        const { decisions } = await ladderStatus(client);
        return decisions.filter(({ type }) => type === 'alarm').length >= 2;
      });
      await seen('those that never started are gone', async () => {
        const { members } = await ladderStatus(client);
        return members.every(({ started }) => started);
      });
      await duplicate.process.end('SIGKILL');
      await seen('the twin that fell silent is gone', async () => (await namesIn(client, 'learner')).length === 0);
      await load.more(50);
      await load.stop();
      expect([...load.failures]).toEqual([]);
      expect(await namesIn(client, 'voter')).toEqual(['n1', 'n2', 'n3']);
    } finally {
      await other.stop();
    }
  });

  it('are accepted as learners while a voter is down, and refused as voters', async () => {
    await begin();
    const leader = await cluster.leader();
    const victim = cluster.members.find((member) => member !== leader) as TestMember;
    await victim.process.end('SIGKILL');
    await seen('its silence is noticed', async () => (await ladderStatus(client)).answeringVoters === 2);
    const add = (url: string, role: AddedRole) =>
      client.call(methods.memberAdd, { peerUrls: [url], role, promote: '', zone: '' }, { retry: 'never' });
    await expect(add('http://127.0.0.1:1', AddedRole.VOTER)).rejects.toMatchObject({
      message: expect.stringMatching(/voters that do not answer: n\d/),
    });
    expect((await add('http://127.0.0.1:1', AddedRole.JOIN)).member).toMatchObject({ role: 'learner' });
    expect((await add('http://127.0.0.1:2', AddedRole.LEARNER)).member).toMatchObject({ role: 'learner' });
    await client.put('still', 'writing');
  });
});

describe('a promotion that comes too early', { timeout: 240_000 }, () => {
  it('is refused with lag, threshold and an estimate by us, and in one sentence by etcd', async () => {
    await begin({ flags: ['--policy', 'promoteMaxLag=10', UNHURRIED] });
    const n4 = await cluster.prepareMember('n4');
    const { member } = await client.cluster.memberAdd({ peerUrls: [n4.peerUrl], isLearner: true });
    const id = member?.id ?? 0;
    n4.process.start();
    await warmedUp(client, 'n4');
    // It is there, and its process stands still: it falls behind before it counts as silent.
    n4.process.signal('SIGSTOP');
    await Promise.all(Array.from({ length: 200 }, (_, i) => client.put(`key${i}`, 'value')));
    await expect(client.call(methods.memberPromote, { id }, { retry: 'never' })).rejects.toMatchObject({
      message: expect.stringMatching(
        /n4 \(\w{16}\) is \d+ entries behind \(at \d+ of \d+\); at most 10 are allowed; \S+/,
      ),
    });
    await expect(client.cluster.memberPromote(id, { retry: 'never' })).rejects.toMatchObject({
      message: 'etcdserver: can only promote a learner member which is in sync with leader',
    });
    n4.process.signal('SIGCONT');
    await seen('it is promoted', () => client.call(methods.memberPromote, { id }, { retry: 'never' }));
  });
});
