/**
 * The figures of etcd's learner design on real processes: what a new member, a partition and a mistaken add do to a
 * cluster. The outcome is the one that the figure shows with learners, or better; the table of scenarios in
 * ARCHITECTURE.md says which.
 */
import { Client } from '@understudy/client';
import { AddedRole, LadderService } from '@understudy/protocol';
import { type MemberStatus, TestCluster, type TestMember } from '@understudy/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ladderStatus, seen, voted } from './ladder-status.js';
import { expectNothingLost, WriteLoad } from './write-load.js';

const { methods } = LadderService;
/** Less than this and a busy machine fails what it should not; more and the refusals take long. */
const REFUSAL_MS = 1500;
/** A pause of a slow machine makes no election: each of them is one that the figure tells of. */
const UNHURRIED = '--election-timeout=3000';

let cluster: TestCluster;
let client: Client;

async function begin(options: Parameters<typeof TestCluster.start>[0]): Promise<void> {
  cluster = await TestCluster.start(options);
  client = new Client({ endpoints: cluster.endpoints }, { timeoutMs: 20_000 });
}

async function end(): Promise<void> {
  await client.close();
  await cluster.stop();
}

function put(at: TestMember, key: string): Promise<unknown> {
  return client.put(key, at.name, { endpoint: at.clientUrl, retry: 'at-least-once' });
}

/** Neither a write nor a linearizable read is answered. */
async function refuses(at: TestMember, key: string): Promise<void> {
  const alone = { endpoint: at.clientUrl, timeoutMs: REFUSAL_MS, retry: 'never' } as const;
  const answers = await Promise.allSettled([client.put(key, 'lost', alone), client.get(key, alone)]);
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
}

const named = (members: readonly TestMember[]): string[] => members.map(({ name }) => name);
const status = (member: TestMember): Promise<MemberStatus> => cluster.status(member);

/** Resolves when all of these follow the same one, who is one of them. */
function leaderAmong(members: readonly TestMember[]): Promise<TestMember> {
  return seen(`a leader among ${named(members)}`, async () => {
    const statuses = await Promise.all(members.map(status));
    const leader = members[statuses.findIndex(({ id, leader }) => id === leader)];
    return statuses.every(({ leader }) => leader === statuses[0]?.leader) && leader !== undefined && leader;
  });
}

/** Resolves when it knows of no leader: the time in which it could have done harm is over. */
function leaderless(member: TestMember): Promise<unknown> {
  return seen(`${member.name} knows of no leader`, async () => (await status(member)).leader === '0');
}

/** Resolves when all of these have the same, and everything that `leader` has. */
function together(members: readonly TestMember[]): Promise<unknown> {
  return seen(`${named(members)} have the same`, async () => {
    const statuses = await Promise.all(members.map(status));
    return new Set(statuses.map(({ leader, term, revision }) => `${leader} ${term} ${revision}`)).size === 1;
  });
}

async function addLearner(name: string): Promise<{ readonly member: TestMember; readonly id: number }> {
  const member = await cluster.prepareMember(name);
  const { member: added } = await client.cluster.memberAdd({ peerUrls: [member.peerUrl], isLearner: true });
  return { member, id: added?.id ?? 0 };
}

describe('a new member that the leader has much to send to', { timeout: 240_000 }, () => {
  afterAll(end);

  it('is sent a snapshot under load without an election, and no write fails (figure 1)', async () => {
    await begin({ flags: ['--snapshot-count=500', '--snapshot-catchup-entries=100'] });
    // Longer than the log is kept, so that a new member needs a snapshot.
    const filling = new WriteLoad(client, 64, 16 * 1024);
    await filling.more(900);
    await filling.stop();
    const leader = await cluster.leader();
    const { id, term } = await status(leader);
    const load = new WriteLoad(client, 16, 100, filling.nextKey);
    const { member } = await addLearner('n4');
    member.process.start();
    await seen('the new member has what there was when it was added', async () => {
      const [own, theirs] = await Promise.all([status(member), status(leader)]);
      return own.isLearner && own.revision > 900 && theirs.revision - own.revision < 100;
    });
    await load.stop();
    expect([...load.failures]).toEqual([]);
    expect(await status(leader)).toMatchObject({ term, leader: id });
    await expectNothingLost(client, load);
  });
});

