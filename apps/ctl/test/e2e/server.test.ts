// The tool and its client against three real servers.
import { Client, type ClientError } from '@understudy/client';
import { expectSafe, TestCluster, waitUntil } from '@understudy/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capture } from '../capture.js';

let cluster: TestCluster;
// of the three that are there from the beginning
let endpoints: string;
beforeAll(async () => {
  // A pause of a slow machine makes no election, and no voter count as silent, for which changes are refused.
  cluster = await TestCluster.start({ flags: ['--election-timeout=3000'] });
  endpoints = cluster.endpoints.join(',');
}, 180_000);
afterAll(async () => {
  await cluster?.stop();
});

async function ctl(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await capture(['--endpoints', endpoints, '--command-timeout=20s', ...args]);
  expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' });
  return stdout;
}

describe('the tool', () => {
  it('writes, reads, compares, leases and compacts', async () => {
    expect(await ctl('put', 'a', '1')).toBe('OK\n');
    expect(await ctl('get', 'a', '--consistency=s')).toMatch(/^(a\n1\n)?$/);
    expect(await ctl('get', 'a')).toBe('a\n1\n');
    const stdin = 'value("a") = "1"\n\nput a 2\n\n\n';
    expect((await capture(['--endpoints', endpoints, 'txn'], { stdin })).stdout).toBe('SUCCESS\n\nOK\n');
    const id = /^lease (\w{16}) granted with TTL\(60s\)\n$/.exec(await ctl('lease', 'grant', '60'))?.[1] as string;
    await ctl('put', 'leased', 'x', `--lease=${id}`);
    expect(await ctl('lease', 'keep-alive', '--once', id)).toBe(`lease ${id} keepalived with TTL(60)\n`);
    expect(await ctl('lease', 'timetolive', id, '--keys')).toContain('attached keys([leased])');
    expect(await ctl('lease', 'revoke', id)).toBe(`lease ${id} revoked\n`);
    expect(await ctl('get', 'leased')).toBe('');
    expect(await ctl('compaction', '3')).toBe('compacted revision 3\n');
    const late = await capture(['--endpoints', endpoints, 'watch', 'a', '--rev=1']);
    expect(late).toMatchObject({ code: 5, stdout: '', stderr: expect.stringContaining('revision has been compacted') });
  });

  it('sees all members, and who leads', async () => {
    expect((await ctl('member', 'list')).trim().split('\n')).toHaveLength(3);
    const rows = (await ctl('endpoint', 'status', '--cluster')).trim().split('\n');
    expect(rows.filter((row) => row.split(', ')[4] === 'true')).toHaveLength(1);
    const health = await capture(['--endpoints', endpoints, 'endpoint', 'health']);
    expect(health.stderr).toMatch(/^(\S+ is healthy: .*\n){3}$/);
  });

  it('hands over leadership', async () => {
    const status = async () =>
      (await ctl('endpoint', 'status'))
        .trim()
        .split('\n')
        .map((row) => row.split(', '));
    const target = (await status()).find((row) => row[4] === 'false')?.[1] as string;
    expect(await ctl('move-leader', target)).toMatch(new RegExp(`^Leadership transferred from \\w+ to ${target}\n$`));
    expect((await status()).find((row) => row[4] === 'true')?.[1]).toBe(target);
  });

  it('adds a learner, which starts with the environment that is printed, and promotes it', async () => {
    const server = await cluster.prepareMember('n4');
    // One that has not started has no name yet, and is in what is printed next.
    const late = await ctl('member', 'add', 'late', '--learner', '--peer-urls=http://127.0.0.1:1');
    const added = await ctl('member', 'add', 'n4', '--learner', `--peer-urls=${server.peerUrl}`);
    const id = /^Member\s+(\w+) added to cluster/.exec(added)?.[1] as string;
    const initial = /UNDERSTUDY_INITIAL_CLUSTER="([^"]*)"/.exec(added)?.[1] as string;
    expect(initial.split(',')).toContain('=http://127.0.0.1:1');
    server.process.start([`--initial-cluster=${initial}`]);
    const refusals: string[] = [];
    await waitUntil('it is promoted', async () => {
      const promoted = await capture(['--endpoints', endpoints, '--command-timeout=20s', 'member', 'promote', id]);
      if (promoted.code !== 0) refusals.push(promoted.stderr);
      return promoted.code === 0;
    });
    for (const refusal of refusals.filter((text) => text.startsWith('Error: understudy: '))) {
      expect(refusal).toMatch(/^Error: understudy: \S+ \S+ .*(answered|ends|behind|snapshot)/);
    }
    // It may be promoted before it has told its name.
    await server.process.answers(`${server.clientUrl}/health`);
    const started = new RegExp(`^${id}, started, n4, .*, false$`, 'm');
    await waitUntil('it has told its name', async () => started.test(await ctl('member', 'list')));
    expect(await ctl('member', 'remove', id)).toContain(`Member ${id.padStart(16)} removed from cluster`);
    await ctl('member', 'remove', /^Member\s+(\w+) added/.exec(late)?.[1] as string);
    cluster.members.pop();
    await server.process.end('SIGKILL');
  }, 180_000);
});

describe('the client', () => {
  it('survives a killed leader under load: no read fails, no acknowledged write is lost', async () => {
    const names = endpoints.split(',');
    const client = new Client({ endpoints: names }, { timeoutMs: 30_000 });
    const watcher = client.watch({ prefix: 'load/' });
    const { revision } = await watcher.started;
    const heard: number[] = [];
    const hearing = (async () => {
      for await (const { kv } of watcher) heard.push(kv.modRevision);
    })();
    const acknowledged: string[] = [];
    const failures: ClientError[] = [];
    let stop = false;
    const writer = async (name: number): Promise<void> => {
      for (let i = 0; !stop; i++) {
        const key = `load/${name}/${i}`;
        try {
          await client.put(key, 'v');
          acknowledged.push(key);
        } catch (error) {
          failures.push(error as ClientError);
        }
      }
    };
    const reader = async (): Promise<void> => {
      while (!stop) await client.get('load/0/0');
    };
    const load = Promise.all([...Array.from({ length: 16 }, (_, i) => writer(i)), reader(), reader()]);
    const until = (count: number): Promise<unknown> =>
      waitUntil(`${count} writes are acknowledged`, () => acknowledged.length >= count);
    await until(500);
    const statuses = await Promise.all(names.map((endpoint) => client.maintenance.status(endpoint)));
    const leader = statuses.findIndex((status) => status.leader === status.header?.memberId);
    await cluster.members[leader]?.process.end('SIGKILL');
    await until(acknowledged.length + 1000);
    stop = true;
    await load;
    // What was in flight when the leader died may fail, and says so; nothing else does.
    for (const error of failures) expect(error).toMatchObject({ outcome: 'unknown', retryable: true });
    expect(failures.length).toBeLessThan(acknowledged.length / 10);
    const { kvs } = await client.getAll('load/', { keysOnly: true });
    const stored = new Set(kvs.map((kv) => kv.keyText()));
    expectSafe(
      'acknowledged writes are lost',
      acknowledged.filter((key) => !stored.has(key)),
    );
    const last = Math.max(...kvs.map((kv) => kv.modRevision));
    await waitUntil('the watch has told the last', () => heard.at(-1) === last);
    expect(heard).toEqual(Array.from({ length: last - revision }, (_, i) => revision + 1 + i));
    await client.close();
    await hearing;
  }, 180_000);
});
