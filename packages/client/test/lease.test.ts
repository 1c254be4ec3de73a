import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Client, type ClientError } from '../src/index.js';
import { eventually } from './eventually.js';
import { FakeCluster } from './fake/fake-cluster.js';

let cluster: FakeCluster;
let client: Client;
beforeEach(async () => {
  cluster = await FakeCluster.start(2);
  client = new Client({ endpoints: cluster.endpoints, random: () => 0 }, { backoffBaseMs: 5, backoffMaxMs: 50 });
});
afterEach(async () => {
  await client.close();
  await cluster.close();
});

describe('a lease', () => {
  it('is granted under an id of 64 bits, listed, and revoked with its keys', async () => {
    const id = 0x7fff_ffff_ffff_fff1n;
    expect(await client.lease.grant(60, { id })).toMatchObject({ id, ttl: 60 });
    await client.put('k', 'v', { lease: id });
    expect((await client.get('k')).kv?.lease).toBe(id);
    expect((await client.lease.leases()).leases).toEqual([{ id }]);
    const left = await client.lease.timeToLive(id, { keys: true });
    expect(left.grantedTtl).toBe(60);
    expect(left.keys.map((key) => Buffer.from(key).toString())).toEqual(['k']);
    await client.lease.revoke(id);
    expect((await client.get('k')).kv).toBeUndefined();
    expect((await client.lease.timeToLive(id)).ttl).toBe(-1);
  });

  it('is renewed once', async () => {
    const { id } = await client.lease.grant(60);
    expect(await client.lease.keepAliveOnce(id)).toMatchObject({ id, ttl: 60 });
  });

  it('that does not exist cannot be renewed', async () => {
    await expect(client.lease.keepAliveOnce(5n)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'etcdserver: requested lease not found',
    });
  });
});

describe('a keeper', () => {
  it('renews its lease, through whatever endpoint there is', async () => {
    const { id } = await client.lease.grant(1);
    const keeper = client.lease.keepAlive(id);
    await once(keeper, 'renewed');
    await cluster.member(0).kill();
    cluster.elect(cluster.member(1));
    const [answer] = await once(keeper, 'renewed');
    expect(answer).toMatchObject({ id, ttl: 1 });
    expect(keeper.lostSignal.aborted).toBe(false);
    await keeper.close();
  });

  it('says that its lease is lost when it was revoked', async () => {
    const { id } = await client.lease.grant(1);
    const keeper = client.lease.keepAlive(id);
    await once(keeper, 'renewed');
    await client.lease.revoke(id);
    const [error] = (await once(keeper, 'lost')) as [ClientError];
    expect(error).toMatchObject({ code: 'NOT_FOUND' });
    expect(keeper.lostSignal.reason).toBe(error);
  });

  it('counts its lease as lost when it could not be renewed in its time', async () => {
    const { id, ttl } = await client.lease.grant(1);
    await cluster.close();
    const startMs = performance.now();
    const keeper = client.lease.keepAlive(id, { ttl });
    const [error] = (await once(keeper, 'lost')) as [ClientError];
    expect(error).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(950);
    expect(performance.now() - startMs).toBeLessThan(5000);
  });

  it('stops when it is closed, by itself, by its signal or by its client', async () => {
    const { id } = await client.lease.grant(1);
    const abort = new AbortController();
    const keepers = [
      client.lease.keepAlive(id),
      client.lease.keepAlive(id, { signal: abort.signal }),
      client.lease.keepAlive(id),
    ] as const;
    await Promise.all(keepers.map((keeper) => once(keeper, 'renewed')));
    await keepers[0].close();
    abort.abort();
    await client.close();
    const renewals = cluster.members.reduce((sum, member) => sum + member.countOf('LeaseKeepAlive'), 0);
    await eventually(() => (cluster.store.leases.get(id)?.expiresAtMs ?? 0) < performance.now(), 'the lease runs out');
    expect(cluster.members.reduce((sum, member) => sum + member.countOf('LeaseKeepAlive'), 0)).toBe(renewals);
  });
});
