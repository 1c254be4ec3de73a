// Copies of a whole data directory: started beside the living original, and put back in its place after it went on.
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from '@understudy/client';
import { freePorts, TestCluster, type TestMember, waitUntil } from '@understudy/testbed';
import { afterEach, expect, it } from 'vitest';
import { base64, jsonCall } from '../json-call.js';
import { expectNothingLost, WriteLoad } from './write-load.js';

/** A pause of a slow machine makes no election: that the leader stays is told of the copy. */
const UNHURRIED = '--election-timeout=5000';

let cluster: TestCluster | null = null;
afterEach(() => cluster?.stop());

async function holds({ clientUrl }: TestMember, key: string, value: string): Promise<boolean> {
  const { body } = await jsonCall(clientUrl, '/v3/kv/range', { key: base64(key), serializable: true });
  return (body['kvs'] as { value: string }[] | undefined)?.[0]?.value === base64(value);
}

it('a copy that is started beside the living original is refused and stops, and the original goes on', async () => {
  cluster = await TestCluster.start({ voters: 3, flags: [UNHURRIED] });
  const leader = await cluster.leader();
  const { term } = await cluster.status(leader);
  const client = new Client({ endpoints: cluster.endpoints }, { timeoutMs: 20_000 });
  await client.put('before', 'x');
  const original = cluster.members.find((member) => member !== leader) as TestMember;
  const initial = cluster.members.map(({ name, peerUrl }) => `${name}=${peerUrl}`);
  const [clientPort, peerPort] = (await freePorts(2)) as [number, number];
  const peerUrl = `http://127.0.0.1:${peerPort}`;
  const copy = cluster.addMachine('copy', `http://127.0.0.1:${clientPort}`, peerUrl, [
    `--initial-cluster=${initial.join(',')},copy=${peerUrl}`,
    '--initial-cluster-state=existing',
  ]);
  await waitUntil('the original has what was written', () => holds(original, 'before', 'x'));
  await cp(original.dataDir, copy.dataDir, { recursive: true });

  copy.process.start();
  expect(await copy.process.exited()).toMatchObject({ code: 1 });
  expect(copy.process.output).toMatch(/another process that lives runs on a copy of the data directory \S+copy/);

  await client.put('after', 'y');
  await waitUntil('the original has what was written since', () => holds(original, 'after', 'y'));
  expect(original.process.output).not.toMatch(/older copy of itself/);
  // Nobody had to be elected again: the copy made no noise.
  expect(await cluster.status(leader)).toMatchObject({ term });
  await client.close();
}, 240_000);

/** How often its directory was opened, as another member's state says. */
async function opensKnownTo({ peerUrl }: TestMember, { name }: TestMember): Promise<number> {
  const answer = await fetch(`${peerUrl}/members`);
  const { members } = (await answer.json()) as { members: { name: string; life: { bootCount: number } | null }[] };
  return members.find((member) => member.name === name)?.life?.bootCount ?? 0;
}

/** Every acknowledged write, from the member's own state. */
async function caughtUp(member: TestMember, load: WriteLoad): Promise<void> {
  const last = [...load.acknowledged].at(-1);
  const client = new Client({ endpoints: [member.clientUrl] }, { timeoutMs: 20_000 });
  try {
    await waitUntil(
      `${member.name} has caught up`,
      async () => last !== undefined && (await holds(member, last[0], last[1].value)),
      60_000,
    );
    await expectNothingLost(client, load);
  } finally {
    await client.close();
  }
}

