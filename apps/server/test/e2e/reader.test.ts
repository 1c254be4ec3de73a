import { Client } from '@understudy/client';
import { AddedRole, KVService, LadderService, RangeRequest } from '@understudy/protocol';
import { expectSafe, TestCluster, type TestMember, waitUntil } from '@understudy/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { namesIn } from './ladder-status.js';

const MAX_STALENESS_MS = 3000;

let cluster: TestCluster;
let client: Client;
let reader: TestMember;
let direct: Client;

beforeAll(async () => {
  cluster = await TestCluster.start({ linked: true });
  client = new Client({ endpoints: cluster.endpoints }, { timeoutMs: 20_000 });
  reader = await cluster.prepareMember('r1');
  const request = { peerUrls: [reader.peerUrl], role: AddedRole.READER, promote: '', zone: '' };
  await client.call(LadderService.methods.memberAdd, request);
  reader.process.start([`--max-staleness=${MAX_STALENESS_MS}ms`]);
  direct = new Client({ endpoints: [reader.clientUrl] }, { excludeLearners: false, timeoutMs: 20_000 });
  await waitUntil('the reader has started', async () => (await namesIn(client, 'reader')).includes('r1'));
}, 180_000);

afterAll(async () => {
  await Promise.all([client.close(), direct.close()]);
  await cluster.stop();
});

const range = (serializable: boolean) =>
  direct.call(KVService.methods.range, RangeRequest.create({ key: Buffer.from('key'), serializable }), {
    retry: 'never',
  });

describe('a reader', { timeout: 180_000 }, () => {
  it('serves linearizable reads: what was acknowledged before the read is in its answer, under load', async () => {
    for (let i = 0; i < 200; i += 1) {
      const { header } = await client.put('key', String(i));
      const answer = await range(false);
      const value = Buffer.from(answer.kvs[0]?.value ?? '').toString();
      const revision = answer.header?.revision ?? 0;
      expectSafe('a linearizable read is stale', revision < header.revision || value !== String(i) ? [value] : []);
      expect(answer.stalenessMs).toBeUndefined();
    }
  });

  it('serves serializable reads with an age that is true', async () => {
    /** Asked after `acknowledgedMs`: what lacks the write of then must not claim to be younger than that write. */
    const aged = async (wanted: string, acknowledgedMs: number): Promise<boolean> => {
      const olderMs = performance.now() - acknowledgedMs;
      const answer = await range(true);
      const ageMs = answer.stalenessMs as number;
      expect(ageMs).toBeLessThanOrEqual(MAX_STALENESS_MS);
      const found = Buffer.from(answer.kvs[0]?.value ?? '').toString() === wanted;
      if (!found) expect(ageMs).toBeGreaterThanOrEqual(Math.floor(olderMs));
      return found;
    };
    for (let i = 0; i < 100; i += 1) {
      await client.put('key', `aged ${i}`);
      await aged(`aged ${i}`, performance.now());
    }
    for (const voter of ['n1', 'n2', 'n3']) cluster.links.cut(voter, 'r1');
    await client.put('key', 'unheard');
    const acknowledgedMs = performance.now();
    while (performance.now() < acknowledgedMs + 500) expect(await aged('unheard', acknowledgedMs)).toBe(false);
    cluster.links.healAll();
    await waitUntil('it has heard', () => aged('unheard', acknowledgedMs));
  });

  it('takes no writes, and never votes', async () => {
    // One that was refused as by a learner looks for a voter first, for a while.
    const another = new Client({ endpoints: [reader.clientUrl] }, { excludeLearners: false });
    const refused = { message: expect.stringContaining('rpc not supported for learner') };
    await expect(direct.put('key', 'x', { retry: 'never' })).rejects.toMatchObject(refused);
    await expect(another.delete('key', { retry: 'never' })).rejects.toMatchObject(refused);
    await another.close();
    const { members } = await client.cluster.memberList();
    const id = members.find(({ name }) => name === 'r1')?.id ?? 0;
    await expect(client.call(LadderService.methods.memberPromote, { id }, { retry: 'never' })).rejects.toMatchObject({
      message: expect.stringContaining('is a reader'),
    });
    await expect(client.cluster.memberPromote(id, { retry: 'never' })).rejects.toMatchObject({
      message: 'etcdserver: can only promote a learner member',
    });
    expect(await namesIn(client, 'voter')).toEqual(['n1', 'n2', 'n3']);
  });

  it('refuses serializable reads once its data may be older than allowed, and serves them again with a leader', async () => {
    const voters = cluster.members.filter((member) => member !== reader);
    for (const voter of voters) voter.process.signal('SIGSTOP');
    await waitUntil('it is refused', async () => {
      const refusal = await range(true).then(
        () => null,
        (error: Error) => error.message,
      );
      return refusal !== null && /is up to \d+ ms old, and --max-staleness is 3000 ms/.test(refusal);
    });
    for (const voter of voters) voter.process.signal('SIGCONT');
    await waitUntil('it is served again', async () => (await range(true)).stalenessMs !== undefined);
  });
});
