import { etcdErrors, PutResponse, type ServerCall } from '@understudy/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { Client, ClientError, type ClientOptions } from '../src/index.js';
import { eventually } from './eventually.js';
import { FakeCluster } from './fake/fake-cluster.js';

const QUICK: ClientOptions = { backoffBaseMs: 5, backoffMaxMs: 50, dialTimeoutMs: 1000 };

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each[Symbol.asyncDispose]();
});

async function start(members: number, options: ClientOptions = {}): Promise<{ cluster: FakeCluster; client: Client }> {
  const cluster = await FakeCluster.start(members);
  const client = new Client({ endpoints: cluster.endpoints, random: () => 0 }, { ...QUICK, ...options });
  open.push(cluster, client);
  return { cluster, client };
}

function outcomeOf(promise: Promise<unknown>): Promise<'ok' | ClientError> {
  return promise.then(
    () => 'ok' as const,
    (error: unknown) => {
      expect(error).toBeInstanceOf(ClientError);
      return error as ClientError;
    },
  );
}

describe('the leader', () => {
  it('is found and gets writes and linearizable reads, while serializable reads go round', async () => {
    const { cluster, client } = await start(3);
    cluster.elect(cluster.member(2));
    await client.put('warm up', '');
    await eventually(() => cluster.members.every((member) => member.countOf('Status') > 0), 'all are connected');
    await client.get('settle');
    for (const member of cluster.members) member.calls.length = 0;
    for (let i = 0; i < 10; i++) {
      await client.put('k', 'v');
      await client.get('k');
    }
    expect(cluster.members.map((member) => member.countOf('Put'))).toEqual([0, 0, 10]);
    expect(cluster.members.map((member) => member.countOf('Range'))).toEqual([0, 0, 10]);
    for (let i = 0; i < 9; i++) await client.get('k', { consistency: 'serializable' });
    expect(cluster.members.map((member) => member.countOf('Range'))).toEqual([3, 3, 13]);
  });

  it('is followed when it changes', async () => {
    const { cluster, client } = await start(3);
    await client.put('k', 'v');
    await eventually(() => cluster.members.every((member) => member.countOf('Status') === 1), 'all are asked');
    for (const endpoint of cluster.endpoints) await client.get('k', { endpoint, consistency: 'serializable' });
    cluster.elect(cluster.member(1));
    for (let i = 0; i < 1000 && cluster.member(1).countOf('Put') < 3; i++) await client.put('k', 'v');
    expect(cluster.member(1).countOf('Put')).toBe(3);
  });

  it('that is killed under load costs no read, and no write that was not sent', async () => {
    const { cluster, client } = await start(3);
    await client.put('warm up', '');
    await eventually(() => cluster.members.every((member) => member.connections === 1), 'all are connected');
    const reads: Promise<'ok' | ClientError>[] = [];
    const writes = new Map<string, Promise<'ok' | ClientError>>();
    const next = cluster.member(1);
    let inDoubt = 0;
    for (let roundsAfter = 0; roundsAfter < 10; ) {
      const round = writes.size;
      for (let j = 0; j < 20; j++) {
        const key = `k${round + j}`;
        writes.set(key, outcomeOf(client.put(key, 'v')));
        reads.push(outcomeOf(client.get('warm up')));
      }
      if (round === 200) {
        const killed = cluster.member(0).kill();
        void killed.then(() => setTimeout(() => cluster.elect(next), 50));
        cluster.elect(undefined);
      }
      if (cluster.leader === next) roundsAfter += 1;
      else inDoubt = writes.size;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(new Set(await Promise.all(reads))).toEqual(new Set(['ok']));
    for (const [i, promise] of [...writes.values()].entries()) {
      const key = `k${i}`;
      const outcome = await promise;
      const { kv } = await client.get(key);
      if (outcome === 'ok') expect(kv?.version, `${key} was acknowledged`).toBe(1);
      else {
        // With the default options the only failure is one whose outcome is unknown; none was carried out twice.
        expect(outcome).toMatchObject({ code: 'UNAVAILABLE', outcome: 'unknown', retryable: true });
        expect(kv?.version ?? 0).toBeLessThanOrEqual(1);
        // Only what was in flight at that moment can be in doubt.
        expect(i).toBeLessThan(inDoubt);
      }
    }
  });

  it('may be absent for a while: writes wait until there is one', async () => {
    const { cluster, client } = await start(3);
    await client.put('warm up', '');
    cluster.elect(undefined);
    const put = client.put('k', 'v');
    await eventually(
      () => cluster.members.reduce((sum, member) => sum + member.countOf('Put'), 0) > 3,
      'it is retried',
    );
    cluster.elect(cluster.member(2));
    await put;
    expect(cluster.store.revision).toBe(3);
  });

  it('that stays absent is what the failure says', async () => {
    const { cluster, client } = await start(1);
    await client.put('warm up', '');
    cluster.elect(undefined);
    const outcome = await outcomeOf(client.put('k', 'v', { retry: 'never' }));
    expect(outcome).toMatchObject({ outcome: 'not-applied', retryable: true });
    expect((outcome as ClientError).message).toContain('etcdserver: no leader');
  });
});

describe('a write', () => {
  it('whose connection breaks before the answer is not repeated', async () => {
    const { cluster, client } = await start(2);
    await client.put('warm up', '');
    for (const member of cluster.members) {
      member.intercept = (method) => {
        if (method.name === 'Put') member.disconnect();
        return method.name === 'Put';
      };
    }
    const outcome = await outcomeOf(client.put('k', 'v'));
    expect(outcome).toMatchObject({ code: 'UNAVAILABLE', outcome: 'unknown', retryable: true });
    expect(cluster.members.reduce((sum, member) => sum + member.countOf('Put'), 0)).toBe(2);
  });

  it('is repeated then when its caller says that twice is as good as once', async () => {
    const { cluster, client } = await start(2);
    await client.put('warm up', '');
    let broken = 0;
    for (const member of cluster.members) {
      member.intercept = (method) => {
        if (method.name !== 'Put' || broken === 3) return false;
        broken += 1;
        member.disconnect();
        return true;
      };
    }
    expect(await outcomeOf(client.put('k', 'v', { retry: 'at-least-once' }))).toBe('ok');
    expect(broken).toBe(3);
  });

  it('stays in doubt once one try is, whatever the last one says', async () => {
    const { cluster, client } = await start(1);
    await client.put('warm up', '');
    const member = cluster.member(0);
    member.intercept = (method, call) => {
      if (method.name !== 'Put') return false;
      if (member.countOf('Put') === 2) member.disconnect();
      else call.fail(etcdErrors.noLeader);
      return true;
    };
    const outcome = await outcomeOf(client.put('k', 'v', { retry: 'at-least-once', timeoutMs: 100 }));
    expect(outcome).toMatchObject({ outcome: 'unknown' });
    expect(member.countOf('Put')).toBeGreaterThan(2);
  });

  it('is not repeated at all in the mode never', async () => {
    const { cluster, client } = await start(1, { retry: 'never' });
    await client.put('warm up', '');
    cluster.elect(undefined);
    expect(await outcomeOf(client.put('k', 'v'))).toMatchObject({ code: 'UNAVAILABLE', outcome: 'not-applied' });
    expect(cluster.member(0).countOf('Put')).toBe(2);
  });

  it('made while nobody listens is sent when somebody does', async () => {
    const { cluster, client } = await start(1);
    const member = cluster.member(0);
    await member.kill();
    const put = client.put('k', 'v');
    await new Promise((resolve) => setTimeout(resolve, 50));
    await member.start();
    await put;
    expect(member.countOf('Put')).toBe(1);
  });

  it('that found nobody until its timeout was certainly not applied, and says why', async () => {
    const { cluster, client } = await start(1);
    await cluster.member(0).kill();
    const outcome = await outcomeOf(client.put('k', 'v', { timeoutMs: 100 }));
    expect(outcome).toMatchObject({ code: 'DEADLINE_EXCEEDED', outcome: 'not-applied', retryable: true });
    expect((outcome as ClientError).message).toMatch(/took longer than 100 ms: .*ECONNREFUSED/);
  });
});

describe('a read', () => {
  it('whose connection breaks before the answer is made again elsewhere', async () => {
    const { cluster, client } = await start(2);
    await client.put('k', 'v');
    cluster.member(0).intercept = (method) => {
      if (method.name !== 'Range') return false;
      void cluster.member(0).kill();
      return true;
    };
    expect((await client.get('k')).kv?.text()).toBe('v');
    expect(cluster.member(1).countOf('Range')).toBe(1);
  });
});

describe('an endpoint', () => {
  it('that is a learner takes no traffic, unless a call names it', async () => {
    const { cluster, client } = await start(3);
    cluster.member(0).isLearner = true;
    cluster.elect(cluster.member(1));
    for (let i = 0; i < 20; i++) {
      await client.put('k', 'v');
      await client.get('k', { consistency: 'serializable' });
    }
    expect(new Set(cluster.member(0).calls)).toEqual(new Set(['Status']));
    await client.get('k', { consistency: 'serializable', endpoint: cluster.member(0).endpoint });
    expect(cluster.member(0).countOf('Range')).toBe(1);
    expect((await client.maintenance.status(cluster.member(0).endpoint)).isLearner).toBe(true);
  });

  it('that does not vote takes the reads that the option says, and nothing else', async () => {
    const { cluster, client } = await start(3, { readers: 'all', roleRecheckMs: 20 });
    const [learner, reader, voter] = [cluster.member(0), cluster.member(1), cluster.member(2)];
    learner.isLearner = true;
    reader.isLearner = true;
    reader.isReader = true;
    cluster.elect(voter);
    await client.put('k', 'v');
    const count = () => [learner, reader, voter].map((member) => member.countOf('Range'));
    await eventually(async () => {
      await client.get('k', { consistency: 'serializable' });
      return learner.countOf('Range') > 0 && reader.countOf('Range') > 0;
    }, 'serializable reads are taken by both');
    // One is refused at the most, and is made again elsewhere.
    for (let i = 0; i < 4; i++) await client.get('k');
    const before = count();
    for (let i = 0; i < 10; i++) expect((await client.get('k')).kv?.text()).toBe('v');
    const after = count();
    expect(after.map((calls, i) => calls - (before[i] ?? 0))).toEqual([0, 10, 0]);
    await client.put('k', 'w');
    expect(learner.countOf('Put') + reader.countOf('Put')).toBe(0);
    // Without readers, the voters serve.
    await reader.kill();
    await learner.kill();
    expect((await client.get('k', { timeoutMs: 10_000 })).kv?.text()).toBe('w');
  });

  it('that was a learner takes traffic once it is promoted', async () => {
    const { cluster, client } = await start(1, { roleRecheckMs: 20 });
    cluster.member(0).isLearner = true;
    const put = client.put('k', 'v');
    await eventually(() => cluster.member(0).countOf('Status') > 1, 'its role is asked again');
    expect(cluster.member(0).countOf('Put')).toBe(0);
    cluster.member(0).isLearner = false;
    await put;
  });

  it('that turns into a learner while it is used is left', async () => {
    const { cluster, client } = await start(2, { followLeader: false });
    await client.put('k', 'v');
    const used = cluster.members.find((member) => member.countOf('Put') === 1);
    if (used === undefined) throw new Error('nobody got the put');
    used.isLearner = true;
    for (let i = 0; i < 5; i++) await client.put('k', 'v');
    expect(used.countOf('Put')).toBe(2);
  });

  it('that is a standby sends the client to the leader', async () => {
    const { cluster } = await start(2);
    const standby = cluster.member(1);
    standby.redirectTo = `http://${cluster.member(0).endpoint}/`;
    const client = new Client({ endpoints: [standby.endpoint] }, QUICK);
    open.push(client);
    await client.put('k', 'v');
    expect(cluster.member(0).countOf('Put')).toBe(1);
    expect(client.endpoints).toEqual([standby.endpoint, `http://${cluster.member(0).endpoint}`]);
  });

  it('that says it is stopping gets nothing new', async () => {
    const { cluster, client } = await start(2);
    await client.put('k', 'v');
    await eventually(() => cluster.members.every((member) => member.connections === 1), 'both are connected');
    cluster.member(0).goaway();
    await client.get('settle', { endpoint: cluster.member(1).endpoint });
    await new Promise((resolve) => setImmediate(resolve));
    const before = cluster.member(0).countOf('Put');
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => outcomeOf(client.put('k', 'v'))));
    expect(outcomes).toEqual(Array(5).fill('ok'));
    expect(cluster.member(0).countOf('Put') - before + cluster.member(1).countOf('Put')).toBe(5);
  });

  it('that falls silent is left after two keep-alive intervals', async () => {
    const { cluster, client } = await start(2, { keepAliveMs: 30 });
    await client.put('k', 'v');
    await eventually(() => cluster.members.every((member) => member.connections === 1), 'both are connected');
    cluster.member(0).freeze();
    expect((await client.get('k')).kv?.text()).toBe('v');
    expect(cluster.member(1).countOf('Range')).toBe(1);
  });

  it('that does not answer the dial does not hold up the others', async () => {
    const { cluster } = await start(1);
    // Nothing on this port speaks: the kernel takes the connection, and no handshake comes back.
    const { createServer } = await import('node:net');
    const sockets = new Set<import('node:net').Socket>();
    const silent = createServer((socket) => sockets.add(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as import('node:net').AddressInfo;
    const endpoints = [`127.0.0.1:${port}`, ...cluster.endpoints];
    const client = new Client({ endpoints, random: () => 0 }, { ...QUICK, dialTimeoutMs: 60_000, timeoutMs: 20_000 });
    open.push(client);
    // Within its time, which is over long before that dial is given up.
    await client.put('k', 'v');
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
});

describe('sync', () => {
  it('takes the voters of the member list, and only them', async () => {
    const { cluster, client } = await start(3);
    cluster.member(2).isLearner = true;
    client.setEndpoints([cluster.member(0).endpoint]);
    await client.sync();
    expect(client.endpoints).toEqual([0, 1].map((index) => `http://${cluster.member(index).endpoint}`));
    await client.put('k', 'v');
  });

  it('runs by itself where it is asked to', async () => {
    const { cluster, client } = await start(2, { syncIntervalMs: 20 });
    client.setEndpoints([cluster.member(0).endpoint]);
    await client.put('k', 'v');
    await eventually(() => client.endpoints.length === 2, 'both endpoints are known');
  });
});

describe('setEndpoints', () => {
  it('closes the connections of endpoints that went, and keeps the others', async () => {
    const { cluster, client } = await start(2);
    await client.put('k', 'v');
    await eventually(() => cluster.members.every((member) => member.connections === 1), 'both are connected');
    client.setEndpoints([`http://${cluster.member(1).endpoint}`]);
    for (let i = 0; i < 5; i++) await client.put('k', 'v');
    expect(cluster.member(1).countOf('Put')).toBe(5);
    expect(cluster.member(1).connections).toBe(1);
  });

  it('lets calls on the connections that go be answered, gives them no new ones, and closes them then', async () => {
    const { cluster, client } = await start(2);
    const [leaving, staying] = [cluster.member(0), cluster.member(1)];
    const held: ServerCall[] = [];
    leaving.intercept = (method, call) => method.name === 'Put' && held.push(call) > 0;
    const put = client.put('k', 'v', { endpoint: leaving.endpoint });
    await eventually(() => held.length === 1, 'the put is there');
    client.setEndpoints([staying.endpoint]);
    await client.put('other', 'v');
    expect(staying.countOf('Put')).toBe(1);
    held[0]?.respond(PutResponse.create({ header: { clusterId: 1, memberId: 1, revision: 77, raftTerm: 1 } }));
    expect((await put).header.revision).toBe(77);
    await eventually(() => leaving.open === 0, 'the connection is closed');
    expect(leaving.countOf('Put')).toBe(1);
  });
});