it('a member whose older copy is put back refetches and votes no more, and no acknowledged write is lost', async () => {
  cluster = await TestCluster.start({ voters: 3 });
  const victim = cluster.member('n3');
  const others = cluster.members.filter((member) => member !== victim);
  const client = new Client({ endpoints: others.map(({ clientUrl }) => clientUrl) }, { timeoutMs: 20_000 });
  const load = new WriteLoad(client, 8);
  await load.more(100);
  await victim.process.stop();
  const older = join(cluster.directory, 'older');
  await cp(victim.dataDir, older, { recursive: true });

  victim.process.start();
  await victim.process.answers(`${victim.clientUrl}/health`);
  await load.more(1000);
  await victim.process.stop();
  await rm(victim.dataDir, { recursive: true });
  await cp(older, victim.dataDir, { recursive: true });

  victim.process.start();
  await waitUntil('it says so', async () => victim.process.output.includes('is an older copy of itself'), 60_000);
  await load.more(50);
  await load.stop();
  await caughtUp(victim, load);

  // It counts in no quorum: with one of the others gone nobody is elected, rather than with its vote.
  const survivor = others[0] as TestMember;
  const gone = others[1] as TestMember;
  await gone.process.end('SIGKILL');
  await waitUntil('nobody leads', async () => (await cluster?.status(survivor))?.leader === '0', 60_000);
  gone.process.start();
  await waitUntil('somebody leads again', async () => (await cluster?.status(survivor))?.leader !== '0', 60_000);
  await client.put('again', 'z', { timeoutMs: 30_000 });
  await waitUntil('it follows', () => holds(victim, 'again', 'z'), 60_000);
  await expectNothingLost(client, load);
  await client.close();
}, 240_000);

it('an older copy that starts before any other member is found out as soon as one of them comes', async () => {
  cluster = await TestCluster.start({ voters: 3 });
  const victim = cluster.member('n1');
  const others = cluster.members.filter((member) => member !== victim);
  const client = new Client({ endpoints: cluster.endpoints }, { timeoutMs: 20_000 });
  await client.put('old', 'x');
  const opens = await opensKnownTo(victim, victim);
  await victim.process.stop();
  const older = join(cluster.directory, 'older');
  await cp(victim.dataDir, older, { recursive: true });
  victim.process.start();
  await victim.process.answers(`${victim.clientUrl}/health`);
  const load = new WriteLoad(client, 4);
  await load.more(200);
  await load.stop();
  // What only processes have seen dies with them.
  for (const other of others) {
    await waitUntil(`${other.name} has its run in its state`, async () => (await opensKnownTo(other, victim)) > opens);
  }
  await Promise.all(cluster.members.map(({ process }) => process.end('SIGKILL')));
  await rm(victim.dataDir, { recursive: true });
  await cp(older, victim.dataDir, { recursive: true });

  victim.process.start();
  await victim.process.answers(`${victim.clientUrl}/livez`);
  expect(victim.process.output).not.toMatch(/older copy of itself/);
  for (const { process } of others) process.start();
  await waitUntil('it says so', async () => victim.process.output.includes('is an older copy of itself'), 60_000);
  await cluster.leader();
  await expectNothingLost(client, load);
  await caughtUp(victim, load);
  await client.close();
}, 240_000);

it('a disk that is reverted to what it was while its member ran is found out by what the leader was told', async () => {
  cluster = await TestCluster.start({ voters: 3, flags: [UNHURRIED] });
  const leader = await cluster.leader();
  const victim = cluster.members.find((member) => member !== leader) as TestMember;
  const client = new Client({ endpoints: [leader.clientUrl] }, { timeoutMs: 20_000 });
  await client.put('old', 'x');
  await waitUntil('the member has what was written', () => holds(victim, 'old', 'x'));
  const older = join(cluster.directory, 'older');
  await cp(victim.dataDir, older, { recursive: true });
  const load = new WriteLoad(client, 4);
  await load.more(200);
  await load.stop();
  const [lastKey, last] = [...load.acknowledged].at(-1) as [string, { value: string }];
  await waitUntil('the member has acknowledged it', () => holds(victim, lastKey, last.value));
  await victim.process.end('SIGKILL');
  await rm(victim.dataDir, { recursive: true });
  await cp(older, victim.dataDir, { recursive: true });

  // By the count of its runs it is younger than all that was seen.
  victim.process.start();
  await waitUntil('it says so', async () => victim.process.output.includes('is an older copy of itself'), 60_000);
  expect(victim.process.output).not.toMatch(/another run of it was the/);
  await caughtUp(victim, load);
  expect(await cluster.leader()).toBe(leader);
  await client.close();
}, 240_000);
