/**
 * The `etcd3` package of the npm registry against three voters, unchanged: keys, watches, leases, locks, elections,
 * namespaces and software transactional memory, as its users use them.
 */
import { once } from 'node:events';
import { TestCluster } from '@understudy/testbed';
import { Etcd3, EtcdLockFailedError, type Namespace } from 'etcd3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kind } from '../compare.js';

let cluster: TestCluster;
let client: Etcd3;

beforeAll(async () => {
  cluster = await TestCluster.start({ kind, voters: 3 });
  client = new Etcd3({ hosts: cluster.endpoints });
}, 180_000);
afterAll(async () => {
  client?.close();
  await cluster?.stop();
});

describe('the etcd3 client of the npm registry', () => {
  test('puts, gets and deletes, with the shapes that it offers', async () => {
    await client.put('foo').value('bar');
    expect(await client.get('foo').string()).toBe('bar');
    expect(await client.get('none').string()).toBeNull();
    await client.put('n').value(42);
    expect(await client.get('n').number()).toBe(42);
    await client.put('o').value(JSON.stringify({ a: 1 }));
    expect(await client.get('o').json()).toEqual({ a: 1 });
    expect((await client.put('foo').value('baz').getPrevious())?.value.toString()).toBe('bar');
    for (const name of ['p/1', 'p/2', 'p/3']) await client.put(name).value(name);
    expect(await client.getAll().prefix('p/').strings()).toEqual({ 'p/1': 'p/1', 'p/2': 'p/2', 'p/3': 'p/3' });
    expect(await client.getAll().prefix('p/').sort('Key', 'Descend').limit(2).keys()).toEqual(['p/3', 'p/2']);
    expect(await client.getAll().prefix('p/').count()).toBe(3);
    expect((await client.delete().prefix('p/').exec()).deleted).toBe('3');
    expect(await client.getAll().prefix('p/').count()).toBe(0);
  });

  test('compares and sets', async () => {
    await client.put('state').value('old');
    const swap = () =>
      client
        .if('state', 'Value', '==', 'old')
        .then(client.put('state').value('new'), client.get('foo'))
        .else(client.get('state'))
        .commit();
    const [first, second] = [await swap(), await swap()];
    expect([first.succeeded, second.succeeded]).toEqual([true, false]);
    expect(second.responses[0]?.response_range?.kvs[0]?.value.toString()).toBe('new');
  });

  test('watches a key and a prefix, from now and from a revision that was', async () => {
    const watcher = await client.watch().prefix('w/').create();
    const put = once(watcher, 'put');
    await client.put('w/1').value('a');
    const [{ key, value, mod_revision: revision }] = (await put) as [
      { key: Buffer; value: Buffer; mod_revision: string },
    ];
    expect(`${key}=${value}`).toBe('w/1=a');
    const deleted = once(watcher, 'delete');
    await client.delete().key('w/1');
    await deleted;
    await watcher.cancel();

    const late = client.watch().key('w/1').startRevision(revision).watcher();
    const seen: string[] = [];
    late.on('put', (kv) => seen.push(`put ${kv.value}`));
    late.on('delete', () => seen.push('delete'));
    await once(late, 'delete');
    expect(seen).toEqual(['put a', 'delete']);
    await late.cancel();
  });

  test('goes on watching and writing when the member that it speaks with is gone', async () => {
    const own = new Etcd3({ hosts: cluster.endpoints });
    try {
      const watcher = await own.watch().key('survivor').create();
      const seen: string[] = [];
      watcher.on('put', (kv) => seen.push(kv.value.toString()));
      await own.put('survivor').value('1');
      const leader = await cluster.leader();
      await leader.process.end('SIGKILL');
      await cluster.leader();
      const told = new Promise<void>((resolve) => {
        watcher.on('put', (kv) => kv.value.toString() === '2' && resolve());
      });
      for (;;) {
        // Writes are not retried by this client: its user does it.
        const outcome = await client
          .put('survivor')
          .value('2')
          .then(
            () => true,
            () => false,
          );
        if (outcome) break;
      }
      await told;
      expect(seen[0]).toBe('1');
      await watcher.cancel();
      leader.process.start();
      await leader.process.answers(`${leader.clientUrl}/health`);
    } finally {
      own.close();
    }
  }, 180_000);

  test('keeps a lease alive, and loses its keys with it', async () => {
    const lease = client.lease(5);
    await lease.put('leased').value('x');
    expect(await client.get('leased').string()).toBe('x');
    await lease.keepaliveOnce();
    expect(
      (await client.leaseClient.leaseTimeToLive({ ID: await lease.grant(), keys: true })).keys.map(String),
    ).toEqual(['leased']);
    await lease.revoke();
    expect(await client.get('leased').string()).toBeNull();
  });

  test('holds a lock that nobody else gets meanwhile', async () => {
    const lock = await client.lock('mutex').ttl(10).acquire();
    await expect(client.lock('mutex').acquire()).rejects.toBeInstanceOf(EtcdLockFailedError);
    await lock.release();
    expect(await client.lock('mutex').do(() => 'held')).toBe('held');
  });

  test('elects one leader, proclaims, and elects the next when it resigns', async () => {
    const election = client.election('race');
    const first = election.campaign('one');
    await first.wait();
    const second = election.campaign('two');
    const observer = await election.observe();
    if (observer.leader() === undefined) await once(observer, 'change');
    expect(observer.leader()).toBe('one');
    const proclaimed = once(observer, 'change');
    await first.proclaim('one again');
    expect(await proclaimed).toEqual(['one again']);
    await first.resign();
    await second.wait();
    while (observer.leader() !== 'two') await once(observer, 'change');
    await second.resign();
    await observer.cancel();
  });

  test('keeps a namespace to itself', async () => {
    const namespace: Namespace = client.namespace('team/');
    await namespace.put('key').value('inside');
    expect(await client.get('team/key').string()).toBe('inside');
    expect(await namespace.getAll().keys()).toEqual(['key']);
    await namespace.delete().all();
    expect(await client.get('team/key').string()).toBeNull();
  });

  test('moves an amount between two keys in transactions that never lose any', async () => {
    // Its later reads in a transaction are serializable, at the revision of the first: from one and the same member.
    const own = new Etcd3({ hosts: cluster.endpoints[0] as string });
    // At one revision: what is written must be unchanged since the oldest of what was read.
    await own.stm().transact(async (tx) => {
      await tx.put('from').value(100);
      await tx.put('to').value(0);
    });
    const move = () =>
      own.stm({ retries: 100 }).transact(async (tx) => {
        const [from, to] = [Number(await tx.get('from').number()), Number(await tx.get('to').number())];
        await tx.put('from').value(from - 1);
        await tx.put('to').value(to + 1);
      });
    await Promise.all(Array.from({ length: 8 }, move)).finally(() => own.close());
    expect([await client.get('from').number(), await client.get('to').number()]).toEqual([92, 8]);
  });
});
