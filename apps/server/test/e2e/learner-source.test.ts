/** Who sends a new learner its copy of the state: a voter that follows, as long as one can. */
import { Client } from '@understudy/client';
import { TestCluster, type TestMember } from '@understudy/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatId } from '../../src/bootstrap/member-id.js';
import { seen } from './ladder-status.js';
import { WriteLoad } from './write-load.js';

const MIB = 1024 * 1024;
/** Some 14 MiB, and a log that is shorter: a new member needs a snapshot. */
const KEYS = 900;
const VALUE_BYTES = 16 * 1024;

let cluster: TestCluster;
let client: Client;

beforeAll(async () => {
  cluster = await TestCluster.start({
    linked: true,
    // A pause of a slow machine makes no election: who leads and who follows is what this is about.
    flags: ['--snapshot-count=500', '--snapshot-catchup-entries=100', '--election-timeout=5000'],
  });
  client = new Client({ endpoints: cluster.endpoints }, { timeoutMs: 20_000 });
  const load = new WriteLoad(client, 64, VALUE_BYTES);
  await load.more(KEYS);
  await load.stop();
}, 240_000);

afterAll(async () => {
  await client.close();
  await cluster.stop();
});

/** Bytes that a member has sent to another one since it knows it, as its metrics tell. */
async function sentBytes(from: TestMember, id: number): Promise<number> {
  const text = await (await fetch(`${from.clientUrl}/metrics`)).text();
  const line = text.split('\n').find((l) => l.startsWith(`etcd_network_peer_sent_bytes_total{To="${formatId(id)}"}`));
  return Number(line?.split(' ')[1] ?? 0);
}

async function addLearner(name: string): Promise<{ readonly member: TestMember; readonly id: number }> {
  const member = await cluster.prepareMember(name);
  const { member: added } = await client.cluster.memberAdd({ peerUrls: [member.peerUrl], isLearner: true });
  return { member, id: added?.id ?? 0 };
}

async function hasEverything(learner: TestMember, leader: TestMember): Promise<boolean> {
  const [own, all] = await Promise.all([cluster.status(learner), cluster.status(leader)]);
  return own.isLearner && own.revision === all.revision;
}

describe('a learner that needs a snapshot', { timeout: 240_000 }, () => {
  it('gets it from a voter that follows; the leader sends it next to nothing', async () => {
    const leader = await cluster.leader();
    const followers = cluster.members.filter((member) => member !== leader);
    const { member: learner, id } = await addLearner('n4');
    learner.process.start();
    await seen('n4 has everything', () => hasEverything(learner, leader));
    const fromOthers = await Promise.all(followers.map((member) => sentBytes(member, id)));
    const fromLeader = await sentBytes(leader, id);
    console.log(`the leader sent ${fromLeader} bytes, the other voters ${fromOthers}`);
    expect(Math.max(...fromOthers)).toBeGreaterThan(KEYS * VALUE_BYTES);
    expect(fromLeader).toBeLessThan(MIB / 4);
  });

  it('gets it from the leader where the voter that was sending it dies', async () => {
    const leader = await cluster.leader();
    const { term } = await cluster.status(leader);
    const followers = cluster.members.filter(({ name }) => name !== leader.name && name !== 'n4');
    const { member: learner, id } = await addLearner('n5');
    for (const { name } of followers) cluster.links.slow(name, 'n5', MIB / 2);
    learner.process.start();
    const source = await seen('a voter sends it', async () => {
      const sent = await Promise.all(followers.map((member) => sentBytes(member, id)));
      return followers[sent.findIndex((bytes) => bytes > MIB)] ?? null;
    });
    expect(await hasEverything(learner, leader)).toBe(false);
    await source.process.end('SIGKILL');
    await seen('n5 has everything', () => hasEverything(learner, leader));
    expect(await sentBytes(leader, id)).toBeGreaterThan(KEYS * VALUE_BYTES);
    expect((await cluster.status(leader)).term).toBe(term);
  });
});
