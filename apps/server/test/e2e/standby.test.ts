import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Client } from '@understudy/client';
import { freePorts, TestCluster, type TestMember, waitUntil } from '@understudy/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let cluster: TestCluster;
let client: Client;
let standby: TestMember;
let metricsUrl: string;

const run = promisify(execFile);
const manually = { redirect: 'manual' } as const;

beforeAll(async () => {
  // A pause of a slow machine makes no election, and no voter count as silent, for which changes are refused.
  cluster = await TestCluster.start({ flags: ['--election-timeout=3000'] });
  client = new Client({ endpoints: cluster.endpoints }, { timeoutMs: 20_000 });
  const [port] = await freePorts(1);
  metricsUrl = `http://127.0.0.1:${port}`;
  // One flag says all that it needs; the others are this machine's own.
  const join = `--join=${cluster.members[1]?.clientUrl}`;
  standby = await cluster.prepareMachine('s1', [join, `--listen-metrics-urls=${metricsUrl}`]);
  standby.process.start();
  await standby.process.answers(`${metricsUrl}/readyz`);
}, 180_000);

afterAll(async () => {
  await client.close();
  await cluster.stop();
});

/** Resolves when the standby knows that this one leads. */
function redirectsTo(leader: TestMember): Promise<unknown> {
  return waitUntil(`the standby redirects to ${leader.name}`, async () => {
    const { headers } = await fetch(`${standby.clientUrl}/health`, manually);
    return headers.get('location') === `${leader.clientUrl}/health`;
  });
}

describe('a standby', { timeout: 180_000 }, () => {
  it('redirects every request to the leader, /health too, with path and query kept', async () => {
    const leader = await cluster.leader();
    await redirectsTo(leader);
    for (const path of ['/health', '/v3/kv/range?x=1&y=a%20b', '/metrics', '/nothing/here']) {
      const response = await fetch(`${standby.clientUrl}${path}`, manually);
      expect([response.status, response.headers.get('location')]).toEqual([307, `${leader.clientUrl}${path}`]);
    }
    const put = await fetch(`${standby.clientUrl}/v3/kv/put`, {
      method: 'POST',
      body: '{"key":"YQ==","value":"Yg=="}',
    });
    expect(put.status).toBe(200);
    expect((await client.get('a')).kv?.text()).toBe('b');
  });

  it('answers 404 to everything on its peer port, and says of itself what it is where it is asked', async () => {
    for (const path of ['/members', '/version', '/standby', '/']) {
      expect((await fetch(`${standby.peerUrl}${path}`)).status).toBe(404);
    }
    const metrics = await (await fetch(`${metricsUrl}/metrics`)).text();
    expect(metrics).toMatch(/^understudy_standby 1$/m);
    expect(metrics).toMatch(/^understudy_standby_registered 1$/m);
  });

  it('forwards a native client, which knows no redirect, to the leader', async () => {
    const through = new Client({ endpoints: [standby.clientUrl] }, { followLeader: false, timeoutMs: 20_000 });
    await through.put('through', 'a standby');
    expect((await client.get('through')).kv?.text()).toBe('a standby');
    const watcher = through.watch('through');
    await watcher.started;
    await client.put('through', 'again');
    for await (const event of watcher) {
      expect(event.kv.text()).toBe('again');
      break;
    }
    await through.close();
  });

  it('forwards gRPC, streams and errors as they are', async () => {
    const etcdctl = (...args: string[]) =>
      run('etcdctl', [`--endpoints=${standby.clientUrl.replace('http://', '')}`, ...args], {
        env: { ...process.env, ETCDCTL_API: '3' },
      });
    expect((await etcdctl('put', 'grpc', 'through')).stdout).toBe('OK\n');
    expect((await etcdctl('get', 'grpc', '--print-value-only')).stdout).toBe('through\n');
    await expect(etcdctl('lease', 'timetolive', '1234', '--keys')).resolves.toMatchObject({
      stdout: expect.stringContaining('already expired'),
    });
    await expect(etcdctl('member', 'promote', '1')).rejects.toMatchObject({
      stderr: expect.stringContaining('etcdserver: member not found'),
    });
  });

  it('keeps a second process out of its directory', async () => {
    const own = [`--join=${cluster.members[1]?.clientUrl}`, `--data-dir=${standby.dataDir}`];
    const twin = await cluster.prepareMachine('twin', own);
    twin.process.start();
    expect((await twin.process.exited()).code).toBe(1);
    expect(twin.process.output).toMatch(/is in use: another process stands by in it/);
    expect((await fetch(`${standby.clientUrl}/health`, manually)).status).toBe(307);
  });

  it('is no member, costs no quorum, and forwards nothing twice', async () => {
    expect((await client.cluster.memberList()).members.map(({ name }) => name).sort()).toEqual(['n1', 'n2', 'n3']);
    const twice = await fetch(`${standby.clientUrl}/health`, { ...manually, headers: { 'understudy-forwarded': '1' } });
    expect([twice.status, twice.headers.get('retry-after')]).toEqual([503, '1']);
  });

  it('follows a new leader, and tells clients of it', async () => {
    const old = await cluster.leader();
    await old.process.end('SIGKILL');
    const leader = await cluster.leader();
    expect(leader).not.toBe(old);
    await redirectsTo(leader);
    await standby.process.answers(`${metricsUrl}/readyz`);
    old.process.start();
    await old.process.answers(`${old.clientUrl}/health`);
  });

  it('becomes a member where an operator adds it by its peer URLs, and a standby again when it is removed', async () => {
    const added = await client.cluster.memberAdd({ peerUrls: [standby.peerUrl], isLearner: true });
    const id = added.member?.id ?? 0;
    await waitUntil('it is a learner that has caught up', async () => {
      const status = await cluster.status(standby);
      return status.isLearner && Number(status.id) === id && status.revision > 1;
    });
    await client.cluster.memberRemove(id);
    await waitUntil('it stands by', async () => (await fetch(`${standby.clientUrl}/health`, manually)).status === 307);
    await standby.process.answers(`${metricsUrl}/readyz`);
    expect(standby.process.running).toBe(true);
  });

  it('sends clients to a member that it remembers after a restart without anybody to ask, and 503 never having known one', async () => {
    await standby.process.end('SIGKILL');
    for (const member of cluster.members) if (member !== standby) member.process.signal('SIGSTOP');
    standby.process.start();
    const { headers } = await waitUntil('it redirects from what it remembers', async () => {
      const response = await fetch(`${standby.clientUrl}/health`, manually);
      return response.status === 307 && response;
    });
    expect(cluster.endpoints).toContain(new URL(headers.get('location') ?? '').origin);
    const stranger = await cluster.prepareMachine('s2', ['--join=http://127.0.0.1:9']);
    stranger.process.start();
    await waitUntil('it asks to come again later', async () => {
      const answer = await fetch(`${stranger.clientUrl}/v3/kv/range`, { method: 'POST' });
      return answer.status === 503 && answer.headers.get('retry-after') === '1';
    });
    for (const member of cluster.members) member.process.signal('SIGCONT');
  });
});