describe('a partition of three voters', { timeout: 240_000 }, () => {
  let learner: TestMember;
  let learnerId: number;

  beforeAll(() => begin({ linked: true, flags: [UNHURRIED] }), 180_000);
  afterAll(end);

  /** The leader, and the two other voters. */
  async function voters(): Promise<[TestMember, TestMember, TestMember]> {
    const leader = await cluster.leader();
    const others = cluster.members.filter(({ name }) => name !== leader.name && /n[123]/.test(name));
    return [leader, ...others] as [TestMember, TestMember, TestMember];
  }

  /** Everybody is in one network again; that the leader is still `leader`, in the same term, is for the caller to say. */
  async function heal(): Promise<TestMember> {
    cluster.links.healAll();
    await together(cluster.members.filter(({ process }) => process.running));
    return cluster.leader();
  }

  it('leaves the leader in the majority in office, and who was cut off disturbs nobody when it is back (figure 2)', async () => {
    const [leader, near, far] = await voters();
    const { term } = await status(leader);
    cluster.links.partition([leader.name, near.name], [far.name]);
    await put(leader, 'figure 2');
    await leaderless(far);
    await refuses(far, 'figure 2');
    await put(near, 'figure 2');
    expect(await heal()).toBe(leader);
    expect((await status(far)).term).toBe(term);
  });

  it('takes the office from a leader that is isolated; it answers nothing, and follows when it is back (figure 3)', async () => {
    const [leader, ...others] = await voters();
    const { term } = await status(leader);
    cluster.links.partition([leader.name], named(others));
    await refuses(leader, 'figure 3: lost');
    await leaderless(leader);
    const next = await leaderAmong(others);
    await put(next, 'figure 3');
    expect(await heal()).toBe(next);
    expect((await status(leader)).term).toBeGreaterThan(term);
    const { kvs } = await client.getAll('figure 3', { endpoint: leader.clientUrl });
    expect(kvs.map((kv) => kv.keyText())).toEqual(['figure 3']);
  });

  it('does not need the new member that is on the side of the leader (figure 4)', async () => {
    ({ member: learner, id: learnerId } = await addLearner('n4'));
    learner.process.start();
    const [leader, near, far] = await voters();
    await seen('n4 has everything', async () => (await status(learner)).revision === (await status(leader)).revision);
    const { term } = await status(leader);
    cluster.links.partition([leader.name, near.name, learner.name], [far.name]);
    await leaderless(far);
    await put(leader, 'figure 4');
    const wanted = (await status(leader)).revision;
    await seen('n4 has the write', async () => (await status(learner)).revision >= wanted);
    expect(await heal()).toBe(leader);
    expect((await status(leader)).term).toBe(term);
  });

  it('takes nothing from the quorum where the new member is on the other side (figure 5)', async () => {
    const [leader, near, far] = await voters();
    const { term } = await status(leader);
    // With a fourth voter this would be two to two, and nobody could decide.
    cluster.links.partition([leader.name, near.name], [far.name, learner.name]);
    await leaderless(far);
    await put(leader, 'figure 5');
    await put(near, 'figure 5');
    expect(await status(learner)).toMatchObject({ isLearner: true, term });
    expect(await heal()).toBe(leader);
    expect((await status(learner)).term).toBe(term);
  });

  it('two to two leaves the side of two voters at work: the learner neither votes nor stands (figure 6)', async () => {
    const [leader, ...others] = await voters();
    const { term } = await status(leader);
    cluster.links.partition([leader.name, learner.name], named(others));
    await refuses(leader, 'figure 6: lost');
    const next = await leaderAmong(others);
    await put(next, 'figure 6');
    await leaderless(leader);
    expect(await status(learner)).toMatchObject({ isLearner: true, term });
    expect(await heal()).toBe(next);
    const { kvs } = await client.getAll('figure 6', { endpoint: leader.clientUrl });
    expect(kvs.map((kv) => kv.keyText())).toEqual(['figure 6']);
  });

  it('that is there before a member is added keeps its quorum: a learner is taken, a voter is not (figure 7)', async () => {
    const [leader, near, far] = await voters();
    cluster.links.partition([leader.name, near.name], [far.name]);
    await seen('the silence is noticed', async () => (await ladderStatus(client)).answeringVoters === 2);
    const { peerUrl } = await cluster.prepareMember('n5');
    const add = (role: AddedRole) =>
      client.call(
        methods.memberAdd,
        { peerUrls: [peerUrl], role, promote: '', zone: '' },
        { endpoint: leader.clientUrl, retry: 'never' },
      );
    await expect(add(AddedRole.VOTER)).rejects.toMatchObject({
      message: expect.stringContaining('voters that do not answer'),
    });
    const { member } = await add(AddedRole.JOIN);
    expect(member).toMatchObject({ role: 'learner' });
    await put(leader, 'figure 7');
    await client.cluster.memberRemove(member?.id ?? 0, { endpoint: leader.clientUrl });
    expect(await heal()).toBe(leader);
  });

  it('two to two stops both sides where the fourth member votes, until it heals (figure 6, voters)', async () => {
    await seen('n4 is promoted', () => client.cluster.memberPromote(learnerId, { retry: 'never' }));
    const [leader, near, far] = await voters();
    cluster.links.partition([leader.name, near.name], [far.name, learner.name]);
    await Promise.all(cluster.members.filter(({ process }) => process.running).map(leaderless));
    await Promise.all([leader, far].map((member) => refuses(member, 'figure 6: nobody')));
    await put(await heal(), 'figure 6: all');
  });
});

describe('a member that is added by mistake', { timeout: 240_000 }, () => {
  beforeAll(() => begin({}), 180_000);
  afterAll(end);

  const nobody = 'http://127.0.0.1:1';

  /** It is there for all to see, as what it is: a learner that never answered. */
  async function visible(id: number): Promise<void> {
    const { members, quorum, voters } = await ladderStatus(client);
    expect({ quorum, voters }).toEqual({ quorum: 2, voters: 3 });
    expect(members.find((member) => member.id === id)).toMatchObject({ role: 'learner', started: false });
    const list = await client.cluster.memberList();
    expect(list.members.find((member) => member.id === id)).toMatchObject({ isLearner: true, peerUrls: [nobody] });
    await expect(client.cluster.memberPromote(id)).rejects.toMatchObject({ code: 'FAILED_PRECONDITION' });
  }

  it('costs no quorum, is not promoted, and can be removed (figure 9)', async () => {
    // As etcd's clients add a voter.
    const { member } = await client.cluster.memberAdd({ peerUrls: [nobody] });
    const id = member?.id ?? 0;
    await visible(id);
    await client.put('figure 9', 'with it');
    await client.cluster.memberRemove(id);
    expect((await client.cluster.memberList()).members).toHaveLength(3);
  });

  it('costs no quorum while a voter is down either (figure 9, one member down)', async () => {
    const leader = await cluster.leader();
    const victim = cluster.members.find((member) => member !== leader) as TestMember;
    await victim.process.end('SIGKILL');
    await seen('its silence is noticed', async () => (await ladderStatus(client)).answeringVoters === 2);
    const { member } = await client.cluster.memberAdd({ peerUrls: [nobody] });
    const id = member?.id ?? 0;
    await visible(id);
    await put(leader, 'figure 9: one down');
    await client.cluster.memberRemove(id);
    victim.process.start();
    await voted(client, ['n1', 'n2', 'n3']);
    await put(await cluster.leader(), 'figure 9: all');
  });
});

describe('a second member for a cluster of one', { timeout: 240_000 }, () => {
  beforeAll(() => begin({ voters: 1, flags: ['--policy=activeSize=2', UNHURRIED] }), 180_000);
  afterAll(end);

  it('takes nothing from the first until it is in sync; then both vote (figure 8)', async () => {
    const [first] = cluster.members as [TestMember];
    const { term } = await status(first);
    const second = await cluster.prepareMember('n2');
    await client.cluster.memberAdd({ peerUrls: [second.peerUrl] });
    const { quorum } = await ladderStatus(client);
    expect(quorum).toBe(1);
    // It is not there at all: with etcd's voter nothing could be written, or undone, from here on.
    await put(first, 'figure 8');
    second.process.start();
    await voted(client, ['n1', 'n2']);
    expect((await ladderStatus(client)).quorum).toBe(2);
    await put(second, 'figure 8');
    expect((await status(first)).term).toBe(term);
  });
});
